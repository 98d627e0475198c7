"""What a file is and what it can tell, as `friction inspect` says it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from friction import quality
from friction.ingest import Ingested
from friction.reduce import Tables
from friction.summary.bare import NO_EVENTS, checks
from friction.summary.called import SessionNames
from friction.summary.moments import counted, utc
from friction.tallies import Tally

PAGES_SHOWN = 20


def inspection(
    ingested: Ingested, tables: Tables, lacking: Mapping[str, str | None], zone: str
) -> dict[str, Any]:
    """Files with source and columns, span, counts, capabilities, what can be assessed, and the quality verdicts."""
    books, sessions = ingested.books, tables.sessions
    counts = counted(books, SessionNames.of(sessions, ingested.events.names))
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


def without_events(ingested: Ingested, lacking: Mapping[str, str | None]) -> dict[str, Any]:
    """The same of an input in which tools have counted already, as far as it applies."""
    books = ingested.books
    return {
        "files": [asdict(file) for file in books.files],
        "passed_over": [asdict(passed) for passed in books.passed_over],
        "events": 0,
        "capabilities": sorted(ingested.capabilities),
        "assessable": [],
        "not_assessable": {name: why or NO_EVENTS for name, why in sorted(lacking.items())},
        "rejected": {count.reason: count.rows for count in books.by_reason},
        "rejects": [asdict(reject) for reject in books.rejects],
        "quality": [asdict(check) for check in checks(ingested)],
    }


def tallied(found: Sequence[Tally]) -> list[dict[str, Any]]:
    """What each tool counted: of what form and period, which measures, in how many places."""
    return [
        {
            "source": one.source,
            "form": one.form,
            "records": one.records,
            **({"sessions": one.sessions} if one.sessions is not None else {}),
            "start": one.start,
            "end": one.end,
            "measures": sorted(
                {each.measure for each in (*one.counts, *one.overall)}
                | {each.measure for each in one.averages}
            ),
            "pages": len(
                ({each.page for each in one.counts} | {each.page for each in one.averages}) - {None}
            ),
            "caveats": one.caveats,
        }
        for one in found
    ]


def _pages(ingested: Ingested, tables: Tables) -> list[dict[str, Any]]:
    """The pages seen most, with their type and views."""
    counts = tables.views.group_by("page").len("views").sort("views", "page", descending=[True, False])
    words, types = ingested.events.words, ingested.events.pages.types
    return [
        {"page": (page := words.word("page", code) or ""), "type": types.get(page), "views": views}
        for code, views in counts.head(PAGES_SHOWN).iter_rows()
    ]
