"""A delivery into a data set: masked as `friction convert` masks, sorted, by day and visitor."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl

from friction.errors import UsageError
from friction.export import counted_table, event_frames
from friction.ingest import Ingested
from friction.lake.days import Days
from friction.lake.files import read_index, read_open, write_table
from friction.lake.manifest import Delivery, Manifest, writing
from friction.lake.twice import unknown
from friction.privacy.columns import VERSION, Policy
from friction.privacy.identities import visitor
from friction.schema import EVENT, SESSION_GAP_US

ROWS = 100_000
"""About so many rows at a time become texts again."""
Reads = Callable[[Sequence[int]], Ingested]
"""Reads those of the inputs with these numbers: every column, every event, those of recordings that are many too."""


def append(
    dataset: Path, inputs: Sequence[Path], read: Reads, policy: Policy, *, keep_open: bool = False
) -> dict[str, Any]:
    """Put the inputs into the data set, unless it has them; what came of it.

    The answer: `rows` that were added, `known` ones that it had, `open` ones that wait, and what it now holds. Raises
    what reading raises, and `UsageError` when its visitors were hashed with another key.
    """
    contents = [_sha256(path) for path in inputs]
    with writing(dataset):
        manifest = Manifest.of(dataset) or Manifest(0, VERSION, visitor("", policy.key))
        if manifest.visitors != visitor("", policy.key):
            raise UsageError(
                "lake.key",
                "the data set was written with another privacy key",
                remedy="give the key that it was written with, or deliver into a new data set",
            )
        fresh = [number for number, content in enumerate(contents) if not manifest.has([content])]
        if not fresh:
            return answer(manifest)
        delivering = _Delivering(dataset, manifest, [contents[number] for number in fresh])
        return delivering.deliver(read(fresh), keep_open=keep_open)


def answer(manifest: Manifest, **more: int) -> dict[str, Any]:
    """What a data set holds; `more`: what has just come of it."""
    days = manifest.days
    span = {"first_day": days[0], "last_day": days[-1]} if days else {}
    figures = {"total_rows": manifest.rows, "total_sessions": manifest.sessions, "bytes": manifest.bytes}
    return {"rows": 0, "known": 0, "open": 0, **more, **figures, "days": len(days), **span}


class _Delivering:
    """One delivery on its way."""

    def __init__(self, dataset: Path, manifest: Manifest, contents: list[str]) -> None:
        self._folder, self._manifest, self._contents = dataset, manifest, contents
        self._number = manifest.commit + 1
        self._first_file = max((d.first_file + len(d.files) for d in manifest.deliveries), default=0)
        self._days = Days(dataset, self._number)
        self._open: list[pl.DataFrame] = []
        self._known = 0
        self._index = read_index(dataset, manifest)
        self._waiting = read_open(dataset, manifest)

    def deliver(self, ingested: Ingested, *, keep_open: bool) -> dict[str, Any]:
        """Write all files, then the manifest."""
        until = self._over(ingested) if keep_open else None
        for rows in self._frames(ingested):
            self._take(rows, until)
        self._days.close()
        manifest = self._manifest.next(
            deliveries=[*self._manifest.deliveries, self._said(ingested)],
            parts=[*self._manifest.parts, *self._days.parts],
            index=[*self._manifest.index, *self._written("sessions", self._days.index)],
            open=self._written("open", self._open),
        )
        manifest.commit_to(self._folder)
        added, waiting = sum(p.rows for p in self._days.parts), sum(each.height for each in self._open)
        return answer(manifest, rows=added, known=self._known, open=waiting)

    def _over(self, ingested: Ingested) -> datetime | None:
        """Sessions with no event after this moment were over at the end of the delivery."""
        pieces = ingested.events.store.pieces(["ts"]) if ingested.has_events else ()
        last = [rows["ts"].max() for rows, _ in pieces]
        return max(last) - timedelta(microseconds=SESSION_GAP_US) if last else None  # type: ignore[operator,return-value,type-var]

    def _frames(self, ingested: Ingested) -> Iterator[pl.DataFrame]:
        """Frames of whole sessions, with what waited for them; what has waited for nothing comes last."""
        waiting = self._waiting
        for rows in event_frames(ingested, whole=True) if ingested.has_events else ():
            numbered = rows.with_columns(file_id=(pl.col("file_id") + self._first_file).cast(pl.UInt32()))
            theirs = pl.col("session_id").is_in(rows["session_id"].unique().implode())
            before, waiting = waiting.filter(theirs), waiting.filter(~theirs)
            fresh = unknown(numbered, before)
            self._known += numbered.height - fresh.height
            yield _together(before, fresh) if before.height else fresh
        if waiting.height:
            yield _together(waiting)

    def _take(self, rows: pl.DataFrame, until: datetime | None) -> None:
        """One frame to its days, but for what is known and what waits."""
        fresh = unknown(rows, self._told_before(rows))
        self._known += rows.height - fresh.height
        if until is not None:
            last = fresh.group_by("session_id").agg(pl.col("ts").max())
            late = last.filter(pl.col("ts") > until)["session_id"]
            is_open = pl.col("session_id").is_in(late.implode())
            self._open.append(fresh.filter(is_open))
            fresh = fresh.filter(~is_open)
        if fresh.height:
            self._days.take(fresh)

    def _told_before(self, rows: pl.DataFrame) -> pl.DataFrame:
        """What the frame may repeat: rows in the days of sessions that were there at the same time."""
        spans = rows.group_by("session_id").agg(first=pl.col("ts").min(), last=pl.col("ts").max())
        overlap = (pl.col("start") <= pl.col("last")) & (pl.col("end") >= pl.col("first"))
        met = self._index.join(spans, on="session_id").filter(overlap)
        theirs = pl.col("session_id").is_in(met["session_id"].unique().implode())
        files = (self._folder / path for path in met["path"].unique().sort())
        found = [pl.read_parquet(file, glob=False).filter(theirs) for file in files]
        return pl.concat(found, how="diagonal") if found else rows.clear()

    def _said(self, ingested: Ingested) -> Delivery:
        """What the delivery says of itself, with its tables of rejects and counts written."""
        books = ingested.books
        tables = {which: counted_table(ingested, which) for which in ("sessions", "aggregates")}
        tables |= dict(ingested.heard.voices.items())
        written = {which: self._written(f"table-{which}", [table]) for which, table in tables.items()}
        waited = {*self._waiting.columns} & {*EVENT} if self._waiting.height else set()
        return Delivery(
            number=self._number,
            inputs=self._contents,
            first_file=self._first_file,
            files=[asdict(file) for file in books.files],
            rejects=[asdict(one) for one in books.rejects],
            passed_over=[asdict(one) for one in books.passed_over],
            excluded=[asdict(one) for one in books.excluded],
            streams=sorted(ingested.streams),
            columns=sorted(self._days.columns | waited),
            has_sessions=books.has_sessions,
            rejected=next(iter(self._written("rejects", [books.all_rejects])), None),
            tables={which: paths[0] for which, paths in written.items() if paths},
        )

    def _written(self, name: str, tables: Sequence[pl.DataFrame]) -> list[str]:
        """The tables as one file of this delivery; no file for no rows."""
        if not (held := [table for table in tables if table.height]):
            return []
        path = f"{name}-{self._number:04d}.parquet"
        write_table(pl.concat(held, how="diagonal"), self._folder / path)
        return [path]


def _together(*frames: pl.DataFrame) -> pl.DataFrame:
    """Rows of sessions from several deliveries, in their order; what an earlier one told comes first."""
    rows = pl.concat(frames, how="diagonal").with_row_index("_at").sort("session_id", "ts", "_at")
    at = pl.int_range(pl.len(), dtype=pl.Int32())
    opens = pl.col("session_id").ne_missing(pl.col("session_id").shift())
    return rows.with_columns(seq=at - pl.when(opens).then(at).forward_fill()).drop("_at")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
