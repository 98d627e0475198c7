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

from functools import cache
from typing import Annotated, ClassVar

import polars as pl
from annotated_types import Ge

from friction.detectors.base import Detector, findings, gap, same
from friction.detectors.forms import FORM, Touched
from friction.detectors.look_alike import failed_request, first_reason, has
from friction.elements import Flag
from friction.values import dataclass

EDITS = ("input", "change")
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
    """Time in which a refusal follows a submit (ms). Higher: fewer submits count as successful."""
    min_fields: Annotated[int, Ge(1)] = 1
    """Minimum fields filled in. Higher: only forms that were further filled in are found."""
    wait_ms: Annotated[int, Ge(1)] = 8_000
    """Wait before a field that is long (ms). Higher: fewer page views count as troubled where the cost is
    estimated; the findings are the same."""

    def detect(self, events: pl.LazyFrame) -> pl.LazyFrame:
        """Abandoned forms: `field` touched last, `fields` changed, `hesitation_ms` in all, `corrections`.

        `rows` holds the last event of each field; `start` and `end` are the first and last touch of the form.
        """
        return self._left(Touched(self._steps(events))).lazy()

    def tables(self, events: pl.LazyFrame) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
        """`detect`, `field_table` and `struggles` at once, what they share worked out once."""
        touched = Touched(self._steps(events))
        return self._left(touched), self._field_sums(touched), self._troubled(touched)

    def _left(self, touched: Touched) -> pl.DataFrame:
        forms = touched.forms.with_row_index("number")
        left = forms.filter(~pl.col("sent") & (pl.col("fields") >= self.min_fields))
        severity = (0.4 + 0.05 * (pl.col("fields") + pl.col("corrections"))).clip(upper_bound=0.9)
        rows = left.with_columns(touched.listed(left["number"]).alias("rows")).lazy().sort("first")
        rows = rows.with_columns(target="form", severity=severity, aside=_aside("search", "login"))
        found = findings(rows, "field", "fields", "hesitation_ms", "corrections")
        return found.collect(engine="in-memory")

    def field_table(self, events: pl.LazyFrame) -> pl.LazyFrame:
        """How sessions fared with each field of the forms they began: sums by `page, form, field, bin`.

        `bin` is the waiting time before the first change (null: not known or never changed). `n_sessions`
        touched the field, `n_abandoned` left the form there for good, `n_corrected` came back to change it,
        `n_corrections` times in all.
        """
        return self._field_sums(Touched(self._steps(events))).lazy()

    def _field_sums(self, touched: Touched) -> pl.DataFrame:
        counts = pl.col("listed_begun") & _aside("listed_search", "listed_login").is_null()
        fields = touched.fields
        form = touched.forms.select("final", counts=counts, sent_at_all="sent")[fields["number"]]
        named = fields.hstack(form).lazy()
        named = named.filter("counts", pl.col("field").is_not_null())
        keys = ("page", "form", "field", "bin")
        sums = (
            named.select(
                "page",
                "form",
                "field",
                bin=(pl.col("wait_ms").clip(1).log() * BINS_PER_E).floor().cast(pl.Int16),
                abandoned=~pl.col("sent_at_all") & (pl.col("last_row") == pl.col("final")),
                corrected=pl.col("corrections") > 0,
                corrections="corrections",
            )
            .group_by(keys)
            .agg(
                n_sessions=pl.len().cast(pl.UInt32),
                n_abandoned=pl.col("abandoned").sum().cast(pl.UInt32),
                n_corrected=pl.col("corrected").sum().cast(pl.UInt32),
                n_corrections=pl.col("corrections").sum().cast(pl.UInt32),
            )
        )
        return sums.sort(keys, nulls_last=True).collect(engine="in-memory")

    def struggles(self, events: pl.LazyFrame) -> pl.LazyFrame:
        """Views in which a form was begun: `page, target` (the form), `view`, and whether it was `troubled`.

        Trouble is what precedes giving up, whether the form was sent or not: coming back to a field to change
        it, a wait of `wait_ms` or more before one, or a submit that was turned down. Its exits tell what the
        form costs.
        """
        return self._troubled(Touched(self._steps(events))).lazy()

    def _troubled(self, touched: Touched) -> pl.DataFrame:
        refused = (pl.col("kind") == "invalid") | ((pl.col("kind") == "submit") & ~pl.col("sends"))
        waited = (pl.col("wait_ms") >= self.wait_ms).fill_null(value=False)
        views = touched.views(touched.steps.select(waited | refused).to_series())
        begun = views.filter(pl.col("begun") & pl.col("form").is_not_null())
        return begun.select("page", pl.col("form").alias("target"), "view", "troubled")

    def _steps(self, events: pl.LazyFrame) -> pl.DataFrame:
        """Rows of forms: `edit` (by hand), `begins` (the first edit of a stay in a field), `sends`."""
        kind = pl.col("kind")
        rows = events.filter(kind.is_in([*EDITS, "focus", "submit", "invalid", "error"]) | failed_request())
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
        search = has(Flag.SEARCH) | (pl.col("field_type") == "search").fill_null(value=False)
        steps = rows.select(
            *(*FORM, "field", "view", "row", "ts", "kind", "edit", "sends"),
            begins=begins,
            wait_ms=wait,
            search=search,
            login=has(Flag.LOGIN),
        )
        return steps.collect(engine="in-memory")

    def _rejected(self) -> pl.Expr:
        """The next sign of a failure in the same page view comes within `reject_ms`."""
        sign = pl.col("kind").is_in(["invalid", "error"]) | failed_request()
        ends = pl.col("session_id").ne_missing(pl.col("session_id").shift(-1))
        ends |= pl.col("view").ne_missing(pl.col("view").shift(-1))
        never = pl.lit(1 << 61)
        us = pl.col("ts").to_physical()
        following = pl.when(sign).then(us).when(ends).then(never).backward_fill()
        return following - us <= self.reject_ms * 1_000


@cache
def _aside(search: str, login: str) -> pl.Expr:
    return first_reason({"search_form": pl.col(search), "login_form": pl.col(login)})
