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
    for (page, form, field), bins in table.group_by(["page", "form", "field"], maintain_order=True):
        name = words.word("field", None if field is None else int(str(field))) or ""
        key = (int(str(page)), None if form is None else int(str(form)))
        found.setdefault(key, []).append(_field(name, bins))
    return {key: sorted(fields, key=_order) for key, fields in found.items()}


def _order(field: FormField) -> tuple[int, int, str]:
    return (-field.abandoned_here, -field.sessions, field.field)


def _field(name: str, bins: pl.DataFrame) -> FormField:
    sums = bins.select(pl.col("^n_.*$").sum()).row(0, named=True)
    return FormField(name, sums["n_sessions"], sums["n_abandoned"], _median(bins), sums["n_corrections"])


def _median(bins: pl.DataFrame) -> float | None:
    """Median wait before the first change, ms, to 2 %; null where no wait was seen."""
    known = bins.drop_nulls("bin").sort("bin").with_columns(reached=pl.col("n_sessions").cum_sum())
    if not known.height:
        return None
    half = known.filter(pl.col("reached") * 2 >= known["n_sessions"].sum())["bin"][0]
    return math.exp((half + 0.5) / BINS_PER_E)
