"""Tables that grow with the rows: held in memory, or kept where there is more room and read when somebody asks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, Protocol

import polars as pl

from friction.values import dataclass


class Kept(Protocol):
    """A table outside of memory to which rows are only ever added."""

    @property
    def height(self) -> int:
        """How many rows there are."""

    @property
    def types(self) -> Mapping[str, pl.DataType]:
        """The types of its columns."""

    def append(self, rows: pl.DataFrame) -> None:
        """Add rows; columns that they or the earlier ones lack are null."""

    def read(self, start: int, rows: int, names: Sequence[str]) -> pl.DataFrame:
        """These columns of a range of rows."""


Shelf = Callable[[str], Kept]
"""Gives an empty table of that name."""


class Frame:
    """A field of a dataclass that holds a frame, or a table that is kept elsewhere and read anew at every use."""

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, holder: object | None, owner: type | None = None) -> pl.DataFrame:
        if holder is None:
            raise AttributeError(self._name)  # there is none for the class, so the field has no default
        return whole(vars(holder)[self._name])

    def __set__(self, holder: object, held: pl.DataFrame | Kept) -> None:
        vars(holder)[self._name] = held


def whole(held: Any, columns: Sequence[str] | None = None) -> pl.DataFrame:
    """All rows of what a `Frame` holds, with these columns or with all."""
    return piece(held, 0, held.height, columns)


def piece(held: Any, start: int, rows: int, columns: Sequence[str] | None = None) -> pl.DataFrame:
    """So many rows of it."""
    if isinstance(held, pl.DataFrame):
        return held.slice(start, rows).select(held.columns if columns is None else columns)
    found: pl.DataFrame = held.read(start, rows, list(held.types) if columns is None else columns)
    return found


@dataclass(frozen=True)
class Slices:
    """What a `Frame` holds, so many rows at a time as a frame gives them, without ever being read as a whole."""

    held: Any

    def iter_slices(self, n_rows: int = 1 << 20) -> Iterator[pl.DataFrame]:
        """All of it."""
        for start in range(0, self.held.height, n_rows):
            yield piece(self.held, start, min(n_rows, self.held.height - start))


@dataclass(frozen=True)
class ByViews:
    """What a `Frame` holds by number of page view: parts came in the order of these, so that few slices have those of a
    range."""

    held: Any
    columns: Sequence[str] | None = None

    def between(self, first: int, last: int) -> pl.DataFrame:
        """The rows of these views and those between, in their order."""
        here = [at for at, (low, high) in enumerate(self._spans) if low <= last and high >= first]
        inside, none = pl.col("view").is_between(first, last), piece(self.held, 0, 0, self.columns)
        rows = (self._piece(at).filter(inside) for at in here)
        return pl.concat([none, *rows]) if here else none

    @property
    def last(self) -> int:
        """The last view that has a row; −1 where there is none."""
        return max((high for _, high in self._spans), default=-1)

    def _piece(self, at: int) -> pl.DataFrame:
        start = at * VIEW_ROWS
        return piece(self.held, start, min(VIEW_ROWS, self.held.height - start), self.columns)

    @cached_property
    def _spans(self) -> list[tuple[int, int]]:
        """The first and the last view of each slice."""
        ends = pl.col("view").min().alias("first"), pl.col("view").max().alias("last")
        slices = range(0, self.held.height, VIEW_ROWS)
        views = (piece(self.held, at, min(VIEW_ROWS, self.held.height - at), ["view"]) for at in slices)
        return [some.select(ends).row(0) for some in views]


VIEW_ROWS = 1 << 20
"""Rows of a slice in which views are looked for."""


def filled(pieces: Iterable[pl.DataFrame], shelf: Shelf | None, name: str) -> Any:
    """All rows of at least one piece: on the shelf, or as a frame where there is none."""
    if shelf is None:
        return pl.concat(pieces, rechunk=True)
    kept = shelf(name)
    for rows in pieces:
        kept.append(rows)
    return kept
