"""Failed submit: a form that is sent again and again and is not taken.

Finds     `min_presses` or more presses on one button that sends a form, in one page
          view, with no change of a value and no success between, at least half of
          them followed by a refusal (an `invalid`, an error, a failed request) within
          `reject_ms`. Without any sign `silent_presses` are needed. Presses less than
          `same_press_ms` apart are one: quick bursts are rage clicks.
Matters   The visitor wants to hand something in, order or sign up, and cannot; the
          presses come seconds apart, with reading in between, so no rule for quick
          clicks sees them.
Misleads  Buttons that are pressed several times by their nature (one more in the cart,
          next page) send forms too: such elements, searches and filters are set
          aside. A message that says what is wrong is not seen, only that it failed.
Defaults  Three presses, as nobody presses a third time by mistake; five without a sign.
Sources   Own rule; eight presses two seconds apart pass every open rule for rage.
"""

from __future__ import annotations

from functools import cache
from typing import Annotated, ClassVar

import polars as pl
from annotated_types import Ge

from friction.detectors.base import Detector, findings, gap, gathered, in_sessions_of, long_runs, same, span
from friction.detectors.look_alike import (
    EDITS,
    REFUSED,
    REPEATABLE,
    counted,
    element_reason,
    failed_request,
    first_reason,
    has,
    majority,
    next_time,
)
from friction.elements import Flag
from friction.values import dataclass

KEPT = ("session_id", "ts", "page", "target", "row", "view", "el_flags")
TAKEN = ("add_to_cart", "conversion", "search", "download")


@dataclass(frozen=True, kw_only=True)
class FailedSubmit(Detector):
    name: ClassVar[str] = "failed_submit"
    needs_one_of: ClassVar[frozenset[str]] = frozenset({"has_form_submit", "has_selector"})
    columns: ClassVar[frozenset[str]] = frozenset({"el_flags", "http_status"})

    min_presses: Annotated[int, Ge(2)] = 3
    """Minimum presses when they are refused. Higher: fewer findings."""
    silent_presses: Annotated[int, Ge(2)] = 5
    """Minimum presses without any sign of refusal. Higher: fewer findings."""
    reject_ms: Annotated[int, Ge(0)] = 3_000
    """Time in which a refusal follows a press (ms). Higher: more presses count as refused."""
    same_press_ms: Annotated[int, Ge(0)] = 500
    """Gap below which presses are one (ms). Higher: fewer presses are counted."""
    max_gap_ms: Annotated[int, Ge(1)] = 60_000
    """Longest gap between two presses (ms). Higher: presses further apart belong together."""

    def detect(self, events: pl.LazyFrame) -> pl.LazyFrame:
        """Series of presses, with `presses` and how many were `refused`."""
        long = long_runs("run", min(self.min_presses, self.silent_presses))
        pressed = events.filter(_press()).with_columns(run=(~self._goes_on("view")).cum_sum())
        presses = self._linked(self._presses(in_sessions_of(pressed.filter(long), events, self.columns)))
        found = gathered(
            presses.filter(long),
            "run",
            target=pl.col("target").drop_nulls().first(),
            trigger_row=pl.col("row").last(),
            presses=pl.col("new").sum().cast(pl.UInt32),
            refused=(pl.col("new") & pl.col("rejected")).sum().cast(pl.UInt32),
            answered=pl.col("fine").last() - pl.col("fine").first(),
            aside=majority("reason"),
        )
        presses_, refused = pl.col("presses"), pl.col("refused")
        signs = (presses_ >= self.min_presses) & (refused * 2 >= presses_)
        silent = (presses_ >= self.silent_presses) & (refused == 0) & (pl.col("answered") == 0)
        severity = (0.6 + 0.05 * presses_).clip(upper_bound=1.0)
        return findings(found.filter(signs | silent).with_columns(severity=severity), "presses", "refused")

    def _presses(self, events: pl.LazyFrame) -> pl.LazyFrame:
        """Presses, with running counts of progress and answers, and whether each was `rejected`."""
        kind = pl.col("kind")
        press = _press()
        sign = kind.is_in(REFUSED) | failed_request()
        fine = (kind == "request") & pl.col("http_status").is_between(1, 399)
        progress = kind.is_in([*EDITS, *TAKEN])
        rows = events.with_columns(
            us=pl.col("ts").to_physical(),
            press=press,
            sign=sign,
            signs=counted(sign),
            progress=counted(progress),
            fine=counted(fine).cast(pl.Int64),
        )
        kept = (pl.col(name).filter("press") for name in ("progress", "fine", "us", *KEPT))
        presses = rows.select(*kept, next_sign=next_time("sign", "signs", pl.col("press")))
        soon = pl.col("next_sign") - pl.col("us") <= self.reject_ms * 1_000
        return presses.with_columns(rejected=soon.fill_null(value=False))

    def _linked(self, presses: pl.LazyFrame) -> pl.LazyFrame:
        """Number the series; `new` is false for a press that is part of the one before (a click and its submit)."""
        link = self._goes_on("view", "progress")
        aside = {"search_form": has(Flag.SEARCH), "opt_out": has(Flag.OPT_OUT)}
        return presses.with_columns(
            run=(~link).cum_sum(),
            new=~(link & (gap() < span(self.same_press_ms))),
            reason=pl.coalesce(first_reason(aside), element_reason(REPEATABLE)),
        )

    def _goes_on(self, *within: str) -> pl.Expr:
        """The press before was on the same button, as far as both are known, and soon enough before."""
        one_button = (pl.col("target") == pl.col("target").shift()).fill_null(value=True)
        link = same("session_id", "page", *within) & (gap() <= span(self.max_gap_ms)) & one_button
        return link.fill_null(value=False)


@cache
def _press() -> pl.Expr:
    return (pl.col("kind") == "submit") | ((pl.col("kind") == "click") & has(Flag.SUBMIT))
