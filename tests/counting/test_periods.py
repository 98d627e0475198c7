"""Nothing is counted twice: overlapping exports, days that were not over, files without a date."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl

from friction.counting.periods import once
from friction.counting.tables import AGGREGATE, conformed


def figure(value: float, n: float | None, start: int | None, end: int | None, **more: Any) -> dict[str, Any]:
    days = [date(2026, 3, day) if day else None for day in (start, end)]
    base = {"source": "clarity", "measure": "rage_click", "basis": "page", "unit": "share", "of": "sessions"}
    return (
        {"url": "/cart", "period_start": days[0], "period_end": days[1], "value": value, "denominator": n}
        | base
        | more
    )


def rows(*figures: dict[str, Any]) -> pl.DataFrame:
    return conformed(pl.DataFrame(figures, infer_schema_length=None), AGGREGATE)


def sums(*figures: dict[str, Any]) -> tuple[list[tuple[float, float]], set[str]]:
    """`(k, n)` of what counts, by period, and what was left out."""
    kept, left_out = once(rows(*figures))
    return kept.sort("period_start", nulls_last=True).select("k", "n").rows(), left_out["clarity"]


def test_periods_that_follow_one_another_both_count() -> None:
    assert sums(figure(0.1, 100, 2, 4), figure(0.2, 100, 5, 7)) == ([(10, 100), (20, 100)], set())


def test_of_overlapping_periods_the_latest_counts() -> None:
    daily = [figure(0.1 * day, 100, day, day + 2, file_id=day) for day in range(1, 8)]

    found, left_out = sums(*daily)

    assert found == [(10.0, 100.0), (40.0, 100.0), (70.0, 100.0)]
    assert left_out == {"overlap"}


def test_the_same_period_in_two_files_counts_once_with_the_larger_base() -> None:
    early, late = figure(0.5, 40, 2, 2, file_id=0), figure(0.2, 200, 2, 2, file_id=1)

    assert sums(early, late) == sums(late, early) == ([(40, 200)], {"counted_once"})


def test_parts_of_one_file_add_up() -> None:
    parts = [figure(0.5, 40, 2, 2, file_id=0), figure(0.25, 60, 2, 2, file_id=0)]

    assert sums(*parts) == ([(35, 100)], set())


def test_what_was_asked_for_by_another_dimension_is_another_figure() -> None:
    by_page, by_device = figure(0.1, 100, 2, 4), figure(0.2, 100, 2, 4, basis="segment", dims="{}", url=None)

    found, left_out = sums(by_page, by_device)

    assert sorted(found) == [(10, 100), (20, 100)]
    assert not left_out


def test_without_a_date_a_file_counts_only_where_none_has_one() -> None:
    alone, beside = figure(0.1, 100, None, None), figure(0.2, 100, 2, 4, file_id=1)

    assert sums(alone) == ([(10, 100)], {"period_unknown"})
    assert sums(alone, beside) == ([(20, 100)], {"overlap"})


def test_a_figure_without_a_base_is_no_mean_of_anything() -> None:
    kept, _ = once(rows(figure(55.0, None, 2, 2, measure="scroll_depth", unit="pct")))

    assert not kept.height


def test_tools_do_not_overlap_one_another() -> None:
    kept, _ = once(rows(figure(0.1, 100, 2, 4), figure(0.2, 100, 3, 5, source="plausible")))

    assert kept.height == 2
