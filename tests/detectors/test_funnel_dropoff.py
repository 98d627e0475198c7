"""Funnels that somebody gave: their steps in words, who comes how far, and where the others stop."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from friction import scan
from friction.cli import main
from friction.config import Settings
from friction.config.funnels import FunnelSettings, steps_of
from friction.detectors.funnel_dropoff import FunnelDropoff
from friction.errors import UsageError
from friction.testing import events
from friction.testing.laws import prepared

WAYS = {
    "whole": ("/cart", "/pay", "/done"),
    "to the cart": ("/list", "/cart"),
    "again at the cart": ("/cart", "/pay", "/cart"),
    "past the cart": ("/pay", "/done"),
    "backwards": ("/pay", "/cart"),
}


@pytest.mark.parametrize(
    ("text", "expression"),
    [
        ("/cart", "page=/cart"),
        ("purchase", "event=purchase"),
        ("url~*/done*", "url~*/done*"),
        (" event=x and page=/y ", "event=x and page=/y"),
    ],
)
def test_a_step_may_be_written_short(text: str, expression: str) -> None:
    assert FunnelSettings(steps=(text, "/end")).steps == (expression, "page=/end")


def test_a_flag_is_taken_apart_at_its_marks() -> None:
    assert steps_of(" /cart > /pay  >  event=done ") == ["/cart", "/pay", "event=done"]


@pytest.mark.parametrize("steps", [("/cart",), ("", "/pay"), ("/cart", "size=3")])
def test_a_funnel_of_one_step_or_of_none_that_means_something_is_refused(steps: tuple[str, ...]) -> None:
    with pytest.raises((ValidationError, UsageError)):
        FunnelSettings(steps=steps)


def test_two_funnels_are_judged_each_for_itself() -> None:
    rows = events("""
        s1   0.0  page_view  /cart
        s1  10.0  page_view  /pay
        s1  20.0  page_view  /list
        s2   0.0  page_view  /list
        s2  10.0  page_view  /cart
    """).collect()
    detector = FunnelDropoff(
        funnels=(("page=/cart", "page=/pay", "page=/done"), ("page=/list", "page=/cart"))
    )

    found = detector.detect(prepared(detector, rows).lazy()).collect()

    assert found.select("session_id", "page", "funnel", "step").rows() == [
        ("s1", "/pay", 1, 2),
        ("s1", "/list", 2, 1),
        ("s2", "/cart", 1, 1),
    ]
    assert detector.reached(prepared(detector, rows).lazy()) == [[2, 1, 0], [2, 1]]


@pytest.fixture(scope="module")
def export(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One session a way, ten times."""
    lines = ["timestamp,session_id,event,url"]
    for number in range(10):
        for minute, (way, pages) in enumerate(WAYS.items()):
            lines += [
                f"2026-03-02T{8 + number:02d}:{minute:02d}:{10 * at:02d}Z,{way} {number},page_view,{page}"
                for at, page in enumerate(pages)
            ]
    path = tmp_path_factory.mktemp("funnel") / "events.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_a_report_holds_the_funnel_and_the_points_where_people_stop(export: Path) -> None:
    settings = Settings.model_validate({"funnels": {"buy": {"steps": ["/cart", "/pay", "/done"]}}})

    report = scan.analyze([export], None, settings)

    assert (report.funnels[0].goal, report.funnels[0].origin) == ("buy", "configured")
    assert [(step.name, step.sessions) for step in report.funnels[0].steps] == [
        ("", 50), ("/cart", 40), ("/pay", 20), ("/done", 10),
    ]  # fmt: skip
    lost = {point.page: point for point in report.points if point.detector == "funnel_dropoff"}
    assert {page: point.sessions_affected for page, point in lost.items()} == {"/cart": 20, "/pay": 10}
    assert lost["/pay"].steps == {"from": "page=/pay", "to": "page=/done"}
    assert lost["/pay"].impact.reason == "no_own_cost"


def test_the_command_line_takes_a_funnel(export: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["analyze", str(export), "--funnel", "/cart > /pay > /done", "--format", "json", "--quiet"])

    assert code == 0
    assert '"goal": "/cart > /pay > /done"' in capsys.readouterr().out


def test_without_a_funnel_nobody_looks_for_drop_offs(export: Path) -> None:
    report = scan.analyze([export])

    assert "funnel_dropoff" not in {run.name for run in report.detectors}
