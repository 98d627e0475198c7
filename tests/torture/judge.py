"""What became of one file: read with balanced books, or refused under a name. Runs where the data are touched."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import polars as pl

from friction import scan
from friction.child.run import named
from friction.config import Settings
from friction.errors import FrictionError
from friction.export import write_events, write_rejects
from friction.ingest import Ingested, Request, ingest
from friction.ingest.columns import EVERYTHING
from friction.pages import PageRules
from friction.sources.base import Options

BY_ROW = frozenset({"generic", "posthog", "friction"})
"""Sources that make one event of one record."""


def judged(path: Path, name: str, *, whole: bool) -> dict[str, Any]:
    """`code` (`read`, or that of the error), `problem`, books, sessions, and the text a person gets to see.

    `whole` also runs the analysis; else only the event table is written.
    """
    started = time.perf_counter()
    try:
        with _emptied():
            found = _read(path, name, whole=whole)
    except BaseException as fault:
        # As `friction.child.run` does it: a panic is no `Exception`, and must have a name all the same.
        error = named(fault)
        found = {"code": error.problem.code, "problem": error.problem.as_dict(), "shown": str(error.problem)}
        if not isinstance(fault, FrictionError):
            found["fault"] = f"{type(fault).__name__}: {fault}"[:500]
    return {**found, "seconds": time.perf_counter() - started}


@contextmanager
def _emptied() -> Iterator[None]:
    """Temporary files of one case go before the next one: the readers keep theirs until the process ends."""
    from friction.tables import files

    yield
    for path in files._folder().iterdir():
        path.unlink()


def _read(path: Path, name: str, *, whole: bool) -> dict[str, Any]:
    request = Request([path], [name], Options(columns=EVERYTHING.raw))
    found = ingest(request, EVERYTHING, PageRules(), [], scan.quiet)
    with tempfile.TemporaryDirectory() as folder:
        events, rejects = Path(folder, "events.parquet"), Path(folder, "rejects.csv")
        write_events(found, events)
        write_rejects(found, rejects)
        sessions = pl.read_parquet(events, columns=["session_id"])["session_id"]
        shown = rejects.read_text(encoding="utf-8")
        if whole:
            shown += scan.analyze([path], [name], Settings()).to_json().decode()
    by_row = all(file.source in BY_ROW for file in found.books.files)
    return {
        "code": "read",
        **_books(found, sessions.len() if by_row else None),
        "sessions": sessions.unique().sort().head(2_000).to_list(),
        "shown": shown,
    }


def _books(found: Ingested, events: int | None) -> dict[str, Any]:
    """The books, and how many records nobody can account for: by every sum that can be made."""
    files = found.books.files
    unexplained = [file.rows_total - file.rows_accepted - file.rows_rejected for file in files]
    rejected = sum(file.rows_rejected for file in files)
    unexplained.append(sum(count.rows for count in found.books.by_reason) - rejected)
    accepted = sum(file.rows_accepted for file in files)
    if events is not None:
        # Records that tell an event once more are accepted, and stand beside it in no table.
        repeated = sum(file.facts.get("repeated", 0) for file in files)
        unexplained.append(accepted - repeated - events)
    return {
        "total": sum(file.rows_total for file in files),
        "accepted": accepted,
        "unexplained": max(map(abs, unexplained)),
    }
