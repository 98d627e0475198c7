"""JSON lines whose ends repeat: torn at a key from which on many are alike, and such ends are read once a block.

    {"id": 7, "at": 12, "page": {"url": "/a"}, "os": "x"}

    head    {"id": 7, "at": 12}          end    {"page": {"url": "/a"}, "os": "x"}

Programs write what is an event's own first and then its page, device and element, as many events have them. Where to
tear is a guess. It is proved by what follows: where head and end are objects, the line is the one with the members of
both.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import polars as pl
from polars.exceptions import PolarsError

from friction.tables.heads import Heads, merged
from friction.tables.leaves import Leaves
from friction.tables.nesting import refuse_deep
from friction.tables.pools import distinct

LEAST = 0.3
"""Share of the bytes of lines that need not be read for this to pay."""
MANY = 2
"""So often an end is there, on average."""
TRIES = 3
"""So many blocks that cannot be read so are the end of it."""
_KEY = re.compile(r', ?"[^"\\]+": ?')


@dataclass
class Ends:
    """Reads the blocks of one file; null where one has to be read otherwise."""

    leaves: Leaves
    depth: int | None
    """Levels that a line may have; null: not asked."""
    key: str | None
    """Where lines are torn: a comma, a key and its colon."""
    failed: int = 0

    def __post_init__(self) -> None:
        self._begin()

    def read(self, lines: pl.Series | None) -> pl.DataFrame | None:
        """`row_no`, from 1, and the leaves of these lines. Raises `OtherKeys` and `TooDeep`."""
        if lines is None or self.key is None or self.leaves.runs or self.failed >= TRIES or not lines.len():
            return None
        frame = self._read(lines, self.key)
        if frame is None:
            self.failed += 1
            # What the decoder stumbled over here says nothing of whole lines.
            self._begin()
            return None
        numbers = pl.int_range(1, frame.height + 1, dtype=pl.Int64(), eager=True)
        return frame.insert_column(0, numbers.alias("row_no"))

    def _begin(self) -> None:
        self._ends, self._heads = replace(self.leaves), Heads(self.leaves)

    def _read(self, lines: pl.Series, key: str) -> pl.DataFrame | None:
        parts = _torn(lines, key)
        ends = parts["end"].cast(pl.Categorical(pl.Categories.random()))
        if ends.null_count() == ends.len() or not _have_members(parts):
            return None
        known = distinct(ends)
        if known.len() * MANY > lines.len():
            return None
        heads, texts = parts["head"], _opened(key) + known
        if self.depth is not None:
            refuse_deep(heads, self.depth)
            refuse_deep(texts, self.depth)
        found = self._of_ends(texts)
        first = None if found is None else self._heads.read(heads)
        return None if found is None or first is None else _joined(first, found, ends)

    def _of_ends(self, texts: pl.Series) -> pl.DataFrame | None:
        """All leaves of ends; by the reader where the decoder stumbles, as there are few of them."""
        try:
            found = self._ends.read((texts.str.join("\n").item() or "").encode(), texts)
        except PolarsError:
            return None
        return found.drop("row_no") if found.height == texts.len() else None


def _torn(lines: pl.Series, key: str) -> pl.DataFrame:
    """`head`, as an object, and `end`, after the key; a line without it is all head, and its end null."""
    # Slices are views; splitting the lines would copy them.
    line, at = pl.col("line").cast(pl.Binary()), pl.col("at")
    places = lines.alias("line").to_frame().with_columns(at=pl.col("line").str.find(key, literal=True))
    head, end = line.bin.slice(0, at), line.bin.slice(at + len(key.encode()))
    parts = places.select("line", "at", head=head.cast(pl.String()) + "}", end=end.cast(pl.String()))
    if parts["at"].null_count():
        parts = parts.with_columns(head=pl.when(at.is_null()).then("line").otherwise("head"))
    return parts.select("head", "end")


def _have_members(parts: pl.DataFrame) -> bool:
    """Whether there is something before every comma at which a line was torn."""
    return bool(parts.select((pl.col("head").str.starts_with('{"') | pl.col("end").is_null()).all()).item())


def _opened(key: str) -> str:
    """How an end begins as an object."""
    return "{" + key.lstrip(", ")


def _joined(heads: pl.DataFrame, known: pl.DataFrame, ends: pl.Series) -> pl.DataFrame | None:
    """The leaves of the heads and of their ends, a row a line; null where a line has one twice."""
    there = [one.name for one in known.iter_columns() if one.null_count() < one.len()]
    found = known.select(pl.col(there).gather(ends.to_physical()))
    return merged(heads, found, known.schema)


def key_of(lines: Sequence[str]) -> str | None:
    """The key at which to tear such lines; null where little would be gained."""
    keys = dict.fromkeys(key for line in lines[:: max(1, len(lines) // 8)] for key in _KEY.findall(line))
    spared = {key: _spared(lines, key) for key in keys}
    best = max(spared, key=lambda key: spared[key], default=None)
    return best if best and spared[best] > LEAST * sum(map(len, lines)) else None


def _spared(lines: Sequence[str], key: str) -> int:
    """Characters of ends that other lines have as well, where torn at this key."""
    torn = [line.partition(key) for line in lines]
    ends = [end for head, _, end in torn if end and head.count("{") == head.count("}") + 1]
    return sum(map(len, ends)) - sum(map(len, set(ends)))
