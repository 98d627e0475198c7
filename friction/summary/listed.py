"""The friction points of event detectors, each with its cost and evidence, in their order."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import polars as pl

from friction.impact import MIN_SESSIONS, Sample
from friction.points import Points, gather, identity, overlaps
from friction.rank import q_values, score
from friction.reduce import Tables
from friction.reduce.kept import Shelf
from friction.report import Point, Rare, again
from friction.summary import points as cards
from friction.summary.about import about
from friction.summary.analysis import Analysis
from friction.summary.costs import Costs, costs
from friction.summary.fold import folded
from friction.summary.moments import utc
from friction.values import dataclass

RARE_LISTED = 500
"""Points too rare to judge that are listed one by one; the others are counted (`Report.rare`)."""


@dataclass(frozen=True)
class Listed:
    """The points that are listed, as tables, and how many were left out."""

    points: Points
    rare: Rare


def to_list(tables: Tables, shelf: Shelf | None = None) -> Listed | None:
    """All points of event detectors but the rarest; null where nothing was found. Who met them goes on the shelf."""
    if not tables.height("hits"):
        return None
    rare: list[Rare] = []

    def listed(table: pl.DataFrame) -> pl.DataFrame:
        few = table.filter(pl.col("sessions") < MIN_SESSIONS)
        kept = few.sort("sessions", "findings", "point", descending=[True, True, False]).head(RARE_LISTED)
        rare.append(Rare(few.height, int(few["findings"].sum()), kept.height))
        return pl.concat([table.filter(pl.col("sessions") >= MIN_SESSIONS), kept]).sort("point")

    return Listed(gather(tables, listed, shelf), *rare)


@dataclass(frozen=True)
class Drafts:
    """The points that are listed but for their cost."""

    points: list[Point]
    naive: Mapping[int, float]
    """What a point costs by plain comparison, by number."""


def drafted(analysis: Analysis, points: Points, base: cards.Base, names: cards.Names) -> Drafts:
    """All that is said of them without their cost, so that it can be put together beside that."""
    told = about(analysis, points, base, names)
    nothing = cards.impact(None, base, 0, None)
    advised = {name: cards.advised(detector) for name, detector in analysis.detectors.items()}
    built = []
    for row in points.table.iter_rows(named=True):
        number, detector = row["point"], row["detector"]
        moments = list(told.moments.get(number, ()))
        page, target = names.page(row["page"]), names.target(detector, row["target"])
        built.append(
            Point(
                rank=None,
                id=identity(detector, page, target),
                detector=detector,
                page=page,
                target=target,
                title=cards.titled(analysis.detectors[detector], page, target),
                stage=None,
                severity=row["severity"],
                score=None,
                score_parts={},
                findings=row["findings"],
                sessions_affected=row["sessions"],
                sessions_exposed=row["exposed"],
                affected_share=row["sessions"] / row["exposed"],
                visitors_affected=row["visitors"],
                impact=nothing,
                trend=list(told.trend.get(number, ())),
                first_seen=utc(row["first"]) or "",
                last_seen=utc(row["last"]) or "",
                segments=list(told.segments.get(number, ())),
                window=None,
                steps=cards.step(moments),
                fields=list(told.fields.get((row["page"], row["target"]), ()))
                if detector == "form_abandonment"
                else [],
                facts={"ratings": told.speed.get(row["page"], {})} if detector == "slow_page" else {},
                evidence=moments,
                recommendation=advised[detector],
                overlaps=[],
            )
        )
    numbers = points.table["point"].to_list()
    return Drafts(folded(built, numbers, points, analysis.detectors), told.naive)


def listed_points(
    analysis: Analysis, points: Points, drafts: Callable[[], Drafts], base: cards.Base
) -> tuple[list[Point], Mapping[str, Sequence[float]], Sample | None]:
    """The points with their cost, unranked.

    Then, by id: what each would cost with a smaller effect (`friction.impact.SHIFTS`); last, whom costs rest on.
    """
    found = costs(analysis, points, base)
    built = _costed(analysis, points, found, drafts(), base)
    numbers = points.table["point"].to_list()
    falls = {
        point.id: found.rows[number]["falls"]
        for point, number in zip(built, numbers, strict=True)
        if number in found.rows and found.rows[number]["falls"] is not None
    }
    return built, falls, found.sample


def _costed(
    analysis: Analysis, points: Points, costs: Costs, drafts: Drafts, base: cards.Base
) -> list[Point]:
    numbers = points.table["point"].to_list()
    rows = [costs.rows.get(number) for number in numbers]
    tested = [
        row["p_value"] if row and not cards.too_rare(row, point.sessions_affected) else None
        for row, point in zip(rows, drafts.points, strict=True)
    ]
    built = []
    for number, point, row, q in zip(numbers, drafts.points, rows, q_values(tested), strict=True):
        impact = cards.impact(row, base, point.sessions_affected, q)
        if impact.estimate is not None and number in drafts.naive:
            impact = again(impact, naive=drafts.naive[number])
        if not analysis.detectors[point.detector].costed:
            impact = again(impact, reason=cards.NO_OWN_COST)
        score = _score(impact.estimate, base)
        parts = cards.parts(row) if impact.estimate is not None else {}
        built.append(again(point, impact=impact, score=score, score_parts=parts))
    return _with_overlaps(built, points, numbers)


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
        again(point, overlaps=sorted(others[number])) if number in others else point
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
    return [again(point, rank=rank) for rank, point in enumerate(judged, start=1)] + others
