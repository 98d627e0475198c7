"""What the further views of a report show and the report itself has no place for."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import polars as pl

from friction.beside.clicks import clicks
from friction.beside.paths import paths
from friction.report import Report
from friction.summary.analysis import Analysis
from friction.summary.facts import ratings
from friction.summary.fields import form_fields
from friction.summary.points import Names

SPEED_PAGES, FORMS = 200, 100
WAY = ("home", "list", "product", "cart", "checkout")
"""Page types in the order of a purchase."""


def views(analysis: Analysis, report: Report, names: Names) -> dict[str, Any]:
    """`paths` (`friction.beside.paths`), `speed` by page, metric and device, `forms` with their fields, `kinds`,
    `clicks` (`friction.beside.clicks`)."""
    return {
        "clicks": clicks(analysis, report, names),
        "paths": paths(analysis.tables, names, has_goal=report.goal is not None),
        "speed": _speed(analysis, names),
        "forms": _forms(analysis, names),
        "kinds": _kinds(analysis, report, names),
    }


def _speed(analysis: Analysis, names: Names) -> list[dict[str, Any]]:
    """The pages with most measured views: per metric and device p75 with its interval, rating and shares."""
    found: list[dict[str, Any]] = []
    for page, metrics in ratings(analysis.tables.timings, analysis.ingested.events.words).items():
        most = max(devices["all"]["views"] for devices in metrics.values())
        found.append({"page": names.page(page), "views": most, "metrics": metrics})
    return sorted(found, key=lambda each: (-each["views"], each["page"]))[:SPEED_PAGES]


def _forms(analysis: Analysis, names: Names) -> list[dict[str, Any]]:
    """The forms that most sessions touched; `fields` those where most stopped first."""
    words = analysis.ingested.events.words
    found: list[dict[str, Any]] = [
        {
            "page": names.page(page),
            "form": words.word("form", form),
            "sessions": max(field.sessions for field in fields),
            "fields": [asdict(field) for field in fields[:60]],
        }
        for (page, form), fields in form_fields(analysis.tables.fields, words).items()
    ]
    return sorted(found, key=lambda each: (-each["sessions"], each["page"], each["form"] or ""))[:FORMS]


def _kinds(analysis: Analysis, report: Report, names: Names) -> dict[str, Any]:
    """`types` of pages by name, and a funnel over those of a purchase: sessions that saw one and those before it."""
    types = analysis.ingested.events.pages.types
    seen = analysis.tables.seen
    pages = pl.DataFrame({"page": seen["page"].unique().sort()})
    kinds = pages.with_columns(
        kind=pl.Series([types.get(names.page(page)) for page in pages["page"]], dtype=pl.String)
    )
    shown = [each.page for each in report.pages]
    people = analysis.tables.sessions.filter(~pl.col("automated"))
    alive, steps = people.select("session_id"), [["", people.height]]
    by_kind = seen.join(kinds, on="page").select("session_id", "kind").unique()
    for kind in WAY[1:]:
        there = by_kind.filter(pl.col("kind") == kind).select("session_id")
        if there.height:
            alive = alive.join(there, on="session_id", how="semi")
            steps.append([kind, alive.height])
    if report.goal is not None:
        goals = people.filter((pl.col("goals") & 1) > 0).select("session_id")
        steps.append(["goal", alive.join(goals, on="session_id", how="semi").height])
    return {"types": {page: types[page] for page in shown if page in types}, "funnel": steps}
