"""Times, names and places as a report prints them."""

from __future__ import annotations

from datetime import UTC, datetime

from friction.report import Rows
from friction.summary.moments import places, utc


def test_times_are_utc_to_the_millisecond() -> None:
    assert utc(datetime(2026, 3, 2, 9, 0, 0, 120_999, tzinfo=UTC)) == "2026-03-02T09:00:00.120Z"


def test_no_time_is_no_text() -> None:
    assert utc(None) is None


def test_rows_are_told_by_file_the_first_one_first() -> None:
    assert places([1, 0, 1, 2], [5, 9, 6, 1], ["x", "y", "z"]) == (
        "y",
        [5, 6],
        [Rows("x", [9]), Rows("z", [1])],
    )
