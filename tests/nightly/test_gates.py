"""Rules of `--fail-on`: what trips them, what does not, and where it is written."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as Xml

import pytest

from friction.cli.gates import junit, summary
from friction.config.nights import BudgetSettings
from friction.errors import UsageError
from friction.gates import Gate, check, parse
from friction.report import Confidence, Point, Report
from tests.reports import point, report

NO_BUDGET = BudgetSettings()


def costing(
    id: str, per_1000: float, *, sure: Confidence = "high", page: str = "/p", **members: Any
) -> Point:
    """A point that costs so much of 1,000 sessions, give or take a tenth."""
    made = point(id=id, page=page, **members)
    sessions = report().input.sessions / 1000
    low, high = (per_1000 * factor * sessions for factor in (0.9, 1.1))
    impact = replace(
        made.impact,
        estimate=per_1000 * sessions,
        low=low,
        high=high,
        per_1000_sessions=per_1000,
        confidence=sure,
        reason=None,
    )
    return replace(made, impact=impact, score=per_1000)


def tripped(
    text: str, now: list[Point], before: list[Point], budgets: BudgetSettings = NO_BUDGET
) -> list[str]:
    gates = check([parse(text)], report(*now), report(*before), budgets)
    return [hit.point.id for hit in gates[0].hits]


OLD = costing("a" * 16, 2.0, target="button.buy-x7f3a1")


@pytest.mark.parametrize(
    ("rule", "now", "ids"),
    [
        ("new", [OLD], []),
        ("new", [OLD, costing("b" * 16, 1.0, sure="low", page="/other")], ["b" * 16]),
        ("new:high", [OLD, costing("b" * 16, 1.0, sure="medium", page="/other")], []),
        ("new:medium", [OLD, costing("b" * 16, 1.0, sure="medium", page="/other")], ["b" * 16]),
        ("new", [replace(OLD, id="c" * 16, target="button.buy-q29zz4")], []),
        ("new", [replace(OLD, id="c" * 16, target="a.voucher")], ["c" * 16]),
        ("new", [OLD, replace(costing("b" * 16, 1.0, page="/other"), part_of="a" * 16)], []),
        ("worse:10%", [OLD], []),
        ("worse:10%", [costing("a" * 16, 4.0)], ["a" * 16]),
        ("worse:150%", [costing("a" * 16, 4.0)], []),
        ("score>70", [replace(OLD, score=70.0)], []),
        ("score>70", [replace(OLD, score=70.1)], ["a" * 16]),
    ],
)
def test_a_rule_trips_on_what_it_says(rule: str, now: list[Point], ids: list[str]) -> None:
    assert tripped(rule, now, [OLD]) == ids


@pytest.mark.parametrize(
    ("budgets", "measures"),
    [
        (NO_BUDGET, []),
        (BudgetSettings(points=0), ["points"]),
        (BudgetSettings(points=1), []),
        (BudgetSettings(score=1.5), ["score"]),
        (BudgetSettings(lost_per_1000=1.5), ["per_1000_sessions"]),
        (BudgetSettings(affected_share=0.0), ["affected_share"]),
    ],
)
def test_a_budget_trips_beyond_its_limit_only(budgets: BudgetSettings, measures: list[str]) -> None:
    gates = check([parse("budget")], report(OLD), None, budgets)

    assert [hit.measure for hit in gates[0].hits] == measures


@pytest.mark.parametrize(
    "rule", ["newer", "new:sure", "worse", "worse:10", "score>", "score<5", "budgets", ""]
)
def test_what_is_no_rule_is_refused_with_those_there_are(rule: str) -> None:
    with pytest.raises(UsageError) as refused:
        parse(rule)

    assert "worse:10%" in (refused.value.problem.remedy or "")


def test_a_change_needs_something_to_compare_with() -> None:
    with pytest.raises(UsageError, match="earlier report"):
        check([parse("new")], report(OLD), None, NO_BUDGET)


def gates() -> list[Gate]:
    hostile = replace(costing("b" * 16, 3.0, page="/o"), title="<script>|`x`", detector="own")
    return check([parse("new"), parse("score>90")], report(OLD, hostile), report(OLD), NO_BUDGET)


def test_junit_has_a_test_a_rule_and_survives_hostile_titles() -> None:
    suite = Xml.fromstring(junit(gates()))

    assert suite.attrib == {"name": "friction", "tests": "2", "failures": "1"}
    assert [case.get("name") for case in suite] == ["new", "score>90"]
    assert "<script>" in (suite[0][0].get("message") or "")


def test_the_summary_holds_no_markup_of_the_data() -> None:
    text = summary(gates())

    assert "<script>" not in text
    assert text.count("\n| `") == 2


def test_an_action_for_continuous_integration_uses_options_that_exist() -> None:
    action = (Path(__file__).parents[2] / ".github" / "actions" / "friction" / "action.yml").read_text()

    for option in ("--fail-on", "--baseline", "--junit", "--summary"):
        assert option in action
    assert isinstance(Report, type)
