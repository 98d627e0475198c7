"""What a report says beside the cost: words of elements, events around a moment, the funnel, the naive figure."""

from __future__ import annotations

from pathlib import Path

import pytest

from friction.report import Around, Report
from tests.exports import analysed, goal, point, row, visits, written

PAY = "button#pay"


def burst(session: str, at: float, text: str | None) -> list[dict[str, object]]:
    """A card typed in two goes, a minute of nothing before it, five clicks on the button, and one error."""
    return [
        row(session, at - 60, "page_view", "/pay"),
        row(session, at - 9, "input", "/pay", "input#card", field="card"),
        row(session, at - 4, "change", "/pay", "input#card", field="card"),
        *(row(session, at + n / 8, "click", "/pay", PAY, el_tag="button", el_text=text) for n in range(5)),
        row(session, at + 3, "error", "/pay", error_message="TypeError"),
        row(session, at + 45, "page_view", "/home"),
    ]


def hammered(path: Path, *texts: str | None) -> Report:
    rows = [each for n, text in enumerate(texts) for each in burst(f"s{n}", 3600.0 * n, text)]
    return analysed(written(path / "pay.csv", rows))


def test_a_point_is_called_what_its_element_says(tmp_path: Path) -> None:
    found = point(hammered(tmp_path, "Pay  now", "Pay now", "Pay now"), "rage_click", "/pay", PAY)

    assert (found.label, found.title) == ("Pay now", "“Pay now” is clicked again and again")


@pytest.mark.parametrize("texts", [("Pay", "Send"), (None, None), ("x" * 61, "x" * 61)])
def test_an_element_that_says_different_things_nothing_or_too_much_keeps_its_selector(
    texts: tuple[str | None, ...], tmp_path: Path
) -> None:
    found = point(hammered(tmp_path, *texts), "rage_click", "/pay", PAY)

    assert (found.label, found.title) == (None, f"“{PAY}” is clicked again and again")


def test_events_around_a_moment_are_told_with_work_on_a_field_as_one_run(tmp_path: Path) -> None:
    moment = point(hammered(tmp_path, "Pay now"), "rage_click", "/pay", PAY).evidence[0]

    assert moment.around == [
        Around(-9000, 5000, "input", "card", 2, 2),
        *(Around(125 * n, 0, "click", "Pay now", 1, 4 + n) for n in range(5)),
        Around(3000, 0, "error", None, 1, 9),
    ]


def test_only_the_first_moments_are_told_in_full(tmp_path: Path) -> None:
    found = point(hammered(tmp_path, *["Pay now"] * 4), "rage_click", "/pay", PAY)

    assert [bool(moment.around) for moment in found.evidence] == [True, True, False, False]


def test_the_funnel_is_the_way_of_those_who_converted(tmp_path: Path) -> None:
    report = analysed(written(tmp_path / "a.csv", visits(200)), goals=goal("page=/thanks"))
    (funnel,) = report.funnels
    counts = [step.sessions for step in funnel.steps]

    assert [step.name for step in funnel.steps] == ["", "/", "/shop", "/cart", "/thanks", "page=/thanks"]
    assert counts[0] == report.input.sessions
    assert counts == sorted(counts, reverse=True)
    assert report.goal is not None
    assert counts[-1] == report.goal.conversions


def test_without_a_goal_there_is_no_funnel(tmp_path: Path) -> None:
    assert analysed(written(tmp_path / "a.csv", visits(200))).funnels == []


def test_the_naive_figure_compares_sessions_hit_with_sessions_spared(tmp_path: Path) -> None:
    rows = []
    for n in range(250):
        hit, converts = n < 100, n % 10 < (4 if n < 100 else 8)
        at, name = 3600.0 * n, f"s{n}"
        rows += [row(name, at, "page_view", "/pay"), row(name, at + 1, "click", "/pay", PAY)]
        rows += [row(name, at + 5 + k / 8, "click", "/pay", PAY) for k in range(5) if hit]
        rows += [row(name, at + 30, "page_view", "/thanks") for _ in range(converts)]
    report = analysed(written(tmp_path / "a.csv", rows), goals=goal("page=/thanks"))

    assert point(report, "rage_click", "/pay", PAY).impact.naive == pytest.approx(100 * 0.8 - 100 * 0.4)
