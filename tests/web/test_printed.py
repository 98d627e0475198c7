"""The views of a report on paper: all of each page lies within the sheet, and nothing is there to be pressed."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.web.browsing import chromium, heard, page, site
from tests.web.recorded import recorded
from tests.web.served import Served

__all__ = ["chromium", "heard", "page", "site"]

SHEET = 718
"""Pixels between the margins of A4."""
BEYOND = """width => [...document.querySelectorAll("main *")]
    .filter(each => each.checkVisibility() && each.getBoundingClientRect().right > width + 1 && !each.closest("svg *"))
    .map(each => each.outerHTML.slice(0, 80))"""
CONTROLS = "main button, main input, main select, main textarea"


@pytest.fixture(scope="module")
def report(site: Served) -> str:
    """Where a report with everything beside it is."""
    return f"/reports/{recorded(site.service)}"


@pytest.mark.parametrize("view", ["", "/overview", "/funnels", "/forms", "/speed", "/paths", "/journey"])
def test_a_view_fits_on_paper_and_holds_no_control(page: Page, report: str, view: str) -> None:
    page.set_viewport_size({"width": SHEET, "height": 1000})
    page.emulate_media(media="print")
    page.goto(report + view)

    assert page.evaluate(BEYOND, SHEET) == []
    assert page.locator(CONTROLS).filter(visible=True).count() == 0
