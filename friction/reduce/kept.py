"""Tables that grow with the rows: held in memory, or kept where there is more room and read when somebody asks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
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
        for at in range(-(-self.held.height // n_rows)):
            yield self.slice(at, n_rows)

    def slice(self, at: int, n_rows: int) -> pl.DataFrame:
        """One of them, counted from 0."""
        return piece(self.held, at * n_rows, min(n_rows, self.held.height - at * n_rows))


def filled(pieces: Iterable[pl.DataFrame], shelf: Shelf | None, name: str) -> Any:
    """All rows of at least one piece: on the shelf, or as a frame where there is none."""
    if shelf is None:
        return pl.concat(pieces, rechunk=True)
    kept = shelf(name)
    for rows in pieces:
        kept.append(rows)
    return kept
