"""Form abandonment: a form that a visitor began to fill in and did not send.

Finds     A form of a page in which a visitor changed a value by hand (autofill is
          no start), and that was not sent in the whole session. A form without a
          name gathers the fields of the page that belong to none.
Matters   Whoever types has decided already; what stops them now is the form. The
          field touched last, long waits before fields and corrections say where.
Misleads  Whether the server took what was sent cannot be seen in most exports: a
          submit counts as success unless an `invalid`, an error or a failed request
          follows within `reject_ms` in the same page view. Search boxes, filters and
          logins are set aside. Filling in can be idle play; leaving can be success
          elsewhere (a call, a shop around the corner).
Defaults  A form left and sent later in the session is a pause, not abandonment.
          Two seconds for a rejection: later errors have other causes more often.
Sources   Metric definitions of two form analysis tools (start by value change,
          hesitation from focus to first change, corrections after leaving a field).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

import polars as pl
from annotated_types import Ge

from friction.detectors.base import Detector, findings, gap, same
from friction.detectors.look_alike import first_reason, has
from friction.elements import Flag

EDITS = ("input", "change")
FORM = ("session_id", "page", "form")
BINS_PER_E = 50
"""Bins of waiting times: bin b holds waits from e^(b/50) ms on, 2 % wide."""


@dataclass(frozen=True, kw_only=True)
class FormAbandonment(Detector):
    name: ClassVar[str] = "form_abandonment"
    needs: ClassVar[frozenset[str]] = frozenset({"has_inputs", "has_form_submit"})
    columns: ClassVar[frozenset[str]] = frozenset(
        {"form", "field", "field_type", "el_flags", "is_trusted", "is_autofill", "http_status"}
    )
    coded: ClassVar[dict[str, str]] = {"target": "form", "field": "field"}
    outcome: ClassVar[bool] = True

    reject_ms: Annotated[int, Ge(0)] = 2_000
    min_fields: Annotated[int, Ge(1)] = 1
    wait_ms: Annotated[int, Ge(1)] = 8_000

    def detect(self, events: pl.LazyFrame) -> pl.LazyFrame:
        """Abandoned forms: `field` touched last, `fields` changed, `hesitation_ms` in all, `corrections`.

        `rows` holds the last event of each field; `start` and `end` are the first and last touch of the form.
        """
        return self._abandoned(self._fields(self._steps(events)))

    def tables(self, events: pl.LazyFrame) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
        """`detect`, `field_table` and `struggles` at once, what they share worked out once."""
        steps = self._steps(events).collect(engine="in-memory").lazy()
        forms = self._forms(self._fields(steps)).collect(engine="in-memory").lazy()
        asked = [self._left(forms), self._field_sums(forms), self._troubled(steps)]
        found, sums, troubled = pl.collect_all(asked, engine="in-memory")
        return found, sums, troubled

    def _abandoned(self, fields: pl.LazyFrame) -> pl.LazyFrame:
        return self._left(self._forms(fields))

    def _forms(self, fields: pl.LazyFrame) -> pl.LazyFrame:
        """One row a form of a session; the lists hold its fields in the order of their last rows.

        What begins with `listed` leaves out events of the form itself that are no sending of it.
        """
        listed = pl.col("field").is_not_null() | pl.col("sent")
        masked = {f"listed_{name}": pl.col(name) & listed for name in ("search", "login")}
        begun = {"listed_begun": (pl.col("edits") > 0) & listed, "begun": pl.col("edits") > 0}
        named = pl.when(pl.col("field").is_not_null()).then("last_row")
        return (
            fields.sort("last_row")
            .with_columns(named_row=named, **masked, **begun)
            .group_by(FORM)
            .agg(
                pl.col("wait_ms"),
                pl.col("corrections").alias("again"),
                pl.col("field").alias("of_fields"),
                pl.col("listed_begun", "listed_search", "listed_login").any(),
                pl.col("search", "login", "sent").any(),
                start=pl.col("start").min(),
                end=pl.col("end").max(),
                first=pl.col("first_row").min(),
                events=pl.len(),
                rows=pl.col("last_row"),
                trigger_row=pl.col("last_row").max(),
                final=pl.col("named_row").max(),
                field=pl.col("field").last(ignore_nulls=True),
                fields=pl.col("begun").sum().cast(pl.UInt32),
                hesitation_ms=pl.col("wait_ms").sum(),
                corrections=pl.col("corrections").sum().cast(pl.UInt32),
            )
        )

    def _left(self, forms: pl.LazyFrame) -> pl.LazyFrame:
        left = forms.filter(~pl.col("sent") & (pl.col("fields") >= self.min_fields))
        severity = (0.4 + 0.05 * (pl.col("fields") + pl.col("corrections"))).clip(upper_bound=0.9)
        found = left.sort("first").select(
            *("session_id", "page", "start", "end", "events", "rows", "trigger_row"),
            *("field", "fields", "hesitation_ms", "corrections"),
            target="form",
            severity=severity,
            aside=_aside("search", "login"),
        )
        return findings(found, "field", "fields", "hesitation_ms", "corrections")

    def field_table(self, events: pl.LazyFrame) -> pl.LazyFrame:
        """How sessions fared with each field of the forms they began: sums by `page, form, field, bin`.

        `bin` is the waiting time before the first change (null: not known or never changed). `n_sessions`
        touched the field, `n_abandoned` left the form there for good, `n_corrected` came back to change it,
        `n_corrections` times in all.
        """
        return self._field_sums(self._forms(self._fields(self._steps(events))))

    def _field_sums(self, forms: pl.LazyFrame) -> pl.LazyFrame:
        begun = forms.filter(pl.col("listed_begun") & _aside("listed_search", "listed_login").is_null())
        fields = begun.select("page", "form", "sent", "final", "of_fields", "rows", "wait_ms", "again")
        fields = fields.explode("of_fields", "rows", "wait_ms", "again").filter(
            pl.col("of_fields").is_not_null()
        )
        keys = ("page", "form", "field", "bin")
        sums = (
            fields.select(
                "page",
                "form",
                field="of_fields",
                bin=(pl.col("wait_ms").clip(1).log() * BINS_PER_E).floor().cast(pl.Int16),
                abandoned=~pl.col("sent") & (pl.col("rows") == pl.col("final")),
                corrected=pl.col("again") > 0,
                corrections="again",
            )
            .group_by(keys)
            .agg(
                n_sessions=pl.len().cast(pl.UInt32),
                n_abandoned=pl.col("abandoned").sum().cast(pl.UInt32),
                n_corrected=pl.col("corrected").sum().cast(pl.UInt32),
                n_corrections=pl.col("corrections").sum().cast(pl.UInt32),
            )
        )
        return sums.sort(keys, nulls_last=True)

    def struggles(self, events: pl.LazyFrame) -> pl.LazyFrame:
        """Views in which a form was begun: `page, target` (the form), `view`, and whether it was `troubled`.

        Trouble is what precedes giving up, whether the form was sent or not: coming back to a field to change
        it, a wait of `wait_ms` or more before one, or a submit that was turned down. Its exits tell what the
        form costs.
        """
        return self._troubled(self._steps(events))

    def _troubled(self, rows: pl.LazyFrame) -> pl.LazyFrame:
        refused = (pl.col("kind") == "invalid") | ((pl.col("kind") == "submit") & ~pl.col("sends"))
        fields = rows.group_by(*FORM, "view", "field").agg(
            again=pl.col("begins").sum() > 1,
            waited=(pl.col("wait_ms") >= self.wait_ms).any().fill_null(value=False),
            refused=refused.any(),
            edits=pl.col("edit").sum(),
        )
        forms = fields.group_by(*FORM, "view").agg(
            troubled=(pl.col("again") | pl.col("waited") | pl.col("refused")).any(),
            edits=pl.col("edits").sum(),
        )
        begun = forms.filter((pl.col("edits") > 0) & pl.col("form").is_not_null())
        return begun.select("page", pl.col("form").alias("target"), "view", "troubled")

    def _fields(self, rows: pl.LazyFrame) -> pl.LazyFrame:
        """One row per session, page, form and field (null: the form's own events); `rows` are `_steps`."""
        edit = pl.col("edit")
        return rows.group_by(*FORM, "field").agg(
            start=pl.col("ts").min(),
            end=pl.col("ts").max(),
            first_row=pl.col("row").min(),
            last_row=pl.col("row").max(),
            edits=edit.sum(),
            corrections=(pl.col("begins").sum().cast(pl.Int32) - 1).clip(0),
            wait_ms=pl.col("wait_ms").first(ignore_nulls=True),
            sent=pl.col("sends").any(),
            search=(has(Flag.SEARCH) | (pl.col("field_type") == "search").fill_null(value=False)).any(),
            login=has(Flag.LOGIN).any(),
        )

    def _steps(self, events: pl.LazyFrame) -> pl.LazyFrame:
        """Rows of forms: `edit` (by hand), `begins` (the first edit of a stay in a field), `sends`."""
        kind = pl.col("kind")
        rows = events.filter(kind.is_in([*EDITS, "focus", "submit", "invalid", "error"]) | _failed_request())
        rows = rows.with_columns(sends=(kind == "submit") & ~self._rejected())
        in_form = (pl.col("form").is_not_null() | pl.col("field").is_not_null()) & (kind != "error")
        by_hand = pl.col("is_trusted").fill_null(value=True) & ~pl.col("is_autofill").fill_null(value=False)
        rows = rows.filter(in_form & (kind != "request")).with_columns(
            edit=kind.is_in(EDITS) & by_hand,
            stays=same(*FORM, "field"),
            waited=(kind == "focus").shift(fill_value=False),
        )
        begins = pl.col("edit") & ~(pl.col("stays") & pl.col("edit").shift(fill_value=False))
        wait = pl.when(begins & pl.col("stays") & pl.col("waited")).then(gap().dt.total_milliseconds())
        return rows.with_columns(begins=begins, wait_ms=wait)

    def _rejected(self) -> pl.Expr:
        """The next sign of a failure in the same page view comes within `reject_ms`."""
        sign = pl.col("kind").is_in(["invalid", "error"]) | _failed_request()
        ends = pl.col("session_id").ne_missing(pl.col("session_id").shift(-1))
        ends |= pl.col("view").ne_missing(pl.col("view").shift(-1))
        never = pl.lit(1 << 61)
        us = pl.col("ts").to_physical()
        following = pl.when(sign).then(us).when(ends).then(never).backward_fill()
        return following - us <= self.reject_ms * 1_000


def _failed_request() -> pl.Expr:
    return (pl.col("kind") == "request") & (pl.col("http_status") >= 400).fill_null(value=False)


def _aside(search: str, login: str) -> pl.Expr:
    return first_reason({"search_form": pl.col(search), "login_form": pl.col(login)})
