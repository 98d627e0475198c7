"""How many there were: sessions by day, sessions by page. What two reports are compared by."""

from __future__ import annotations

import polars as pl

from friction.points import page_counts
from friction.reduce import Tables
from friction.report import Day, PageSeen
from friction.summary.points import Names

PAGES_LISTED = 500


def days(people: pl.DataFrame, zone: str) -> list[Day]:
    """Every day on which a session of people began, in order; a day without any is one of none."""
    if not people.height:
        return []
    local = pl.col("start").dt.convert_time_zone(zone).dt.date()
    counts = people.group_by(day=local).agg(pl.len(), reached=((pl.col("goals") & 1) > 0).sum()).sort("day")
    every = pl.date_range(counts["day"][0], counts["day"][-1], eager=True).alias("day")
    if every.len() > MOST_DAYS:
        every = counts["day"]
    full = every.to_frame().join(counts, on="day", how="left", maintain_order="left").fill_null(0)
    return [Day(str(day), number, reached) for day, number, reached in full.iter_rows()]


MOST_DAYS = 3_700
"""Ten years; with impossible dates in the data there would be millions of empty days."""


def pages(tables: Tables, names: Names) -> list[PageSeen]:
    """The pages that most sessions saw, by name where as many did."""
    counts = page_counts(tables).drop_nulls("page")
    found = [PageSeen(names.page(page), sessions) for page, sessions in counts.iter_rows()]
    return sorted(found, key=lambda each: (-each.sessions, each.page))[:PAGES_LISTED]
