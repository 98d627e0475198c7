"""Long lists inside JSON lines, cut out of them as they stand, so that no parser walks through every one.

    {"at": 1, "list": [{"key": "x"}], "more": 2}   →   {"at": 1, "list": "\\ufdd0", "more": 2}   and   [{"key": "x"}]

A list ends where `], "` comes first. That is a guess, and so are its first letters; both are proved by what follows:
where the rest of a line is an object with the mark in its place, and what was cut out is a list, the line was the one
with the other in it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

import polars as pl

from friction.values import dataclass

MARK = "\ufdd0"
"""What stands where a list was: a character that no text has."""
_STYLES = ((", ", ": "), (",", ":"))
LOOKED_AT = 50


@dataclass(frozen=True)
class Run:
    """A list by what stands before it, with its bracket, and by what comes after it."""

    start: str
    end: str

    def cut(self, lines: pl.Series) -> tuple[pl.Series, pl.Series]:
        """The lines with the mark, and the lists; where there is none, the line as it is, and null."""
        before = lines.str.splitn(self.start, 2).struct.unnest()
        after = before[:, 1].str.splitn(self.end, 2).struct.unnest()
        parts = pl.DataFrame(
            {"line": lines, "head": before[:, 0], "inside": after[:, 0], "tail": after[:, 1]}
        )
        marked = pl.lit(f'{self.start[:-1]}"{MARK}"{self.end[1:]}')
        is_cut = pl.col("tail").is_not_null()
        found = parts.select(
            pl.when(is_cut).then(pl.concat_str("head", marked, "tail")).otherwise("line"),
            pl.when(is_cut).then("[" + pl.col("inside") + "]").alias("list"),
        )
        return found[:, 0], found[:, 1]


def run_of(lines: Sequence[str], key: str) -> Run | None:
    """How the list under this key of an object stands in most of the first lines; null where it stands otherwise."""
    for comma, colon in _STYLES:
        run = Run(f"{comma}{json.dumps(key, ensure_ascii=False)}{colon}[", f']{comma}"')
        fits = sum(run.end in line.partition(run.start)[2] for line in lines[:LOOKED_AT])
        if fits * 2 > len(lines[:LOOKED_AT]):
            return run
    return None
