"""Events on their way into the files of their days."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from friction.lake.files import filled, listed, unplaced, write_part
from friction.lake.manifest import PartFile
from friction.lake.placed import DAY, PART, START, STREAM, placed

SPLIT_ROWS = 100_000
"""A day with more rows is shared out into parts by visitor."""
HELD_ROWS = 400_000
"""So many rows wait for others of their day; in this form, texts as they are, a row takes ten times what it takes in an
analysis. What is written of a day before it has ended is not shared out: it is one part of the day as it is.
"""


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
        for (day,), of_day in _shared(rows, [DAY]).items():
            self._waiting.setdefault(day, []).append(of_day)
        self._held += rows.height
        earliest = rows[DAY].min()
        self._write_days([day for day in self._waiting if day < earliest])  # type: ignore[operator]
        if self._held > HELD_ROWS:
            self._write_days(list(self._waiting), is_whole=False)

    def close(self) -> None:
        """Write the rest."""
        self._write_days(list(self._waiting))

    def _write_days(self, days: list[date], *, is_whole: bool = True) -> None:
        for day in sorted(days):
            rows = pl.concat(self._waiting.pop(day), how="diagonal")
            self._held -= rows.height
            many = is_whole and rows.height > SPLIT_ROWS
            split = pl.col(PART) if many else pl.lit(0, pl.UInt8())
            shares = _shared(rows.with_columns(split.alias(PART)), [PART, STREAM])
            for part, stream in sorted(shares, key=str):
                self._write(day, int(part), stream, shares[part, stream])

    def _write(self, day: date, part: int, stream: str | None, rows: pl.DataFrame) -> None:
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


def _shared(rows: pl.DataFrame, by: list[str]) -> dict[tuple[Any, ...], pl.DataFrame]:
    """The rows by these columns, in their order; all of them as they are where there is one value."""
    values = rows.select(by).unique()
    if values.height == 1:
        return {values.row(0): rows}
    return rows.partition_by(by, as_dict=True, maintain_order=True)
