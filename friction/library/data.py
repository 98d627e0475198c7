"""What a program may hand over: paths, and frames of Polars, pandas or Arrow.

A frame takes the way of a file: it is written to a private folder as Parquet and read from there, so that the same
rows give the same report however they arrive. The folder is gone when the call ends.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

import polars as pl
from polars.exceptions import PolarsError

from friction import isolate
from friction.cli.inputs import Inputs, found
from friction.config import Settings
from friction.errors import MissingExtra, UsageError

EXACT = 2**53
"""Whole numbers from here on are no longer exact as floats."""


@runtime_checkable
class ArrowStream(Protocol):
    """Any table that speaks the Arrow C stream interface: of pyarrow, DuckDB, Ibis …"""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """The rows as a stream of Arrow batches."""


Frame = pl.DataFrame | pl.LazyFrame | ArrowStream
"""Events as a table in memory; frames of pandas are `ArrowStream`s where pyarrow is installed."""
Data = str | os.PathLike[str] | Frame
"""A path is a file, a folder, a pattern (`exports/*.json`), `-` for standard input, or the address of a place."""


@contextmanager
def files(data: Iterable[Data | Iterable[Data]], settings: Settings | None = None) -> Iterator[Inputs]:
    """All data as files that last as long as the context; frames are called `frame 1`, `frame 2` … Places outside are
    fetched within the limits of `settings`.

    Raises `InputError` for a path that leads to nothing, `UsageError` for what is no data.
    """
    each = list(_flat(data))
    if not each:
        raise UsageError("usage.wrong", "there is nothing to read", remedy="give a path or a frame")
    with isolate.workspace() as folder:
        read = found([os.fspath(one) for one in each if _is_path(one)], folder, settings)
        frames = [one for one in each if not _is_path(one)]
        for number, frame in enumerate(frames, 1):
            path = folder / f"frame-{number}.parquet"
            _write(frame, path, f"frame {number}")
            read.paths.append(str(path))
            read.names.append(f"frame {number}")
        yield read


def _flat(data: Iterable[Any]) -> Iterator[Any]:
    """`analyze("a.csv", "b.csv")` and `analyze(["a.csv", "b.csv"])` mean the same."""
    for one in data:
        if isinstance(one, (list, tuple, set)):
            yield from _flat(one)
        else:
            yield one


def _is_path(one: object) -> bool:
    return isinstance(one, (str, os.PathLike))


def _write(frame: object, path: Path, name: str) -> None:
    table = _polars(frame, name)
    try:
        if isinstance(table, pl.LazyFrame):
            table.sink_parquet(path, compression="lz4")
        else:
            table.write_parquet(path, compression="lz4")
    except PolarsError as fault:
        raise UsageError(
            "input.unusable_frame",
            f"the frame cannot be read ({type(fault).__name__})",
            remedy="columns must hold text, numbers, times, lists or structs; does a lazy frame collect?",
            file=name,
        ) from fault


def _polars(frame: object, name: str) -> pl.DataFrame | pl.LazyFrame:
    if isinstance(frame, (pl.DataFrame, pl.LazyFrame)):
        return frame
    if type(frame).__module__.partition(".")[0] == "pandas":
        return _from_pandas(frame, name)
    if isinstance(frame, ArrowStream) and not isinstance(frame, pl.Series):
        return pl.DataFrame(frame)
    raise UsageError(
        "usage.no_data",
        f"a {type(frame).__name__} is no data",
        remedy="give a path, or a frame of Polars, pandas or Arrow",
    )


def _from_pandas(frame: Any, name: str) -> pl.DataFrame:
    """With the columns of a named index."""
    try:
        import pyarrow as pa
    except ImportError:
        raise MissingExtra(
            "extra.missing", "frames of pandas are read through pyarrow", remedy="pip install pyarrow"
        ) from None
    if not hasattr(frame, "columns"):
        raise UsageError("usage.no_data", "a column of pandas is no table", remedy="give the whole frame")
    is_named = any(level is not None for level in frame.index.names)
    try:
        return _with_whole_numbers(pl.from_pandas(frame, include_index=is_named))
    except (pa.ArrowException, TypeError, ValueError) as fault:
        raise UsageError(
            "input.unusable_frame",
            "a column of the frame mixes values of different kinds",
            remedy="make each column one kind, for example with astype(str)",
            file=name,
        ) from fault


def _with_whole_numbers(frame: pl.DataFrame) -> pl.DataFrame:
    """Whole numbers as they were: pandas makes floats of them where one is missing, and an id 7 would be 7.0."""
    floats = [column.name for column in frame if column.dtype.is_float() and _is_whole(column)]
    return frame.with_columns(pl.col(floats).cast(pl.Int64()))


def _is_whole(column: pl.Series) -> bool:
    values = column.drop_nulls()
    return bool(((values.abs() < EXACT) & (values == values.floor())).all())
