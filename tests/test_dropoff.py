"""Exits over time: the series, hours of a zone, and a step found again through a whole analysis."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from friction.dropoff import HOUR_US, instant, series
from friction.report import Report
from friction.schema import TS
from tests.exports import SITE, analysed, goal

ZERO = datetime(2026, 3, 2, tzinfo=UTC)


def views(*each: tuple[int, float, bool], start: datetime = ZERO) -> pl.DataFrame:
    """Views of one page: (session, hours after `start`, did it convert in it); a late one ends the data."""
    sessions, hours, converts = zip(*each, (99, 1000, False), strict=True)
    opened = [start + timedelta(hours=hour) for hour in hours]
    columns = {"session_id": sessions, "opened": pl.Series(opened, dtype=TS), "converts": converts}
    return pl.DataFrame(columns).with_columns(page=pl.lit(1, pl.UInt32))


def hourly(table: pl.DataFrame, zone: str = "UTC") -> list[tuple[int, int, int]]:
    """Hour of the zone's clock since midnight of the first day, views, exits."""
    found = series(table, zone).sort("hour")
    local = table["opened"].dt.convert_time_zone(zone).dt.replace_time_zone(None)
    midnight = local.dt.truncate("1d").dt.timestamp("us")[0] // HOUR_US
    return [(hour - midnight, n, k) for hour, n, k in found.select("hour", "n", "k").iter_rows()]


def test_the_last_view_of_a_session_is_an_exit_of_its_hour() -> None:
    table = views((0, 1.1, False), (0, 1.9, False), (0, 2.2, False), (1, 2.5, False))

    assert hourly(table) == [(1, 2, 0), (2, 2, 2)]


def test_who_converts_with_the_last_view_does_not_exit() -> None:
    assert hourly(views((0, 1.1, False), (0, 1.5, True))) == [(1, 2, 0)]


@pytest.mark.parametrize(("end", "hours"), [(5.49, [1, 2, 3]), (5.5, [1, 2, 3, 4]), (6.4, [1, 2, 3, 4])])
def test_the_unfinished_hour_and_sessions_that_may_go_on_are_left_out(end: float, hours: list[int]) -> None:
    table = views(*((hour, hour + 0.2, False) for hour in (1, 2, 3, 4, 5)), (9, end, False)).head(-1)

    assert [hour for hour, _, _ in hourly(table)] == hours


def test_hours_are_those_of_the_zone() -> None:
    table = views((0, 1.1, False), (1, 5.1, False))

    assert hourly(table, "Asia/Kolkata") == [(6, 1, 1), (10, 1, 1)]


def test_the_hour_that_comes_twice_is_one_and_the_skipped_one_is_missing() -> None:
    autumn = views(*((n, n + 0.5, False) for n in range(4)), start=datetime(2026, 10, 24, 23, tzinfo=UTC))
    spring = views(*((n, n + 0.5, False) for n in range(4)), start=datetime(2026, 3, 28, 23, tzinfo=UTC))

    assert hourly(autumn, "Europe/Paris") == [(1, 1, 1), (2, 2, 2), (3, 1, 1)]
    assert hourly(spring, "Europe/Paris") == [(0, 1, 1), (1, 1, 1), (3, 1, 1), (4, 1, 1)]


def test_without_views_there_is_no_series() -> None:
    assert series(views().head(0), "UTC").is_empty()


@pytest.mark.parametrize(
    ("local", "utc"),
    [
        (datetime(2026, 7, 1, 12), "2026-07-01T10:00:00Z"),
        (datetime(2026, 10, 25, 2), "2026-10-25T00:00:00Z"),
        (datetime(2026, 3, 29, 2), "2026-03-29T01:00:00Z"),
        (datetime(2026, 3, 29, 3), "2026-03-29T01:00:00Z"),
    ],
)
def test_an_hour_of_a_zone_is_an_instant(local: datetime, utc: str) -> None:
    hour = int(local.replace(tzinfo=UTC).timestamp()) // 3600

    assert instant(hour, "Europe/Paris") == utc


