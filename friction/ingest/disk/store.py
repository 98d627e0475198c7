"""Rows on disk by part: each part is read when its turn comes (`friction.ingest.store`)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from friction.dictionaries import Dictionary
from friction.ingest.context import ANY, FIRST, context
from friction.ingest.disk.columns import AT_ONCE, Columns, fresh
from friction.ingest.disk.rows import DiskRows
from friction.ingest.store import Slice, part_numbers, ranges, stable
from friction.schema import TS
from friction.values import dataclass

KEY = "key"
WORDLESS = ("visitor_id", "user_id", "url")
"""Columns of many words whose rows nobody asks for the words themselves: only dictionaries know them, by number."""


@dataclass(frozen=True)
class OnDisk:
    """Rows that lie in pieces, each in the order of the parts."""

    held: Columns
    columns: Sequence[str]
    slices: Sequence[Slice]
    begins: NDArray[np.int64]
    """Where the rows of a part begin, by piece and number of the part; after the last one where the piece ends."""
    arrived: DiskRows
    """As they were read, of which the session and the time are left."""
    ranks: pl.Series
    folder: Path

    @property
    def height(self) -> int:
        """How many rows there are."""
        return self.held.height

    def part(
        self, where: Slice, columns: Sequence[str], chosen: NDArray[np.bool_] | None = None
    ) -> tuple[pl.DataFrame, pl.Series]:
        """The rows of a slice and their keys."""
        rows = self._of_part(where, columns)
        own = rows[KEY].to_numpy() - np.uint32(where.first)
        if chosen is not None:
            rows, own = rows.filter(pl.Series(chosen[own])), own[chosen[own]]
        rows = rows[pl.Series(stable(own, where.last - where.first + 1))]
        return rows.drop(KEY), rows[KEY]

    def pieces(self, columns: Sequence[str]) -> Iterator[tuple[pl.DataFrame, pl.Series]]:
        """All rows and their keys, part by part."""
        for start in range(0, self.height, AT_ONCE):
            rows = self.held.read(start, min(AT_ONCE, self.height - start), [*columns, KEY])
            yield rows.drop(KEY), rows[KEY]

    def of_keys(self, chosen: NDArray[np.bool_], columns: Sequence[str]) -> tuple[pl.DataFrame, pl.Series]:
        """The rows of the keys for which `chosen` holds."""
        found = []
        for where in self.slices:
            if chosen[where.first : where.last + 1].any():
                rows = self._of_part(where, columns)
                found.append(rows.filter(pl.Series(chosen[rows[KEY].to_numpy()])))
        nothing = self.held.read(0, 0, [*columns, KEY])
        rows = pl.concat([nothing, *found])
        return rows.drop(KEY), rows[KEY]

    def places(self, rows: pl.Series) -> pl.DataFrame:
        """`key, ts` of the rows at these positions in the order of the files."""
        asked = rows.drop_nulls().unique().sort()
        there = self.arrived.at(asked.to_numpy(), ["session_id", "ts"])
        known = pl.DataFrame(
            {"row": asked, "key": self.ranks.gather(there["session_id"]), "ts": there["ts"]},
            schema_overrides={"key": pl.UInt32(), "ts": TS},
        )
        found = pl.DataFrame({"row": rows}).join(known, on="row", how="left", maintain_order="left")
        return found.select("key", "ts")

    def shelf(self, name: str) -> Columns:
        """Tables lie beside the rows."""
        return fresh(self.folder, name)

    def _of_part(self, where: Slice, columns: Sequence[str]) -> pl.DataFrame:
        assert isinstance(where.rows, int)
        spans = self.begins[:, where.rows : where.rows + 2].tolist()
        asked = [*columns, KEY]
        return pl.concat([self.held.read(a, b - a, asked) for a, b in spans if b > a])


def placed(
    rows: DiskRows,
    ranks: pl.Series,
    opened: pl.Series,
    dictionaries: Mapping[str, Dictionary],
    part_rows: int,
    folder: Path,
    arranges: Callable[[int], None],
) -> tuple[OnDisk, pl.DataFrame]:
    """The rows by part, and what is true of each session; what `rows` take on disk is freed on the way.

    `arranges` hears of every piece how many rows it had.
    """
    sizes, about = _sessions(rows, ranks, opened, dictionaries)
    first, last = ranges(sizes, part_rows)
    number = part_numbers(last)
    held, begins = Columns(folder), []
    names = [name for name in rows.columns if name != "session_id"]
    for piece in rows.pieces(at_once=AT_ONCE):
        key = ranks.gather(piece["session_id"].to_physical()).alias(KEY)
        part = number[key.to_numpy()]
        order = stable(part, len(last))
        counts = np.bincount(part, minlength=len(last))
        begins.append(held.height + np.concatenate([[0], np.cumsum(counts)]))
        held.append(piece.select(*names, key)[pl.Series(order)])
        arranges(piece.height)
    rows.held.free(set(rows.held.types) - {"session_id", "ts"})
    rows.held.wordless(rows.held.types)
    held.wordless(WORDLESS)
    slices = [Slice(at, int(a), int(b)) for at, (a, b) in enumerate(zip(first, last, strict=True))]
    return OnDisk(held, names, slices, np.array(begins), rows, ranks, folder.parent), about


def _sessions(
    rows: DiskRows, ranks: pl.Series, opened: pl.Series, dictionaries: Mapping[str, Dictionary]
) -> tuple[NDArray[np.int64], pl.DataFrame]:
    """Rows by key, and the context: worked out from those rows alone that can say something new of a session."""
    sizes = np.zeros(opened.len(), np.int64)
    telling, asked = [], [name for name in (*FIRST, *ANY) if name in rows.columns]
    for read in rows.pieces(["session_id", "ts", *asked]):
        piece = read.select("ts", *asked, ranks.gather(read["session_id"].to_physical()).alias(KEY))
        sizes += np.bincount(piece[KEY].to_numpy(), minlength=len(sizes))
        telling.append(piece.filter(piece["ts"] == opened.gather(piece[KEY])))
        telling += [
            piece.filter(pl.col(name)).select("ts", KEY, name).unique(KEY) for name in asked if name in ANY
        ]
    told = pl.concat(telling, how="diagonal")
    later = [_later(rows, name, ranks, told, dictionaries[name]) for name in asked if name in FIRST]
    told = pl.concat([told, *later], how="diagonal")
    return sizes, context(told.drop(KEY), told[KEY], opened, dictionaries)


def _later(
    rows: DiskRows, name: str, ranks: pl.Series, told: pl.DataFrame, words: Dictionary
) -> pl.DataFrame:
    """The first rows that say this of sessions whose first instant does not."""
    nothing = told.select("ts", KEY, name).clear()
    silent = np.ones(int(str(told[KEY].max())) + 1, np.bool_)
    silent[told.filter(pl.col(name).is_not_null())[KEY].to_numpy()] = False
    if not silent.any():
        return nothing
    found = nothing
    for read in rows.pieces(["session_id", "ts", name]):
        said = read.filter(pl.col(name).is_not_null())
        key = ranks.gather(said["session_id"].to_physical()).alias(KEY)
        piece = said.select("ts", key, name).filter(pl.Series(silent[key.to_numpy()]))
        if piece.height:
            both = pl.concat([found, piece])
            ordered = both.with_columns(_code=words.code(both[name])).sort(KEY, "ts", "_code")
            found = ordered.unique(KEY, keep="first", maintain_order=True).drop("_code")
    return found
