"""Rates over time through a whole analysis: what is told of steps and friction, and what is no alarm."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from friction.report import Report, Series
from tests.exports import SITE, analysed, goal

START = datetime(2026, 3, 2, tzinfo=UTC)
DAYS = 28
BROKEN = (15 * 24 + 8, 17 * 24 + 20)
"""Hours from the start in which something happens."""
Rates = Callable[[np.ndarray[tuple[int], np.dtype[np.int64]]], np.ndarray[tuple[int], np.dtype[np.float64]]]


def inside(hour: np.ndarray[tuple[int], np.dtype[np.int64]]) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    return (hour >= BROKEN[0]) & (hour < BROKEN[1])


def visits(
    leave: Rates,
    *,
    rage: Rates | None = None,
    seed: int = 3,
    by_hour: int = 25,
    channel: str = "search",
    pace: int = 20,
) -> pl.DataFrame:
    """Sessions on the way `/`, `/cart`, `/thanks`, a `pace` of seconds apart: the chances to leave on `/cart`, and to
    hammer there."""
    chance = np.random.default_rng(seed)
    hour = np.repeat(np.arange(DAYS * 24), chance.poisson(by_hour, DAYS * 24))
    at = hour * 3_600_000 + chance.integers(0, 3_000_000, hour.size)
    goes_on = chance.random(hour.size) >= leave(hour)
    hammers = chance.random(hour.size) < (rage(hour) if rage else 0.0)
    session = pl.Series(np.arange(hour.size)).cast(pl.String)
    base = pl.DataFrame({"session_id": f"{channel}-" + session, "ts": at, "channel": channel})

    def rows(
        mask: np.ndarray[tuple[int], np.dtype[np.bool_]], later: int, event: str, page: str
    ) -> pl.DataFrame:
        target = "button#pay" if event == "click" else None
        return base.filter(pl.Series(mask)).with_columns(
            pl.col("ts") + later,
            event=pl.lit(event),
            url=pl.lit(SITE + page),
            target=pl.lit(target, pl.String),
        )

    every = np.ones(hour.size, dtype=np.bool_)
    clicks = [rows(hammers, pace * 2000 + n * 150, "click", "/cart") for n in range(6)]
    pages = [rows(every, 0, "page_view", "/"), rows(every, pace * 1000, "page_view", "/cart")]
    return pl.concat([*pages, *clicks, rows(goes_on, pace * 3000, "page_view", "/thanks")])


def report(path: Path, frame: pl.DataFrame, *more: str) -> Report:
    start = int(START.timestamp() * 1000)
    frame.with_columns(ts=pl.col("ts") + start).sort("ts").write_parquet(path)
    detectors = ["dropoff_spike", *more]
    return analysed(path, analysis={"detectors": detectors}, goals=goal("page=/thanks"))


def usual(hour: np.ndarray[tuple[int], np.dtype[np.int64]]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.full(hour.size, 0.3)


def broken(hour: np.ndarray[tuple[int], np.dtype[np.int64]]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.where(inside(hour), 0.6, 0.3)


def rises(found: Report) -> list[tuple[str, str | None, str]]:
    """Measure, page and start of every rise that is an alarm."""
    return [
        (series.measure, series.page, change.start)
        for series in found.series
        for change in series.changes
        if change.kind != "fall" and change.reason is None
    ]


def one(found: Report, measure: str, page: str | None = "/cart") -> Series:
    (series,) = (each for each in found.series if (each.measure, each.page) == (measure, page))
    return series


def test_a_step_that_loses_more_is_told_in_both_orders_and_says_where_it_leads(tmp_path: Path) -> None:
    found = report(tmp_path / "a.parquet", visits(broken))

    for measure in ("step", "step_any_order"):
        series = one(found, measure)
        (change,) = series.changes
        assert series.to == "/thanks"
        assert change.start == "2026-03-17T08:00:00Z"
        assert change.rate_in == pytest.approx(0.6, abs=0.03)
        assert change.ratio.low < 2 < change.ratio.high * 1.1
        assert change.q_value < 1e-6


def test_more_friction_on_one_button_is_told_of_its_point_and_of_the_site(tmp_path: Path) -> None:
    rage = lambda hour: np.where(inside(hour), 0.12, 0.03)  # noqa: E731
    found = report(tmp_path / "a.parquet", visits(usual, rage=rage), "rage_click")
    (point,) = (each for each in found.points if each.detector == "rage_click")

    assert {(measure, page) for measure, page, _ in rises(found)} == {
        ("rage_click", "/cart"),
        ("rage_click", None),
    }
    assert one(found, "rage_click").point == point.id
    assert one(found, "rage_click").changes[0].start == "2026-03-17T08:00:00Z"


def test_less_friction_is_an_improvement_and_no_alarm(tmp_path: Path) -> None:
    rage = lambda hour: np.where(hour >= BROKEN[0], 0.02, 0.08)  # noqa: E731
    found = report(tmp_path / "a.parquet", visits(usual, rage=rage), "rage_click")

    assert not rises(found)
    assert [change.kind for change in one(found, "rage_click").changes] == ["fall"]


def test_where_nothing_happens_every_series_says_what_it_could_have_seen(tmp_path: Path) -> None:
    found = report(tmp_path / "a.parquet", visits(usual))

    assert not rises(found)
    assert {series.measure for series in found.series} == {"exits", "step", "step_any_order"}
    assert all((series.smallest_lift or 0) > 0.1 for series in found.series if series.reason is None)


def test_recording_that_stops_cuts_sessions_off_and_is_no_alarm(tmp_path: Path) -> None:
    everything = visits(usual, by_hour=120, pace=500)
    stopped, resumed = (BROKEN[0] * 60 + 41) * 60_000, BROKEN[1] * 3_600_000
    found = report(tmp_path / "a.parquet", everything.filter(~pl.col("ts").is_between(stopped, resumed)))

    assert not rises(found)


def test_a_day_that_is_recorded_in_part_is_no_alarm(tmp_path: Path) -> None:
    evening = lambda hour: np.where(hour % 24 >= 18, 0.7, 0.2)  # noqa: E731
    frame = visits(evening, by_hour=1, seed=5).filter(pl.col("ts") >= 18 * 3_600_000)

    assert not rises(report(tmp_path / "a.parquet", frame))


def test_visitors_of_a_campaign_who_leave_more_are_no_alarm_and_are_named(tmp_path: Path) -> None:
    others = visits(lambda hour: np.full(hour.size, 0.8), seed=9, by_hour=40, channel="campaign")
    start, end = (hour * 3_600_000 for hour in BROKEN)
    frame = pl.concat([visits(usual), others.filter(pl.col("ts").is_between(start, end))])
    found = report(tmp_path / "a.parquet", frame)

    assert not rises(found)
    assert not [point for point in found.points if point.detector == "dropoff_spike"]
    assert one(found, "step").changes[0].reason == "other_visitors"


def test_a_surge_of_visitors_does_not_hide_what_happens_to_all(tmp_path: Path) -> None:
    others = visits(broken, seed=9, by_hour=40, channel="campaign")
    start, end = (hour * 3_600_000 for hour in BROKEN)
    frame = pl.concat([visits(broken), others.filter(pl.col("ts").is_between(start, end))])

    assert ("exits", "/cart", "2026-03-17T08:00:00Z") in rises(report(tmp_path / "a.parquet", frame))


def test_the_hour_that_comes_twice_and_the_one_that_is_skipped_are_no_alarm(tmp_path: Path) -> None:
    # 29 March: in Paris two o'clock does not exist.
    path = tmp_path / "a.parquet"
    frame = visits(usual, by_hour=60)
    frame.with_columns(ts=pl.col("ts") + int(START.timestamp() * 1000)).write_parquet(path)
    settings = {"detectors": ["dropoff_spike"]}
    found = analysed(path, analysis=settings, goals=goal("page=/thanks"), time={"zone": "Europe/Paris"})

    assert not rises(found)


def test_a_spike_of_exits_has_the_chance_that_it_is_none(tmp_path: Path) -> None:
    found = report(tmp_path / "a.parquet", visits(broken))
    (point,) = (each for each in found.points if each.detector == "dropoff_spike")

    assert point.impact.p_value is not None
    assert point.impact.q_value is not None
    assert point.impact.p_value < 0.001
    assert point.impact.q_value < 0.001


def test_the_end_is_that_of_the_data_and_not_of_the_page(tmp_path: Path) -> None:
    frame = visits(broken)
    first = frame.filter(pl.col("ts") < 4 * 3_600_000, pl.col("url") == SITE + "/")
    later = first.with_columns(
        session_id="late-" + pl.col("session_id"),
        ts=pl.col("ts") + DAYS * 86_400_000,
        url=pl.lit(SITE + "/blog"),
    )
    found = report(
        tmp_path / "a.parquet", pl.concat([frame, later, later.with_columns(pl.col("ts") + 9_000)])
    )
    (point,) = (each for each in found.points if each.detector == "dropoff_spike")
    sessions = frame["session_id"].n_unique()

    assert one(found, "exits").n == one(found, "step").n == sessions
    assert sum(day.exposed for day in point.trend) == sessions
