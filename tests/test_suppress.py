"""Elements on which everybody clicks often: set aside where nothing tells that they are broken."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from friction.report import Report
from tests.exports import Row, analysed, row, written

BURSTS = 0.75


def visits(
    number: int = 160,
    *,
    calm: float = 1 - BURSTS,
    leave: float = 0.0,
    answers: bool = False,
    again: int = 2,
) -> list[Row]:
    """Visitors of a page with a game: `calm` of them click once, the others five times, and that `again` times; then
    all go on, but `leave`."""
    rows = []
    for visitor in range(number):
        name, bursts = f"s{visitor}", (visitor % 20) >= 20 * calm
        rows.append(row(name, 0, "page_view", "/game"))
        for start in range(10, 10 + 5 * (again if bursts else 1), 5):
            for click in range(5 if bursts else 1):
                rows.append(row(name, start + 0.15 * click, "click", "/game", "button#hit"))
        if answers:
            rows.append(row(name, 5, "mutation", "/game"))
        if not (bursts and visitor % 10 < 10 * leave):
            rows.append(row(name, 40, "page_view", "/next"))
        # Who does not play leaves now and then, so that the page has exits of its own.
        rows.append(row(f"r{visitor}", 0, "page_view", "/game"))
        if visitor % 4:
            rows.append(row(f"r{visitor}", 20, "page_view", "/next"))
    return rows


def bursts(report: Report) -> int:
    return sum(point.findings for point in report.points if point.detector == "rage_click")


def usual(report: Report) -> int:
    return sum(each.findings for each in report.suppressed if each.reason == "usual")


@pytest.mark.parametrize(
    ("visitors", "is_usual"),
    [
        ({}, True),
        ({"calm": 0.5}, False),
        ({"calm": 0.0}, False),
        ({"number": 90}, False),
        ({"leave": 0.6}, False),
        ({"answers": True}, False),
        ({"again": 1}, False),
    ],
)
def test_what_most_do_is_usual_unless_something_tells_that_it_is_broken(
    tmp_path: Path, visitors: dict[str, Any], is_usual: bool
) -> None:
    report = analysed(written(tmp_path / "a.csv", visits(**visitors)))

    assert (usual(report) > 0, bursts(report) > 0) == (is_usual, not is_usual)


def test_nothing_is_lost_and_the_switch_turns_it_back(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", visits())
    counted = analysed(path, detectors={"rage_click": {"counted": ["usual"]}})

    assert usual(analysed(path)) == bursts(counted) == 240
    assert usual(counted) == 0
