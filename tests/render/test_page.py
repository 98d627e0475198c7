"""The report as a page: one file, the same bytes, no foreign text that acts, and small enough to send."""

from __future__ import annotations

import base64
import hashlib
import re
import subprocess
import sys
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from friction.i18n import LANGUAGES, language
from friction.render.html import html
from friction.report import Candidate, Report
from tests.render.samples import every_kind, hostile, long, nothing, tallied, without_goal
from tests.reports import ORDERS, report

GOLDEN = Path(__file__).parent / "golden"
ROOT = Path(__file__).parents[2]
SENTENCE = re.compile(r"[a-z]{3,} [a-z]{3,} [a-z]{3,}")
MOST_BYTES = 1_500_000


class Tags(HTMLParser):
    """All elements with their attributes, and all text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_small_report_is_the_page_that_was_looked_at(code: str) -> None:
    page = html(every_kind(), language(code))
    stored = GOLDEN / f"report.{code}.html"

    assert page == stored.read_text(encoding="utf-8"), f"look at it, then: python -m tests.render {code}"


@pytest.mark.parametrize("found", [every_kind(), without_goal(), nothing(), hostile(), tallied()])
@pytest.mark.parametrize("code", LANGUAGES)
def test_a_page_needs_nothing_from_elsewhere_and_runs_nothing(code: str, found: Report) -> None:
    page = Tags(html(found, language(code)))
    names = {name for name, _ in page.tags}
    links = [
        value for _, attrs in page.tags for name, value in attrs.items() if name in {"href", "src", "action"}
    ]

    assert not names & {"script", "img", "iframe", "object", "embed", "form", "base", "video", "audio", "use"}
    assert not [name for _, attrs in page.tags for name in attrs if name.startswith("on") or name == "style"]
    assert all(link == "data:," or (link or "").startswith("#") for link in links)


def test_the_style_sheet_is_allowed_by_its_hash_alone() -> None:
    page = html(every_kind())
    style = re.search(r"<style>(.*?)</style>", page, re.DOTALL)
    assert style
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()

    assert f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:" in page
    assert "url(" not in style[1].replace("url(#", "")
    assert "@import" not in style[1]


@pytest.mark.parametrize("code", LANGUAGES)
def test_texts_of_the_data_are_shown_and_never_act(code: str) -> None:
    page = html(hostile(), language(code))

    assert page.count("<script") == 0
    assert page.count("</style>") == 1
    assert "&lt;script&gt;" in page
    assert not set("\x00\x1b\u202e") & set(page)
    assert "{{7*7}}" in page
    assert "49" not in "".join(text for text in Tags(page).texts if "7*7" in text).replace("7*7", "")


@pytest.mark.parametrize("found", [every_kind(), tallied()])
def test_every_anchor_leads_somewhere_and_no_id_is_given_twice(found: Report) -> None:
    page = Tags(html(found))
    ids = [attrs["id"] for _, attrs in page.tags if "id" in attrs]
    targets = {str(attrs["href"])[1:] for name, attrs in page.tags if name == "a"}
    labels = {word for _, attrs in page.tags for word in (attrs.get("aria-labelledby") or "").split()}

    assert len(ids) == len(set(ids))
    assert (targets | labels) <= set(ids)


def test_a_page_of_200_points_can_be_sent_by_mail() -> None:
    size = len(html(long()).encode())

    assert size <= MOST_BYTES


def made_elsewhere(sample: str, says: str, zone: str = "UTC") -> str:
    """What `says` prints in a new process that has made the page of a sample."""
    code = (
        f"import sys, hashlib\nfrom tests.render.samples import {sample} as made\n"
        f"from friction.render.html import html\npage = html(made())\nprint({says})"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env={"TZ": zone}, capture_output=True, text=True, check=True
    )
    return run.stdout.strip()


def test_other_processes_in_other_zones_write_the_same_bytes() -> None:
    digest = made_elsewhere("every_kind", "hashlib.sha256(page.encode()).hexdigest()", "Pacific/Auckland")

    assert digest == hashlib.sha256(html(every_kind()).encode()).hexdigest()


def test_pages_are_made_without_the_engines_of_the_data() -> None:
    loaded = set(made_elsewhere("every_kind", "*sys.modules").split())

    assert not {"polars", "pandas", "numpy", "sklearn"} & loaded
    assert {"altair", "vl_convert"} <= loaded


def test_nothing_to_draw_loads_no_engine_for_figures() -> None:
    assert not {"altair", "vl_convert"} & set(made_elsewhere("nothing", "*sys.modules").split())


def test_french_pages_hold_no_english_sentence() -> None:
    english = {text.strip() for text in Tags(html(every_kind())).texts if SENTENCE.search(text)}
    french = {text.strip() for text in Tags(html(every_kind(), language("fr"))).texts}

    assert not {text for text in english & french if "--" not in text}


@pytest.mark.parametrize(
    ("conversions", "said"), [(0, "Nothing fits the goal."), (5, "Too few sessions reach the goal.")]
)
def test_a_goal_that_few_reach_is_not_called_one_that_nothing_fits(conversions: int, said: str) -> None:
    few = replace(ORDERS, conversions=conversions)
    meant = [Candidate("event=order_placed", 812, "event_name")]

    assert said in html(report(goal=few, goals=[few], candidates=meant))
