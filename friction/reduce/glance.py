"""Sessions in which a detector may find something, told by few columns before all others are looked at."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import polars as pl

from friction.detectors.base import Detector
from friction.schema import KIND, TS

LOOKED_AT = pl.Schema({"session_id": pl.UInt32(), "ts": TS, "kind": KIND})
"""What a glance reads; rows are sorted by session and time."""
Glance = Callable[[pl.DataFrame], pl.Series]
"""From rows with these columns to the sessions that are worth more than a glance, each once."""


def glance_of(detectors: Sequence[Detector]) -> Glance | None:
    """What chooses the sessions for all of these detectors; null where any of them has to see every session."""
    nothing = pl.LazyFrame(schema=LOOKED_AT)
    if any(detector.at_a_glance(nothing) is nothing for detector in detectors):
        return None
    return partial(_chosen, detectors)


def _chosen(detectors: Sequence[Detector], rows: pl.DataFrame) -> pl.Series:
    every = rows.select("session_id")
    try:
        found = [
            detector.at_a_glance(rows.lazy()).select("session_id").collect(engine="in-memory")
            for detector in detectors
        ]
    except Exception:  # of a plug-in: asked for its findings it will say what is wrong
        return every.to_series().unique()
    return pl.concat([every.clear(), *found]).to_series().unique()
