"""Friction points as the report holds them."""

from __future__ import annotations

from datetime import date

import polars as pl

from friction.report import TrendPoint
from friction.summary.points import grouped, trend_point


def test_days_that_are_alike_are_one_object() -> None:
    days = pl.DataFrame(
        {"point": [0, 0, 1], "day": [date(2026, 3, 2), date(2026, 3, 3), date(2026, 3, 2)]}
    ).with_columns(exposed=9, affected=3)
    found = grouped(days, trend_point())

    assert found == {
        0: [TrendPoint("2026-03-02", 9, 3), TrendPoint("2026-03-03", 9, 3)],
        1: [TrendPoint("2026-03-02", 9, 3)],
    }
    assert found[0][0] is found[1][0]
