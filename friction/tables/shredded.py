"""Leaves of JSON lines by their shreds (`friction.tables.shreds`), of which most are read once for many lines.

The list comes as words of its entries: a list of categories, each the JSON text of an object.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt
import polars as pl

from friction.tables.heads import Heads, merged
from friction.tables.leaves import Leaves, size_of
from friction.tables.runs import MARK
from friction.tables.shred_kinds import KINDS
from friction.tables.shreds import Flags, Numbers, Shreds
from friction.tables.tearing import torn

AROUND = 3
"""Levels that are open around a shred at most, but for those that `Shreds.levels` counts."""
MANY = 2
TRIES = 3
"""So many blocks that cannot be read so are the end of it."""


@dataclass
class Shredder:
    """Reads the blocks of one file; null where one has to be read otherwise."""

    leaves: Leaves
    depth: int | None
    """Levels that a line may have; null: not asked."""
    failed: int = 0

    def read(self, lines: pl.Series | None) -> pl.DataFrame | None:
        """`row_no`, from 1, and the leaves of these lines. Raises `OtherKeys`."""
        if lines is None or len(self.leaves.runs) != 1 or self.failed >= TRIES or not lines.len():
            return None
        frame = self._read(lines)
        if frame is None:
            self.failed += 1
            return None
        numbers = pl.int_range(1, frame.height + 1, dtype=pl.Int64(), eager=True)
        return frame.insert_column(0, numbers.alias("row_no"))

    def _read(self, lines: pl.Series) -> pl.DataFrame | None:
        [(at, run)] = self.leaves.runs.items()
        shreds = torn(lines, run)
        if shreds.words.len() * MANY > len(shreds.numbers):
            self.failed = TRIES
            return None
        if not shreds.lead_on() or self._is_deep(shreds) or self._is_open(shreds):
            return None
        self.leaves.watch(shreds.objects)
        heads = self._heads.read(shreds.heads)
        known = None if heads is None else self._apart.quick(shreds.objects, size_of(shreds.objects))
        return None if heads is None or known is None else _joined(heads, known, shreds, f"c{at}")

    @cached_property
    def _apart(self) -> Leaves:
        """The list comes as a text where it is none: most are cut out of their lines."""
        lists = {at: dtype for at, dtype in self.leaves.lists.items() if at not in self.leaves.runs}
        return replace(self.leaves, lists=lists, runs={})

    @cached_property
    def _heads(self) -> Heads:
        return Heads(self._apart)

    def _is_deep(self, shreds: Shreds) -> bool:
        """Whether a line may be too deep, by the brackets of its shreds."""
        if self.depth is None:
            return False
        most = self.depth - AROUND - (0 if shreds.levels is None else int(shreds.levels.max()))
        opened = pl.col("{") + pl.col("[")
        return bool(shreds.brackets.select((opened > most).any()).item() or _opened(shreds.heads) > most)

    def _is_open(self, shreds: Shreds) -> bool:
        """Whether the end of a shred may stand inside something that is asked for."""
        if shreds.levels is None or shreds.kinds is None:
            return False
        enters = pl.Series([kind.up > 0 for kind in KINDS]).gather(shreds.kinds)
        names = "|".join(re.escape(self.leaves.paths[at][0]) for at in self.leaves.positions)
        return bool(shreds.words.filter(enters).str.contains(rf'"(?:{names})"\s*:\s*\{{').any())


def _opened(heads: pl.Series) -> int:
    """The most brackets that one opens."""
    head = pl.lit(heads)
    opened = head.str.count_matches("{", literal=True) + head.str.count_matches("[", literal=True)
    return int(pl.select(opened.max()).item())


def _joined(heads: pl.DataFrame, known: pl.DataFrame, shreds: Shreds, list_: str) -> pl.DataFrame | None:
    """A row a line, of a row for each head and each distinct shred; null where a line has a leaf twice."""
    marks = heads[list_] if list_ in heads.columns else _nothing(heads.height, known[list_].dtype)
    is_mark = marks == MARK  # null where it is null
    if is_mark.sum() + marks.null_count() < marks.len() or known[list_].null_count() < known.height:
        return None
    lines = _Known(shreds, known.drop(list_)).joined(heads.drop(list_, strict=False))
    if lines is None:
        return None
    return lines.with_columns(_entries(shreds, is_mark).alias(list_)).select(known.columns)


def _nothing(rows: int, dtype: pl.DataType) -> pl.Series:
    return pl.repeat(None, rows, dtype=dtype, eager=True)


@dataclass
class _Known:
    """The leaves of distinct shreds."""

    shreds: Shreds
    leaves: pl.DataFrame

    @cached_property
    def are_there(self) -> dict[str, Flags]:
        """Which shreds have a leaf, for those that any has."""
        flags = self.leaves.select(pl.all().is_not_null())
        return {one.name: one.to_numpy() for one in flags.iter_columns() if one.any()}

    @cached_property
    def bearing(self) -> tuple[Numbers, Numbers]:
        """The numbers and the lines of all shreds that have any leaf."""
        none = np.zeros(self.leaves.height, bool)
        places = self.shreds.members(np.logical_or.reduce([none, *self.are_there.values()]))
        return self.shreds.numbers[places], self.shreds.rows[places]

    def joined(self, heads: pl.DataFrame) -> pl.DataFrame | None:
        """The leaves of the heads and of the shreds, a row a line; null where a line has one twice."""
        together: dict[bytes, list[str]] = {}
        for name, is_there in self.are_there.items():
            together.setdefault(is_there.tobytes(), []).append(name)
        asked = []
        for names in together.values():
            places = self._places(self.are_there[names[0]])
            if places is None:
                return None
            asked.append(pl.col(names).gather(pl.lit(pl.Series(places))))
        # A row more, for lines that have none.
        found = self.leaves.select(pl.all().extend_constant(None, 1)).select(asked)
        return merged(heads, found, self.leaves.schema)

    def _places(self, is_there: Flags) -> npt.NDArray[np.uint32] | None:
        """The shred of each line that is one of these, one more than there are for none; null where it has two."""
        numbers, rows = self.bearing
        hits = np.flatnonzero(is_there[numbers])
        mine = rows[hits]
        places = np.full(len(self.shreds.counts), len(is_there), np.uint32)
        places[mine] = numbers[hits]
        return None if (mine[1:] == mine[:-1]).any() else places


def _entries(shreds: Shreds, is_empty: pl.Series) -> pl.Series:
    """The list of each line; null where it has none."""
    numbers = shreds.numbers[shreds.entries]
    is_entry = np.zeros(shreds.words.len(), bool)
    is_entry[numbers] = True
    words = _closed(shreds).filter(pl.Series(is_entry)).cast(pl.Categorical(pl.Categories.random()))
    word = words.gather((np.cumsum(is_entry) - 1)[numbers])
    flat = pl.DataFrame({"row": pl.Series(shreds.rows[shreds.entries]).set_sorted(), "word": word})
    lists = flat.group_by("row", maintain_order=True).agg("word")
    if lists.height == len(shreds.counts):
        return lists["word"]
    nothing = pl.Series([[]], dtype=lists["word"].dtype)
    index = np.full(len(shreds.counts), lists.height + 1)
    index[is_empty.fill_null(value=False).to_numpy()] = lists.height
    index[lists["row"].to_numpy()] = np.arange(lists.height)
    return pl.concat([lists["word"], nothing]).extend_constant(None, 1).gather(index)


def _closed(shreds: Shreds) -> pl.Series:
    """The entry that each shred is, if it is one."""
    assert shreds.kinds is not None
    ends_list = pl.Series([kind.ends_list for kind in KINDS]).gather(shreds.kinds)
    alone = shreds.words.str.strip_suffix("}").str.strip_suffix("]")
    return alone.zip_with(ends_list, shreds.words + "}")
