"""Rules of other tools on the command line, through both processes."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run

HEADER = "timestamp,session_id,event,url,target,el_tag,el_text,x,y"
ROWS = (
    *("0.100 s1 click b", "0.500 s1 click b", "0.900 s1 click b", "9.000 s1 mutation -"),
    *("0.100 s2 click b", "0.500 s2 click b", "1.900 s2 click b", "9.000 s2 mutation -"),
)


@pytest.fixture
def export(tmp_path: Path) -> str:
    """Two visitors: one clicks three times within a second, the other waits before the third."""
    lines = [HEADER]
    for row in ROWS:
        at, session, kind, target = row.split()
        element = ",b,button,Buy,5,5" if target == "b" else ",,,,,"
        lines.append(f"2026-10-01T08:00:{float(at):06.3f}Z,{session},{kind},/pay{element}")
    (tmp_path / "events.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return "events.csv"


def test_detect_names_every_click_of_a_finding_by_its_row(export: str, friction: Run, tmp_path: Path) -> None:
    outcome = friction("detect", export, "--preset", "posthog", "-o", "found.csv", "--format", "json")
    with (tmp_path / "found.csv").open(encoding="utf-8") as file:
        found = list(csv.DictReader(file))
    rage = [row for row in found if row["detector"] == "rage_click"]

    assert outcome.code == 0, outcome.err
    assert json.loads(outcome.out)["preset"] == "posthog"
    assert [(row["preset"], row["session_id"], row["file"]) for row in rage] == [
        ("posthog", "s1", "events.csv")
    ]
    assert (rage[0]["rows"], rage[0]["trigger_row"]) == ("[1,2,3]", "3")


def test_a_setting_keeps_the_name_that_the_tool_gives_it(export: str, friction: Run) -> None:
    words = "--preset posthog --detector rage_click --set timeout_ms=2000 -o found.jsonl --format json"
    outcome = friction("detect", export, *words.split())

    assert json.loads(outcome.out)["findings"] == {"rage_click": 2}


def test_a_report_says_by_which_rules_it_was_made(export: str, friction: Run) -> None:
    outcome = friction("analyze", export, "--preset", "hotjar", "--format", "json")
    runs = {run["name"]: run["preset"] for run in json.loads(outcome.out)["detectors"]}

    assert runs["rage_click"] == "hotjar (unverified)"
    assert runs["dead_click"] is None


def test_an_unknown_preset_is_answered_with_the_near_one(export: str, friction: Run) -> None:
    outcome = friction("detect", export, "--preset", "data-dog", "-o", "found.csv")

    assert outcome.code == 2
    assert "datadog" in outcome.err


def test_all_presets_can_be_compared_on_one_input(export: str, friction: Run) -> None:
    outcome = friction("detectors", "compare", export, "--format", "json")
    rules = {rule["preset"]: rule for rule in json.loads(outcome.out)["detectors"]["rage_click"]["rules"]}

    assert outcome.code == 0, outcome.err
    assert (rules["posthog"]["findings"], rules["splunk"]["findings"]) == (1, 0)
    assert rules["clarity (unverified)"]["not_assessable"] == "unpublished"


def test_a_preset_is_shown_in_words(friction: Run) -> None:
    outcome = friction("detectors", "show", "highlight")

    assert outcome.code == 0
    assert "double click" in outcome.out
    assert "5,000" in outcome.out
