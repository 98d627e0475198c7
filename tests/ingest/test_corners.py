"""Clicks at (0, 0) were made by no hand, unless a file writes that place for want of any."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.exports import analysed, row, written


@pytest.mark.parametrize(("others", "reasons"), [(10, ["no_place"]), (2, [])])
def test_the_corner_says_something_where_most_clicks_are_elsewhere(
    tmp_path: Path, others: int, reasons: list[str]
) -> None:
    rows = [row("s1", 0.1 * at, "click", "/pay", "button#buy", x=0, y=0) for at in range(5)]
    rows += [row("s2", 5.05 * at, "click", "/pay", "a#one", x=40, y=50) for at in range(others)]
    report = analysed(written(tmp_path / "a.csv", rows))

    assert [each.reason for each in report.suppressed] == reasons
    assert [point.target for point in report.points] == ([] if reasons else ["button#buy"])
