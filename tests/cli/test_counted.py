"""Files in which a tool has counted already, as a user gives them: alone, mixed with events, inspected, converted."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest

import friction as library
from friction import scan
from friction.config import Settings
from friction.errors import InputError
from tests.cli.conftest import Run

FIXTURES = Path(__file__).parents[2] / "fixtures" / "sources"
HOTJAR, CLARITY = (
    str(FIXTURES / "hotjar" / "recordings.csv"),
    str(FIXTURES / "clarity" / "2026-03-02_2026-03-04.json"),
)
EVENTS = str(FIXTURES / "fullstory" / "segment.csv")
PLAUSIBLE = str(FIXTURES / "plausible" / "shop_example_20260302_20260303.zip")


def analysed(*files: str, **analysis: str) -> dict[str, Any]:
    report = scan.analyze(files, None, Settings.model_validate({"analysis": analysis}))
    found: dict[str, Any] = json.loads(report.to_json())
    return found


def test_a_list_of_sessions_is_ranked_without_a_cost() -> None:
    report = analysed(HOTJAR)

    (tally,) = report["counted"]
    assert (tally["source"], tally["form"], tally["sessions"]) == ("hotjar", "sessions", 4)
    assert tally["counts"][0]["measure"] == "rage_click"
    assert tally["counts"][0]["evidence"][0]["replay_url"].startswith("https://insights.example/r?site=77")
    assert report["points"] == []
    assert {run["status"] for run in report["detectors"]} == {"skipped"}
    assert report["input"]["capabilities"] == ["has_sessions"]


def test_events_and_counts_stand_side_by_side() -> None:
    alone, mixed = analysed(EVENTS), analysed(EVENTS, HOTJAR, CLARITY)

    assert [tally["source"] for tally in mixed["counted"]] == ["clarity", "hotjar"]
    assert mixed["points"] == alone["points"]
    assert mixed["detectors"] == alone["detectors"]
    assert [file["source"] for file in mixed["input"]["files"]] == ["fullstory", "hotjar", "clarity"]
    assert set(mixed["input"]["capabilities"]) >= {"has_events", "has_sessions", "has_aggregates"}


def test_the_order_of_files_changes_no_count() -> None:
    one, other = (
        analysed(HOTJAR, CLARITY, PLAUSIBLE),
        analysed(PLAUSIBLE, CLARITY, HOTJAR),
    )

    assert one["counted"] == other["counted"]


def test_a_period_holds_for_counts_as_well() -> None:
    second = analysed(PLAUSIBLE, HOTJAR, since="2026-03-02", until="2026-03-02")

    hotjar, plausible = second["counted"]
    assert (plausible["start"], plausible["end"]) == ("2026-03-02", "2026-03-02")
    assert hotjar["sessions"] == 4


def test_a_period_dates_sums_that_have_none(tmp_path: Path) -> None:
    answer = str(tmp_path / "answer.json")
    Path(answer).write_bytes(Path(CLARITY).read_bytes())

    undated = analysed(answer)["counted"][0]
    dated = analysed(answer, since="2026-03-02", until="2026-03-04")["counted"][0]

    assert (undated["start"], undated["caveats"]) == (None, ["period_unknown"])
    assert (dated["start"], dated["end"], dated["caveats"]) == ("2026-03-02", "2026-03-04", [])


def test_the_page_says_who_counted_in_both_languages(friction: Run, tmp_path: Path) -> None:
    for code, words in (("en", "Counted by Microsoft Clarity"), ("fr", "Compté par Microsoft Clarity")):
        outcome = friction("analyze", CLARITY, "--lang", code, "-o", f"{code}.html", "--quiet")

        assert outcome.code == 0
        assert words in (tmp_path / f"{code}.html").read_text(encoding="utf-8")
        assert words in outcome.out


def test_inspect_says_what_was_counted(friction: Run) -> None:
    answer = json.loads(friction("inspect", HOTJAR, PLAUSIBLE, "--format", "json").out)
    table = friction("inspect", HOTJAR, PLAUSIBLE).out

    assert [each["form"] for each in answer["counted"]] == ["sessions", "aggregates"]
    assert answer["assessable"] == []
    assert "Rage clicks" in table
    assert "list of sessions" in table


def test_convert_writes_the_table_that_there_is(friction: Run, tmp_path: Path) -> None:
    assert friction("convert", HOTJAR, "-o", "sessions.parquet").code == 0
    assert friction("convert", EVENTS, HOTJAR, "--table", "sessions", "-o", "again.parquet").code == 0

    table = pl.read_parquet(tmp_path / "sessions.parquet")
    assert table["session_id"].to_list() == ["77:9000", "77:9001", "77:9002", "77:9003"]
    assert not table["landing_url"].str.contains("ann@example.org", literal=True).any()
    assert pl.read_parquet(tmp_path / "again.parquet").equals(table)


def test_a_table_that_is_not_there_is_refused_with_those_that_are(friction: Run) -> None:
    outcome = friction("convert", HOTJAR, "--table", "aggregates", "-o", "table.parquet")

    assert outcome.code == 3
    assert "it holds: sessions" in outcome.err


def test_a_written_table_gives_the_same_counts(tmp_path: Path) -> None:
    output = tmp_path / "sessions.parquet"
    scan.convert([HOTJAR], None, Settings(), output)

    (again,), (first,) = analysed(str(output))["counted"], analysed(HOTJAR)["counted"]

    assert [count["affected"] for count in again["counts"]] == [
        count["affected"] for count in first["counts"]
    ]


def test_detect_finds_nothing_and_says_why(tmp_path: Path) -> None:
    output = tmp_path / "findings.parquet"
    answer = scan.detect([HOTJAR], None, Settings(), ["rage_click"], {}, output)

    assert "has_clicks" in answer["not_assessable"]["rage_click"]
    assert pl.read_parquet(output).height == 0


def test_from_python_counts_are_in_the_report_and_events_are_missed_aloud() -> None:
    report = library.analyze(HOTJAR)

    assert report.counted[0].source == "hotjar"
    assert "Counted by Hotjar" in report._repr_html_()
    assert "0 sessions" not in report._repr_html_()
    assert repr(report) == "<friction.Report: 2 places counted by hotjar>"
    with pytest.raises(InputError, match="counted already"):
        library.read(HOTJAR)


def test_who_somebody_is_leaves_no_trace_in_a_written_list(tmp_path: Path) -> None:
    path, output = tmp_path / "list.json", tmp_path / "sessions.parquet"
    listed = json.loads((FIXTURES / "posthog_recording" / "list.json").read_text(encoding="utf-8"))
    listed["results"][0]["distinct_id"] = "ann@example.org"
    path.write_text(json.dumps(listed), encoding="utf-8")

    scan.convert([path], None, Settings(), output)

    visitors = pl.read_parquet(output)["visitor_id"]
    assert visitors.null_count() == 0
    assert visitors.n_unique() == len(listed["results"])
    assert not visitors.str.contains("ann").any()
