"""Whatever visitors wrote and files are called: no output steers a terminal or makes a spreadsheet calculate."""

from __future__ import annotations

import csv
import io
import json
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from friction import scan
from friction.cli import main, voice
from friction.compare import difference
from friction.config import Settings
from friction.errors import Problem
from friction.render import text
from friction.render.cells import cell
from friction.render.changes import changes
from friction.render.point import point as one_point
from friction.render.safe import printable
from friction.render.table import points
from friction.render.tree import tree
from friction.report import Report
from tests.exports import row, written
from tests.reports import point, report

PAYLOAD = "=cmd|'/c'!A1\x1b]0;owned\x07\x1b[2J\x9b31m\u202e\u2066\u200b\u2028\r\x7f[bold]"
FIXED = frozenset("metric confidence says status verdict effort".split())
"""Members whose few words of ours are checked when a report is read."""


def dangerous(shown: str) -> list[str]:
    """Characters that a terminal would obey or that turn text around."""
    kinds = {"Cc", "Cf", "Cs", "Zl", "Zp"}
    return sorted({char for char in shown if unicodedata.category(char) in kinds and char != "\n"})


def poisoned(value: Any, name: str = "") -> Any:
    """The value with the payload before every text in it, but for what is ours."""
    if isinstance(value, dict):
        return {key: poisoned(part, key) for key, part in value.items()}
    if isinstance(value, list):
        return [poisoned(part, name) for part in value]
    return PAYLOAD + value if isinstance(value, str) and name not in FIXED else value


@pytest.fixture(scope="module")
def hostile() -> Report:
    clean = json.loads(report(point(1), point(2)).to_json())
    whole = {key: poisoned(value, key) for key, value in clean.items() if key != "schema_version"}
    return Report.from_json(json.dumps({**clean, **whole, "friction_version": "0.1.0"}).encode())


def test_nothing_in_a_report_steers_a_terminal(hostile: Report) -> None:
    found = difference(hostile, report())
    pages = [text.report(hostile), one_point(hostile.points[0], hostile), changes(found, hostile, report())]
    pages.append(tree(json.loads(hostile.to_json())))

    assert [dangerous(text.plain(page)) for page in pages] == [[], [], [], []]


def test_no_cell_of_the_list_of_points_is_a_formula(hostile: Report) -> None:
    rows = list(csv.reader(io.StringIO(points(hostile))))

    assert len(rows) == 3
    assert [each for each in cells(rows) if each.startswith(("=", "+", "@"))] == []
    assert dangerous(points(hostile)) == []


def cells(rows: list[list[str]]) -> Iterator[str]:
    return (each for line in rows[1:] for each in line)


@pytest.mark.parametrize(
    "lead", ["=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20", " =", "\u3000="]
)
def test_what_makes_a_spreadsheet_calculate_becomes_a_text(lead: str) -> None:
    assert cell(f"{lead}SUM(A1)")[0] in "'\\"


@pytest.mark.parametrize("number", ["-1", "+33", "-1.5", "1,5", "-1e5", "-12.5 %", "0", "2026-03-02", "-"])
def test_a_number_stays_a_number(number: str) -> None:
    assert cell(number) == (number if number != "-" else "'-")


def test_findings_and_rejects_as_csv_hold_no_formula(tmp_path: Path) -> None:
    name, evil = "=1+1.csv", "=HYPERLINK(1)\x1b[2J\u202e"
    rows = [row(f"{evil}{n}", 0.2 * n, "click", "/pay", evil, user_id="+1") for n in range(9)]
    rows += [row("@s", 60 + 0.2 * n, "click", "/pay", "-1+1", user_id="-1-1") for n in range(9)]
    source = written(tmp_path / name, [*rows, row("s", 1, "click") | {"timestamp": "never"}])
    outputs = tmp_path / "findings.csv", tmp_path / "rejects.csv"

    scan.detect([source], [name], Settings(), ["rage_click"], {}, outputs[0])
    scan.analyze([source], [name], Settings(), rejects=outputs[1])
    found = [list(csv.reader(io.StringIO(path.read_text()))) for path in outputs]

    assert all(len(rows) > 1 for rows in found)
    starts = {each[:1] for rows in found for each in cells(rows)}
    assert starts.isdisjoint("=+-@")
    assert [dangerous(path.read_text()) for path in outputs] == [[], []]


def test_no_message_steers_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    problem = Problem("input.missing", PAYLOAD, PAYLOAD, PAYLOAD, 3, PAYLOAD)
    voice.tell_problem(problem, as_json=False)
    voice.tell_problem(problem, as_json=True)
    voice.Voice(verbose=True).remark(PAYLOAD)
    voice.Voice(verbose=True).details(PAYLOAD)

    assert dangerous(capsys.readouterr().err) == []


def test_names_of_columns_in_a_refusal_are_written_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    name = "\x1b]0;x\x07.csv"
    Path(name).write_text(f"a,{PAYLOAD.replace(chr(13), '')}\n1,2\n", encoding="utf-8")

    assert main(["analyze", name]) == 3
    assert dangerous(capfd.readouterr().err) == []


def test_json_on_a_terminal_is_the_same_json_without_control_characters(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    whole = json.dumps({"a": PAYLOAD + "é\U0001f600"}, ensure_ascii=False)

    voice.say(whole.encode())
    said = capsys.readouterr().out

    assert dangerous(said) == []
    assert json.loads(said) == json.loads(whole)


def test_ordinary_text_is_printed_as_it_is() -> None:
    assert printable("Käufe 日本 \U0001f600\n\t|") == "Käufe 日本 \U0001f600\n\t|"
