"""Validation loop: a form that is corrected and refused again.

Finds     A form of a page that is sent, refused within `reject_ms` (an `invalid`, an
          error, a failed request), changed, sent and refused once more: `min_rounds`
          refusals or more in a row in one session.
Matters   The visitor does what is asked and still fails: the rule is not said, or
          not where they look. Most give up at the third.
Misleads  A wrong password is refused rightly; such forms count, since people lock
          themselves out, but judge them apart. A refusal that the page shows
          without any event cannot be seen.
Defaults  Two refusals with a correction between. Three seconds for the answer.
Sources   Own rule.
"""

from __future__ import annotations

from typing import Annotated, ClassVar

import polars as pl
from annotated_types import Ge

from friction.detectors.base import Detector, findings, gathered, in_sessions_of, long_runs, same
from friction.detectors.look_alike import (
    EDITS,
    REFUSED,
    counted,
    failed_request,
    first_reason,
    has,
    next_time,
)
from friction.elements import Flag
from friction.values import dataclass

FORM = ("session_id", "page", "form")
KEPT = ("session_id", "ts", "page", "target", "row", "view", "form", "el_flags")


@dataclass(frozen=True, kw_only=True)
class ValidationLoop(Detector):
    name: ClassVar[str] = "validation_loop"
    needs: ClassVar[frozenset[str]] = frozenset({"has_form_submit", "has_inputs"})
    needs_one_of: ClassVar[frozenset[str]] = frozenset({"has_errors", "has_requests"})
    columns: ClassVar[frozenset[str]] = frozenset({"form", "el_flags", "http_status"})
    coded: ClassVar[dict[str, str]] = {"target": "form"}

    min_rounds: Annotated[int, Ge(2)] = 2
    """Minimum refusals in a row. Higher: only longer loops are found."""
    reject_ms: Annotated[int, Ge(0)] = 3_000
    """Time in which a refusal follows a submit (ms). Higher: more submits count as refused."""

    def detect(self, events: pl.LazyFrame) -> pl.LazyFrame:
        """Series of refusals, with `rounds`; `rows` are the times it was sent."""
        again = events.filter(pl.col("kind") == "submit").filter(same(*FORM))
        sent = self._sent(in_sessions_of(again, events, self.columns))
        goes_on = same(*FORM) & pl.col("refused").shift() & pl.col("edited")
        runs = sent.with_columns(run=(~goes_on.fill_null(value=False)).cum_sum()).filter("refused")
        found = gathered(
            runs.filter(long_runs("run", self.min_rounds)),
            "run",
            target=pl.col("form").first(),
            trigger_row=pl.col("row").last(),
            search=has(Flag.SEARCH).any(),
        )
        loops = found.filter(pl.col("events") >= self.min_rounds)
        severity = (0.5 + 0.15 * pl.col("events")).clip(upper_bound=1.0)
        aside = first_reason({"search_form": pl.col("search")})
        loops = loops.with_columns(severity=severity, aside=aside, rounds="events")
        return findings(loops, "rounds")

    def _sent(self, events: pl.LazyFrame) -> pl.LazyFrame:
        """Each time a form was sent: `refused`, and `edited` since the time before."""
        kind = pl.col("kind")
        sign = kind.is_in(REFUSED) | failed_request()
        sends = kind == "submit"
        rows = events.with_columns(
            us=pl.col("ts").to_physical(),
            sends=sends,
            sign=sign,
            signs=counted(sign),
            sendings=counted(sends),
            edits=counted(kind.is_in(EDITS)),
        )
        here = pl.col("sends")
        sent = rows.select(
            *(pl.col(name).filter(here) for name in ("us", "edits", *KEPT)),
            next_sign=next_time("sign", "signs", here),
            next_sent=next_time("sends", "sendings", here),
        )
        first = (pl.col("next_sign") <= pl.col("next_sent")).fill_null(value=True)
        soon = pl.col("next_sign") - pl.col("us") <= self.reject_ms * 1_000
        return sent.with_columns(
            refused=(soon & first).fill_null(value=False), edited=pl.col("edits") > pl.col("edits").shift()
        )
