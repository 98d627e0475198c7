"""Rows on disk, a file a column: plain numbers one after the other, so that any range of rows is read by itself.

Words and texts lie there as their numbers in pools that memory alone holds, so a file says nothing of anybody. A
column that was null somewhere has a second file of one byte a row; where that ends, nothing more is null.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import count
from pathlib import Path
from shutil import rmtree
from weakref import finalize

import numpy as np
import polars as pl
from numpy.typing import NDArray

from friction.files import full_disk

BETWEEN, EMPTY = "\x1f", "\x1e"
"""Between the texts of a list, and what stands for a list of none; control characters, so no text has them."""
AT_ONCE = 1 << 20
"""Rows written or read at a time where nobody says otherwise."""


class Columns:
    """A table of fixed width that is only ever appended to; `types` are those that its rows have in memory.

    Its files go with it, since a program that analyses may run for days.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(mode=0o700)
        self._folder = folder
        finalize(self, rmtree, folder, ignore_errors=True)
        self.types: dict[str, pl.DataType] = {}
        self.height = 0
        self._pools: dict[str, pl.Categorical] = {}
        self._held: dict[str, pl.Series] = {}
        """A row of every column of words: a pool forgets its numbers when nothing in memory uses it."""

    def append(self, rows: pl.DataFrame) -> None:
        """Add rows; columns that they or the earlier ones lack are null. Raises `LimitError` when the disk is full."""
        try:
            for name, dtype in rows.schema.items():
                if name not in self.types:
                    self.types[name] = dtype
                    self._add_nulls(name, 0, self.height)
                elif isinstance(dtype, pl.Categorical) and dtype != self.types[name]:
                    self._renew(name, dtype)
                self._write(name, self._coded(rows[name]), self.height)
            for name in self.types.keys() - set(rows.columns):
                self._add_nulls(name, self.height, rows.height)
        except OSError as fault:
            if (known := full_disk(fault)) is not None:
                raise known from None
            raise
        self.height += rows.height

    def add(self, name: str, pieces: Iterable[pl.Series]) -> None:
        """Add a column whose pieces are as long as all rows together."""
        at = 0
        for piece in pieces:
            self.types[name] = piece.dtype
            self._write(name, piece, at)
            at += piece.len()

    def read(self, start: int, rows: int, names: Sequence[str]) -> pl.DataFrame:
        """These columns of a range of rows."""
        return pl.DataFrame([self._read(name, start, rows) for name in names])

    def wordless(self, names: Iterable[str]) -> None:
        """Read these columns of words as their numbers from now on, so that the pool can go."""
        for name in names:
            if isinstance(self.types.get(name), pl.Categorical):
                self.types[name] = pl.UInt32()
                self._held.pop(name, None)

    def free(self, names: Iterable[str]) -> None:
        """Free what columns take that nobody reads any more."""
        for name in names:
            for path in (self._values(name), self._nulls(name)):
                path.unlink(missing_ok=True)

    def _renew(self, name: str, pool: pl.Categorical) -> None:
        """From now on words come in another pool, which numbers those that there are alike."""
        self.types[name] = pool
        self._held.pop(name, None)

    def _values(self, name: str) -> Path:
        return self._folder / f"{name.replace(' ', '_')}.values"

    def _nulls(self, name: str) -> Path:
        return self._folder / f"{name.replace(' ', '_')}.nulls"

    def _write(self, name: str, column: pl.Series, at: int) -> None:
        plain = _plain(column)
        _put(self._values(name), plain.fill_null(value=_zero(plain)).to_numpy(), at)
        if column.null_count():
            _put(self._nulls(name), column.is_null().to_numpy().view(np.uint8), at)

    def _add_nulls(self, name: str, at: int, rows: int) -> None:
        for start in range(at, at + rows, AT_ONCE):
            more = min(AT_ONCE, at + rows - start)
            _put(self._nulls(name), np.ones(more, np.uint8), start)
            _put(self._values(name), np.zeros(more, self._width(name)), start)

    def _coded(self, column: pl.Series) -> pl.Series:
        """Texts and lists of texts as words of a pool, anything else as it is."""
        if isinstance(column.dtype, pl.List):
            lists = pl.col(column.name)
            column = (
                column.to_frame()
                .select(
                    pl.when(lists.list.len() > 0)
                    .then(lists.list.join(BETWEEN))
                    .otherwise(pl.when(lists.is_not_null()).then(pl.lit(EMPTY)))
                )
                .to_series()
                .alias(column.name)
            )
        if column.dtype == pl.String():
            pool = self._pools.setdefault(column.name, pl.Categorical(pl.Categories.random()))
            column = column.cast(pool)
        if isinstance(column.dtype, pl.Categorical) and column.len():
            self._held.setdefault(column.name, column.head(1))
        return column

    def _width(self, name: str) -> np.dtype[np.generic]:
        """The type of the numbers in the file of a column."""
        dtype = self.types[name]
        texts = dtype == pl.String() or isinstance(dtype, pl.List)
        found: np.dtype[np.generic] = (
            _plain(pl.Series([], dtype=pl.UInt32() if texts else dtype)).to_numpy().dtype
        )
        return found

    def _read(self, name: str, start: int, rows: int) -> pl.Series:
        path, nothing = self._nulls(name), pl.Series(name, [None], dtype=self.types[name])
        nulls = _get(path, np.dtype(np.uint8), start, rows) if path.exists() else np.zeros(rows, np.uint8)
        if rows and nulls.all():  # the pool may have no word at all, not even one to stand for null
            return nothing.new_from_index(0, rows)
        values = self._restored(pl.Series(name, _get(self._values(name), self._width(name), start, rows)))
        return values.zip_with(pl.Series(nulls == 0), nothing) if nulls.any() else values

    def _restored(self, plain: pl.Series) -> pl.Series:
        dtype = self.types[plain.name]
        if isinstance(dtype, pl.Categorical | pl.Enum):
            return plain.cat.to(dtype)
        if plain.name not in self._pools:
            return plain.cast(dtype)
        if plain.name not in self._held:
            return pl.Series(plain.name, [None], dtype=dtype).new_from_index(0, plain.len())
        texts = plain.cat.to(self._pools[plain.name]).cast(pl.String())
        if dtype == pl.String():
            return texts
        lists = (
            pl.when(pl.col(plain.name) == EMPTY)
            .then(pl.lit([], dtype))
            .otherwise(pl.col(plain.name).str.split(BETWEEN))
        )
        return texts.to_frame().select(lists).to_series().alias(plain.name)


def fresh(folder: Path, name: str) -> Columns:
    """An empty table of that name, beside others of the same."""
    paths = (folder / f"{name}-{number}" for number in count())
    return Columns(next(path for path in paths if not path.exists()))


def _zero(plain: pl.Series) -> object:
    return False if plain.dtype == pl.Boolean() else 0


def _plain(column: pl.Series) -> pl.Series:
    """The column as numbers."""
    coded = isinstance(column.dtype, pl.Categorical | pl.Enum) or column.dtype.is_temporal()
    plain = column.to_physical() if coded else column
    return plain.cast(pl.UInt8()) if plain.dtype == pl.Boolean() else plain


def _put(path: Path, values: NDArray[np.generic], at: int) -> None:
    path.touch()
    with path.open("r+b") as file:
        file.seek(at * values.itemsize)
        file.write(np.ascontiguousarray(values).data)


def _get(path: Path, width: np.dtype[np.generic], start: int, rows: int) -> NDArray[np.generic]:
    """So many numbers; zeros beyond the end of the file."""
    found = np.fromfile(path, width, rows, offset=start * width.itemsize)
    return found if len(found) == rows else np.concatenate([found, np.zeros(rows - len(found), width)])
