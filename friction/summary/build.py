"""The whole report from the tables of an analysis."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from friction import __version__, quality
from friction.config import Settings
from friction.detectors.base import Detector
from friction.impact import MIN_SESSIONS, Orders, Sample, orders
from friction.ingest import Ingested
from friction.points import Points, gather, identity, overlaps, segments, trends
from friction.privacy.columns import VERSION
from friction.rank import q_values, score
from friction.reduce import Tables
from friction.report import DetectorRun, Earned, Goal, Input, Point, Privacy, Rare, Report, Suppressed
from friction.summary import points as cards
from friction.summary.around import with_surroundings
from friction.summary.candidates import candidates
from friction.summary.costs import Costs, costs
from friction.summary.facts import ratings
from friction.summary.fields import form_fields
from friction.summary.fold import folded
from friction.summary.funnel import proposed
from friction.summary.heard import heard, identified
from friction.summary.judged import in_report, watch
from friction.summary.moments import counted, session_names, utc
from friction.summary.naive import naive
from friction.summary.seen import days, pages
from friction.summary.sensitivity import with_sensitivity
from friction.summary.spikes import spikes

RARE_LISTED = 500
"""Points too rare to judge that are listed one by one; the others are counted (`Report.rare`)."""


@dataclass(frozen=True)
class Analysis:
    """All that an analysis left behind."""

    ingested: Ingested
    tables: Tables
    settings: Settings
    detectors: Mapping[str, Detector]
    skipped: Mapping[str, str]
    """Detector → why it could not be asked."""

    @property
    def zone(self) -> str:
        return self.settings.time.zone or "UTC"


def build(analysis: Analysis) -> Report:
    """The report of one analysis; the same tables give the same report."""
    tables = analysis.tables
    people = tables.sessions.filter(~pl.col("automated"))
    goals = _goals(analysis, people)
    base = _base(goals, people, analysis)
    names = names_of(analysis)
    listed, rare, numbered, falls, sample = _points(analysis, base, names)
    watching = watch(analysis, numbered)
    ways_out = [replace(p, reason="marker") for p in listed if p.impact.reason == "marker"]
    ranked = with_sensitivity(
        _ranked(
            [*(p for p in listed if p.impact.reason != "marker"), *spikes(analysis, base, names, watching)]
        ),
        falls,
    )
    counts = counted(analysis.ingested.books, names.session)
    return Report(
        input=_input(analysis, people),
        goal=goals[0] if goals else None,
        goals=goals,
        candidates=[] if base.has_goal else candidates(analysis.ingested.events),
        quality=[
            *quality.checks(tables.sessions, counts, analysis.zone),
            *quality.excluded(analysis.ingested.books.excluded),
            *([quality.costs_sampled(sample.views, sample.of)] if sample else []),
            *cards.seen_from(goals[:1], ranked),
        ],
        detectors=_runs(analysis, ranked),
        points=with_surroundings(ranked, analysis.ingested.events, tables.sessions, names.session),
        rare=rare,
        aside=_ranked(ways_out),
        suppressed=_suppressed(analysis, names),
        settings=analysis.settings.in_report(),
        friction_version=__version__,
        privacy=Privacy(VERSION, "keyed" if analysis.settings.privacy.key else "hashed"),
        funnels=proposed(tables.sessions, tables.views, tables.seen, goals[0].definition, names)
        if goals
        else [],
        series=in_report(watching, tables, names, analysis.zone, numbered) if watching else [],
        days=days(people, analysis.zone),
        pages=pages(tables.seen, names),
        heard=heard(analysis, numbered, names),
        identity=identified(analysis.ingested.heard.people),
    )


def _goals(analysis: Analysis, people: pl.DataFrame) -> list[Goal]:
    """Each goal with the sessions that reached it; revenue of the first, where all is in one currency."""
    if not analysis.settings.goals and not ((people["goals"] & 1) > 0).any():
        return []
    found = []
    for bit, goal in enumerate(analysis.ingested.events.goals):
        reached = people.filter((pl.col("goals") & (1 << bit)) > 0)
        revenue, currency = _revenue(reached, analysis) if bit == 0 else (None, None)
        rate = reached.height / people.height if people.height else None
        earned = _earned(reached, analysis) if bit == 0 else []
        found.append(Goal(str(goal), reached.height, rate, revenue, currency, earned))
    return found


def _revenue(reached: pl.DataFrame, analysis: Analysis) -> tuple[float | None, str | None]:
    configured = next(iter(analysis.settings.goals.values()), None)
    if configured and configured.value is not None:
        return configured.value * reached.height, configured.currency
    if "revenue_millionths" not in reached.columns or not reached.height:
        return None, None
    currencies = reached["currency"].drop_nulls().unique() if "currency" in reached.columns else pl.Series()
    total = int(reached["revenue_millionths"].sum())
    if currencies.len() > 1 or total <= 0:
        return None, None
    code = currencies.first()
    return total / 1e6, analysis.ingested.events.words.word("currency", code)  # type: ignore[arg-type]


def _earned(reached: pl.DataFrame, analysis: Analysis) -> list[Earned]:
    found = orders(reached)
    if not found:
        return []
    words = _currencies(found, analysis)
    return [Earned(*each) for each in zip(words, found.conversions, found.revenue, strict=True)]


def _currencies(found: Orders, analysis: Analysis) -> list[str | None]:
    return [analysis.ingested.events.words.word("currency", code) for code in found.currencies]


def _base(goals: Sequence[Goal], people: pl.DataFrame, analysis: Analysis) -> cards.Base:
    first = goals[0] if goals and goals[0].conversions >= cards.MIN_CONVERSIONS else None
    if not first:
        return cards.Base(None, max(people.height, 1), None)
    value = first.revenue / first.conversions if first.revenue else None
    configured = next(iter(analysis.settings.goals.values()), None)
    fixed = configured is not None and configured.value is not None
    said = None if fixed else orders(analysis.tables.sessions, among=~pl.col("automated"))
    words = _currencies(said, analysis) if said else []
    return cards.Base(first.conversions, max(people.height, 1), value, said, words)


def names_of(analysis: Analysis) -> cards.Names:
    """How the codes of this analysis are written."""
    words = analysis.ingested.events.words

    def target(detector: str, code: int | None) -> str | None:
        return words.word(analysis.detectors[detector].coded.get("target", "target"), code)

    def detail(name: str, value: Any) -> Any:
        column = "page" if name.endswith("_page") else name
        coded = column in words.by_column and isinstance(value, int)
        return words.word(column, value) if coded else value

    names = session_names(analysis.tables.sessions, analysis.ingested.events.names)
    files = [file.name for file in analysis.ingested.books.files]
    return cards.Names(
        lambda code: words.word("page", code) or "",
        target,
        names,
        files,
        detail,
        lambda dimension, code: words.word(dimension, code) or "",
    )


def _points(
    analysis: Analysis, base: cards.Base, names: cards.Names
) -> tuple[list[Point], Rare, Points | None, Mapping[str, Sequence[float]], Sample | None]:
    """All points of event detectors with their cost, unranked, what was left out of the list, and their tables.

    Then, by id: what each would cost with a smaller effect (`friction.impact.SHIFTS`); last, whom costs rest on.
    """
    tables = analysis.tables
    if not tables.hits.height:
        return [], Rare(0, 0, 0), None, {}, None
    points = gather(tables)
    few = points.table.filter(pl.col("sessions") < MIN_SESSIONS)
    kept = few.sort("sessions", "findings", "point", descending=[True, True, False]).head(RARE_LISTED)
    shown = pl.concat([points.table.filter(pl.col("sessions") >= MIN_SESSIONS), kept]).sort("point")
    rare = Rare(few.height, int(few["findings"].sum()), kept.height)
    listed = points.only(shown)
    found = costs(analysis, listed, base)
    simple = naive(listed, tables.sessions, tables.views, has_goal=base.has_goal)
    built = _cards(analysis, listed, found, simple, base, names)
    numbers = listed.table["point"].to_list()
    falls = {
        point.id: found.rows[number]["falls"]
        for point, number in zip(built, numbers, strict=True)
        if number in found.rows and found.rows[number]["falls"] is not None
    }
    return built, rare, listed, falls, found.sample


def _cards(
    analysis: Analysis,
    points: Points,
    costs: Costs,
    simple: Mapping[int, float],
    base: cards.Base,
    names: cards.Names,
) -> list[Point]:
    tables, words = analysis.tables, analysis.ingested.events.words
    trend = cards.grouped(trends(points, tables, analysis.zone), cards.trend_point)
    where = cards.grouped(segments(points, tables, words), cards.segment)
    keys = points.table.select("point", "detector", "page", "target")
    best = tables.evidence.join(
        keys, on=["detector", "page", "target"], nulls_equal=True, maintain_order="left"
    )
    moments = cards.evidence(best, names)
    speed, fields = ratings(tables.timings, words), form_fields(tables.fields, words)
    tested = [
        row["p_value"] if row and not cards.too_rare(row, sessions) else None
        for row, sessions in (
            (costs.rows.get(p), s) for p, s in points.table.select("point", "sessions").iter_rows()
        )
    ]
    built = []
    for row, q in zip(points.table.iter_rows(named=True), q_values(tested), strict=True):
        number, cost = row["point"], costs.rows.get(row["point"])
        page, target = names.page(row["page"]), names.target(row["detector"], row["target"])
        impact = cards.impact(cost, base, row["sessions"], q)
        impact = replace(impact, naive=simple.get(number) if impact.estimate is not None else None)
        if not analysis.detectors[row["detector"]].costed:
            impact = replace(impact, reason=cards.NO_OWN_COST)
        built.append(
            Point(
                rank=None,
                id=identity(row["detector"], page, target),
                detector=row["detector"],
                page=page,
                target=target,
                title=cards.titled(analysis.detectors[row["detector"]], page, target),
                stage=None,
                severity=row["severity"],
                score=_score(impact.estimate, base),
                score_parts=cards.parts(cost) if impact.estimate is not None else {},
                findings=row["findings"],
                sessions_affected=row["sessions"],
                sessions_exposed=row["exposed"],
                affected_share=row["sessions"] / row["exposed"],
                visitors_affected=row["visitors"],
                impact=impact,
                trend=trend.get(number, []),
                first_seen=utc(row["first"]) or "",
                last_seen=utc(row["last"]) or "",
                segments=where.get(number, []),
                window=None,
                steps=cards.step(moments.get(number, [])),
                fields=fields.get((row["page"], row["target"]), [])
                if row["detector"] == "form_abandonment"
                else [],
                facts={"ratings": speed.get(row["page"], {})} if row["detector"] == "slow_page" else {},
                evidence=moments.get(number, []),
                recommendation=cards.advised(analysis.detectors[row["detector"]]),
                overlaps=[],
            )
        )
    numbers = [row["point"] for row in points.table.iter_rows(named=True)]
    return folded(_with_overlaps(built, points, numbers), numbers, points, analysis.detectors)


def _score(estimate: float | None, base: cards.Base) -> float | None:
    if estimate is None:
        return None
    return score(estimate, base.conversions or base.sessions, has_goal=base.has_goal)


def _with_overlaps(built: list[Point], points: Points, numbers: list[int]) -> list[Point]:
    """Name for the costliest points those that strike the same page views."""
    costly = sorted(
        zip(built, numbers, strict=True), key=lambda each: (-(each[0].impact.estimate or 0), each[0].id)
    )
    among = pl.Series([number for _, number in costly[: cards.OVERLAPS_AMONG]], dtype=pl.UInt32)
    ids = {number: point.id for point, number in zip(built, numbers, strict=True)}
    others: dict[int, list[str]] = {}
    for number, other in overlaps(points, among).iter_rows():
        others.setdefault(number, []).append(ids[other])
    return [
        replace(point, overlaps=sorted(others[number])) if number in others else point
        for point, number in zip(built, numbers, strict=True)
    ]


def _ranked(points: Sequence[Point]) -> list[Point]:
    """By estimate, ties by id; points without one last, by sessions, without a rank."""
    judged = sorted(
        (p for p in points if p.impact.estimate is not None), key=lambda p: (-(p.impact.estimate or 0), p.id)
    )
    others = sorted(
        (p for p in points if p.impact.estimate is None), key=lambda p: (-p.sessions_affected, p.id)
    )
    return [replace(point, rank=rank) for rank, point in enumerate(judged, start=1)] + others


def _input(analysis: Analysis, people: pl.DataFrame) -> Input:
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
        visitors=people["visitor"].n_unique(),
        pages=analysis.tables.views["page"].n_unique(),
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
