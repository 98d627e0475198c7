"""What a lost conversion would have brought: by whose it was, and never over currencies."""

from __future__ import annotations

import polars as pl
import pytest

from friction.impact import orders

EUR, USD = 0, 1


def sessions(rows: list[tuple[int | None, int | None, float | None, int]]) -> pl.DataFrame:
    """Sessions by country, currency, revenue (null: no conversion) and how many are alike."""
    flat = [row[:3] for row in rows for _ in range(row[3])]
    return pl.DataFrame(
        {
            "country": pl.Series([row[0] for row in flat], dtype=pl.UInt32),
            "currency": pl.Series([row[1] for row in flat], dtype=pl.UInt32),
            "revenue_millionths": pl.Series(
                [None if row[2] is None else round(row[2] * 1e6) for row in flat], dtype=pl.Int64
            ),
            "goal_view": pl.Series([None if row[2] is None else 1 for row in flat], dtype=pl.UInt32),
        }
    )


def test_a_lost_conversion_is_worth_what_those_of_its_country_brought() -> None:
    # 20 conversions of all are borrowed by each stratum.
    found = orders(sessions([(1, EUR, 10.0, 200), (2, EUR, 100.0, 100), (1, None, None, 50)]))
    assert found is not None
    mean = (200 * 10 + 100 * 100) / 300

    assert found.value[0, 0] == pytest.approx((200 * 10 + 20 * mean) / 220)
    assert found.value[200, 0] == pytest.approx((100 * 100 + 20 * mean) / 120)
    assert found.value[-1, 0] == found.value[0, 0]


def test_currencies_stand_side_by_side_and_each_has_its_share_of_the_conversions() -> None:
    found = orders(sessions([(1, EUR, 10.0, 300), (1, USD, 50.0, 100)]))
    assert found is not None

    assert found.currencies == [EUR, USD]
    assert (found.conversions, found.revenue) == ([300, 100], [3000.0, 5000.0])
    assert found.value[0].tolist() == pytest.approx([3000 / 400, 5000 / 400])


def test_conversions_that_say_no_sum_bring_nothing() -> None:
    found = orders(sessions([(1, EUR, 10.0, 100), (1, EUR, 0.0, 100)]))
    assert found is not None

    assert found.value[0, 0] == pytest.approx(5.0)


def test_without_sums_nothing_is_said() -> None:
    assert orders(sessions([(1, EUR, None, 10)])) is None
    assert orders(sessions([(1, EUR, 1.0, 10)]).drop("revenue_millionths")) is None


def test_only_conversions_of_those_asked_for_tell() -> None:
    table = sessions([(1, EUR, 10.0, 100), (2, EUR, 90.0, 100)])
    found = orders(table, among=pl.col("country") == 1)
    assert found is not None

    assert found.revenue == [1000.0]
