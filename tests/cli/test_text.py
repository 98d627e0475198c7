"""What a reader sees: golden texts for whole pages, rules for their parts."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from friction.compare import difference
from friction.i18n import language
from friction.render import changes, table, text
from friction.render.point import point as explained
from friction.render.safe import clean
from friction.render.tree import tree
from friction.render.words import cost, money, stars
from friction.report import Candidate, Confidence, FormField, Impact, Quality, Rare, Report, Segment, Window
from tests.reports import EUROS, impact, point, report

GOLDEN = Path(__file__).parent / "golden"


def wide_report() -> Report:
    """A report with something of everything."""
    return report(
        point(1),
        point(2, impact(28, 6, 51, confidence="medium"), detector="slow_page", target=None, title="Slow"),
        point(3, impact(10, -3, 22, confidence="low"), title="A" * 60, page=f"/category/{'b' * 80}"),
        point(4, impact(None, None, None, confidence="low")),
        point(5, impact(0.4, 0.1, 2.0, confidence="low")),
        quality=[Quality("tracking_gaps", "held_back", {"days": ["2026-10-12"]})],
    )


def without_a_goal() -> Report:
    found = point(1, impact(120, 60, 190, metric="extra_exits"))
    return report(found, goal=None, goals=[], candidates=[Candidate("event=purchase", 1234, "event_name")])


def one_point() -> Report:
    more = {
        "segments": [Segment("device", "mobile", 400, 1000, 2.34)],
        "window": Window("2026-10-12T00:00:00Z", None, 0.031, 0.12),
        "fields": [FormField("card_number", 900, 212, 4200.0, 88)],
        "facts": {"p75": {"lcp_ms": 4321.0}},
        "overlaps": ["0000000000000002"],
    }
    return report(point(1, impact(revenue=EUROS), **more))


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("report.txt", text.plain(text.report(wide_report(), top=4))),
        ("no_goal.txt", text.plain(text.report(without_a_goal()))),
        ("nothing.txt", text.plain(text.report(report()))),
        ("point.txt", text.plain(explained(one_point().points[0], one_point()))),
        (
            "changes.txt",
            text.plain(
                changes.changes(
                    difference(report(point(1), point(2)), report(point(2, impact(90, 64, 110)), point(3))),
                    report(point(1), point(2)),
                    report(point(2, impact(90, 64, 110)), point(3)),
                )
            ),
        ),
    ],
)
def test_a_text_reads_as_it_was_agreed(name: str, shown: str) -> None:
    assert shown == (GOLDEN / name).read_text(encoding="utf-8")


def test_no_line_is_wider_than_the_page() -> None:
    lines = text.plain(text.report(wide_report()), 80).splitlines()

    assert max(len(line) for line in lines) <= 80


def test_a_narrow_terminal_loses_nothing() -> None:
    shown = text.plain(text.report(wide_report()), 60)

    assert "about 41" in shown
    assert "612 of 4,106" in shown


@pytest.mark.parametrize(
    ("found", "sentence"),
    [
        (
            wide_report(),
            "One point clearly costs conversions. Start with: “Pay now” is clicked again and again.",
        ),
        (report(point(1, impact(confidence="medium"))), "No point clearly costs conversions; 1 may."),
        (without_a_goal(), "One point clearly makes visitors leave. Start with: “Pay now” is"),
        (report(), "Nothing found: 1 detector ran over 48,212 sessions."),
        (report(detectors=[]), "Nothing can be said: no detector could work with this input."),
    ],
)
def test_the_headline_follows_from_the_report(found: Report, sentence: str) -> None:
    assert text.headline(found).startswith(sentence)


@pytest.mark.parametrize(
    ("of", "words"),
    [
        (impact(41, 22, 63), "about 41 (22 to 63)"),
        (impact(1041, 220, 6300), "about 1,041 (220 to 6,300)"),
        (impact(10, -3, 22), "about 10, perhaps none, up to 22"),
        (impact(0.4, 0.1, 2.0), "less than one (0 to 2)"),
        (impact(0.4, 0.1, 0.9), "less than one"),
        (impact(0.1, -0.5, 0.9), "less than one, perhaps none"),
        (impact(-5, -9, -1), "about −5, perhaps none"),
        (impact(None, None, None), "too rare to cost"),
    ],
)
def test_a_cost_never_stands_without_its_range(of: Impact, words: str) -> None:
    assert cost(of) == words


def test_points_too_rare_that_are_listed_are_not_counted_once_more() -> None:
    assert "Besides these" not in text.plain(text.report(report(point(1), rare=Rare(3, 5, 3))), 80)
    assert "Besides these, 1 point too rare" in text.plain(
        text.report(report(point(1), rare=Rare(3, 5, 2))), 80
    )


def test_what_is_on_no_page_says_so_in_the_language_of_the_reader() -> None:
    found = report(point(1, detector="failed_request", target=None, page="(no page)"))
    shown = text.plain(text.report(found, language("fr")), 80)

    assert "(no page)" not in shown
    assert "(sans page)" in shown


def test_money_is_coarse_when_it_is_much() -> None:
    assert money(EUROS, "EUR") == "about €3,500 (€1,900 to €5,400)"


@pytest.mark.parametrize(("confidence", "dots"), [("high", "●●●"), ("medium", "●●○"), ("low", "●○○")])
def test_confidence_is_three_dots(confidence: Confidence, dots: str) -> None:
    assert stars(confidence) == dots
    assert stars(confidence, plain=True) == dots.replace("●", "*").replace("○", "-")


@pytest.mark.parametrize(
    ("dirty", "safe"),
    [
        ("\x1b[31mred", "\\x1b[31mred"),
        ("a\nb\tc", "a\\nb\\tc"),
        ("\u202egnp.exe", "\\u202egnp.exe"),
        ("\x9bAB", "\\x9bAB"),
        ("a\ud800b", "a\\ud800b"),
        ("Käufe “ok” 日本", "Käufe “ok” 日本"),
        ("x" * 300, "x" * 199 + "…"),
    ],
)
def test_texts_of_the_data_cannot_steer_a_terminal(dirty: str, safe: str) -> None:
    assert clean(dirty) == safe


def test_markup_in_the_data_is_shown_and_not_obeyed() -> None:
    shown = text.plain(text.report(report(point(1, title="[red]Pay[/red] \x1b]0;x\x07", page="/[bold]"))))

    assert "[red]Pay[/red] \\x1b]0;x\\x07" in shown
    assert "/[bold]" in shown


def test_a_spreadsheet_cannot_be_given_a_formula() -> None:
    rows = list(csv.DictReader(io.StringIO(table.points(report(point(1, title="=1+1", page='/a,"b"'))))))

    assert (rows[0]["title"], rows[0]["page"], rows[0]["estimate"]) == ("'=1+1", '/a,"b"', "41.0")


def test_points_without_a_cost_have_empty_cells() -> None:
    rows = list(
        csv.DictReader(io.StringIO(table.points(report(point(1, impact(None, None, None, reason="few"))))))
    )

    assert (rows[0]["estimate"], rows[0]["low"], rows[0]["reason"]) == ("", "", "few")


def test_an_answer_is_shown_with_its_tables() -> None:
    answer = {
        "files": [{"name": "a.csv", "columns": [{"theirs": "t", "ours": "ts"}]}],
        "rows": 1234,
        "ok": True,
    }
    shown = text.plain(tree(answer))

    assert shown.splitlines()[0].split() == ["rows", "1,234"]
    assert "theirs" in shown
    assert "a.csv" in shown
