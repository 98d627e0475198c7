"""Answers and calls for help beside friction, through the front door: figures, words, the same bytes in any order."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from itertools import permutations
from pathlib import Path

import pytest

from friction import scan
from friction.config import Settings
from friction.i18n import language
from friction.render import heard
from friction.render.html import html
from friction.render.markdown import markdown
from friction.render.text import plain
from friction.render.text import report as rendered
from friction.report import Report

START = datetime(2026, 3, 2, 8, tzinfo=UTC)
WITH, WITHOUT = 40, 60
CALLED_WITH, CALLED_WITHOUT = 16, 6


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A shop in which 40 of 100 visitors hit a dead button; 16 of them and 6 of the others ask for help."""
    events = ["timestamp,session_id,visitor_id,event,url,target"]
    nps = ["Response ID,Created At,NPS,Comment,Session ID,Page URL"]
    tickets = ["ticket_id,created_at,subject,visitor_id"]
    for number in range(WITH + WITHOUT):
        at = START + timedelta(hours=number)
        who = f"s{number},v{number}"
        clicks = 6 if number < WITH else 1
        events.append(f"{_at(at)},{who},page_view,/pay,")
        events += [
            f"{_at(at + timedelta(seconds=5, milliseconds=200 * n))},{who},click,/pay,button#buy"
            for n in range(clicks)
        ]
        events.append(f"{_at(at + timedelta(seconds=20))},{who},page_view,/thanks,")
        answer = 2 + number % 2 if number < WITH else 8 + number % 2
        nps.append(
            f"{number},{_at(at + timedelta(minutes=3))},{answer},"
            f"Write to me at ada{number}@mail.example now,s{number},/pay"
        )
        if number < CALLED_WITH or WITH <= number < WITH + CALLED_WITHOUT:
            tickets.append(f"{number},{_at(at + timedelta(hours=20))},I cannot pay,v{number}")
    folder = tmp_path_factory.mktemp("shop")
    found = {"events": events, "nps": nps, "tickets": tickets}
    for name, lines in found.items():
        (folder / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return {name: folder / f"{name}.csv" for name in found}


def _at(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


@pytest.fixture(scope="module")
def report(files: dict[str, Path]) -> Report:
    return scan.analyze(list(files.values()))


def test_calls_for_help_are_compared_with_and_without_friction(report: Report) -> None:
    assert report.heard is not None
    assert report.heard.contacts is not None
    found = report.heard.contacts

    assert (found.after.k, found.after.n) == (CALLED_WITH, WITH)
    assert (found.without.k, found.without.n) == (CALLED_WITHOUT, WITHOUT)
    assert found.difference == pytest.approx(0.4 - 0.1)
    assert found.low is not None
    assert found.low > 0


@pytest.mark.parametrize(
    ("column", "form", "key"),
    [
        ("user_id", "ada{}@mail.example", "email"),
        ("visitor_id", "ada{}@mail.example", "email"),
        ("visitor_id", "Ada{}@mail.example", "email"),
        ("user_id", "ada{}@mail.example", "user_id"),
        ("user_id", "u{}", "user_id"),
    ],
)
def test_ids_that_join_by_themselves_are_compared_as_linked_ones(
    files: dict[str, Path], tmp_path: Path, column: str, form: str, key: str
) -> None:
    for name, head in (("events", ("visitor_id", column)), ("tickets", ("visitor_id", key))):
        text = files[name].read_text(encoding="utf-8").replace(*head)
        named = re.sub(r"\bv(\d+)\b", lambda found: form.format(found[1]), text)
        (tmp_path / f"{name}.csv").write_text(named, encoding="utf-8")

    report = scan.analyze([tmp_path / "events.csv", tmp_path / "tickets.csv"])

    assert report.heard is not None
    assert report.heard.contacts is not None
    assert (report.heard.contacts.after.k, report.heard.contacts.after.n) == (CALLED_WITH, WITH)
    assert report.heard.contacts.without.n == WITHOUT
    assert (report.identity is None) == (form != "Ada{}@mail.example")


def test_addresses_that_differ_in_case_are_one_visitor_and_no_two_ids_that_say_nothing(
    tmp_path: Path,
) -> None:
    ids = ("Ada@x.example", "ada@x.example", "bob@x.example", "U1", "u1")
    rows = [f"{_at(START + timedelta(minutes=n))},{one},page_view,/a" for n, one in enumerate(ids)]
    file = tmp_path / "events.csv"
    file.write_text("\n".join(["timestamp,user_id,event,url", *rows]) + "\n", encoding="utf-8")
    report = scan.analyze([file])

    assert report.input.visitors == scan.inspect([file], [file.name], Settings())["visitors"] == 4
    assert report.identity is not None
    assert (report.identity.ids, report.identity.people) == (2, 1)


def test_scores_and_words_stand_beside_the_point_of_their_sessions(report: Report) -> None:
    assert report.heard is not None
    rage = next(point for point in report.points if point.detector == "rage_click")
    beside = next(one for one in report.heard.points if one.id == rage.id)

    assert [(one.scale, one.mean_after, one.mean_without) for one in beside.scores] == [("nps", 2.5, 8.5)]
    assert beside.contacts is not None
    assert beside.contacts.after.k == CALLED_WITH
    assert beside.comments
    assert all("@" not in text for text in beside.comments)


def test_scores_are_told_for_the_site_and_by_page(report: Report) -> None:
    assert report.heard is not None

    assert [(one.scale, one.page, one.n) for one in report.heard.scores] == [
        ("nps", None, 100),
        ("nps", "/pay", 100),
    ]
    assert report.heard.scores[0].nps == pytest.approx(30 - 40)


def test_any_order_of_files_gives_the_same_figures(files: dict[str, Path], report: Report) -> None:
    for order in list(permutations(files.values()))[1::2]:
        other = scan.analyze(list(order))

        assert other.heard == report.heard
        assert [point.id for point in other.points] == [point.id for point in report.points]


def test_a_record_in_a_session_moves_none_of_its_times(files: dict[str, Path], report: Report) -> None:
    alone = scan.analyze([files["events"]])

    assert (alone.input.sessions, alone.input.start) == (report.input.sessions, report.input.start)
    assert alone.input.end == report.input.end
    assert "has_order" in alone.input.capabilities
    costs = {point.id: point.impact.estimate for point in alone.points}
    assert {id_: costs[id_] for id_ in costs} == {
        point.id: point.impact.estimate for point in report.points if point.id in costs
    }


@pytest.mark.parametrize("code", ["en", "fr"])
def test_every_form_tells_what_customers_said(report: Report, code: str) -> None:
    speak = language(code)
    said = speak.text("What customers said")

    forms = [plain(rendered(report, speak)), markdown(report, speak), html(report, speak)]

    assert all(said in form for form in forms)
    assert all("mail.example" not in form for form in forms)


@pytest.mark.parametrize("code", ["en", "fr"])
def test_no_heading_is_torn_on_a_narrow_terminal(report: Report, code: str) -> None:
    speak = language(code)
    assert report.heard is not None
    shown = plain(rendered(report, speak), 80)

    for head in (*heard.score_heads(speak), *heard.point_heads(speak)[:3]):
        assert all(word in shown for word in head.split())


def test_answers_without_events_are_a_report_of_their_own(files: dict[str, Path]) -> None:
    alone = scan.analyze([files["nps"]])

    assert alone.heard is not None
    assert alone.heard.tables[0].alone == 100
    assert "100" in plain(rendered(alone)).splitlines()[0]
    assert html(alone)


def test_the_report_is_read_back_as_it_was_written(report: Report) -> None:
    assert Report.from_json(report.to_json()).to_json() == report.to_json()


def test_the_rate_of_calls_is_of_the_time_of_the_sessions(files: dict[str, Path], tmp_path: Path) -> None:
    """Help desks export years: a ticket of nobody here counts only where it was written meanwhile."""
    year_before = [f"o{n},{_at(START - timedelta(days=365 - n))},Where is my parcel,x{n}" for n in range(300)]
    meanwhile = f"m,{_at(START + timedelta(hours=50))},Do you deliver abroad,x0"
    tickets = tmp_path / "tickets.csv"
    tickets.write_text("\n".join([files["tickets"].read_text().rstrip(), *year_before, meanwhile]) + "\n")
    settings = Settings.model_validate({"analysis": {"journey": True}})
    report = scan.analyze([files["events"], tickets], None, settings)
    assert report.journey is not None
    kpi = next(each for each in report.journey.kpis if (each.name, each.dimension) == ("contacts", "all"))
    assert kpi.figure.estimate == 1000 * (CALLED_WITH + CALLED_WITHOUT + 1) / (WITH + WITHOUT)
