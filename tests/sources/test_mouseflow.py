"""Mouseflow: recordings by their tags, and elements by how their visitors hesitate."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from tests.sources.counted import OWN, counted, read, times, written


def test_mouseflow_counts_milliseconds_in_utc() -> None:
    rows = counted("mouseflow/recordings.json").sessions.sort("start")

    assert [round(value, 3) for value in rows["duration_s"]] == [
        round((own[-1].at - own[0].at).total_seconds(), 3) for own in OWN
    ]
    assert not rows["tz_assumed"].any()
    assert rows["start"].min() == datetime(2026, 3, 2, 8, tzinfo=UTC)


def test_tags_of_mouseflow_are_counts_and_an_untagged_session_has_none() -> None:
    rows = counted("mouseflow/recordings.json").sessions.sort("start")

    assert rows["rage_clicks"].to_list() == [int(times(own, "rage") > 0) for own in OWN]
    assert set(rows["error_clicks"]) == {0}


def test_tags_of_page_views_are_counted_each(tmp_path: Path) -> None:
    views = [
        {"id": str(n), "startTime": "2026-03-02T08:00:00", "tags": ["click-rage"][: n % 2]} for n in range(5)
    ]
    one = {"id": "a", "engagementTime": 9, "pages": 5, "tags": ["click-rage"], "pageViews": views}

    reading = read(written(tmp_path, json.dumps({"recordings": [one]})))

    assert reading.counted is not None
    assert reading.counted.sessions["rage_clicks"].to_list() == [2]


def test_the_list_of_mouseflow_tells_the_same_sessions_as_its_interface() -> None:
    columns = ["session_id", "pages", "landing_url", "rage_clicks", "js_errors", "vendor_score"]
    listed, answered = (
        counted("mouseflow/recordings.csv").sessions,
        counted("mouseflow/recordings.json").sessions,
    )

    assert listed.select(columns).equals(answered.select(columns))
    assert set((listed["duration_s"] - answered["duration_s"]).abs() <= 0.5) == {True}


def test_hesitation_before_an_element_is_a_mean_of_its_visitors() -> None:
    rows = counted("mouseflow/links.json").aggregates
    before = rows.filter(pl.col("measure") == "time_before_click")

    assert set(before["value"]) == {2_500.0}
    assert set(before["unit"]) == {"ms"}
    assert before["denominator"].min() == 4


def test_rage_on_an_element_is_a_share_of_its_clicks() -> None:
    rows = counted("mouseflow/links.json").aggregates.filter(
        pl.col("measure") == "rage_click", pl.col("unit") == "share", pl.col("target") == "button#buy"
    )
    clicks = [step for own in OWN for step in own if step.what == "click" and step.element]
    own_clicks = sum(step.element is not None and step.element.id == "buy" for step in clicks)

    assert rows["denominator"].to_list() == [own_clicks]
    assert rows["value"].item() == sum(times(own, "rage") for own in OWN) / own_clicks
