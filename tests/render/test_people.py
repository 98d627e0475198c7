"""How many sessions a report speaks of: those of people, of which its shares are."""

from __future__ import annotations

import dataclasses

from friction.i18n import language
from friction.render import text
from friction.render.html import html
from friction.render.markdown import markdown
from friction.report import Day, Report
from tests.reports import point, report


def mostly_machines() -> Report:
    whole = report(point())
    return dataclasses.replace(
        whole,
        days=[Day("2026-01-01", 300, 30), Day("2026-01-02", 400, 40)],
        input=dataclasses.replace(whole.input, sessions=70_000),
    )


def test_sessions_are_those_of_people_and_not_of_machines_in_every_form() -> None:
    found, speak = mostly_machines(), language("en")

    for said in (text.plain(text.report(found, speak)), markdown(found, speak), html(found, speak)):
        assert "700" in said
        assert "70,000" not in said
