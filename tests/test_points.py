"""Friction points: who is counted, days, segments, overlaps, and an identity that lasts."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from friction.points import identity
from tests.exports import Row, analysed, goal, point, row, visits, written


def bursts(sessions: int, page: str = "/pay", clicks: int = 5, first: int = 0, **more: Any) -> list[Row]:
    """Sessions that see a page and hammer its button; without clicks they only see it."""
    rows = []
    for number in range(first, first + sessions):
        name, at = f"s{number}", 3600.0 * number
        rows.append(row(name, at, "page_view", page, **more))
        rows += [row(name, at + 5 + n / 8, "click", page, "button#pay", **more) for n in range(clicks)]
    return rows


def test_an_id_is_sixteen_hex_digits_of_detector_page_and_target() -> None:
    ids = [
        identity("rage_click", "/pay", "button#pay"),
        identity("dead_click", "/pay", "button#pay"),
        identity("rage_click", "/cart", "button#pay"),
        identity("rage_click", "/pay", "button#buy"),
        identity("rage_click", "/pay", None),
    ]

    assert all(re.fullmatch(r"[0-9a-f]{16}", each) for each in ids)
    assert len(set(ids)) == len(ids)


def test_an_id_is_a_promise() -> None:
    assert identity("rage_click", "/pay", "button#pay") == "8ae688e55606c726"


def test_ids_do_not_move_with_thresholds_goals_or_more_data(tmp_path: Path) -> None:
    one = analysed(written(tmp_path / "a.csv", visits(60)))
    other = analysed(
        written(tmp_path / "b.csv", visits(200, seed=9)),
        goals=goal("page=/thanks"),
        detectors={"rage_click": {"min_clicks": 3, "window_ms": 2000}},
    )

    assert [p.id for p in one.points] == [p.id for p in other.points]


def test_sessions_visitors_and_exposed_are_counted_once_each(tmp_path: Path) -> None:
    rows = [
        *bursts(6, visitor_id="one"),
        *bursts(4, first=6, visitor_id="two"),
        *bursts(10, clicks=0, first=10),
    ]
    again = [one | {"timestamp": one["timestamp"].replace("T09:00", "T09:05")} for one in bursts(1)]
    found = point(analysed(written(tmp_path / "a.csv", rows + again)), "rage_click", "/pay", "button#pay")

    assert (found.findings, found.sessions_affected, found.visitors_affected) == (11, 10, 2)
    assert (found.sessions_exposed, found.affected_share) == (20, 0.5)


def test_a_trend_counts_the_days_of_the_zone(tmp_path: Path) -> None:
    export = written(tmp_path / "a.csv", [*bursts(20), *bursts(20, clicks=0, first=20)])
    by_zone = {
        zone: point(analysed(export, time={"zone": zone}), "rage_click", "/pay", "button#pay").trend
        for zone in ("UTC", "Asia/Tokyo")
    }

    assert [(day.start, day.exposed, day.affected) for day in by_zone["UTC"]] == [
        ("2026-03-02", 15, 15),
        ("2026-03-03", 24, 5),
        ("2026-03-04", 1, 0),
    ]
    assert [(day.start, day.affected) for day in by_zone["Asia/Tokyo"]] == [
        ("2026-03-02", 6),
        ("2026-03-03", 14),
        ("2026-03-04", 0),
    ]


def test_a_segment_in_which_a_point_strikes_more_often_is_named_with_its_lift(tmp_path: Path) -> None:
    rows = [
        *bursts(20, device="phone"),
        *bursts(20, clicks=0, first=20, device="phone"),
        *bursts(5, first=40, device="desktop"),
        *bursts(55, clicks=0, first=45, device="desktop"),
    ]
    found = point(analysed(written(tmp_path / "a.csv", rows)), "rage_click", "/pay", "button#pay")
    (segment,) = found.segments

    assert (segment.dimension, segment.value) == ("device", "phone")
    assert (segment.sessions_affected, segment.sessions_exposed) == (20, 40)
    assert segment.lift == pytest.approx(0.5 / (5.5 / 61))


def test_at_most_three_segments_are_named_and_none_of_fewer_than_ten_sessions(tmp_path: Path) -> None:
    said: dict[str, Any] = {"device": "phone", "browser": "b", "os": "o", "country": "FR"}
    rows = [
        *bursts(12, **said),
        *bursts(9, first=12, country="DE"),
        *bursts(60, clicks=0, first=21, country="IT"),
    ]
    rows = [{"device": "tv", "browser": "x", "os": "y", **one} for one in rows]
    found = point(analysed(written(tmp_path / "a.csv", rows)), "rage_click", "/pay", "button#pay")

    assert len(found.segments) == 3
    assert "DE" not in {segment.value for segment in found.segments}


def test_points_that_strike_the_same_views_name_each_other(tmp_path: Path) -> None:
    slow = bursts(40, load_ms="9000")
    report = analysed(written(tmp_path / "a.csv", [*slow, *bursts(40, clicks=0, first=40)]))
    rage, waiting = point(report, "rage_click", "/pay", "button#pay"), point(report, "slow_page", "/pay")

    assert (rage.overlaps, waiting.overlaps) == ([waiting.id], [rage.id])


def test_points_on_other_views_do_not_overlap(tmp_path: Path) -> None:
    report = analysed(written(tmp_path / "a.csv", [*bursts(40), *bursts(40, "/cart", first=40)]))

    assert all(not p.overlaps for p in report.points)
