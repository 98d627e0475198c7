"""What tools counted is said apart from what we found, in every form and both languages."""

from __future__ import annotations

import csv
import io
import re

import pytest

from friction.i18n import language
from friction.render.html import html
from friction.render.markdown import markdown
from friction.render.table import points
from friction.render.text import plain
from friction.render.text import report as text
from friction.report import Report
from tests.render.samples import every_kind, tallied
from tests.render.test_page import SENTENCE, Tags

EN, FR = language("en"), language("fr")


def said(report: Report, form: str, code: str) -> str:
    speak = language(code)
    made = {"html": html, "md": markdown}.get(form)
    page = made(report, speak) if made else plain(text(report, speak), 100)
    return " ".join(Tags(page).texts) if form == "html" else page


@pytest.mark.parametrize("form", ["html", "md", "text"])
def test_the_tool_is_named_with_share_range_and_what_to_know(form: str) -> None:
    page = " ".join(said(tallied(), form, "en").split())

    assert "Counted by Hotjar" in page
    assert "visits that began on /cart" in page.replace("\\", "")
    assert "61 of 200 sessions" in page
    assert all(number in page for number in ("30.5", "26.5", "35.5"))
    assert "on which page of a visit" in page


@pytest.mark.parametrize("form", ["html", "md", "text"])
def test_in_french_nothing_stays_english(form: str) -> None:
    page = said(tallied(), form, "fr")

    assert "Compté par Hotjar" in page
    assert "visites commencées sur /cart" in page.replace("\\", "")
    for line in ("Counted by", "visits that", "sessions hit", "Elsewhere"):
        assert line not in page


@pytest.mark.parametrize("form", ["html", "md", "text"])
def test_marks_stand_beside_ours_and_what_cannot_be_compared_says_why(form: str) -> None:
    page = " ".join(said(tallied(), form, "en").replace("\xa0", " ").split())

    assert "40.0 %" in page
    assert "FullStory: error clicks" in page
    assert "reactions of the page" in page


def test_without_events_no_goal_no_cost_and_no_empty_list_is_spoken_of() -> None:
    page = said(tallied(), "html", "en")

    assert "No point could be costed" not in page
    assert "How to read the costs" not in page
    assert "No goal" not in page
    assert "counted by Hotjar and Mouseflow" in page


def test_a_headline_says_what_leads_the_first_list() -> None:
    page = said(tallied(), "html", "en")

    assert "Hotjar counted rage clicks in 61 of 200 sessions (30.5\xa0%): visits that began on /cart." in page


def test_a_report_of_events_alone_says_nothing_of_tools() -> None:
    assert "Counted by" not in said(every_kind(), "html", "en")
    assert "Marks of the tool" not in said(every_kind(), "html", "en")


def test_the_table_keeps_both_apart_by_their_origin() -> None:
    mixed = tallied().__class__(**{**vars(every_kind()), "counted": tallied().counted})
    rows = list(csv.DictReader(io.StringIO(points(mixed))))

    counted = [row for row in rows if row["origin"] != "detected"]
    assert [row["origin"] for row in counted] == ["hotjar", "mouseflow"]
    assert counted[0]["sessions_affected"] == "61"
    assert counted[0]["estimate"] == ""
    assert counted[0]["reason"] == "counted_by_the_tool"
    assert len(rows) == len(every_kind().points) + 2


def test_a_report_comes_back_from_json_with_all_counts() -> None:
    again = Report.from_json(tallied().to_json())

    assert again.to_json() == tallied().to_json()
    assert again.counted[0].counts[0].evidence == tallied().counted[0].counts[0].evidence
    assert again.marks == tallied().marks


def test_french_counts_hold_no_english_sentence() -> None:
    page, other = (
        re.sub(r"<style>.*?</style>", "", html(tallied(), each), flags=re.DOTALL) for each in (FR, EN)
    )
    english = {part.strip() for part in Tags(other).texts if SENTENCE.search(part)}

    assert not [part for part in Tags(page).texts if part.strip() in english]
