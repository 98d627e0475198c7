"""Both tables of counts as one: how many were affected of how many, by measure and place.

`COUNT`: `n` exposed, `k` affected, `incidents` (null: the tool does not say). `MEAN`: `total` over `n`.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from friction.counting.tables import MARKS, MEASURES

PLACE = ("source", "form", "measure", "basis", "page", "target", "dims")
MEANS = {
    "duration_s": ("duration", "s"),
    "active_s": ("active_time", "s"),
    "pages": ("pages", "count"),
    "vendor_score": ("vendor_score", "score"),
    "nps": ("nps", "score"),
}
"""Column of `SESSION` → measure and unit of its mean."""
_COUNT = {"n": pl.Int64(), "k": pl.Int64(), "incidents": pl.Int64()}


def of_sessions(sessions: pl.DataFrame, pages: Mapping[str, str]) -> pl.DataFrame:
    """Marked sessions and those of one page, by the page they began on, by device, and of all."""
    measured = sessions.select(
        "source",
        page=_page("landing_url", pages),
        device="device",
        **{measure: pl.col(column) for column, measure in MARKS.items()},
        bounce=(pl.col("pages") <= 1).cast(pl.Int64()),
    )
    long = measured.unpivot(
        [*MARKS.values(), "bounce"], index=["source", "page", "device"], variable_name="measure"
    ).drop_nulls("value")
    marked = pl.col("value") > 0
    is_mark = pl.col("measure") != "bounce"
    aggs = {
        "n": pl.len().cast(pl.Int64()),
        "k": marked.sum().cast(pl.Int64()),
        "incidents": pl.when(is_mark.all()).then(pl.col("value").sum()),
    }
    nothing = {"page": pl.lit(None, pl.String()), "dims": pl.lit(None, pl.String())}
    by_page = long.drop_nulls("page").group_by("source", "measure", "page").agg(**aggs)
    by_device = long.drop_nulls("device").group_by("source", "measure", "device").agg(**aggs)
    return pl.concat(
        [
            by_page.with_columns(basis=pl.lit("landing_page"), dims=nothing["dims"]),
            by_device.with_columns(basis=pl.lit("segment"), dims=_dims("device"), page=nothing["page"]).drop(
                "device"
            ),
            long.group_by("source", "measure").agg(**aggs).with_columns(basis=pl.lit("site"), **nothing),
        ],
        how="diagonal",
    ).with_columns(form=pl.lit("sessions"), of=pl.lit("sessions"), target=pl.lit(None, pl.String()))


def _dims(name: str) -> pl.Expr:
    return pl.struct(pl.col(name).alias(name)).struct.json_encode()


def _page(column: str, pages: Mapping[str, str]) -> pl.Expr:
    return pl.col(column).replace_strict(pages, default=None, return_dtype=pl.String())


def means_of_sessions(sessions: pl.DataFrame, pages: Mapping[str, str]) -> pl.DataFrame:
    """Means by the page that sessions began on."""
    values = sessions.select(
        "source",
        page=_page("landing_url", pages),
        **{m: pl.col(c).cast(pl.Float64()) for c, (m, _) in MEANS.items()},
    )
    units = dict(MEANS.values())
    long = values.unpivot(list(units), index=["source", "page"], variable_name="measure")
    return (
        long.drop_nulls()
        .group_by("source", "measure", "page")
        .agg(total=pl.col("value").sum(), n=pl.len().cast(pl.Float64()))
        .with_columns(
            form=pl.lit("sessions"),
            basis=pl.lit("landing_page"),
            target=pl.lit(None, pl.String()),
            dims=pl.lit(None, pl.String()),
            of=pl.lit("sessions"),
            unit=pl.col("measure").replace_strict(units),
        )
    )


def of_aggregates(summed: pl.DataFrame, pages: Mapping[str, str]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Counts and means out of the sums of `periods.once`; addresses of one page become one place."""
    words = ("source", "basis", "unit", "of")
    placed = summed.with_columns(
        *(pl.col(name).cast(pl.String()) for name in words),
        form=pl.lit("aggregates"),
        page=_page("url", pages),
    )
    grouped = placed.group_by(*PLACE, "unit", "of").agg(pl.col("n", "k").sum())
    is_measure = pl.col("measure").is_in(list(MEASURES))
    shares = pl.concat([grouped.filter(is_measure, unit="share"), _exits(grouped)], how="diagonal")
    incidents = grouped.filter(is_measure, unit="count").select(
        *PLACE, incidents=pl.col("k").round().cast(pl.Int64())
    )
    counts = shares.join(incidents, on=list(PLACE), how="left", nulls_equal=True)
    counts = counts.with_columns(pl.col("n", "k").round().cast(pl.Int64())).filter(pl.col("n") > 0)
    # A share that was rounded to a hundredth of a percent may come out as one more than all.
    counts = counts.with_columns(k=pl.min_horizontal("k", "n")).drop("unit")
    means = grouped.filter(pl.col("unit").is_in(["ms", "s", "pct"]), pl.col("n") > 0)
    return counts, means.select(*PLACE, "unit", "of", "n", total="k")


def _exits(grouped: pl.DataFrame) -> pl.DataFrame:
    """Visits that ended on a page, of those that saw it: two tables of one export."""
    visits = grouped.filter(measure="visits", unit="count").select("source", "page", "basis", n="k")
    exits = grouped.filter(measure="exit", unit="count").drop("n")
    return (
        exits.join(visits, on=["source", "page", "basis"])
        .with_columns(of=pl.lit("visits"))
        .select(grouped.columns)
    )
