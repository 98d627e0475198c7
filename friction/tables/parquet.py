"""Parquet files: typed columns, of which only the wanted ones are read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import cast

import polars as pl
import polars.selectors as cs
from polars.exceptions import ComputeError, PanicException, PolarsError

from friction.errors import InputError
from friction.sources.base import InputFile
from friction.tables.files import unpacked
from friction.tables.footers import Footer, footer
from friction.tables.table import SAMPLE_PIECES, SAMPLE_ROWS, Rows, Table, free_name, used
from friction.values import dataclass

MAGIC = b"PAR1"
Path_ = tuple[str, ...]
Columns = Iterable[tuple[str, pl.DataType]]


@dataclass(frozen=True)
class Parquet(Table):
    """A Parquet file; `types` are those of its columns, fields of structs being columns of their own."""

    source: Path
    paths: tuple[Path_, ...]
    types: tuple[pl.DataType, ...]
    whole: frozenset[int] = frozenset()
    """Positions of the lists that are read as lists."""

    def nested(self, types: Mapping[int, pl.DataType]) -> Parquet:
        """Read these columns as the lists they are."""
        return replace(self, whole=self.whole | {at for at in types if self.types[at].is_nested()})

    def select(self, columns: Sequence[pl.Expr]) -> Rows:
        """Lazily; the values keep the types of the file where those have any use."""
        index = free_name({path[0] for path in self.paths})
        scan = pl.scan_parquet(self.source, glob=False, row_index_name=index, row_index_offset=1)
        wanted = [self._column(position).alias(f"c{position}") for position in used(columns)]
        number = pl.col(index).cast(pl.Int64()).alias("row_no")
        return Rows(scan.select(number, *wanted).select("row_no", *columns))

    def words(self, name: str, dtype: pl.Categorical) -> pl.LazyFrame | None:
        """By the dictionaries of the file, where it holds nothing but plain columns."""
        path = self.paths[int(name[1:])]
        column = self._footer.alone(path[0], dtype) if self._footer is not None else None
        return None if column is None else column.select(cs.by_name(path[0]).as_expr().alias(name))

    @cached_property
    def _footer(self) -> Footer | None:
        return footer(self.source)

    def _column(self, position: int) -> pl.Expr:
        path = self.paths[position]
        return _leaf(path) if position in self.whole else _plain(path, self.types[position])


def open_parquet(file: InputFile) -> Parquet:
    """Read schema and sample. Raises `InputError` when the file is damaged or has no rows."""
    source = unpacked(file)
    schema = read_schema(source, file.name)
    leaves = list(_leaves(schema.items()))
    paths = tuple(path for path, _ in leaves)
    if len(paths) > file.limits.columns:
        raise file.limits.refusal("columns", file=file.name)
    sample = _sample(source, leaves)
    if sample.is_empty():
        remedy = "check the period and the filters of the export"
        raise InputError("input.no_rows", "the file has columns but no rows", file=file.name, remedy=remedy)
    names = tuple(".".join(path) for path in paths)
    return Parquet(names, sample, {"format": "parquet"}, source, paths, tuple(dtype for _, dtype in leaves))


def read_schema(source: Path, name: str) -> pl.Schema:
    """Columns and types of a Parquet file. Raises `InputError` when its end, which says them, is damaged."""
    try:
        return pl.scan_parquet(source, glob=False).collect_schema()
    except (PolarsError, PanicException):  # over a strange footer the engine gives up
        raise _damaged(name) from None


@contextmanager
def named_damage(file: InputFile) -> Iterator[None]:
    """Raise `InputError` where the engine stumbles over the pages of a Parquet file: only reading them shows it.

    A `PanicException` is no `Exception`; a wrong query of ours is another error and goes on as it is.
    """
    try:
        yield
    except (ComputeError, PanicException):
        if not file.head.startswith(MAGIC):
            raise
        raise _damaged(file.name) from None


def _damaged(name: str) -> InputError:
    return InputError(
        "input.unreadable",
        "the Parquet file is damaged or was cut off",
        file=name,
        remedy="write or fetch it again",
    )


def _leaves(columns: Columns, above: Path_ = ()) -> Iterator[tuple[Path_, pl.DataType]]:
    for name, dtype in columns:
        if isinstance(dtype, pl.Struct):
            fields = ((field.name, cast("pl.DataType", field.dtype)) for field in dtype.fields)
            yield from _leaves(fields, (*above, name))
        else:
            yield (*above, name), dtype


def _leaf(path: Path_) -> pl.Expr:
    leaf = cs.by_name(path[0]).as_expr()
    for key in path[1:]:
        leaf = leaf.struct.field(key)
    return leaf


def _sample(source: Path, leaves: Sequence[tuple[Path_, pl.DataType]]) -> pl.DataFrame:
    """Rows from evenly spaced places, as text."""
    scan = pl.scan_parquet(source, glob=False)
    rows = scan.select(pl.len()).collect().item()
    each = SAMPLE_ROWS // SAMPLE_PIECES
    starts = [number * max(rows - each, 0) // (SAMPLE_PIECES - 1) for number in range(SAMPLE_PIECES)]
    starts = starts if rows > SAMPLE_ROWS else [0]
    columns = [_plain(path, dtype).cast(pl.String()).alias(f"c{i}") for i, (path, dtype) in enumerate(leaves)]
    length = each if rows > SAMPLE_ROWS else SAMPLE_ROWS
    return pl.concat([scan.slice(start, length).select(columns).collect() for start in starts])


def _plain(path: Path_, dtype: pl.DataType) -> pl.Expr:
    """The column in a type that everything can be made of; what holds several values at once has none: null.

    Bytes are taken as text, which older writers do not say; lengths of time as milliseconds.
    """
    leaf = _leaf(path)
    if dtype == pl.Binary():
        return leaf.map_batches(_decoded, return_dtype=pl.String(), is_elementwise=True)
    if dtype == pl.Duration():
        return leaf.dt.total_milliseconds()
    if isinstance(dtype, pl.List) and dtype.inner == pl.String():
        return leaf.list.join(" ", ignore_nulls=True)
    return pl.lit(None, pl.String()) if dtype.is_nested() or dtype == pl.Object() else leaf


def _decoded(column: pl.Series) -> pl.Series:
    """Bytes as text; null for what is none."""
    return pl.Series(column.name, [_text(value) for value in column], pl.String())


def _text(value: bytes | None) -> str | None:
    try:
        return None if value is None else value.decode()
    except UnicodeDecodeError:
        return None
