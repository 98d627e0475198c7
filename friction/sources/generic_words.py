"""Words of a table of events: read as they stand, so that what follows from them is not made twice.

JSON lines are read at once, in blocks, and a block whose words are numbers takes a tenth of the room that their texts
do: what is written between reading and use, and read again, is as much less.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from friction.sources.base import OfWords
from friction.tables.jsonl import JsonLines
from friction.tables.table import Rows, Table

WORD = "word."
"""Before the name of a column of words by their numbers."""


def worded(
    table: Table, asked: Sequence[pl.Expr], by_word: dict[str, OfWords]
) -> tuple[Rows, dict[str, OfWords]]:
    """What is `asked` of each row, and words as they stand, by which columns follow. Raises what reading raises."""
    names = sorted({name for each in by_word.values() for name in each.columns.values()})
    if not isinstance(table, JsonLines):
        return table.select([*asked, *map(pl.col, names)]), by_word
    pools = {name: pl.Categorical(pl.Categories.random()) for name in names}
    rows = table.select(
        [*asked, *(pl.col(name).cast(pool).alias(WORD + name) for name, pool in pools.items())]
    )
    texts = rows.events.with_columns(pl.col(WORD + name).cast(pl.String()).alias(name) for name in names)
    numbered = {
        ours: OfWords({name: WORD + name for name in each.columns}, each.made)
        for ours, each in by_word.items()
    }
    return replace(rows, events=texts), numbered
