"""A table as it lies in a file: its column names, a sample of its values, and a way to read columns of it.

Columns are named by position (`c0`, `c1` …) while they travel, since names in files repeat, are empty or
look like patterns. Values are text wherever the file has no types of its own, so that a bad value costs one
cell.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import field, replace
from typing import Any, ClassVar

import polars as pl

from friction.sources.base import REJECT
from friction.values import dataclass

SAMPLE_PIECES = 8
SAMPLE_BYTES = 64 * 1024
SAMPLE_ROWS = 8_192
Then = Callable[[pl.LazyFrame], pl.LazyFrame]
"""What becomes of rows, each by itself, with their `row_no`."""


@dataclass(frozen=True)
class Rows:
    """What was read: the frame asked for with `row_no`, the records that could not be cut, and how many
    there are.
    """

    events: pl.LazyFrame
    rejects: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=REJECT))
    records: int | None = None
    """Records in the file by an independent count; null: the format itself vouches for it (Parquet)."""
    is_read: bool = False
    """The rows are out of the file already; to ask for them costs neither time nor room."""


@dataclass(frozen=True)
class Table:
    """One file understood as a table."""

    names: tuple[str, ...]
    sample: pl.DataFrame
    """Some rows from all over the file, as text under `c0`, `c1` …; empty cells are null."""
    facts: Mapping[str, Any]
    is_in_blocks: ClassVar[bool] = False
    """It is read at once, block by block, and not when something is asked of it."""

    def select(self, columns: Sequence[pl.Expr]) -> Rows:
        """These expressions over `c0`, `c1` … of every record, after `row_no` (Int64, from 1)."""
        raise NotImplementedError

    def told(self, columns: Sequence[pl.Expr], then: Then) -> Rows:
        """The same and what `then` makes of it: at once, piece by piece, where the table is read so."""
        rows = self.select(columns)
        return replace(rows, events=then(rows.events))

    def nested(self, types: Mapping[int, pl.DataType]) -> Table:
        """The same table; the columns at these positions come as lists and structs of these types where the format
        has such, else as the text they are.
        """
        del types
        return self

    def words(self, name: str, dtype: pl.Categorical) -> pl.LazyFrame | None:
        """The text column `name` (`c0`, `c1` …) of every record as categories of `dtype`, where the file itself has
        its words by number; null where reading them is as quick.
        """
        del name, dtype
        return None

    def lines_of(self, rows: Sequence[int]) -> list[int | None]:
        """Physical lines of the records with these numbers; null where the format has none."""
        return [None] * len(rows)


def used(columns: Sequence[pl.Expr]) -> list[int]:
    """Positions of the columns that these expressions read."""
    roots = {name for column in columns for name in column.meta.root_names() if name != "row_no"}
    return sorted(int(name[1:]) for name in roots)


def free_name(taken: Collection[str]) -> str:
    """A name for the numbers of rows that no column of the file has."""
    name = "row_no"
    while name in taken:
        name += "_"
    return name


def text_frame(rows: Sequence[Sequence[str | None]], width: int) -> pl.DataFrame:
    """Rows of cells as a frame of text; empty cells become null."""
    columns = list(zip(*rows, strict=True)) if rows else [()] * width
    return pl.DataFrame(
        {
            f"c{i}": pl.Series([cell or None for cell in column], dtype=pl.String())
            for i, column in enumerate(columns)
        }
    )
