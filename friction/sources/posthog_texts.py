"""Texts of a PostHog event worked on once per distinct text, and what lists among them say first."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import orjson
import polars as pl


def each(column: pl.Expr, rule: Callable[[str], str | None]) -> pl.Expr:
    """`rule` on every distinct text of a column; an empty result is null."""

    def applied(values: pl.Series) -> pl.Series:
        if values.null_count() == values.len():
            return values
        distinct = values.unique().drop_nulls()
        results = pl.Series([rule(value) or None for value in distinct], dtype=pl.String())
        return values.replace_strict(distinct, results, default=None, return_dtype=pl.String())

    return column.map_batches(applied, return_dtype=pl.String(), is_elementwise=True)


def by_distinct(column: str, made: Mapping[str, pl.Expr]) -> pl.Expr:
    """A struct of expressions over one text column, each of its row alone, worked out once per distinct text."""

    answer = pl.struct([each.alias(name) for name, each in made.items()]).alias(column)

    def applied(values: pl.Series) -> pl.Series:
        distinct = values.unique()
        answers = distinct.to_frame(column).select(answer).to_series()
        places = pl.int_range(distinct.len(), dtype=pl.UInt32(), eager=True)
        return answers.gather(values.replace_strict(distinct, places, return_dtype=pl.UInt32()))

    dtype = pl.LazyFrame(schema={column: pl.String()}).select(answer).collect_schema()[column]
    return pl.col(column).map_batches(applied, return_dtype=dtype, is_elementwise=True)


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
