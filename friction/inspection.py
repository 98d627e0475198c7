"""What a file is and what it can tell, as `friction inspect` says it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from friction import quality
from friction.ingest import Ingested
from friction.reduce import Tables
from friction.summary.moments import counted, session_names, utc

PAGES_SHOWN = 20


def inspection(
    ingested: Ingested, tables: Tables, lacking: Mapping[str, str | None], zone: str
) -> dict[str, Any]:
    """Files with source and columns, span, counts, capabilities, what can be assessed, and the quality verdicts."""
    books, sessions = ingested.books, tables.sessions
    counts = counted(books, session_names(sessions, ingested.events.names))
    return {
        "files": [asdict(file) for file in books.files],
        "passed_over": [asdict(passed) for passed in books.passed_over],
        "events": int(sessions["events"].sum()),
        "sessions": sessions.height,
        "visitors": sessions["visitor"].n_unique(),
        "start": utc(sessions["start"].min()),  # type: ignore[arg-type]
        "end": utc(sessions["end"].max()),  # type: ignore[arg-type]
        "main_host": ingested.events.pages.main_host,
        "pages": _pages(ingested, tables),
        "capabilities": sorted(ingested.capabilities),
        "assessable": sorted(name for name, why in lacking.items() if not why),
        "not_assessable": {name: why for name, why in sorted(lacking.items()) if why},
        "rejected": {count.reason: count.rows for count in books.by_reason},
        "rejects": [asdict(reject) for reject in books.rejects],
        "quality": [asdict(check) for check in quality.checks(sessions, counts, zone, datetime.now(UTC))],
    }


def _pages(ingested: Ingested, tables: Tables) -> list[dict[str, Any]]:
    """The pages seen most, with their type and views."""
    counts = tables.views.group_by("page").len("views").sort("views", "page", descending=[True, False])
    words, types = ingested.events.words, ingested.events.pages.types
    return [
        {"page": (page := words.word("page", code) or ""), "type": types.get(page), "views": views}
        for code, views in counts.head(PAGES_SHOWN).iter_rows()
    ]
