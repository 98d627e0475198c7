"""Events of PostHog as a reading of them: the fixtures, and events made of a few properties."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl

from friction.schema import conform
from friction.sources.base import Options, Reading
from friction.sources.posthog import PostHog
from friction.tables.files import look
from friction.testing import posthog as made_up

FIXTURES = Path(__file__).parents[2] / "fixtures" / "sources" / "posthog"
FILES = ("page.json", "batch.jsonl", "batch.parquet", "list.csv", "old.jsonl")
ROW: dict[str, Any] = {
    **{"uuid": "u1", "event": "$pageview", "distinct_id": "d1", "timestamp": "2026-03-02T08:00:00.250Z"},
    "properties": {"$lib": "web", "$session_id": "s1", "$current_url": "https://a.example/x"},
}


def reading(path: Path, **options: Any) -> Reading:
    return PostHog().read(look(path, path.name), Options(**options))


def frame(path: Path, **options: Any) -> pl.DataFrame:
    return conform(reading(path, **options).events).collect()


def row(**properties: Any) -> dict[str, Any]:
    """One event; `event` and `chain` are its fields, the rest its properties with a `$` before their names."""
    event, chain = properties.pop("event", "$pageview"), properties.pop("chain", "")
    named = {
        key if key in {"revenue", "currency", "label"} else f"${key}": given
        for key, given in properties.items()
    }
    return {**ROW, "event": event, "elements_chain": chain, "properties": {**ROW["properties"], **named}}


def events(folder: Path, *rows: dict[str, Any], **options: Any) -> list[dict[str, Any]]:
    path = folder / "events.jsonl"
    path.write_text(made_up.lines(list(rows)), encoding="utf-8")
    return frame(path, **options).to_dicts()


def event(folder: Path, **properties: Any) -> dict[str, Any]:
    return events(folder, row(**properties))[0]
