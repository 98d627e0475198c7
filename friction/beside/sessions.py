"""Sessions one by one: those that show a point, and others drawn by lot, each with all it did in short.

A report is about many; whoever doubts it wants to see single sessions. Kept are at most `KEPT`, so the file stays small
however many there are; which others, the hash of their names says, so the same input gives the same ones.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

import polars as pl

from friction.beside.recordings import moments
from friction.points import identity
from friction.report import Report
from friction.summary.analysis import Analysis
from friction.summary.around import RUNS_SHOWN, rows_of, runs
from friction.summary.moments import utc
from friction.summary.points import Names
from friction.values import dataclass

KEPT, WITH_EVIDENCE = 600, 400
SEGMENTS = ("device", "browser", "os", "country", "channel", "release")


@dataclass(frozen=True)
class Chosen:
    """The sessions that are kept, as rows of the table of `friction.reduce`."""

    table: pl.DataFrame
    """With `name`; those with evidence first."""
    total: int
    """Sessions of people there are."""


def chosen(analysis: Analysis, report: Report, names: Names) -> Chosen:
    """Sessions of the evidence, the best first, then others until `KEPT`."""
    sessions = analysis.tables.sessions.with_columns(name=names.session.every())
    people = sessions.filter(~pl.col("automated"))
    points = [*report.points, *report.aside]
    shown = list(dict.fromkeys(name for name, _, _ in moments(points)))[:WITH_EVIDENCE]
    place = {name: at for at, name in enumerate(shown)}
    others = people["name"].filter(~people["name"].is_in(pl.Series(shown, dtype=pl.String).implode()))
    drawn = sorted(others.to_list(), key=_lot)[: max(KEPT - len(shown), 0)]
    place |= {name: len(shown) + at for at, name in enumerate(sorted(drawn))}
    wanted = pl.Series(list(place), dtype=pl.String)
    rows = sessions.filter(pl.col("name").is_in(wanted.implode()))
    order = pl.Series([place[name] for name in rows["name"]], dtype=pl.Int64)
    return Chosen(rows.with_columns(order=order).sort("order"), people.height)


def _lot(name: str) -> bytes:
    return hashlib.blake2b(name.encode(), digest_size=8).digest()


def lines(
    kept: Chosen, analysis: Analysis, report: Report, names: Names, recorded: dict[str, Any]
) -> list[dict[str, Any]]:
    """Each session: when, who in short, pages, points it met, whether it converted and can be replayed, what it did."""
    numbers = kept.table["session_id"]
    ways = _ways(analysis, numbers, names)
    met = _met(analysis, numbers, report, names)
    near = rows_of(analysis.ingested.events, analysis.tables.sessions, names.session, set(kept.table["name"]))
    words = analysis.ingested.events.words
    found = []
    for row in kept.table.iter_rows(named=True):
        pages = ways.get(row["session_id"], [])
        events = near.get(row["name"])
        about = {name: names.word(name, row[name]) or None for name in SEGMENTS if row.get(name) is not None}
        found.append(
            {
                "id": row["name"],
                "visitor": words.word("visitor_id", row["visitor_id"]) if "visitor_id" in row else None,
                "start": utc(row["start"]),
                "end": utc(row["end"]),
                "events": row["events"],
                "views": len(pages),
                "pages": list(dict.fromkeys(pages)),
                "entry": pages[0] if pages else None,
                "exit": pages[-1] if pages else None,
                "converted": bool(row["goals"] & 1),
                "automated": row["automated"],
                "about": about,
                "points": met.get(row["session_id"], []),
                "replay": row["name"] in recorded,
                "around": [] if events is None else _told(events, row["start"], row["end"]),
            }
        )
    return found


def _told(events: pl.DataFrame, start: datetime, end: datetime) -> list[dict[str, Any]]:
    within = events.filter(pl.col("ts").is_between(start, end))
    return [asdict(each) for each in runs(within, start, RUNS_SHOWN)]


def _ways(analysis: Analysis, sessions: pl.Series, names: Names) -> dict[int, list[str]]:
    """Session → the pages it saw, in order."""
    views = analysis.tables.views.filter(pl.col("session_id").is_in(sessions.implode())).sort("view")
    found: dict[int, list[str]] = {}
    for session, page in views.select("session_id", "page").iter_rows():
        found.setdefault(session, []).append(names.page(page))
    return found


def _met(analysis: Analysis, sessions: pl.Series, report: Report, names: Names) -> dict[int, list[str]]:
    """Session → the points of the report that it met, in their order."""
    met = analysis.tables.met
    if not met.height:
        return {}
    place = {point.id: at for at, point in enumerate([*report.points, *report.aside])}
    found: dict[int, set[str]] = {}
    mine = met.filter(pl.col("session_id").is_in(sessions.implode()))
    for session, detector, page, target in mine.select(
        "session_id", "detector", "page", "target"
    ).iter_rows():
        id_ = identity(detector, names.page(page), names.target(detector, target))
        if id_ in place:
            found.setdefault(session, set()).add(id_)
    return {session: sorted(ids, key=place.__getitem__) for session, ids in found.items()}


def spans(kept: Chosen, analysis: Analysis) -> dict[str, tuple[float, float, str | None]]:
    """Session → its span in epoch milliseconds, and its visitor."""
    words = analysis.ingested.events.words
    whose: Sequence[int | None] = (
        kept.table["visitor_id"].to_list()
        if "visitor_id" in kept.table.columns
        else [None] * kept.table.height
    )
    times = kept.table.select("name", "start", "end").iter_rows()
    return {
        name: (start.timestamp() * 1000, end.timestamp() * 1000, words.word("visitor_id", visitor))
        for (name, start, end), visitor in zip(times, whose, strict=True)
    }
