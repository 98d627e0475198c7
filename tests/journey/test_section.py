"""The journey as a section of the page, and as an option of the command line."""

from __future__ import annotations

from dataclasses import replace
from html.parser import HTMLParser

import pytest

from friction.i18n import LANGUAGES, language
from friction.render.html import html
from tests.journey.conftest import Seen


class _Outline(HTMLParser):
    """Headings of the section, and everything that could load or run."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.foreign: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        if name := told.get("id"):
            self.ids.append(name)
        if (
            tag in {"script", "iframe", "object"}
            or "style" in told
            or (told.get("src") or "").startswith("http")
        ):
            self.foreign.append(tag)


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_page_holds_the_map_without_anything_foreign(seen: Seen, code: str) -> None:
    outline = _Outline()
    outline.feed(html(seen.report, language(code)))

    assert {"journey", "jm-t", "jm-d"} <= set(outline.ids)
    assert len(outline.ids) == len(set(outline.ids))
    assert outline.foreign == []


def test_a_report_without_a_journey_has_no_such_section(seen: Seen) -> None:
    page = html(replace(seen.report, journey=None))

    assert 'id="journey"' not in page
    assert "jm-line" not in page
