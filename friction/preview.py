"""`friction inspect --privacy`: the first records of each file as they lie there, and what would be kept of them.

The one answer that holds what must not be kept: it lies in the private folder of the run until it is on the screen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl

from friction import scan
from friction.config import Settings
from friction.export import event_frames
from friction.ingest import Ingested
from friction.privacy.columns import VERSION
from friction.sources import recognise
from friction.sources.base import Options
from friction.sources.generic import open_table
from friction.sources.preset import Preset

ROWS = 20
LONGEST = 160
"""Characters of a cell that are shown."""


def preview(inputs: Sequence[str | Path], names: Sequence[str] | None, settings: Settings) -> dict[str, Any]:
    """By file: its columns with what they become, and the first records that change, column by column."""
    paths = [Path(path) for path in inputs]
    files = [
        _file(path, name, settings)
        for path, name in zip(paths, names or [p.name for p in paths], strict=True)
    ]
    return {"policy": VERSION, "keyed": settings.privacy.key is not None, "files": files}


def _file(path: Path, name: str, settings: Settings) -> dict[str, Any]:
    ingested = scan.ingested_for([path], [name], settings, None, scan.quiet)
    columns: Mapping[str, str | None] = ingested.books.files[0].facts.get("columns", {})
    before, after = _before(path, name, settings), _after(ingested)
    kept = {theirs: "props" if theirs in settings.privacy.keep else ours for theirs, ours in columns.items()}
    rows = [
        {"row": row, "cells": _cells(cells, after.get(row), kept)} for row, cells in sorted(before.items())
    ]
    return {"name": name, "columns": kept, "rows": rows}


def _before(path: Path, name: str, settings: Settings) -> dict[int, dict[str, str]]:
    """Record → column → text, of a table; nothing of recordings, which are none."""
    limits = settings.limits.in_force()
    source, _, file = recognise(path, name, limits)
    if source.name not in {"generic", "posthog"} and not isinstance(source, Preset):
        return {}
    options = Options(mapping=settings.mapping, tz=settings.time.zone, limits=limits)
    table = source.table(file, options) if isinstance(source, Preset) else open_table(file, settings.mapping)
    cells = [pl.col(f"c{at}").cast(pl.String, strict=False) for at in range(len(table.names))]
    frame = table.select(cells).events.filter(pl.col("row_no") <= ROWS).collect()
    return {
        row[0]: {theirs: cell for theirs, cell in zip(table.names, row[1:], strict=True) if cell is not None}
        for row in frame.select("row_no", *(f"c{at}" for at in range(len(table.names)))).iter_rows()
    }


def _after(ingested: Ingested) -> dict[int, dict[str, Any]]:
    """Record → column of ours → what is kept, of the first event that was made of it."""
    found: dict[int, dict[str, Any]] = {}
    for frame in event_frames(ingested):
        for event in frame.filter(pl.col("row_no") <= ROWS).iter_rows(named=True):
            found.setdefault(event["row_no"], event)
    return found


def _cells(
    before: Mapping[str, str], after: Mapping[str, Any] | None, columns: Mapping[str, str | None]
) -> list[dict[str, str | None]]:
    """The cells that do not stay as they are; `after` null: dropped."""
    found: list[dict[str, str | None]] = []
    for theirs, text in before.items():
        ours = columns.get(theirs)
        kept = _kept(ours, after or {})
        value = (after or {}).get(ours or "")
        if kept is None or (kept != text and (value is None or isinstance(value, str))):
            found.append({"column": theirs, "ours": ours, "before": text[:LONGEST], "after": kept})
    return found


def _kept(ours: str | None, event: Mapping[str, Any]) -> str | None:
    if ours is None:
        return None
    if ours == "value" and event.get("value") is None and event.get("value_len") is not None:
        return f"len={event['value_len']}"
    value = event.get(ours)
    return None if value is None else str(value)[:LONGEST]
