"""Texts of a PostHog event worked on once per distinct text, and what lists among them say first."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache

import orjson
import polars as pl

from friction.tables.remembered import LOOKED_AT, MOST, of_distinct, of_words


def each(column: pl.Expr, rule: Callable[[str], str | None]) -> pl.Expr:
    """`rule` on every distinct text of a column; an empty result is null."""
    known = lru_cache(MOST)(rule)

    def ruled(words: pl.Series) -> pl.Series:
        return pl.Series([None if word is None else known(word) or None for word in words], dtype=pl.String())

    def applied(values: pl.Series) -> pl.Series:
        # A rule in Python takes longer than telling texts apart, even where they all differ.
        return (of_words if values.len() > LOOKED_AT else of_distinct)(values, ruled).alias(values.name)

    return column.map_batches(applied, return_dtype=pl.String(), is_elementwise=True)


def by_distinct(column: str, made: Mapping[str, pl.Expr]) -> pl.Expr:
    """A struct of expressions over one text column, each of its row alone and null of null, worked out once per
    distinct text.
    """
    answer = pl.struct([each.alias(name) for name, each in made.items()]).alias(column)
    dtype = pl.LazyFrame(schema={column: pl.String()}).select(answer).collect_schema()[column]
    return of_text(column, answer, dtype)


def of_text(label: str, made: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    """An expression over one text column, worked out once per distinct text; null of null."""
    return on_distinct(pl.col(label), lambda words: words.to_frame(label).select(made).to_series(), dtype)


def on_distinct(column: pl.Expr, made: Callable[[pl.Series], pl.Series], dtype: pl.DataType) -> pl.Expr:
    """What is `made` of the distinct texts of a column, each by itself; null gives null."""

    def applied(values: pl.Series) -> pl.Series:
        return of_distinct(values, made).alias(values.name)

    return column.map_batches(applied, return_dtype=dtype, is_elementwise=True)


def first_text(words: str) -> str | None:
    """The first text of a JSON list; a text that is no list as it is."""
    found = _listed(words)
    return words if found is None else next((one for one in found if isinstance(one, str)), None)


def first_value(words: str) -> str | None:
    return _member(words, "value")


def first_type(words: str) -> str | None:
    return _member(words, "type")


def _member(words: str, key: str) -> str | None:
    found: Sequence[object] = _listed(words) or ()
    inside = (one.get(key) for one in found if isinstance(one, dict))
    return next((value for value in inside if isinstance(value, str)), None)


def _listed(words: str) -> list[object] | None:
    try:
        found = orjson.loads(words) if words.startswith("[") else None
    except orjson.JSONDecodeError:
        return None
    return found if isinstance(found, list) else None
