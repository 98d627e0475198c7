"""The rows of one or all files on disk, as far as the steps before parts need them: one piece after the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from friction.ingest.disk.columns import Columns
from friction.values import dataclass

AT_ONCE = 1 << 18
"""Rows read at a time where nobody says otherwise."""


@dataclass(frozen=True)
class DiskRows:
    """Rows from `start` to `stop` of what lies on disk, without those that are `gone`."""

    held: Columns
    start: int
    stop: int
    gone: NDArray[np.bool_] | None = None
    """By row from `start` on; null: none."""
    hidden: frozenset[str] = frozenset()
    """Columns that are no longer of use."""

    @property
    def height(self) -> int:
        """How many rows there are."""
        return self.stop - self.start - (0 if self.gone is None else int(self.gone.sum()))

    @property
    def columns(self) -> list[str]:
        """Names of the columns."""
        return [name for name in self.held.types if name not in self.hidden]

    def clear(self) -> DiskRows:
        """None of the rows."""
        return replace(self, stop=self.start, gone=None)

    def drop(self, *names: str) -> DiskRows:
        """Without these columns; those that it lacks anyway do no harm."""
        return replace(self, hidden=self.hidden.union(names))

    def head(self) -> pl.DataFrame:
        """No rows, with all columns."""
        return pl.DataFrame(schema={name: self.held.types[name] for name in self.columns})

    def pieces(
        self, columns: Sequence[str] | None = None, at_once: int | None = None
    ) -> Iterator[pl.DataFrame]:
        """All rows in their order, at most so many at a time."""
        for start, rows in self.spans(at_once or AT_ONCE):
            frame = self.held.read(self.start + start, rows, self.columns if columns is None else columns)
            gone = None if self.gone is None else self.gone[start : start + rows]
            yield frame if gone is None or not gone.any() else frame.filter(pl.Series(~gone))

    def spans(self, at_once: int) -> Iterator[tuple[int, int]]:
        """Start, seen from the first row, and length of the pieces, before what is gone is left out."""
        total = self.stop - self.start
        yield from ((at, min(at_once, total - at)) for at in range(0, total, at_once))

    def without(self, places: NDArray[np.int64]) -> DiskRows:
        """Without the rows at these places among those that there are."""
        gone = np.zeros(self.stop - self.start, np.bool_) if self.gone is None else self.gone.copy()
        gone[np.flatnonzero(~gone)[places]] = True
        return replace(self, gone=gone)

    def added(self, more: Sequence[pl.DataFrame]) -> DiskRows:
        """With more rows at their end, behind all that lies on disk."""
        for rows in more:
            self.held.append(rows)
        gone = (
            None
            if self.gone is None
            else np.append(self.gone, np.zeros(self.held.height - self.stop, np.bool_))
        )
        return replace(self, stop=self.held.height, gone=gone)

    def at(self, places: NDArray[np.integer], columns: Sequence[str]) -> pl.DataFrame:
        """These columns of a few rows, by their places among those that there are."""
        where = places if self.gone is None else np.flatnonzero(~self.gone)[places]
        rows = [self.held.read(self.start + int(at), 1, columns) for at in where]
        return pl.concat([self.held.read(0, 0, columns), *rows])

    def whole(self, columns: Sequence[str]) -> pl.DataFrame:
        """These columns of all rows, in memory."""
        return pl.concat([self.head().select(columns), *self.pieces(columns)])


def together(files: Sequence[DiskRows]) -> DiskRows:
    """The rows of several files that lie one after the other, numbered by file where there are several."""
    held, first = files[0].held, files[0].start
    numbered = DiskRows(held, first, held.height)
    if len(files) == 1:
        return numbered
    gone = np.ones(held.height - first, np.bool_)
    file_id = np.zeros(held.height - first, np.uint32)
    for number, file in enumerate(files):
        gone[file.start - first : file.stop - first] = False
        file_id[file.start - first : file.stop - first] = number
    held.add("file_id", [pl.Series(file_id)])
    return replace(numbered, gone=gone if gone.any() else None)
