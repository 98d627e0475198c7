"""Rage key: one key pressed again and again.

Finds     `min_presses` or more presses of Enter, Escape or Space within a sliding
          `window_ms` in one page view, or of Tab `tab_presses` or more.
Matters   Nothing happens: a dialog that does not close, a form that does not send, a
          focus that is caught. Who works by keyboard alone has no other way to say so.
Misleads  Enter writes lines, Space scrolls and writes: presses in text fields are set
          aside. A key that is held down repeats at even, short intervals and counts
          as one press. Which key it was must be in the file (`key_name`); what was
          typed is never kept.
Defaults  Five presses in two seconds; fifteen of Tab, since forms are long.
Sources   Wanted, and done by nobody.
"""

from __future__ import annotations

from typing import Annotated, ClassVar

import polars as pl
from annotated_types import Ge

from friction.detectors.base import Detector, findings, gap, gathered, quick, same, span
from friction.detectors.look_alike import first_reason, has
from friction.elements import Flag
from friction.values import dataclass

KEYS = ("enter", "escape", "space", "tab")
HELD_MS = 60
"""Presses that follow each other faster are repeats of a key that is held."""


@dataclass(frozen=True, kw_only=True)
class RageKey(Detector):
    name: ClassVar[str] = "rage_key"
    needs: ClassVar[frozenset[str]] = frozenset({"has_keys"})
    filled: ClassVar[frozenset[str]] = frozenset({"key_name"})
    columns: ClassVar[frozenset[str]] = frozenset({"key_name", "el_flags", "field_type"})

    min_presses: Annotated[int, Ge(2)] = 5
    """Minimum presses of Enter, Escape or Space. Higher: fewer findings."""
    tab_presses: Annotated[int, Ge(2)] = 15
    """Minimum presses of Tab. Higher: fewer findings."""
    window_ms: Annotated[int, Ge(1)] = 2_000
    """Time window for the presses (ms); three times as long for Tab. Higher: slower presses are found as
    well."""

    def detect(self, events: pl.LazyFrame) -> pl.LazyFrame:
        """Series of one key, with its name (`key`)."""
        presses = events.filter((pl.col("kind") == "keydown") & pl.col("key_name").is_in(KEYS))
        held = same("view", "key_name") & (gap() < span(HELD_MS))
        single = presses.filter(~held.fill_null(value=False))
        link = same("view", "key_name") & (gap() < span(self.window_ms))
        numbered = single.with_columns(run=(~link.fill_null(value=False)).cum_sum())
        meets = (
            pl.when(pl.col("key_name") == "tab")
            .then(quick("run", self.tab_presses, self.window_ms * 3))
            .otherwise(quick("run", self.min_presses, self.window_ms))
        )
        text = (has(Flag.TEXT_ENTRY) | pl.col("field_type").is_not_null()) & (pl.col("key_name") != "escape")
        found = gathered(
            numbered.with_columns(meets=meets, text=text),
            "run",
            trigger_row=pl.col("row").filter("meets").first(),
            key=pl.col("key_name").first().cast(pl.String),
            meets=pl.col("meets").any(),
            text=pl.col("text").all(),
        ).filter("meets")
        severity = (0.5 + 0.05 * (pl.col("events") - self.min_presses)).clip(upper_bound=0.9)
        aside = first_reason({"text_editing": pl.col("text")})
        return findings(found.with_columns(severity=severity, aside=aside), "key")
