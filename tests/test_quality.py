"""What the data say about themselves: each check with its verdict and figures."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl
import pytest

from friction.quality import Counts, checks, held_back
from friction.report import Quality
from friction.schema import TS

FIRST_DAY = datetime(2026, 3, 1, 12, tzinfo=UTC)
NOTHING = Counts(accepted=100, rejected=0, outside=0, cuts=0)


def sessions(days: list[int], **columns: list[Any]) -> pl.DataFrame:
    """One session on each of these days, of ten events."""
    starts = pl.Series([FIRST_DAY + timedelta(days=day) for day in days], dtype=TS)
    usual = {"start": starts, "events": [10] * len(days), "automated": [False] * len(days)}
    return pl.DataFrame(usual | columns)


def check(name: str, table: pl.DataFrame, counts: Counts = NOTHING, zone: str = "UTC") -> Quality:
    (found,) = (each for each in checks(table, counts, zone) if each.check == name)
    return found


def test_forty_ordinary_sessions_are_good_in_every_respect() -> None:
    found = checks(sessions(list(range(10)) * 4), NOTHING, "UTC")

    assert {each.verdict for each in found} == {"good"}
    assert not held_back(found)


def test_checks_come_in_one_order() -> None:
    names = [each.check for each in checks(sessions([0]), NOTHING, "UTC")]

    assert names[:3] == ["rows_read", "automated_sessions", "sessions_cut"]
    assert len(set(names)) == len(names)


def test_rejected_rows_are_remarked_and_rows_outside_the_period_counted() -> None:
    found = check("rows_read", sessions([0]), Counts(90, 10, 5, 0))

    assert (found.verdict, found.detail) == (
        "remark",
        {"accepted": 90, "rejected": 10, "outside_period": 5},
    )


def test_automated_sessions_are_counted_with_their_events() -> None:
    found = check("automated_sessions", sessions([0, 0, 0], automated=[True, False, True]))

    assert (found.verdict, found.detail) == ("remark", {"sessions": 2, "events": 20})


def test_fewer_than_thirty_people_are_remarked() -> None:
    many = sessions([0] * 31, automated=[True, *[False] * 30])

    assert check("sessions", many).verdict == "good"
    assert check("sessions", many.head(30)).verdict == "remark"


def test_a_zone_that_was_assumed_is_remarked() -> None:
    found = check("time_zone_assumed", sessions([0, 0], tz_assumed=[True, False]))

    assert (found.verdict, found.detail) == ("remark", {"sessions": 1})


@pytest.mark.parametrize(("odd", "verdict"), [(0, "good"), (1, "remark"), (3, "held_back")])
def test_dates_that_cannot_be_are_remarked_and_many_of_them_hold_findings_back(
    odd: int, verdict: str
) -> None:
    table = sessions([0] * 20 + [-365 * 30] * odd)
    found = check("implausible_dates", table)

    assert (found.verdict, found.detail) == (verdict, {"sessions": odd})
    assert held_back(checks(table, NOTHING, "UTC")) == (verdict == "held_back")


def test_days_without_sessions_between_busy_ones_are_a_gap() -> None:
    found = check("tracking_gaps", sessions([0, 1, 2, 5, 6, 7] * 20))

    assert (found.verdict, found.detail) == ("remark", {"days": ["2026-03-04", "2026-03-05"]})


def test_a_day_with_hardly_any_session_is_a_gap_too() -> None:
    found = check("tracking_gaps", sessions([0, 1, 2, 4, 5, 6] * 100 + [3]))

    assert found.detail == {"days": ["2026-03-04"]}


def test_a_quiet_day_is_no_gap() -> None:
    assert check("tracking_gaps", sessions([0, 1, 2, 4, 5, 6] * 30 + [3])).verdict == "good"


def test_gaps_are_days_of_the_zone() -> None:
    table = sessions([0, 1, 2, 3, 4]).with_columns(pl.col("start") + pl.duration(hours=11, minutes=30))
    late = pl.concat([table, table.tail(1).with_columns(pl.col("start") + pl.duration(days=2))])

    assert check("tracking_gaps", late).detail == {"days": ["2026-03-06"]}
    assert check("tracking_gaps", late, zone="Asia/Tokyo").detail == {"days": ["2026-03-07"]}


def test_a_few_days_are_too_few_to_see_a_gap() -> None:
    assert check("tracking_gaps", sessions([0, 9, 18])).verdict == "good"


def pieces(*spans: tuple[int, int]) -> pl.DataFrame:
    """One session cut into pieces, each from one hour to another."""
    starts, ends = ([FIRST_DAY + timedelta(hours=hour) for hour in side] for side in zip(*spans, strict=True))
    numbers = range(1, len(spans) + 1)
    return sessions([0] * len(spans), key=[0] * len(spans), piece=list(numbers)).with_columns(
        start=pl.Series(starts, dtype=TS), end=pl.Series(ends, dtype=TS)
    )


@pytest.mark.parametrize(("pause", "jumps"), [(24, 0), (25, 1)])
def test_a_session_that_pauses_for_more_than_a_day_has_a_clock_that_jumped(pause: int, jumps: int) -> None:
    one = replace(NOTHING, whole=pl.Series(["s1", "s1"]))
    found = check("clock_jumps", pieces((0, 1), (1 + pause, 2 + pause)), one)

    assert found.detail == {"sessions": jumps}
    assert found.verdict == ("remark" if jumps else "good")


def test_where_no_session_is_named_a_pause_is_a_visitor_who_comes_back() -> None:
    unnamed = Counts(100, 0, 0, 0, whole=pl.Series(["v1", "v1"]), has_sessions=False)

    assert check("clock_jumps", pieces((0, 1), (90, 91)), unnamed).detail == {"sessions": 0}


def test_events_told_twice_times_of_sending_and_samples_are_remarked() -> None:
    counts = Counts(100, 0, 0, 0, repeated=3, batched=4, sampled=0.1)
    found = {each.check: each for each in checks(sessions([0]), counts, "UTC")}

    assert found["duplicates"] == Quality("duplicates", "remark", {"events": 3})
    assert found["batched_times"] == Quality("batched_times", "remark", {"events": 4})
    assert found["sampled"] == Quality("sampled", "remark", {"share": 0.1})


def test_the_future_begins_a_day_after_now_and_only_for_those_who_know_it() -> None:
    table = sessions([0, 1, 2, 3])
    now = FIRST_DAY + timedelta(days=1, hours=1)

    found = next(each for each in checks(table, NOTHING, "UTC", now) if each.check == "future_dates")

    assert (found.verdict, found.detail) == ("remark", {"sessions": 1})
    assert "future_dates" not in {each.check for each in checks(table, NOTHING, "UTC")}
