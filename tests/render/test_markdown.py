"""The report as Markdown: what is written there stays text."""

from __future__ import annotations

import pytest

from friction.i18n import LANGUAGES, language
from friction.render.markdown import markdown, plain
from tests.render.samples import every_kind, hostile, nothing
from tests.render.test_page import GOLDEN


def test_a_small_report_is_the_one_that_was_looked_at() -> None:
    assert markdown(every_kind()) == (GOLDEN / "report.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("code", LANGUAGES)
def test_texts_of_the_data_never_act(code: str) -> None:
    page = markdown(hostile(), language(code))

    assert "<" not in page
    assert not set("\x00\x1b\u202e") & set(page)
    assert all(line.replace(r"\|", "").count("|") in {0, 4, 7, 8} for line in page.splitlines())


def test_signs_of_markdown_are_escaped_and_addresses_are_no_links() -> None:
    assert plain("a_b*c`d|[e](f) https://x.test www.y.test") == (
        r"a\_b\*c\`d\|\[e\](f) https\://x.test www\.y.test"
    )


def test_an_empty_report_is_said_to_be_so() -> None:
    assert markdown(nothing()).startswith("# Nothing found")
