"""What all written tables share: texts masked once each, texts that a spreadsheet may see, the file of a row."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from friction.ingest import Ingested
from friction.ingest.gather import SEPARATOR
from friction.privacy.columns import mask_selector
from friction.render.cells import cell


def mapped(column: pl.Series, change: Callable[[str], str]) -> pl.Series:
    """The texts changed, each distinct one once."""
    distinct = column.unique().drop_nulls()
    changed = [change(text) for text in distinct]
    return column.replace_strict(distinct, changed, default=None, return_dtype=pl.String)


def lists_masked(lists: pl.Series) -> pl.Series:
    """Lists of words, such as classes, each word masked; those without anything to mask as they are."""
    joined = lists.list.join(SEPARATOR)
    kept = mapped(joined, lambda text: SEPARATOR.join(map(mask_selector, text.split(SEPARATOR))))
    changed = pl.when(joined == kept).then(lists).otherwise(kept.str.split(SEPARATOR))
    return pl.select(changed.alias(lists.name)).to_series()


def for_people(table: pl.DataFrame) -> pl.DataFrame:
    """The table with every text as a spreadsheet or a terminal may see it."""
    return table.with_columns(
        mapped(table[name], cell) for name, dtype in table.schema.items() if dtype == pl.String()
    )


def file_id_of(part: pl.DataFrame) -> pl.Series:
    """The file of each row; 0 where there is only one."""
    if "file_id" in part.columns:
        return part["file_id"]
    return pl.repeat(0, part.height, dtype=pl.UInt32, eager=True)


def first_of(column: str, of: str) -> pl.Expr:
    """The value of `column` in the first row of the run of `of` that the row is in."""
    return pl.when(pl.col(of).ne_missing(pl.col(of).shift())).then(column).forward_fill()


def rejected(ingested: Ingested) -> dict[str, int]:
    """How many records were set aside, by reason."""
    return {count.reason: count.rows for count in ingested.books.by_reason}
