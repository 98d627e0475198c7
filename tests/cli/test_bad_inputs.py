"""Inputs that are not what they should be, as the command line answers them: what, where, and what to do."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.exports import Row, visits, written


def broken(share: float) -> list[Row]:
    """A shop's events, this share of them without a readable time."""
    rows = visits(200)
    every = round(1 / share)
    return [one | {"timestamp": "soon"} if number % every == 0 else one for number, one in enumerate(rows)]


@pytest.mark.parametrize(("share", "code"), [(0.01, 0), (0.0625, 4)])
def test_a_few_broken_rows_are_counted_and_many_end_with_another_code(
    friction: Run, tmp_path: Path, share: float, code: int
) -> None:
    rows = broken(share)
    written(tmp_path / "a.csv", rows)
    outcome = friction("analyze", "a.csv", "--format", "json")
    books = json.loads(outcome.out)["input"]

    assert outcome.code == code
    assert books["rows_rejected"] == sum(one["timestamp"] == "soon" for one in rows)
    assert books["rows_total"] == len(rows)
    assert books["rejected_by_reason"] == [{"reason": "time_unreadable", "rows": books["rows_rejected"]}]


MIXED = "timestamp,session_id,event,url\n" + "".join(
    f"{date} 10:00:{n:02},s1,click,/a\n"
    for n, date in enumerate(["03/25/2026", "25/03/2026", "03/26/2026", "26/03/2026"] * 8)
)
AGGREGATE = (
    "session_id,Administrative,BounceRates,ExitRates,PageValues,Revenue\n" + "1,0,0.2,0.2,0,False\n" * 20
)


@pytest.mark.parametrize(
    ("content", "code", "says"),
    [(MIXED, "input.", "timestamp"), (AGGREGATE, "input.aggregate", "one row an event")],
)
@pytest.mark.parametrize("command", ["analyze", "inspect"])
def test_what_cannot_be_analysed_is_refused_with_a_remedy(
    friction: Run, tmp_path: Path, command: str, content: str, code: str, says: str
) -> None:
    (tmp_path / "a.csv").write_text(content, encoding="utf-8")
    outcome = friction(command, "a.csv", "--format", "json")
    problem = json.loads(outcome.err)

    assert (outcome.code, outcome.out) == (3, "")
    assert problem["code"].startswith(code)
    assert problem["file"] == "a.csv"
    assert says in problem["remedy"] + problem["detail"] + problem.get("column", "")


def test_a_message_never_repeats_a_cell(friction: Run, tmp_path: Path) -> None:
    secret = "ann.secret@example.org"
    lines = "".join(f"{secret},s{n},click,/a\n" for n in range(30))
    (tmp_path / "a.csv").write_text("timestamp,session_id,event,url\n" + lines, encoding="utf-8")
    outcome = friction("analyze", "a.csv")

    assert outcome.code == 3
    assert secret not in outcome.err + outcome.out
