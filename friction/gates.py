"""Gates for continuous integration: rules that a report must keep, alone or against an earlier one.

    new, new:medium, new:high   a friction point that the baseline has not, at least so sure
    worse:10%                   a point that costs at least a tenth more of 1,000 sessions, and clearly so
    score>70                    a point that scores higher
    budget                      any of `[budgets]`

Points too rare to judge, and those that stand for the cause of another one, trip nothing. A point whose element or page
was merely renamed (a hash in a class, a nested template) is no new one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Literal, get_args

from friction.compare import Difference, State, difference, per_1000
from friction.config.nights import BudgetSettings
from friction.errors import UsageError
from friction.nightly.same import is_renamed
from friction.report import Confidence, Point, Report, leading
from friction.values import dataclass

Kind = Literal["new", "worse", "score", "budget"]
LEVELS: tuple[Confidence, ...] = ("low", "medium", "high")
CHANGED: tuple[State, ...] = ("worse",)
_SHARE = re.compile(r"worse:(\d+(?:\.\d+)?)%")
_SCORE = re.compile(r"score>(\d+(?:\.\d+)?)")


@dataclass(frozen=True)
class Rule:
    """One rule; `least` is its confidence, share or score."""

    text: str
    kind: Kind
    confidence: Confidence = "low"
    limit: float = 0.0

    @property
    def needs_baseline(self) -> bool:
        """Whether it speaks of a change."""
        return self.kind in {"new", "worse"}


@dataclass(frozen=True)
class Hit:
    """A point that trips a rule. `figure` and `limit` are what was measured and what was allowed, where both are
    numbers; `measure` is their code.
    """

    point: Point
    measure: str
    figure: float | None = None
    limit: float | None = None


@dataclass(frozen=True)
class Gate:
    """A rule and what trips it, the worst first."""

    rule: Rule
    hits: list[Hit]

    @property
    def holds(self) -> bool:
        """Nothing trips it."""
        return not self.hits


def parse(text: str) -> Rule:
    """The rule that is written so. Raises `UsageError`."""
    if text == "budget":
        return Rule(text, "budget")
    kind, _, level = text.partition(":")
    if kind == "new" and level in ("", *get_args(Confidence)):
        return Rule(text, "new", level or "low")  # type: ignore[arg-type]
    if found := _SHARE.fullmatch(text):
        return Rule(text, "worse", limit=float(found[1]) / 100)
    if found := _SCORE.fullmatch(text):
        return Rule(text, "score", limit=float(found[1]))
    raise UsageError(
        "gate.unknown", f"{text} is no rule", remedy="there are: new, new:high, worse:10%, score>70, budget"
    )


def check(
    rules: Sequence[Rule], report: Report, baseline: Report | None, budgets: BudgetSettings
) -> list[Gate]:
    """Every rule with what trips it. Raises `UsageError` for a change without a baseline."""
    if baseline is None and (lacking := [rule.text for rule in rules if rule.needs_baseline]):
        raise UsageError(
            "gate.no_baseline",
            f"{lacking[0]} needs an earlier report to compare with",
            remedy="give it as --baseline report.json",
        )
    found = difference(baseline, report) if baseline else None
    return [Gate(rule, list(_hits(rule, report, baseline, found, budgets))) for rule in rules]


def _hits(
    rule: Rule,
    report: Report,
    baseline: Report | None,
    found: Difference | None,
    budgets: BudgetSettings,
) -> Iterator[Hit]:
    points = [point for point in leading(report.points) if point.impact.estimate is not None]
    if rule.kind == "score":
        yield from (
            Hit(each, "score", each.score, rule.limit) for each in points if (each.score or 0.0) > rule.limit
        )
    elif rule.kind == "budget":
        yield from _over(points, report, budgets)
    elif baseline is not None and found is not None and rule.kind == "new":
        yield from _new(rule, points, report, baseline)
    elif baseline is not None and found is not None:
        yield from _worse(rule, points, found)


def _new(rule: Rule, points: Sequence[Point], report: Report, baseline: Report) -> Iterator[Hit]:
    known, here = {point.id for point in baseline.points}, {point.id for point in report.points}
    gone = [point for point in baseline.points if point.id not in here]
    for point in points:
        sure = LEVELS.index(point.impact.confidence) >= LEVELS.index(rule.confidence)
        renamed = any(is_renamed(old, point) for old in gone)
        if point.id not in known and sure and not renamed:
            yield Hit(point, "new")


def _worse(rule: Rule, points: Sequence[Point], found: Difference) -> Iterator[Hit]:
    judged = {change.id: change for change in found.changes}
    for point in points:
        change = judged[point.id]
        if change.old is None or change.cost is None or change.new is None:
            continue
        clear = change.cost.low > 0 or change.state in CHANGED
        was = change.old.impact.per_1000_sessions or 0.0
        if clear and change.cost.estimate > rule.limit * max(was, 0.0) and change.cost.estimate > 0:
            yield Hit(point, "per_1000_sessions", was + change.cost.estimate, was * (1 + rule.limit))


def _over(points: Sequence[Point], report: Report, budgets: BudgetSettings) -> Iterator[Hit]:
    sure = [
        point for point in points if point.impact.confidence != "low" and (point.impact.estimate or 0) > 0
    ]
    if budgets.points is not None and len(sure) > budgets.points:
        yield from (Hit(each, "points", float(len(sure)), float(budgets.points)) for each in sure)
    for point in points:
        cost = per_1000(point, report)
        figures = {
            "score": (point.score, budgets.score),
            "per_1000_sessions": (cost[0] if cost else None, budgets.lost_per_1000),
            "affected_share": (point.affected_share, budgets.affected_share),
        }
        for measure, (figure, limit) in figures.items():
            if figure is not None and limit is not None and figure > limit:
                yield Hit(point, measure, figure, limit)
