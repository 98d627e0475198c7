"""How people fared with the fields of a form."""

from __future__ import annotations

import math

import polars as pl

from friction.detectors.form_abandonment import BINS_PER_E
from friction.dictionaries import Words
from friction.report import FormField


def form_fields(table: pl.DataFrame, words: Words) -> dict[tuple[int, int | None], list[FormField]]:
    """(page, form) → its fields, those where most people stopped first; `table` is `Tables.fields`."""
    found: dict[tuple[int, int | None], list[FormField]] = {}
    if not table.height:
        return found
    for row in _summed(table).iter_rows(named=True):
        median = None if row["bin"] is None else math.exp((row["bin"] + 0.5) / BINS_PER_E)
        name = words.word("field", row["field"]) or ""
        field = FormField(name, row["n_sessions"], row["n_abandoned"], median, row["n_corrections"])
        found.setdefault((row["page"], row["form"]), []).append(field)
    return {key: sorted(fields, key=_order) for key, fields in found.items()}


def _order(field: FormField) -> tuple[int, int, str]:
    return (-field.abandoned_here, -field.sessions, field.field)


FIELD = ["page", "form", "field"]


def _summed(table: pl.DataFrame) -> pl.DataFrame:
    """One row a field: its sums, and the bin of the median wait before the first change (null: none was seen)."""
    waits = table.drop_nulls("bin").sort(*FIELD, "bin")
    total = waits.group_by(FIELD).agg(total=pl.col("n_sessions").sum())
    new = ~pl.all_horizontal(pl.col(name).eq_missing(pl.col(name).shift()) for name in FIELD)
    run = (new | (pl.int_range(pl.len()) == 0)).cum_sum()
    reached = waits.with_columns(run=run, all=pl.col("n_sessions").cum_sum())
    before = reached.group_by("run").agg(before=pl.col("all").first() - pl.col("n_sessions").first())
    reached = reached.join(before, on="run").join(total, on=FIELD, nulls_equal=True)
    half = reached.filter((pl.col("all") - pl.col("before")) * 2 >= pl.col("total"))
    median = half.group_by(FIELD).agg(pl.col("bin").min())
    sums = table.group_by(FIELD).agg(pl.col("^n_.*$").sum())
    return sums.join(median, on=FIELD, how="left", nulls_equal=True).sort(FIELD)
