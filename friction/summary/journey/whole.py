"""All lanes put together."""

from __future__ import annotations

import polars as pl

from friction.journey.channels import OFFLINE
from friction.journey.plan import actions
from friction.journey_map import Journey
from friction.report import Report
from friction.summary.journey.ground import Ground, answers_of
from friction.summary.journey.kinds import people
from friction.summary.journey.lanes import columns, transitions
from friction.summary.journey.measures import measures
from friction.summary.journey.trips import CODE, Trips, trips
from friction.summary.journey.voices import contacts_of, placed
from friction.summary.journey.ways import attribution, channels, touchpoints, ways


def journey(report: Report, ground: Ground) -> Journey:
    """The journey of one analysis; the same tables give the same journey."""
    told = trips(ground)
    asked = ground.analysis.settings.journey
    kinds = people(report, ground, told)
    answers = placed(answers_of(ground.analysis), told, kinds.of)
    contacts = placed(contacts_of(ground.analysis), told, kinds.of)
    books = attribution(told, asked.look_back_days, asked.half_life_days)
    return Journey(
        sessions=told.sessions,
        visitors=told.visitors,
        conversions=int(told.table["won"].sum()),
        goal=report.goal.definition if report.goal else None,
        start=report.input.start,
        end=report.input.end,
        stages=columns(report, ground, told, answers),
        transitions=transitions(told),
        channels=channels(report, ground, told, books),
        touchpoints=touchpoints(ground, told),
        personas=kinds.personas,
        kpis=measures(told, kinds.of, answers, contacts),
        attribution_paths=books.facts,
        paths=ways(told),
        actions=actions(report),
        page_roles=_page_roles(report, ground),
        facts=_facts(told, answers, contacts, kinds.stability),
    )


def _page_roles(report: Report, ground: Ground) -> dict[str, str]:
    asked = {point.page for point in report.points}
    known = zip(ground.pages, ground.roles, strict=True)
    return {page: role for page, role in known if role and page in asked}


def _facts(
    told: Trips, answers: pl.DataFrame, contacts: pl.DataFrame, stability: dict[int, float]
) -> dict[str, float]:
    offline = told.table["channel_code"].is_in([CODE[name] for name in OFFLINE]).sum()
    silent = (told.table["channel_code"] == CODE["unassigned"]).sum()
    return {
        "answers": float(answers.height),
        "contacts": float(contacts.height),
        "offline_sessions": float(offline),
        "no_channel": float(silent),
        **{f"stability_{size}": round(value, 3) for size, value in sorted(stability.items())},
    }
