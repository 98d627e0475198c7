"""What is true of a session as a whole: visitor, device, country … — kept once a session, not on every row."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from friction.dictionaries import Dictionary
from friction.schema import SEGMENTS

FIRST: tuple[str, ...] = ("visitor_id", "currency", *SEGMENTS)
"""Words of which the first that a session says counts (the smaller one of two said at the same instant)."""
ANY: tuple[str, ...] = ("is_bot", "returning", "tz_assumed")
"""True of a session as soon as one of its rows says so."""


def context(
    rows: pl.DataFrame, key: pl.Series, opened: pl.Series, dictionaries: Mapping[str, Dictionary]
) -> pl.DataFrame:
    """One row a session before cutting, by `key`; columns are those of `FIRST` and `ANY` that `rows` has.

    `key` numbers the session of each row, `opened` is the time of each session's first event, by key.
    """
    columns = {"key": pl.int_range(opened.len(), dtype=pl.UInt32, eager=True)}
    opening = (rows["ts"] == opened.gather(key)).arg_true()
    for name in (name for name in FIRST if name in rows.columns):
        columns[name] = _first(rows, name, key, opening, dictionaries[name])
    for name in (name for name in ANY if name in rows.columns):
        columns[name] = columns["key"].is_in(key.filter(rows[name].fill_null(value=False)).unique().implode())
    return pl.DataFrame(columns)


def _first(rows: pl.DataFrame, name: str, key: pl.Series, opening: pl.Series, words: Dictionary) -> pl.Series:
    """The word each session says first; looked for beyond the first instant only where that says nothing."""
    found = _smallest(key.gather(opening), words.code(rows[name].gather(opening)))
    silent = found.is_null()
    if silent.any() and rows[name].null_count():
        later = (rows[name].is_not_null() & silent.gather(key)).arg_true()
        said = pl.DataFrame({"key": key.gather(later), "ts": rows["ts"].gather(later)})
        said = said.with_columns(code=words.code(rows[name].gather(later))).sort("key", "ts", "code")
        said = said.unique("key", keep="first", maintain_order=True)
        found = found.scatter(said["key"], said["code"])
    return found


def _smallest(key: pl.Series, code: pl.Series) -> pl.Series:
    """The smallest code of each key, by key."""
    return (
        pl.DataFrame({"key": key, "code": code}).group_by("key").agg(pl.col("code").min()).sort("key")["code"]
    )
