"""Recordings of PostHog and Sentry: recognised as such, read as recordings, with what the tool adds."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from friction.schema import conform
from friction.sources import recognise
from friction.sources.base import Options
from friction.testing.exports.visits import steps

FIXTURES = Path(__file__).parents[2] / "fixtures" / "sources"
FIRST = steps(1)[0]


def rows(name: str, file: str) -> pl.DataFrame:
    source, _, looked = recognise(FIXTURES / name / file, file)
    assert source.name == name
    return conform(source.read(looked, Options()).events).collect().sort("ts")


@pytest.mark.parametrize("file", ["export.json", "storage.json"])
def test_both_forms_of_posthog_tell_the_same_click(file: str) -> None:
    frame = rows("posthog_recording", file)

    click = frame.filter(kind="click").row(0, named=True)
    assert (click["target"], click["el_text"], click["response_delay_ms"]) == ("button#buy", "Buy now", 120.0)
    assert frame["kind"].cast(pl.String).is_in(["page_view", "click", "input"]).sum() == 3
    assert frame["ts"].min() == FIRST.at


def test_a_click_that_sentry_repeats_is_one_click() -> None:
    assert rows("sentry", "segments.json").filter(kind="click").height == 1


def test_verdicts_of_sentry_are_rows_of_their_own_kinds() -> None:
    frame = rows("sentry", "segments.json")

    kinds = ["dead_click", "slow_click", "rage_click"]
    found = frame.filter(pl.col("kind").cast(pl.String).is_in(kinds)).select("kind", "count").rows()
    assert found == [("dead_click", 3), ("slow_click", 1), ("rage_click", 4)]


def test_seconds_inside_sentrys_payloads_become_milliseconds() -> None:
    frame = rows("sentry", "segments.json")

    request = frame.filter(kind="request").row(0, named=True)
    assert (request["duration_ms"], request["http_status"], request["req_kind"]) == (250.0, 500, "fetch")
    assert request["ts"].timestamp() * 1_000 == pytest.approx(FIRST.ms + 8_300)
    assert frame.filter(kind="web_vital")["lcp_ms"].to_list() == [2_100.5]


def test_sentry_tells_changes_of_route() -> None:
    assert rows("sentry", "segments.json").filter(kind="route_change")["url"].to_list() == [
        FIRST.url + "cart"
    ]
