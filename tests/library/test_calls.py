"""What a call says counts, and nothing that lies around; the event table, findings and files."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import polars as pl
import pytest

import friction
from friction.schema import EVENT
from tests.library.frames import GOAL


def test_settings_that_lie_around_do_not_count(
    export: Path, by_command: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "friction.toml").write_text('[analysis]\ndetectors = ["slow_page"]\n')
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FRICTION_ANALYSIS__SINCE", "2030-01-01")

    assert friction.analyze(export, goal=GOAL).to_json().encode() == by_command


def test_a_configuration_counts_when_it_is_named(export: Path, tmp_path: Path) -> None:
    config = tmp_path / "mine.toml"
    config.write_text('[analysis]\ndetectors = ["rage_click"]\n')

    by_file, by_table = (
        friction.analyze(export, config=each).detectors
        for each in (config, {"analysis": {"detectors": ["rage_click"]}})
    )

    assert [run.name for run in by_file] == ["rage_click"]
    assert by_file == by_table


def test_what_the_call_says_lies_above_its_configuration(export: Path) -> None:
    config = {"goals": {"shop": {"when": "page=/shop"}}, "detectors": {"rage_click": {"min_clicks": 9}}}

    found = friction.analyze(export, config=config, goal=[GOAL, "page=/cart"], detectors="rage_click")

    assert [goal.definition for goal in found.content.goals] == [GOAL, "page=/cart"]
    assert found.detectors[0].parameters["min_clicks"] == 9


def test_a_funnel_of_the_call_is_what_people_drop_out_of(export: Path) -> None:
    found = friction.analyze(export, funnel=["/shop > /cart", "/shop > event=purchase"])

    assert [funnel.goal for funnel in found.content.funnels][:2] == [
        "/shop > /cart",
        "/shop > event=purchase",
    ]
    assert "funnel_dropoff" in {run.name for run in found.detectors}


def test_a_wrong_option_names_the_call(export: Path) -> None:
    with pytest.raises(friction.UsageError, match="the call"):
        friction.analyze(export, tz="Mars/Olympus")


@pytest.mark.parametrize("until", ["2026-03-02", dt.date(2026, 3, 2), dt.datetime(2026, 3, 3)])
def test_a_period_is_text_or_a_time(export: Path, until: str | dt.date) -> None:
    days = friction.read(export, until=until)["ts"].dt.date().unique()

    assert days.to_list() == [dt.date(2026, 3, 2)]


def test_the_event_table_is_sorted_and_typed_and_without_columns_of_nulls(export: Path) -> None:
    events = friction.read(export)

    assert events.equals(events.sort("session_id", "ts", "seq"))
    assert {"ts", "session_id", "kind", "url", "target", "row_no"} <= set(events.columns)
    assert all(events.schema[name] == EVENT[name] for name in events.columns)
    assert not [name for name in events.columns if events[name].null_count() == events.height]


def test_columns_that_are_asked_for_are_there_in_that_order(export: Path) -> None:
    events = friction.read(export, columns=["kind", "lcp_ms", "ts"])

    assert events.schema == pl.Schema({name: EVENT[name] for name in ("kind", "lcp_ms", "ts")})
    assert events["lcp_ms"].null_count() == events.height


def test_a_column_that_does_not_exist_is_an_error_with_the_nearest_name(export: Path) -> None:
    with pytest.raises(friction.UsageError) as caught:
        friction.read(export, columns=["targets"])

    assert caught.value.problem.remedy == 'did you mean "target"?'


def test_findings_are_a_frame_with_the_rows_that_show_them(export: Path) -> None:
    loose, strict = (
        friction.detect(
            export, detectors="rage_click", config={"detectors": {"rage_click": {"min_clicks": n}}}
        )
        for n in (4, 6)
    )

    assert loose.height
    assert set(loose["rows"].list.len()) == {5}
    assert strict.is_empty()


def test_a_detector_that_cannot_work_is_an_error_and_no_empty_frame(export: Path) -> None:
    with pytest.raises(friction.InputError, match="has_dom_reaction"):
        friction.detect(export, detectors="dead_click")


def test_the_rules_of_another_tool_can_be_asked_for(export: Path) -> None:
    placed = pl.read_csv(export).with_columns(x=40.0, y=60.0)

    found = friction.detect(placed, detectors="rage_click", preset="mixpanel")

    assert found["preset"].unique().to_list() == ["mixpanel"]


def test_the_event_table_can_be_written_without_being_held(export: Path, tmp_path: Path) -> None:
    books = friction.convert(export, output=tmp_path / "events.parquet")

    assert books["events"] == pl.read_parquet(tmp_path / "events.parquet").height
    assert books["sessions"] == 120


def test_an_inspection_says_what_the_data_are(export: Path) -> None:
    assert friction.inspect(export)["files"][0]["source"] == "generic"
