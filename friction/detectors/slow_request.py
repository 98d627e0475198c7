"""Slow request: a call of the page to its server that somebody waits for.

Finds     A request that takes longer than `slow_ms`, while the visitor does nothing:
          no click, input or change of page before it ends. All of a page view are
          one finding.
Matters   The page is there and what people came for is not: results, prices, a spinner.
Misleads  Nobody waits for what goes on in the background: requests during which people
          go on are set aside (`background`). Connections that are held open on purpose
          take minutes: beyond `held_open_ms` they are no waiting.
Defaults  Three seconds, after which a click counts as dead; one minute for held open.
Sources   Own choice; tools publish no limit for single requests.
"""

from __future__ import annotations

from typing import Annotated, ClassVar

import polars as pl
from annotated_types import Gt

from friction.detectors.base import Detector, findings, gathered, no_target
from friction.detectors.look_alike import EDITS, VIEWS, first_reason
from friction.values import dataclass

ACTS = ("click", *EDITS, "submit", "keydown", *VIEWS)


@dataclass(frozen=True, kw_only=True)
class SlowRequest(Detector):
    name: ClassVar[str] = "slow_request"
    needs: ClassVar[frozenset[str]] = frozenset({"has_requests"})
    filled: ClassVar[frozenset[str]] = frozenset({"duration_ms"})
    columns: ClassVar[frozenset[str]] = frozenset({"duration_ms", "error"})

    slow_ms: Annotated[float, Gt(0)] = 3_000
    """Time beyond which a request is slow (ms). Higher: fewer requests are slow."""
    held_open_ms: Annotated[float, Gt(0)] = 60_000
    """Time from which a request is held open on purpose (ms). Higher: longer requests are slow ones as
    well."""

    def detect(self, events: pl.LazyFrame) -> pl.LazyFrame:
        """Views with slow requests: the longest as `worst_ms`, and `error`, what it asked for."""
        took = pl.col("duration_ms").cast(pl.Float64)
        slow = (pl.col("kind") == "request") & (took > self.slow_ms) & (took < self.held_open_ms)
        rows = events.filter(slow.fill_null(value=False) | pl.col("kind").is_in(ACTS))
        us = pl.col("ts").to_physical()
        ends = pl.col("session_id").ne_missing(pl.col("session_id").shift(-1))
        act = pl.when(pl.col("kind") != "request").then(us).when(ends).then(pl.lit(1 << 61))
        rows = rows.with_columns(goes_on=act.backward_fill() - us < took * 1_000, took=took)
        found = gathered(
            rows.filter(pl.col("kind") == "request"),
            "view",
            worst_ms=pl.col("took").max(),
            error=pl.col("error").get(pl.col("took").arg_max()),
            goes_on=pl.col("goes_on").all(),
        )
        severity = 1 - 0.6 * self.slow_ms / pl.col("worst_ms")
        aside = first_reason({"background": pl.col("goes_on")})
        found = found.with_columns(target=no_target(), severity=severity, aside=aside)
        return findings(found, "worst_ms", "error")