def test_no_hour_is_no_instant() -> None:
    assert instant(None, "UTC") is None


DAYS, BROKEN = 21, (12 * 24 + 9, 13 * 24 + 15)
"""Days of data, and the hours (from the start) in which the second page loses three in four."""


def written(path: Path, start: datetime, harm: float) -> Path:
    """Sessions on the way `/`, `/step`, `/thanks`; 40 an hour, three in ten leave on each page."""
    chance = np.random.default_rng(11)
    hour = np.repeat(np.arange(DAYS * 24), 40)
    at = hour * 3600 + np.sort(chance.integers(0, 3600, hour.size))
    inside = (hour >= BROKEN[0]) & (hour < BROKEN[1])
    second = chance.random(hour.size) > 0.3
    third = second & (chance.random(hour.size) > np.where(inside, harm, 0.3))
    parts = [
        pl.DataFrame({"session_id": np.flatnonzero(there), "at": at[there] + 60 * n, "url": SITE + page})
        for n, (page, there) in enumerate({"/": second | True, "/step": second, "/thanks": third}.items())
    ]
    frame = pl.concat(parts).select(
        pl.lit(start).cast(TS).alias("timestamp") + pl.duration(seconds="at"),
        session_id="s" + pl.col("session_id").cast(pl.String),
        event=pl.lit("page_view"),
        url="url",
    )
    frame.write_parquet(path)
    return path


def spikes(report: Report) -> dict[str, tuple[str, str | None]]:
    """Page → window of what was found."""
    return {p.page: (p.window.start, p.window.end) for p in report.points if p.window}


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("dropoff") / "a.parquet", ZERO, 0.75)


def test_a_step_in_the_exits_is_found_to_the_hour_and_nowhere_else(broken: Path) -> None:
    found = spikes(analysed(broken, goals=goal("page=/thanks")))

    assert found == {"/step": ("2026-03-14T09:00:00Z", "2026-03-15T15:00:00Z")}


def test_a_step_costs_most_of_the_exits_beyond_the_ordinary(broken: Path) -> None:
    report = analysed(broken, goals=goal("page=/thanks"))
    (found,) = (p for p in report.points if p.window)
    extra = 30 * 40 * 0.7 * 0.45

    # In three weeks the step itself raises what is thought usual at its hours: the cost errs on the careful side.
    assert found.impact.estimate is not None
    assert 0.75 * extra < found.impact.estimate < 1.05 * extra
    assert found.window is not None
    assert (found.window.baseline, found.window.observed) == pytest.approx((0.3, 0.75), abs=0.04)
    assert found.affected_share is not None
    assert 0 < found.affected_share <= 1


def test_the_window_is_the_same_instant_in_another_zone(broken: Path) -> None:
    found = spikes(analysed(broken, time={"zone": "Asia/Tokyo"}))

    assert found["/step"] == ("2026-03-14T09:00:00Z", "2026-03-15T15:00:00Z")


def test_nights_of_a_change_of_clocks_are_no_step(tmp_path: Path) -> None:
    start = datetime(2026, 10, 12, tzinfo=UTC)
    report = analysed(written(tmp_path / "a.parquet", start, 0.3), time={"zone": "Europe/Paris"})

    assert spikes(report) == {}


def test_evidence_of_a_step_leads_to_sessions_that_ended_in_it(broken: Path) -> None:
    (found,) = (p for p in analysed(broken).points if p.window)
    rows = pl.read_parquet(broken)

    assert len(found.evidence) == 5
    for moment in found.evidence:
        shown = rows.row(moment.rows[0] - 1, named=True)
        assert (shown["session_id"], shown["url"]) == (moment.session_id, SITE + "/step")
        assert "2026-03-14T09" <= moment.start < "2026-03-15T15"


def test_a_file_that_ends_in_a_burst_of_visits_raises_no_alarm(tmp_path: Path) -> None:
    path = written(tmp_path / "a.parquet", ZERO, 0.3)
    until = (ZERO + timedelta(days=20, hours=12, minutes=40)).isoformat()

    assert spikes(analysed(path, analysis={"until": until})) == {}
