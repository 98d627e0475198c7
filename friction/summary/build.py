"""The whole report from the tables of an analysis."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import polars as pl

from friction import __version__, quality
from friction.heard import Heard
from friction.impact.money import STRATA
from friction.isolate import memory
from friction.points import Points
from friction.privacy.columns import VERSION
from friction.reduce import Tables
from friction.report import (
    Candidate,
    Day,
    DetectorRun,
    Funnel,
    Goal,
    Input,
    LookAlikes,
    PageSeen,
    Point,
    Privacy,
    Quality,
    Rare,
    Report,
    Suppressed,
    uncollected,
)
from friction.summary import points as cards
from friction.summary.analysis import Analysis, names_of
from friction.summary.around import with_surroundings
from friction.summary.candidates import candidates
from friction.summary.funnel import proposed
from friction.summary.goals import base_of, goals_of
from friction.summary.heard import heard, identified
from friction.summary.judged import in_report, watch
from friction.summary.listed import RARE_LISTED, drafted, in_order, listed_points, to_list
from friction.summary.moments import counted, utc
from friction.summary.seen import days, pages
from friction.summary.sensitivity import with_sensitivity
from friction.summary.spikes import spikes
from friction.threads import meanwhile
from friction.values import dataclass


@uncollected()
def build(analysis: Analysis) -> Report:
    """The report of one analysis; the same tables give the same report."""
    tables = analysis.tables
    goals, base = _reached(analysis)
    names = names_of(analysis)
    found = to_list(tables, analysis.ingested.events.store.shelf)
    points = found.points if found else None
    # What needs no costs is worked out beside them: first what they are put together with.
    with meanwhile(workers(tables)) as side:
        drafts = side.start(partial(drafted, analysis, points, base, names)) if points else None
        watching = side.start(partial(watch, analysis, points))
        more = side.start(partial(_more, analysis, goals, base, points, names))
        listed, falls, sample = (
            listed_points(analysis, points, drafts, base) if points and drafts else ([], {}, None)
        )
        memory.trim()
        watched, beside = watching(), more()
    ways_out = [replace(p, reason="marker") for p in listed if p.impact.reason == "marker"]
    ranked = with_sensitivity(
        in_order(
            [*(p for p in listed if p.impact.reason != "marker"), *spikes(analysis, base, names, watched)]
        ),
        falls,
    )
    return Report(
        input=_input(analysis),
        goal=goals[0] if goals else None,
        goals=goals,
        candidates=beside.candidates,
        quality=[
            *beside.quality,
            *([quality.costs_sampled(sample.views, sample.of)] if sample else []),
            *cards.seen_from(goals[:1], ranked),
        ],
        detectors=_runs(analysis, ranked),
        points=with_surroundings(ranked, analysis.ingested.events, tables.sessions, names.session),
        rare=found.rare if found else Rare(0, 0, 0),
        aside=in_order(ways_out),
        suppressed=_suppressed(analysis, names),
        look_alikes=_look_alikes(analysis),
        settings=analysis.settings.in_report(),
        friction_version=__version__,
        privacy=Privacy(VERSION, "keyed" if analysis.settings.privacy.key else "hashed"),
        funnels=beside.funnels,
        series=in_report(watched, tables, names, analysis.zone, points) if watched else [],
        days=beside.days,
        pages=beside.pages,
        heard=beside.heard,
        identity=identified(analysis.ingested.heard.people),
    )


OF_PEOPLE = ("visitor", "start", "goals", "goal_view", "revenue_millionths", "currency", *STRATA)
"""What the report asks of sessions of people."""


def _reached(analysis: Analysis) -> tuple[list[Goal], cards.Base]:
    """The goals, and what costs are relative to."""
    people = _people(analysis.tables.sessions)
    goals = goals_of(analysis, people)
    return goals, base_of(goals, people, analysis)


def _people(sessions: pl.DataFrame) -> pl.DataFrame:
    """Those that no machine made: of many sessions a second table, so nobody keeps it."""
    asked = sessions.select(name for name in OF_PEOPLE if name in sessions.columns)
    automated = sessions["automated"]
    return asked.filter(~automated) if automated.any() else asked


AT_ONCE = 3_000_000
"""Page views up to which a second thread works on the report; of more, or where they lie on disk, one part of it at a
time is in memory."""


def workers(tables: Tables) -> int:
    """How many threads may work on a report of these tables, beside those of the cost model."""
    few = tables.height("views") <= AT_ONCE and not tables.is_kept("views")
    return pl.thread_pool_size() if few else 1


@dataclass(frozen=True)
class _More:
    """Parts of the report that stand for themselves."""

    candidates: list[Candidate]
    quality: list[Quality]
    funnels: list[Funnel]
    days: list[Day]
    pages: list[PageSeen]
    heard: Heard | None


def _more(
    analysis: Analysis,
    goals: Sequence[Goal],
    base: cards.Base,
    points: Points | None,
    names: cards.Names,
) -> _More:
    tables, books = analysis.tables, analysis.ingested.books
    way = proposed(tables, goals[0].definition, names) if goals else []
    counts = counted(books, names.session)
    checks = quality.checks(tables.sessions, counts, analysis.zone)
    return _More(
        candidates=[] if base.conversions else candidates(analysis.ingested.events),
        quality=[*checks, *quality.excluded(books.excluded)],
        funnels=way,
        days=days(_people(tables.sessions), analysis.zone),
        pages=pages(tables, names),
        heard=heard(analysis, points, names),
    )


def _input(analysis: Analysis) -> Input:
    books, sessions = analysis.ingested.books, analysis.tables.sessions
    return Input(
        files=books.files,
        rows_total=sum(file.rows_total for file in books.files),
        rows_accepted=sum(file.rows_accepted for file in books.files),
        rows_rejected=sum(file.rows_rejected for file in books.files),
        rejects=books.rejects,
        rejected_by_reason=books.by_reason,
        events=int(sessions["events"].sum()),
        sessions=sessions.height,
        visitors=_people(sessions)["visitor"].n_unique(),
        pages=pl.concat([some["page"].unique() for some in analysis.tables.stretches("page")]).n_unique(),
        start=utc(sessions["start"].min()),  # type: ignore[arg-type]
        end=utc(sessions["end"].max()),  # type: ignore[arg-type]
        capabilities=sorted(analysis.ingested.capabilities),
        passed_over=books.passed_over,
        excluded=list(books.excluded),
    )


def _runs(analysis: Analysis, points: Sequence[Point]) -> list[DetectorRun]:
    """Every detector asked for: ran, not assessable with this file, or failed."""
    found = dict.fromkeys(analysis.detectors, 0)
    counts = analysis.tables.counts
    if counts.height:
        counted = (
            counts.filter(pl.col("aside").is_null()).group_by("detector").agg(pl.col("n_findings").sum())
        )
        found.update({str(name): int(total) for name, total in counted.iter_rows()})
    for point in points:
        if point.detector == "dropoff_spike":
            found[point.detector] = found.get(point.detector, 0) + point.findings
    return [_run(analysis, name, found[name]) for name in sorted(analysis.detectors)]


def _run(analysis: Analysis, name: str, findings: int) -> DetectorRun:
    parameters, preset = analysis.detectors[name].parameters, analysis.detectors[name].label
    if reason := analysis.skipped.get(name):
        return DetectorRun(name, preset, parameters, "skipped", reason, 0)
    if reason := analysis.tables.failed.get(name):
        return DetectorRun(name, preset, parameters, "failed", reason, findings)
    return DetectorRun(name, preset, parameters, "ran", None, findings)


def _suppressed(analysis: Analysis, names: cards.Names) -> list[Suppressed]:
    """What has the shape of friction and does not count, most first; at most `RARE_LISTED` lines."""
    counts = analysis.tables.counts
    if not counts.height:
        return []
    aside = counts.filter(pl.col("aside").is_not_null())
    order = ["n_findings", "detector", "page", "target", "aside"]
    aside = aside.sort(order, descending=[True, False, False, False, False], nulls_last=False).head(
        RARE_LISTED
    )
    return [
        Suppressed(
            row["detector"],
            names.page(row["page"]),
            names.target(row["detector"], row["target"]),
            row["n_findings"],
            row["aside"],
        )
        for row in aside.iter_rows(named=True)
    ]


def _look_alikes(analysis: Analysis) -> LookAlikes:
    """Those of all places."""
    counts = analysis.tables.counts
    if not counts.height:
        return LookAlikes(0, {})
    aside = counts.filter(pl.col("aside").is_not_null())
    each = aside.group_by("aside").agg(pl.col("n_findings").sum()).sort("aside")
    return LookAlikes(aside.height, dict(each.iter_rows()))
