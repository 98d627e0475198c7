"""Reading as an analysis does: what a source gives, without what it tells twice."""

from __future__ import annotations

import polars as pl

from friction.ingest.once import once
from friction.schema import EVENT, conform
from friction.sources.base import Reading


def distinct(reading: Reading) -> pl.DataFrame:
    """The events in full width, each once."""
    events = reading.events if reading.marked is None else reading.marked
    rows, _ = once(events.collect())
    return conform(rows.lazy().select(name for name in rows.columns if name in EVENT)).collect()
