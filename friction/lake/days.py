"""Events on their way into the files of their days."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import polars as pl

from friction.lake.files import filled, listed, unplaced, write_part
from friction.lake.manifest import PartFile
from friction.lake.placed import DAY, PART, START, STREAM, placed

SPLIT_ROWS = 100_000
"""A day with more rows is shared out into parts by visitor."""
HELD_ROWS = 2_000_000
"""So many rows wait for others of their day, before they are written although more may follow."""


class Days:
    """Takes frames of whole sessions in the order of their first events, writes files of the delivery `number`."""

    def __init__(self, folder: Path, number: int) -> None:
        self._folder, self._number = folder, number
        self._waiting: dict[date, list[pl.DataFrame]] = {}
        self._held = 0
        self._names: Counter[str] = Counter()
        self.parts: list[PartFile] = []
        self.index: list[pl.DataFrame] = []
        self.columns: set[str] = set()

    def take(self, rows: pl.DataFrame) -> None:
        """One frame; days that nothing to come can start on are written."""
        rows = placed(rows)
        for (day,), of_day in rows.partition_by(DAY, as_dict=True, maintain_order=True).items():
            self._waiting.setdefault(day, []).append(of_day)
        self._held += rows.height
        earliest = rows[DAY].min()
        self._write_days([day for day in self._waiting if self._held > HELD_ROWS or day < earliest])  # type: ignore[operator]

    def close(self) -> None:
        """Write the rest."""
        self._write_days(list(self._waiting))

    def _write_days(self, days: list[date]) -> None:
        for day in sorted(days):
            rows = pl.concat(self._waiting.pop(day), how="diagonal")
            self._held -= rows.height
            split = pl.col(PART) if rows.height > SPLIT_ROWS else pl.lit(0, pl.UInt8())
            shares = rows.with_columns(split.alias(PART)).partition_by(PART, STREAM, as_dict=True)
            for part, stream in sorted(shares, key=str):
                self._write(day, int(part), stream, shares[part, stream])

    def _write(self, day: date, part: int, stream: str | None, rows: pl.DataFrame) -> None:
        rows = rows.sort("session_id", "ts", "seq", maintain_order=True)
        path = self._path(day, part, stream)
        sessions = rows.select("session_id", START).n_unique()
        found = PartFile(path, day.isoformat(), self._number, 0, sessions, 0, "", stream)
        self.parts.append(write_part(self._folder, unplaced(rows), found))
        self.index.append(listed(rows, path))
        self.columns |= filled(rows)

    def _path(self, day: date, part: int, stream: str | None) -> str:
        name = f"day={day}/part-{part:02d}-{self._number:04d}{f'-{stream}' if stream else ''}"
        self._names[name] += 1
        again = f".{self._names[name]}" if self._names[name] > 1 else ""
        return f"{name}{again}.parquet"
