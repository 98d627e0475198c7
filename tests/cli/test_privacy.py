"""`friction inspect --privacy`: what a file holds and what would be kept of it, side by side."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Run
from tests.exports import row, visits, written


def test_records_are_shown_before_and_after(friction: Run, tmp_path: Path) -> None:
    first = row("s1", 0, "input", "/a?email=x%40example.org", "input#mail", visitor_id="anna@example.org")
    rows = [first | {"value": "typed words", "text": "Hello Anna!", "customer": "Anna Schmidt"}, *visits(9)]
    written(tmp_path / "a.csv", rows)
    outcome = friction("inspect", "a.csv", "--privacy")
    said = " ".join(outcome.out.split())

    assert outcome.code == 0
    for line in (
        "Not kept: customer",
        "url: https://shop.test/a?email=x%40example.org → https://shop.test/a",
        "visitor_id: anna@example.org → v_",
        "value: typed words → len=11",
        "text: Hello Anna! → Hello :text!",
        "Record 20: stays as it is",
    ):
        assert line in said
    assert "Record 21" not in said


def test_what_must_not_be_kept_is_not_written_as_data(friction: Run, tmp_path: Path) -> None:
    written(tmp_path / "a.csv", visits(9))
    outcome = friction("inspect", "a.csv", "--privacy", "--format", "json")

    assert outcome.code == 2
    assert "for the screen alone" in outcome.err


def test_a_control_character_of_the_file_does_not_reach_the_terminal(friction: Run, tmp_path: Path) -> None:
    written(tmp_path / "a.csv", [row("s1", 0, "click", "/a", "x", text="\x1b[2J anna@example.org")])

    assert "\x1b" not in friction("inspect", "a.csv", "--privacy").out


def test_recordings_say_that_they_are_masked_while_they_are_read(friction: Run) -> None:
    from friction.cli.demo import sites

    first = sorted((sites() / "recorded" / "recordings").iterdir())[0]

    assert "recordings are masked while they are read" in friction("inspect", str(first), "--privacy").out
