"""On seeded streams every preset finds exactly what a second, slow implementation finds event by event."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from friction import scan
from friction.config import Settings
from tests.detectors.presets.generated import movement, stream
from tests.detectors.presets.oracles import (
    amplitude,
    datadog,
    highlight,
    mixpanel,
    newrelic,
    openreplay,
    posthog,
    sentry,
    splunk,
)
from tests.detectors.presets.oracles.common import Hit
from tests.detectors.presets.streams import Finding, Row, judged, written

STREAMS = 240
Oracle = Callable[[list[Row]], list[Hit]]


def _of(decide: Callable[..., dict[str, list[Hit]]], name: str, **given: Any) -> Oracle:
    return lambda rows: decide(rows, **given)[name]


def _posthog(version: str) -> dict[str, Oracle]:
    return {"rage_click": partial(posthog.rage_click, version=version), "dead_click": posthog.dead_click}


CLICKS = ("rage_click", "dead_click", "error_click")
ORACLES: dict[str, dict[str, Oracle]] = {
    **{version: _posthog(version) for version in ("posthog", "posthog-2025-11-30", "posthog-2026-05-30")},
    "datadog": {name: _of(datadog.decide, name) for name in CLICKS},
    "sentry": {
        "slow_click": sentry.slow_click,
        "dead_click": sentry.dead_click,
        "rage_click": sentry.rage_click,
    },
    "openreplay": {"rage_click": openreplay.rage_click, "dead_click": openreplay.dead_click},
    "highlight": {"rage_click": highlight.rage_click},
    "mixpanel": {
        "rage_click": mixpanel.rage_click,
        "dead_click": partial(mixpanel.dead_click, knows_rest=False),
    },
    "amplitude": {
        "rage_click": amplitude.rage_click,
        "dead_click": amplitude.dead_click,
        "error_click": amplitude.error_click,
    },
    "newrelic": {name: _of(newrelic.decide, name, knows_rest=False) for name in CLICKS},
    "splunk": {
        "rage_click": splunk.rage_click,
        "dead_click": splunk.dead_click,
        "error_click": splunk.error_click,
    },
}
KNOWING_REST: dict[str, dict[str, Oracle]] = {
    "mixpanel": {"dead_click": partial(mixpanel.dead_click, knows_rest=True)},
    "newrelic": {name: _of(newrelic.decide, name, knows_rest=True) for name in CLICKS},
}


def by_tab(rows: list[Row], oracle: Oracle) -> list[Hit]:
    """The oracle's findings on each tab, with the numbers of the whole stream."""
    hits = []
    for tab in {row.get("tab_id") for row in rows}:
        places = [at for at, row in enumerate(rows) if row.get("tab_id") == tab]
        for trigger, own, detail in oracle([rows[at] for at in places]):
            hits.append((places[trigger] + 1, tuple(places[at] + 1 for at in own), detail))
    return sorted(hits, key=lambda hit: hit[:2])


def compared(
    folder: Path, preset: str, oracles: dict[str, Oracle], streams: list[list[Row]]
) -> dict[str, int]:
    """Assert that both agree on every stream; how many streams of each detector have a finding."""
    found = judged(folder, preset, streams, sorted(oracles))
    met = dict.fromkeys(oracles, 0)
    for number, rows in enumerate(streams):
        for name, oracle in oracles.items():
            expected = by_tab(rows, oracle)
            actual = [
                (one.trigger, one.rows, dict(one.detail)) for one in found[number] if one.detector == name
            ]
            assert [hit[:2] for hit in sorted(actual)] == [hit[:2] for hit in expected], (number, name, rows)
            assert_details(found[number], name, expected)
            met[name] += bool(expected)
    return met


def assert_details(found: list[Finding], name: str, expected: list[Hit]) -> None:
    own = sorted((one for one in found if one.detector == name), key=lambda one: one[1:3])
    for one, (_, _, detail) in zip(own, expected, strict=True):
        for key, value in detail.items():
            wanted = value if isinstance(value, str) else pytest.approx(value)
            assert one.detail[key] == wanted, (name, one, detail)


@pytest.mark.parametrize("preset", ORACLES)
def test_a_preset_agrees_with_its_rule_followed_event_by_event(preset: str, tmp_path: Path) -> None:
    streams = [stream(seed, clicks=0.45 if seed % 3 else 0.8) for seed in range(STREAMS)]

    met = compared(tmp_path, preset, ORACLES[preset], streams)

    assert all(20 <= count <= STREAMS - 10 for count in met.values()), met


@pytest.mark.parametrize("preset", KNOWING_REST)
def test_it_agrees_where_the_source_knows_when_scrolling_ends(preset: str, tmp_path: Path) -> None:
    streams = [stream(10_000 + seed, knows_rest=True) for seed in range(STREAMS)]

    met = compared(tmp_path, preset, KNOWING_REST[preset], streams)

    assert all(met.values()), met


@pytest.mark.parametrize(
    "preset", ["posthog-2026-05-30", "datadog", "sentry", "mixpanel", "amplitude", "splunk"]
)
@pytest.mark.parametrize("named", [True, False])
def test_the_same_streams_as_csv_or_json_lines_give_the_same_findings(
    preset: str, named: bool, tmp_path: Path
) -> None:
    streams = [stream(seed, clicks=0.6) for seed in range(40)]
    table = written(streams) if named else written(streams).drop("name")
    plain = table.with_columns(
        pl.col("ts").dt.strftime("%Y-%m-%dT%H:%M:%S%.6fZ"), pl.col("kind").cast(pl.String)
    )
    table.write_parquet(tmp_path / "e.parquet")
    plain.drop("row_no").write_ndjson(tmp_path / "e.jsonl")
    plain.drop("row_no").with_columns(pl.col("el_classes").list.join(" ")).write_csv(tmp_path / "e.csv")
    settings = Settings.model_validate({"analysis": {"preset": preset}})

    found = []
    for name in ("e.parquet", "e.jsonl", "e.csv"):
        scan.detect([tmp_path / name], None, settings, [], {}, tmp_path / "f.parquet")
        found.append(pl.read_parquet(tmp_path / "f.parquet").drop("file"))

    assert found[0].height > 50
    assert found[1].equals(found[0])
    assert found[2].equals(found[0])


def test_the_thrashed_cursor_of_amplitude_agrees(tmp_path: Path) -> None:
    streams = [movement(seed) for seed in range(STREAMS)]
    found = judged(tmp_path, "amplitude", streams, ["thrashed_cursor"])
    expected = [sorted(at + 1 for at in amplitude.thrashed_cursor(rows)) for rows in streams]

    assert [[one.trigger for one in own] for own in found] == expected
    assert 20 <= sum(map(bool, expected)) <= STREAMS - 20


def test_the_thrashed_cursor_of_splunk_agrees(tmp_path: Path) -> None:
    streams = [movement(seed) for seed in range(STREAMS)]

    met = compared(tmp_path, "splunk", {"thrashed_cursor": splunk.thrashed_cursor}, streams)

    assert 20 <= met["thrashed_cursor"] <= STREAMS - 20
