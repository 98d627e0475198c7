"""From a file to an answer, through both processes."""

from __future__ import annotations

import csv
import datetime as dt
import json
import random
from pathlib import Path

import pytest

from tests.cli.conftest import Run

HEADER = "timestamp,session_id,visitor_id,event,url,target"
PAGES = ("/", "/shop/shoes", "/cart", "/thanks")


def visits(sessions: int = 600) -> list[str]:
    """A shop in which four visitors in ten hammer the button of the cart, and most of these leave."""
    chance, lines = random.Random(1), []
    for number in range(sessions):
        moment = dt.datetime(2026, 10, 1, 8, tzinfo=dt.UTC) + dt.timedelta(minutes=37 * number)
        for page in PAGES:
            hammers = page == "/cart" and chance.random() < 0.4
            lines.append(row(moment, number, "page_view", page, ""))
            for click in range(5 if hammers else 1):
                at = moment + dt.timedelta(seconds=20, milliseconds=150 * click)
                lines.append(row(at, number, "click", page, "button#buy"))
            moment += dt.timedelta(seconds=30)
            if chance.random() < (0.7 if hammers else 0.2):
                break
    return lines


def row(moment: dt.datetime, number: int, kind: str, page: str, target: str) -> str:
    return f"{moment.isoformat()},s{number},v{number // 2},{kind},https://shop.test{page},{target}"


def written(path: Path, lines: list[str]) -> str:
    path.write_text("\n".join([HEADER, *lines, ""]), encoding="utf-8")
    return path.name


@pytest.fixture
def export(tmp_path: Path) -> str:
    """The shop's export."""
    return written(tmp_path / "events.csv", visits())


def test_the_hammered_button_is_first_and_leads_back_to_its_rows(friction: Run, export: str) -> None:
    outcome = friction("analyze", export, "--goal", "page=/thanks", "--format", "json")
    report = json.loads(outcome.out)
    first = report["points"][0]

    assert outcome.code == 0
    assert (first["detector"], first["page"], first["target"]) == ("rage_click", "/cart", "button#buy")
    assert first["impact"]["low"] > 0
    lines = visits()
    for moment in first["evidence"]:
        assert all(f",{moment['session_id']}," in lines[number - 1] for number in moment["rows"])


def test_the_same_input_gives_the_same_bytes_with_one_thread_and_two(friction: Run, export: str) -> None:
    words = ("analyze", export, "--goal", "page=/thanks", "--format", "json")

    assert friction(*words, "--threads", "1").out == friction(*words, "--threads", "2").out


def test_shuffled_rows_and_several_files_differ_in_names_of_positions_only(
    friction: Run, export: str, tmp_path: Path
) -> None:
    lines = visits()
    random.Random(2).shuffle(lines)
    (tmp_path / "parts").mkdir()
    for number in range(3):
        written(tmp_path / "parts" / f"{number}.csv", lines[number::3])
    friction("analyze", export, "--goal", "page=/thanks", "-o", "one.json")
    friction("analyze", "parts", "--goal", "page=/thanks", "-o", "other.json")
    outcome = friction("compare", "--exact", "one.json", "other.json")

    assert (outcome.code, outcome.out) == (0, "the same, apart from the names of files and rows\n")


def test_the_table_says_what_costs_and_what_cannot_be_said(friction: Run, export: str) -> None:
    shown = friction("analyze", export, "--goal", "page=/thanks").out

    assert "1  “button#buy” is clicked again and" in shown
    assert "Not assessable    Slow page" in shown


def test_records_that_cannot_be_read_are_counted_written_and_said(friction: Run, tmp_path: Path) -> None:
    lines = visits()
    broken = [line.replace("2026-", "soon-", 1) if i % 10 == 0 else line for i, line in enumerate(lines)]
    name = written(tmp_path / "events.csv", broken)
    outcome = friction("analyze", name, "--format", "json", "--rejects", "rejects.csv")
    books = json.loads(outcome.out)["input"]
    rejects = list(csv.DictReader((tmp_path / "rejects.csv").read_text(encoding="utf-8").splitlines()))

    assert outcome.code == 4
    assert books["rows_total"] == books["rows_accepted"] + books["rows_rejected"] == len(lines)
    assert len(rejects) == books["rows_rejected"] == len(broken[::10])
    assert "10.0\N{NO-BREAK SPACE}% of the records were set aside" in outcome.err


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("empty.csv", b"", "input.empty"),
        ("header.csv", HEADER.encode() + b"\n", "input."),
        ("picture.csv", b"\x89PNG\r\n\x1a\n" + b"\0" * 64, "input.not_a_table"),
        ("no_time.csv", b"session_id,event,url\ns1,click,/a\ns1,click,/b\n", "input.no_time"),
    ],
)
def test_an_input_that_is_none_is_refused_by_name(
    friction: Run, tmp_path: Path, name: str, content: bytes, code: str
) -> None:
    (tmp_path / name).write_bytes(content)
    outcome = friction("analyze", name, "--format", "json")
    problem = json.loads(outcome.err)

    assert (outcome.code, outcome.out) == (3, "")
    assert problem["code"].startswith(code)
    assert problem["file"] == name


def test_an_input_is_described(friction: Run, export: str) -> None:
    answer = json.loads(friction("inspect", export, "--format", "json").out)

    assert (answer["events"], answer["sessions"]) == (len(visits()), 600)
    assert "rage_click" in answer["assessable"]
    assert "Rage clicks" in friction("inspect", export).out


def test_the_event_table_gives_the_same_report_as_its_source(friction: Run, export: str) -> None:
    friction("convert", export, "-o", "events.parquet")
    words = ("--goal", "page=/thanks", "--format", "json")
    one, other = (json.loads(friction("analyze", name, *words).out) for name in (export, "events.parquet"))

    assert [point["id"] for point in one["points"]] == [point["id"] for point in other["points"]]
    assert one["points"][0]["impact"] == other["points"][0]["impact"]


@pytest.mark.parametrize("suffix", [".csv", ".jsonl", ".parquet"])
def test_raw_findings_are_written_one_row_each(
    friction: Run, export: str, tmp_path: Path, suffix: str
) -> None:
    words = ("--detector", "rage_click", "--set", "min_clicks=5", "-o", f"findings{suffix}")
    outcome = friction("detect", export, *words, "--format", "json")

    assert outcome.code == 0
    assert (tmp_path / f"findings{suffix}").stat().st_size > 0


def test_the_sample_is_analysed(friction: Run) -> None:
    outcome = friction("demo", "--format", "json")

    assert outcome.code == 0
    assert json.loads(outcome.out)["points"]
