"""The friction points of event detectors, each with its cost and evidence, in their order."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import polars as pl

from friction.impact import MIN_SESSIONS, Sample
from friction.points import Points, gather, identity, overlaps
from friction.rank import q_values, score
from friction.reduce import Tables
from friction.report import Point, Rare
from friction.summary import points as cards
from friction.summary.about import About
from friction.summary.analysis import Analysis
from friction.summary.costs import Costs, costs
from friction.summary.fold import folded
from friction.summary.moments import utc

RARE_LISTED = 500
"""Points too rare to judge that are listed one by one; the others are counted (`Report.rare`)."""


@dataclass(frozen=True)
class Listed:
    """The points that are listed, as tables, and how many were left out."""

    points: Points
    rare: Rare


def to_list(tables: Tables) -> Listed | None:
    """All points of event detectors but the rarest; null where nothing was found."""
    if not tables.height("hits"):
        return None
    points = gather(tables)
    few = points.table.filter(pl.col("sessions") < MIN_SESSIONS)
    kept = few.sort("sessions", "findings", "point", descending=[True, True, False]).head(RARE_LISTED)
    shown = pl.concat([points.table.filter(pl.col("sessions") >= MIN_SESSIONS), kept]).sort("point")
    return Listed(points.only(shown), Rare(few.height, int(few["findings"].sum()), kept.height))


def listed_points(
    analysis: Analysis, points: Points, told: Callable[[], About], base: cards.Base, names: cards.Names
) -> tuple[list[Point], Mapping[str, Sequence[float]], Sample | None]:
    """The points with their cost, unranked.

    Then, by id: what each would cost with a smaller effect (`friction.impact.SHIFTS`); last, whom costs rest on.
    """
    found = costs(analysis, points, base)
    built = _cards(analysis, points, found, told(), base, names)
    numbers = points.table["point"].to_list()
    falls = {
        point.id: found.rows[number]["falls"]
        for point, number in zip(built, numbers, strict=True)
        if number in found.rows and found.rows[number]["falls"] is not None
    }
    return built, falls, found.sample


def _cards(
    analysis: Analysis, points: Points, costs: Costs, told: About, base: cards.Base, names: cards.Names
) -> list[Point]:
    tested = [
        row["p_value"] if row and not cards.too_rare(row, sessions) else None
        for row, sessions in (
            (costs.rows.get(p), s) for p, s in points.table.select("point", "sessions").iter_rows()
        )
    ]
    built = []
    for row, q in zip(points.table.iter_rows(named=True), q_values(tested), strict=True):
        number, cost = row["point"], costs.rows.get(row["point"])
        moments = list(told.moments.get(number, ()))
        page, target = names.page(row["page"]), names.target(row["detector"], row["target"])
        impact = cards.impact(cost, base, row["sessions"], q)
        impact = replace(impact, naive=told.naive.get(number) if impact.estimate is not None else None)
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
                trend=list(told.trend.get(number, ())),
                first_seen=utc(row["first"]) or "",
                last_seen=utc(row["last"]) or "",
                segments=list(told.segments.get(number, ())),
                window=None,
                steps=cards.step(moments),
                fields=list(told.fields.get((row["page"], row["target"]), ()))
                if row["detector"] == "form_abandonment"
                else [],
                facts={"ratings": told.speed.get(row["page"], {})} if row["detector"] == "slow_page" else {},
                evidence=moments,
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


def in_order(points: Sequence[Point]) -> list[Point]:
    """By estimate, ties by id; points without one last, by sessions, without a rank."""
    judged = sorted(
        (p for p in points if p.impact.estimate is not None), key=lambda p: (-(p.impact.estimate or 0), p.id)
    )
    others = sorted(
        (p for p in points if p.impact.estimate is None), key=lambda p: (-p.sessions_affected, p.id)
    )
    return [replace(point, rank=rank) for rank, point in enumerate(judged, start=1)] + others
