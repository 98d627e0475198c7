"""Figures of one period are counted once: exports that overlap are never added up.

A tool that answers for the last three days only is asked every day, so the same visits stand in several files. Of
periods that overlap, the latest counts; figures of exactly the same period and place count once, the larger one
(of a day that was not over). Files without any date may all be of the same period.
"""

from __future__ import annotations

import polars as pl

PERIOD = ("period_start", "period_end")
KEY = ("source", *PERIOD, "basis", "url", "target", "dims", "measure", "unit", "of")


def once(aggregates: pl.DataFrame) -> tuple[pl.DataFrame, dict[str, set[str]]]:
    """`AGGREGATE` rows as sums (`KEY`, `n`: denominator, `k`: value times it), and by source what was left out, as
    codes: `overlap`, `period_unknown`, `counted_once`.
    """
    is_count = pl.col("unit") == "count"
    summed = aggregates.with_columns(
        n=pl.when(is_count).then(pl.lit(0.0)).otherwise(pl.col("denominator")),
        k=pl.when(is_count).then(pl.col("value")).otherwise(pl.col("value") * pl.col("denominator")),
    ).drop_nulls(["n", "k"])
    summed = summed.group_by(*KEY, "file_id").agg(pl.col("n", "k").sum()).sort(*KEY, "file_id")
    left_out: dict[str, set[str]] = {}
    kept = []
    for (source,), own in summed.group_by("source", maintain_order=True):
        windows = _windows(own)
        within = own.join(windows, on=list(PERIOD), nulls_equal=True, maintain_order="left")
        codes = {"overlap"} if within.height < own.height else set()
        codes |= {"period_unknown"} if windows["period_end"].null_count() else set()
        single = within.sort(*KEY, "n", "k", nulls_last=True).group_by(*KEY, maintain_order=True).last()
        codes |= {"counted_once"} if single.height < within.height else set()
        left_out[str(source)] = codes
        kept.append(single.drop("file_id"))
    return (pl.concat(kept) if kept else summed.drop("file_id")), left_out


def _windows(rows: pl.DataFrame) -> pl.DataFrame:
    """Periods of which no two overlap, the latest first; without any, the unknown one."""
    known = rows.select(PERIOD).unique().drop_nulls()
    if not known.height:
        return rows.select(PERIOD).unique()
    kept: list[tuple[object, object]] = []
    begins = None
    for start, end in known.sort("period_end", "period_start", descending=[True, False]).iter_rows():
        if begins is None or end < begins:
            kept.append((start, end))
            begins = start
    return pl.DataFrame(kept, schema=known.schema, orient="row")
