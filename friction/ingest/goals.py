"""Which events fit a goal: decided on distinct words, carried to the rows as one bit a goal."""

from __future__ import annotations

import re
from collections.abc import Sequence

import polars as pl

from friction.dictionaries import Words
from friction.goals import Clause, Goal
from friction.schema import KINDS

CONVERSION = "event=conversion"
"""The goal where none is given: events of kind `conversion`."""


def matches(goals: Sequence[Goal], part: pl.DataFrame, words: Words) -> pl.Series:
    """One UInt8 a row: bit i is set where goal i holds (at most eight goals)."""
    bits = [
        pl.all_horizontal(*(_clause(clause, part, words) for clause in goal.clauses)).cast(pl.UInt8)
        * (1 << i)
        for i, goal in enumerate(goals)
    ]
    total = pl.sum_horizontal(*bits).cast(pl.UInt8) if bits else pl.lit(0, pl.UInt8)
    return part.with_columns(goals=total)["goals"]


def needs_names(goals: Sequence[Goal], words: Words) -> bool:
    """Whether an event clause fits a name that occurs, so that rows must carry their names."""
    known = words.by_column["name"].to_list() if "name" in words.by_column else []
    clauses = [clause for goal in goals for clause in goal.clauses if clause.field == "event"]
    return any(re.match(clause.pattern, word) for clause in clauses for word in known)


def _clause(clause: Clause, part: pl.DataFrame, words: Words) -> pl.Expr:
    if clause.field != "event":
        return _fits(clause, clause.field, part, words)
    kinds = [kind for kind in KINDS if re.match(clause.pattern, kind)]
    return pl.col("kind").is_in(kinds) | _fits(clause, "name", part, words)


def _fits(clause: Clause, column: str, part: pl.DataFrame, words: Words) -> pl.Expr:
    if column not in part.columns or column not in words.by_column:
        return pl.lit(value=False)
    known = words.by_column[column]
    pattern = re.compile(clause.pattern)
    codes = [code for code, word in enumerate(known.to_list()) if word is not None and pattern.match(word)]
    return pl.col(column).is_in(pl.Series(codes, dtype=pl.UInt32).implode()).fill_null(value=False)
