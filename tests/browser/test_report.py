"""The written page in a real browser: nothing overflows, axe finds nothing, nothing is fetched, A4 is whole."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

import axe_playwright_python
import pytest
from playwright.sync_api import Browser, Page

from friction.i18n import LANGUAGES, language
from friction.render.html import html
from tests.render.samples import every_kind, hostile, nothing, without_goal

AXE = Path(axe_playwright_python.__file__).parent / "axe.min.js"
SAMPLES = {"every kind": every_kind, "without goal": without_goal, "nothing": nothing, "hostile": hostile}
WIDTHS = (360, 1280, 1920)
AXED = WIDTHS[:2]
"""Axe takes two seconds a page. Wider pages obey the same rules: none begins beyond."""
Scheme = Literal["light", "dark"]
LOOKS: tuple[tuple[str, Scheme], ...] = (("en", "light"), ("en", "dark"), ("fr", "light"))
"""Every language and every scheme: no colour depends on the language, no word on the scheme."""


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], Path]:
    """(sample, language) → file."""
    folder = tmp_path_factory.mktemp("pages")
    found = {}
    for name, made in SAMPLES.items():
        for code in LANGUAGES:
            path = folder / f"{name}.{code}.html"
            path.write_text(html(made(), language(code)), encoding="utf-8")
            found[name, code] = path
    return found


@contextmanager
def opened(browser: Browser, file: Path, width: int, scheme: Scheme) -> Iterator[tuple[Page, list[str]]]:
    """The page offline, with everything it asked for or complained of. Scripts of its own could not run unseen."""
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, offline=True, bypass_csp=False
    )
    page, heard = context.new_page(), list[str]()
    page.on("request", lambda request: heard.append(request.url))
    page.on("console", lambda message: heard.append(message.text))
    page.on("pageerror", lambda error: heard.append(str(error)))
    page.on("dialog", lambda dialog: heard.append(dialog.message))
    page.goto(file.as_uri())
    yield page, heard
    context.close()


def violations(browser: Browser, file: Path, width: int, scheme: Scheme) -> list[str]:
    """What axe-core objects to, with all folds open; it is put in from outside, past the page's own policy."""
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, offline=True, bypass_csp=True
    )
    page = context.new_page()
    page.goto(file.as_uri())
    page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
    page.add_script_tag(path=AXE)
    found: dict[str, Any] = page.evaluate("axe.run({resultTypes: ['violations']})")
    context.close()
    return [f"{each['id']}: {each['nodes'][0]['html'][:200]}" for each in found["violations"]]


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("name", SAMPLES)
def test_no_width_scrolls_sideways_and_nothing_is_asked_for(
    name: str, code: str, chromium: Browser, pages: dict[tuple[str, str], Path]
) -> None:
    file = pages[name, code]
    for width in WIDTHS:
        with opened(chromium, file, width, "light") as (page, heard):
            wide = page.evaluate("document.documentElement.scrollWidth")

            assert wide <= width, f"{wide} at {width}"
            assert heard == [file.as_uri()]


@pytest.mark.parametrize(("code", "scheme"), LOOKS)
@pytest.mark.parametrize("name", ["every kind", "without goal"])
def test_axe_finds_nothing(
    name: str, code: str, scheme: Scheme, chromium: Browser, pages: dict[tuple[str, str], Path]
) -> None:
    found = {width: violations(chromium, pages[name, code], width, scheme) for width in AXED}

    assert found == {width: [] for width in AXED}


def test_no_rule_begins_beyond_the_widths_that_axe_sees(pages: dict[tuple[str, str], Path]) -> None:
    styled = pages["every kind", "en"].read_text(encoding="utf-8")
    begins = [float(rem) * 16 for rem in re.findall(r"@media[^{]*\(min-width:\s*([\d.]+)rem\)", styled)]

    assert begins
    assert styled.count("@media (min-width") == len(begins), "in rem, all of them"
    assert max(begins) <= max(AXED)


@pytest.mark.parametrize("name", ["nothing", "hostile"])
def test_axe_finds_nothing_where_there_is_nothing_or_too_much(
    name: str, chromium: Browser, pages: dict[tuple[str, str], Path]
) -> None:
    assert violations(chromium, pages[name, "en"], 360, "dark") == []


def test_the_themes_are_those_of_the_system(chromium: Browser, pages: dict[tuple[str, str], Path]) -> None:
    paper = {}
    for scheme in ("light", "dark"):
        with opened(chromium, pages["every kind", "en"], 1280, scheme) as (page, _):
            paper[scheme] = page.evaluate("getComputedStyle(document.body).backgroundColor")

    assert paper == {"light": "rgb(244, 246, 245)", "dark": "rgb(15, 21, 20)"}


def test_on_paper_it_is_light_whole_and_with_every_fold_open(
    chromium: Browser, pages: dict[tuple[str, str], Path]
) -> None:
    with opened(chromium, pages["every kind", "en"], 718, "dark") as (page, _):
        page.emulate_media(media="print")
        height = "each => each.getBoundingClientRect().height"
        folds = page.eval_on_selector_all("details:not(.twin) > :not(summary)", f"all => all.map({height})")

        assert page.evaluate("document.documentElement.scrollWidth") <= 718
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
        assert all(folds)
        assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")


def test_texts_are_never_smaller_than_twelve_pixels_in_figures(
    chromium: Browser, pages: dict[tuple[str, str], Path]
) -> None:
    drawn = """all => all.map(each => parseFloat(getComputedStyle(each).fontSize)
        * each.ownerSVGElement.getScreenCTM().a).filter(size => size < 11)"""
    for width in WIDTHS:
        with opened(chromium, pages["every kind", "en"], width, "light") as (page, _):
            assert page.eval_on_selector_all("svg text", drawn) == []
