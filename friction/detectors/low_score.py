"""Low score: an answer to a survey that says the visit went badly.

Finds     An answer of `max_nps` or less on a scale from 0 to 10, or of `max_stars` or
          less on one from 1 to 5, that belongs to a session; it stands on the page the
          answer names, else on the one that was seen last before it.
Matters   It is what people say themselves. Where low scores gather on a page beside
          friction, the friction is worth more than its cost tells.
Misleads  Few people answer, above all who is angry or content. A survey is often about
          the product, the price or the delivery, not about the page it is shown on. An
          answer follows the visit and is no cause of what happens in it: it is an
          outcome and never held against a page.
Defaults  0 to 6 are the detractors of the NPS; 1 and 2 stars are the lower two boxes.
          Scales of other lengths are read as one from 1 to 5.
Sources   The definition of the Net Promoter Score; own rule.
"""

from __future__ import annotations

from typing import Annotated, ClassVar

import polars as pl
from annotated_types import Ge, Le

from friction.detectors.base import REASON, Detector, findings, no_target
from friction.values import dataclass

OF_TEN = 10
"""The best answer of a scale from 0; of all others it is 5."""


@dataclass(frozen=True, kw_only=True)
class LowScore(Detector):
    name: ClassVar[str] = "low_score"
    needs: ClassVar[frozenset[str]] = frozenset({"has_feedback"})
    columns: ClassVar[frozenset[str]] = frozenset({"value", "count"})
    outcome: ClassVar[bool] = True
    costed: ClassVar[bool] = False

    max_nps: Annotated[int, Ge(0), Le(9)] = 6
    """Highest low answer on a scale from 0 to 10. Higher: more answers are low."""
    max_stars: Annotated[int, Ge(1), Le(4)] = 2
    """Highest low answer on a scale from 1 to 5 (stars). Higher: more answers are low."""

    def detect(self, events: pl.LazyFrame) -> pl.LazyFrame:
        """Low answers with their `score` and the `best` one of the scale."""
        best = pl.col("count").cast(pl.Int32)
        bound = pl.when(best == OF_TEN).then(self.max_nps + 0.5).otherwise(self.max_stars + 0.5)
        answers = events.filter((pl.col("kind") == "feedback") & best.is_not_null())
        low = answers.filter((pl.col("value") <= bound).fill_null(value=False))
        share = (pl.col("value") / bound).clip(0, 1)
        told = low.select(
            "session_id",
            "page",
            target=no_target(),
            start="ts",
            end="ts",
            events=pl.lit(1),
            rows=pl.concat_list("row"),
            trigger_row="row",
            severity=0.9 - 0.4 * share,
            aside=pl.lit(None, REASON),
            score=pl.col("value").cast(pl.Float64),
            best=best,
        )
        return findings(told, "score", "best")
