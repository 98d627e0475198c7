"""A column of words of a Parquet file as categories, without looking at each cell.

Writers keep the words of a row group once and number its cells. The engine takes these numbers as they are where the
file says that a column is one of categories; of a text it makes the text of each cell, and to number those again takes
three times as long. So it is handed the column alone, byte by byte as it stands, behind an end that says so.
"""

from __future__ import annotations

import io
from contextlib import suppress
from pathlib import Path
from typing import Any

import polars as pl
from polars.exceptions import PanicException, PolarsError

from friction.tables.compact import I32, I64, LIST, STRUCT, Struct, read, written
from friction.values import dataclass

MARK = b"PAR1"
LONGEST = 1 << 20
"""Bytes of an end beyond which reading it in Python takes longer than it saves: thousands of small row groups."""
MOST = 256 << 20
"""Bytes of a column that are held; a larger one is read in the ordinary way, a piece at a time."""
STRANGE = (LookupError, ValueError, TypeError, RecursionError, PolarsError, PanicException)
"""What comes of an end that is none: whoever reads the file in the ordinary way says so."""
VERSION, COLUMNS, HEIGHT, GROUPS, MORE = 1, 2, 3, 4, 5
"""Fields of a file: its schema, its rows, and what writers say besides, as the types of Arrow."""
NAME, CHILDREN = 4, 5
"""Fields of a column in the schema, of which the first is the file itself."""
CHUNKS, BYTES, ROWS = 1, 2, 3
"""Fields of a row group."""
CHUNK_AT, ABOUT = 2, 3
"""Fields of a column in a row group: of old where what follows is written once more, and what that says."""
SIZE, PACKED, DATA_AT, DICTIONARY_AT = 6, 7, 9, 11
DECODING = (1, 2, 3, 4, 5, SIZE, PACKED)
"""Fields of that which decoding needs; the others are statistics and places."""


def footer(source: Path) -> Footer | None:
    """What the end of the file says; null where it is too long or strange."""
    with source.open("rb") as file:
        size = file.seek(0, io.SEEK_END)
        file.seek(max(0, size - 8))
        end = size - 8 - int.from_bytes(file.read(4), "little")
        if end < len(MARK) or size - end > LONGEST:
            return None
        file.seek(end)
        with suppress(*STRANGE):
            return Footer(source, end, read(file.read()))
    return None


@dataclass(frozen=True)
class Footer:
    """The end of a file, which begins at `end`."""

    source: Path
    end: int
    said: Struct

    def alone(self, name: str, dtype: pl.Categorical) -> pl.LazyFrame | None:
        """This column as categories of `dtype`, in the order of the file; null where it cannot be had so."""
        with suppress(*STRANGE):
            alone = self._alone(name, dtype)
            frame = pl.LazyFrame() if alone is None else pl.scan_parquet(alone)
            return frame if frame.collect_schema() == {name: dtype} else None
        return None

    def _alone(self, name: str, dtype: pl.Categorical) -> bytes | None:
        """The file with this column only, which it says to be of `dtype`; null where that is too large."""
        root, *columns = _items(self.said[COLUMNS])
        if any(CHILDREN in column for column in columns):
            raise ValueError("columns inside of others")
        at = [column[NAME][1] for column in columns].index(name.encode())
        pieces, groups, size = [MARK], [], len(MARK)
        with self.source.open("rb") as file:
            for group in _items(self.said[GROUPS]):
                about = _items(group[CHUNKS])[at][ABOUT][1]
                start, length = self._span(about)
                file.seek(start)
                pieces.append(file.read(length))
                groups.append(_group(group, about, size - start))
                size += length
                if size > MOST:
                    return None
        said = {field: self.said[field] for field in (VERSION, HEIGHT)}
        said |= {COLUMNS: _list([root | {CHILDREN: (I32, 1)}, columns[at]]), GROUPS: _list(groups)}
        end = written(said | {MORE: _more(name, dtype)})
        return b"".join([*pieces, end, len(end).to_bytes(4, "little"), MARK])

    def _span(self, about: Struct) -> tuple[int, int]:
        """Where the pages of a column in a row group begin, and how many bytes they take."""
        start, length = min(about[field][1] for field in _places(about)), about[PACKED][1]
        if start < len(MARK) or length < 0 or start + length > self.end:
            raise ValueError("outside of the file")
        return start, length


def _group(group: Struct, about: Struct, further: int) -> Struct:
    """A row group with one column, whose pages stand so many bytes further on."""
    kept = {field: about[field] for field in DECODING}
    kept |= {field: (I64, about[field][1] + further) for field in _places(about)}
    chunk: Struct = {CHUNK_AT: (I64, 0), ABOUT: (STRUCT, kept)}
    return {CHUNKS: _list([chunk]), BYTES: about[SIZE], ROWS: group[ROWS]}


def _places(about: Struct) -> list[int]:
    return [field for field in (DATA_AT, DICTIONARY_AT) if field in about]


def _more(name: str, dtype: pl.Categorical) -> tuple[int, Any]:
    """What the engine itself says of such a column."""
    empty = io.BytesIO()
    pl.DataFrame(schema={name: dtype}).write_parquet(empty)
    end = empty.getvalue()
    return read(end[-8 - int.from_bytes(end[-8:-4], "little") :])[MORE]


def _items(field: tuple[int, Any]) -> list[Any]:
    _, (_, items) = field
    return list(items)


def _list(items: list[Struct]) -> tuple[int, Any]:
    return LIST, (STRUCT, items)
