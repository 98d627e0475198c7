"""Which events fit a goal: decided on distinct words, carried to the rows as one bit a goal."""

from __future__ import annotations

import operator
import re
from collections.abc import Sequence

import polars as pl

from friction.dictionaries import Words
from friction.elements import Flag
from friction.goals import NUMBERS, Clause, Goal
from friction.schema import KINDS

_COMPARE = {"=": operator.eq, ">": operator.gt, ">=": operator.ge, "<": operator.lt, "<=": operator.le}
PER_BYTE = 8
"""Goals that one byte a row tells apart."""
CONVERSION = "event=conversion"
"""The goal where none is given: events of kind `conversion`."""


def matches(goals: Sequence[Goal], part: pl.DataFrame, words: Words) -> pl.Series:
    """One UInt8 a row: bit i is set where goal i holds (at most `PER_BYTE` goals)."""
    bits = [_all_of(goal, part, words).cast(pl.UInt8) * (1 << i) for i, goal in enumerate(goals)]
    total = pl.sum_horizontal(*bits).cast(pl.UInt8) if bits else pl.lit(0, pl.UInt8)
    return part.with_columns(goals=total)["goals"]


def conditions(asked: Sequence[Sequence[Goal]], part: pl.DataFrame, words: Words | None) -> pl.Series:
    """One UInt32 a row: bit i is set where any of the i-th alternatives holds. `words` null: columns are texts."""
    bits = [
        pl.any_horizontal(*(_all_of(goal, part, words) for goal in alternatives)).cast(pl.UInt32) * (1 << i)
        for i, alternatives in enumerate(asked)
        if alternatives
    ]
    total = pl.sum_horizontal(*bits).cast(pl.UInt32) if bits else pl.lit(0, pl.UInt32)
    return part.with_columns(bits=total)["bits"]


def _all_of(goal: Goal, part: pl.DataFrame, words: Words | None) -> pl.Expr:
    return pl.all_horizontal(*(_condition(clause, part, words) for clause in goal.clauses))


def _condition(clause: Clause, part: pl.DataFrame, words: Words | None) -> pl.Expr:
    if clause.field == "is":
        bit = int(Flag[clause.value.upper()])
        known = pl.col("el_flags").fill_null(0) if "el_flags" in part.columns else pl.lit(0, pl.UInt64)
        return (known & pl.lit(bit, pl.UInt64)) != 0
    if clause.field in NUMBERS:
        if clause.field not in part.columns:
            return pl.lit(value=False)
        known, bound = pl.col(clause.field).cast(pl.Float64), float(clause.value)
        compared: pl.Expr = _COMPARE[clause.operator](known, bound)
        return compared.fill_null(value=False)
    if clause.field != "event":
        return _says(clause, clause.field, part, words)
    kinds = [kind for kind in KINDS if re.match(clause.pattern, kind)]
    return pl.col("kind").is_in(kinds) | _says(clause, "name", part, words)


def _says(clause: Clause, column: str, part: pl.DataFrame, words: Words | None) -> pl.Expr:
    if words is not None:
        return _fits(clause, column, part, words)
    if column not in part.columns:
        return pl.lit(value=False)
    return pl.col(column).cast(pl.String).str.contains(clause.pattern).fill_null(value=False)


def needs_names(goals: Sequence[Goal], words: Words) -> bool:
    """Whether an event clause fits a name that occurs, so that rows must carry their names."""
    known = words.by_column["name"].to_list() if "name" in words.by_column else []
    clauses = [clause for goal in goals for clause in goal.clauses if clause.field == "event"]
    return any(re.match(clause.pattern, word) for clause in clauses for word in known)


def _fits(clause: Clause, column: str, part: pl.DataFrame, words: Words) -> pl.Expr:
    if column not in part.columns or column not in words.by_column:
        return pl.lit(value=False)
    known = words.by_column[column]
    pattern = re.compile(clause.pattern)
    codes = [code for code, word in enumerate(known.to_list()) if word is not None and pattern.match(word)]
    return pl.col(column).is_in(pl.Series(codes, dtype=pl.UInt32).implode()).fill_null(value=False)
