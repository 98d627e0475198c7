"""Bounce: a session of one page in which nothing was done.

Finds     A session of a single page view without a click, an input or a search.
Matters   Where visitors arrive and turn round, the page does not keep what the link to
          it promised, or was not ready.
Misleads  Who reads an article and leaves was served. A session cut by the export looks
          the same. Leaving is part of its definition, so it is an outcome and never
          held against a page as a cause; it runs only where it is asked for.
Defaults  One page view; scrolling alone is nothing done.
Sources   The definition of web analytics before times of engagement came into it.
"""

from __future__ import annotations

from typing import ClassVar

import polars as pl

from friction.detectors.base import REASON, Detector, findings, no_target, same
from friction.detectors.look_alike import DONE, EDITS
from friction.values import dataclass

ACTS = ("click", *EDITS, *DONE, "keydown", "media", "copy")


@dataclass(frozen=True, kw_only=True)
class Bounce(Detector):
    name: ClassVar[str] = "bounce"
    needs: ClassVar[frozenset[str]] = frozenset({"has_page_views"})
    outcome: ClassVar[bool] = True
    opt_in: ClassVar[bool] = True

    def detect(self, events: pl.LazyFrame) -> pl.LazyFrame:
        """Sessions of one page view without any action."""
        kind, session = pl.col("kind"), pl.col("session_id")
        acts = kind.is_in(ACTS)
        rows = events.with_columns(opens=~same("session_id", "view")).filter(pl.col("opens") | acts)
        alone = session.ne_missing(session.shift()) & session.ne_missing(session.shift(-1))
        found = rows.filter(alone & ~acts)
        return findings(
            found.select(
                "session_id",
                "page",
                target=no_target(),
                start="ts",
                end="ts",
                events=pl.lit(1),
                rows=pl.concat_list("row"),
                trigger_row="row",
                severity=pl.lit(0.2),
                aside=pl.lit(None, REASON),
            )
        )
