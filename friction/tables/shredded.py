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

from friction.tables.leaves import Leaves
from friction.tables.runs import MARK, Run
from friction.tables.shred_kinds import KINDS
from friction.tables.shreds import Flags, Numbers, Shreds, torn

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
        self.leaves.watch(pl.concat([shreds.heads, shreds.objects]))
        lists = {other: dtype for other, dtype in self.leaves.lists.items() if other != at}
        apart = replace(self.leaves, lists=lists, runs={}, watched=frozenset())
        texts = pl.concat([shreds.heads, shreds.objects]).rechunk()
        found = apart.quick(texts, int(texts.str.len_bytes().sum()))
        return None if found is None else _joined(found, shreds, at, run)

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


def _joined(found: pl.DataFrame, shreds: Shreds, at: int, run: Run) -> pl.DataFrame | None:
    """A row a line, of a row for each head and each distinct shred; null where a line has a leaf twice."""
    count, list_ = len(shreds.counts), f"c{at}"
    marks = found[list_]
    is_mark = marks == MARK  # null where it is null
    if is_mark.sum() + marks.null_count() < marks.len() or marks[count:].null_count() < shreds.words.len():
        return None
    known = _Known(shreds, found[count:].drop(list_))
    lines = known.joined(found[:count].drop(list_))
    if lines is None:
        return None
    return lines.with_columns(_entries(shreds, is_mark[:count], run).alias(list_)).select(found.columns)


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
        found = pl.concat([self.leaves, self.leaves.clear(1)]).select(asked)
        both = [name for name in found.columns if heads[name].null_count() < heads.height]
        if any((heads[name].is_not_null() & found[name].is_not_null()).any() for name in both):
            return None
        merged = (found[name].zip_with(found[name].is_not_null(), heads[name]) for name in both)
        return heads.with_columns(*found.drop(both), *merged)

    def _places(self, is_there: Flags) -> npt.NDArray[np.uint32] | None:
        """The shred of each line that is one of these, one more than there are for none; null where it has two."""
        numbers, rows = self.bearing
        hits = np.flatnonzero(is_there[numbers])
        mine = rows[hits]
        places = np.full(len(self.shreds.counts), len(is_there), np.uint32)
        places[mine] = numbers[hits]
        return None if (mine[1:] == mine[:-1]).any() else places


def _entries(shreds: Shreds, is_empty: pl.Series, run: Run) -> pl.Series:
    """The list of each line; null where it has none."""
    numbers = shreds.numbers[shreds.entries]
    is_entry = np.zeros(shreds.words.len(), bool)
    is_entry[numbers] = True
    words = _closed(shreds, run).filter(pl.Series(is_entry)).cast(pl.Categorical(pl.Categories.random()))
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


def _closed(shreds: Shreds, run: Run) -> pl.Series:
    """The entry with which each shred begins, if it begins with one."""
    assert shreds.kinds is not None
    inside = shreds.words.str.splitn("}" + run.end, 2).struct.unnest()[:, 0]
    is_last = pl.Series([kind.is_last for kind in KINDS]).gather(shreds.kinds)
    alone = shreds.words.str.strip_suffix("]}")
    is_alone = is_last & (inside == shreds.words)
    return alone.zip_with(is_alone, inside + "}")
