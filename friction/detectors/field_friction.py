"""Field friction: a field of a form that people struggle with.

Finds     A field of a form in which a session shows trouble: it is changed again after
          leaving it, emptied and filled anew, marked as wrong, or waited before for
          `wait_ms` or more. Two different signs make a finding, or `min_repeats` of
          one of the first three.
Matters   The question is unclear, the format is not said, or what was typed is not
          taken: the field to begin with when a form is to be eased.
Misleads  Long fields (an address, a message) are worked on in several goes. People
          look up numbers, so a wait alone says nothing. Searches and filters are
          changed again on purpose and set aside. What the browser fills in does not
          count.
Defaults  Fifteen seconds before the first change; three changes after coming back.
Sources   Metric definitions of two form analysis tools (hesitation, amendment, return).
"""

from __future__ import annotations

from typing import Annotated, ClassVar

import numpy as np
import polars as pl
from annotated_types import Ge

from friction.detectors.base import Detector, findings, gap, gathered, same
from friction.detectors.look_alike import EDITS, first_reason, has
from friction.elements import Flag
from friction.order import Groups
from friction.values import dataclass

FIELD = ("session_id", "page", "form", "field")
KEPT = (*FIELD, "target", "row", "ts", "kind", "field_type", "el_flags", "value_len")


@dataclass(frozen=True, kw_only=True)
class FieldFriction(Detector):
    name: ClassVar[str] = "field_friction"
    needs: ClassVar[frozenset[str]] = frozenset({"has_inputs"})
    filled: ClassVar[frozenset[str]] = frozenset({"field"})
    columns: ClassVar[frozenset[str]] = frozenset(
        {"form", "field", "field_type", "el_flags", "is_trusted", "is_autofill", "value_len"}
    )
    coded: ClassVar[dict[str, str]] = {"target": "field", "form": "form"}

    wait_ms: Annotated[int, Ge(1)] = 15_000
    """Wait before a field that is a sign of trouble (ms). Higher: fewer findings."""
    min_repeats: Annotated[int, Ge(2)] = 3
    """Minimum repeats of one sign of trouble. Higher: fewer findings."""

    def detect(self, events: pl.LazyFrame) -> pl.LazyFrame:
        """Fields with trouble: the `form`, and how many `corrections`, `refills`, `refusals`; `wait_ms` before."""
        found = gathered(
            _several(self._signs(events)).lazy(),
            *(f"of_{name}" for name in FIELD),
            form=pl.col("form").first(),
            target=pl.col("field").first(),
            corrections=(pl.col("begins").sum().cast(pl.Int32) - 1).clip(0),
            refills=pl.col("refills").sum().cast(pl.Int32),
            refusals=pl.col("refused").sum().cast(pl.Int32),
            wait_ms=pl.col("waited_ms").max(),
            search=has(Flag.SEARCH).any() | (pl.col("field_type") == "search").any(),
        )
        repeats = [pl.col(name) for name in ("corrections", "refills", "refusals")]
        long = (pl.col("wait_ms") >= self.wait_ms).fill_null(value=False)
        kinds = pl.sum_horizontal(*(each > 0 for each in repeats), long)
        trouble = (kinds >= 2) | pl.any_horizontal(each >= self.min_repeats for each in repeats)
        severity = (0.3 + 0.1 * (pl.sum_horizontal(*repeats) + long)).clip(upper_bound=0.8)
        troubled = found.filter(trouble).with_columns(
            severity=severity, aside=first_reason({"search_form": pl.col("search")})
        )
        return findings(troubled, "form", "corrections", "refills", "refusals", "wait_ms")

    def _signs(self, events: pl.LazyFrame) -> pl.DataFrame:
        """Rows of fields with what each shows; `of_…` are session, page, form and field again."""
        kind = pl.col("kind")
        in_field = kind.is_in([*EDITS, "focus", "invalid"]) & pl.col("field").is_not_null()
        by_hand = pl.col("is_trusted").fill_null(value=True) & ~pl.col("is_autofill").fill_null(value=False)
        rows = events.filter(in_field & by_hand).select(*KEPT)
        edit, stays = kind.is_in(EDITS), same(*FIELD)
        length = pl.col("value_len")
        emptied = edit & (length == 0) & stays & (length.shift() > 0)
        began = edit & ~(stays & edit.shift(fill_value=False))
        wait = pl.when(began & stays & (kind == "focus").shift(fill_value=False)).then(gap())
        signs = rows.with_columns(
            begins=began,
            refills=emptied.fill_null(value=False),
            refused=kind == "invalid",
            waited_ms=wait.dt.total_milliseconds(),
            **{f"of_{name}": pl.col(name) for name in FIELD},
        )
        return signs.collect(engine="in-memory")


def _several(signs: pl.DataFrame) -> pl.DataFrame:
    """Rows of fields that have more than one: a single row shows one sign at most, and once."""
    groups = Groups.of(signs, *FIELD)
    rows = groups.rows[np.repeat(groups.sizes > 1, groups.sizes)]
    return signs[np.sort(rows)]
