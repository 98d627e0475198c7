"""A report that exists, in every other form."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from friction.i18n import language
from friction.render.html import html
from friction.render.markdown import markdown
from friction.report import Report
from tests.cli.conftest import Run
from tests.render.samples import every_kind


@pytest.fixture
def stored(tmp_path: Path) -> Path:
    path = tmp_path / "report.json"
    path.write_bytes(every_kind().to_json())
    return path


def read(stored: Path) -> Report:
    return Report.from_json(stored.read_bytes())


def test_a_stored_report_becomes_a_page_in_the_language_asked_for(
    stored: Path, tmp_path: Path, friction: Callable[..., object]
) -> None:
    friction("render", str(stored), "--lang", "fr", "-o", "page.html", "-o", "again.json")

    assert (tmp_path / "page.html").read_text(encoding="utf-8") == html(read(stored), language("fr"))
    assert (tmp_path / "again.json").read_bytes() == stored.read_bytes()


def test_a_form_is_printed_where_no_file_is_named(stored: Path, friction: Callable[..., object]) -> None:
    outcome = friction("render", str(stored), "--format", "md")

    assert outcome.out == markdown(read(stored))  # type: ignore[attr-defined]


def test_of_two_files_the_one_that_is_no_report_is_named(stored: Path, friction: Run) -> None:
    torn = stored.with_name("torn.json")
    torn.write_bytes(stored.read_bytes()[:-100])

    shown = friction("compare", stored.name, torn.name)

    assert (shown.code, "where: torn.json" in shown.err) == (3, True)
