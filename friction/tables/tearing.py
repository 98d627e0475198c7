"""Lines of JSON objects torn into shreds (`friction.tables.shreds`): at every brace that ends an object before a comma,
at the beginning of the list that is asked for, and behind lists of objects.
"""

from __future__ import annotations

import re

import numpy as np
import polars as pl

from friction.tables.pools import distinct
from friction.tables.runs import MARK, Run
from friction.tables.shreds import HEAD, Shreds


def torn(lines: pl.Series, run: Run) -> Shreds:
    """The lines, torn; the list begins as `run` says."""
    comma = run.start[: run.start.index('"')]
    cut = split(lines, "}" + comma)
    counts = cut.list.len().to_numpy().astype(np.int64)
    heads = _heads(cut.list.first().rechunk(), pl.Series(counts > 1), run)
    pieces = cut.explode()
    is_first = np.zeros(pieces.len(), bool)
    is_first[np.cumsum(counts) - counts] = True
    shreds = pl.concat([heads["entry"], pieces.filter(pl.Series(~is_first))])
    words = shreds.cast(pl.Categorical(pl.Categories.random()))
    found = words.to_physical().cast(pl.Int64()).fill_null(HEAD).to_numpy()
    numbers = np.empty(len(is_first), np.int64)
    numbers[is_first], numbers[~is_first] = found[: len(counts)], found[len(counts) :]
    return _untied(Shreds(heads["head"], distinct(words), numbers, counts), run)


def split(texts: pl.Series, mark: str) -> pl.Series:
    """Lists of what is between the marks of each text; null of null."""
    # As a pattern the engine looks for it in half the time that it takes for it as letters.
    return pl.select(pl.lit(texts).str.split(re.escape(mark), literal=False)).to_series()


def _untied(shreds: Shreds, run: Run) -> Shreds:
    """Likewise, where the end of a list is the end of a shred too: what a list ends with and what comes after it repeat
    more often each by itself than both together.
    """
    parts = shreds.words.str.splitn("}" + run.end, 2).struct.unnest()
    is_tied = (parts[:, 1].is_not_null() & parts[:, 0].str.starts_with("{")).to_numpy()
    count = len(is_tied)
    tied = parts.filter(pl.Series(is_tied))
    first = shreds.words.zip_with(pl.Series(~is_tied), parts[:, 0] + "}]")
    words = pl.concat([first, '"' + tied[:, 1]]).cast(pl.Categorical(pl.Categories.random()))
    place = words.to_physical().to_numpy().astype(np.int64)
    second = np.append(place[count:], HEAD)[np.cumsum(is_tied) - 1]
    are_tied = np.append(is_tied, False)[shreds.numbers]
    numbers = np.repeat(np.append(place[:count], HEAD)[shreds.numbers], are_tied + 1)
    ends = np.flatnonzero(are_tied)
    numbers[ends + np.arange(1, len(ends) + 1)] = second[shreds.numbers[ends]]
    counts = shreds.counts + np.add.reduceat(are_tied, shreds.starts)
    return Shreds(shreds.heads, distinct(words), numbers, counts)


def _heads(first: pl.Series, is_torn: pl.Series, run: Run) -> pl.DataFrame:
    """`head`, what is before the list, and `entry`, after its bracket.

    Where there is none or it is empty, all is head, with a mark for an empty one.
    """
    parts = first.str.splitn(run.start, 2).struct.unnest()
    entry = parts[:, 1]
    frame = pl.DataFrame({"first": first, "torn": is_torn, "head": parts[:, 0], "entry": entry})
    if not (entry.null_count() or entry.str.starts_with("]").any()):
        return frame.select(pl.col("head") + "}", "entry")
    has_list = ~pl.col("entry").str.starts_with("]")
    marked = pl.col("first").str.replace(f"{run.start}]", f'{run.start[:-1]}"{MARK}"', literal=True)
    whole = pl.when("torn").then(marked + "}}").otherwise(marked)
    return frame.select(
        pl.when(has_list).then(pl.col("head") + "}").otherwise(whole).alias("head"),
        pl.when(has_list).then("entry").alias("entry"),
    )
