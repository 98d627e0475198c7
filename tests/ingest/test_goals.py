"""What counts as a conversion in a real table: clauses, several goals, revenue, candidates, few conversions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from friction.errors import UsageError
from friction.render import text
from tests.exports import Row, analysed, goal, point, row, visits, written


def orders(sessions: int, **more: Any) -> list[Row]:
    """Sessions that look, and every second one buys."""
    rows = []
    for number in range(sessions):
        rows += [row(f"s{number}", 3600 * number, "page_view", "/shop/chairs")]
        rows += [row(f"s{number}", 3600 * number + 9, "click", "/shop/chairs", "button#buy")]
        if number % 2 == 0:
            rows += [row(f"s{number}", 3600 * number + 20, "purchase", "/shop/thanks?id=4", **more)]
    return rows


@pytest.mark.parametrize(
    ("expression", "conversions"),
    [
        ("event=purchase", 10),
        ("event=conversion", 10),
        ("event~purch*", 10),
        ("event=Purchase", 0),
        ("page=/shop/chairs", 20),
        ("url~*/thanks*", 10),
        ("target=button#buy", 20),
        ("target=button#buy and page=/shop/thanks", 0),
        ("event=click and page=/shop/chairs", 20),
        ("event=purchase and url~https://shop.test/shop/thanks", 10),
    ],
)
def test_a_goal_is_reached_by_sessions_with_an_event_that_fits_all_clauses(
    tmp_path: Path, expression: str, conversions: int
) -> None:
    found = analysed(written(tmp_path / "a.csv", orders(20)), goals=goal(expression)).goal

    assert found is not None
    assert (found.definition, found.conversions) == (expression, conversions)
    assert found.conversion_rate == conversions / 20


def test_the_page_of_a_goal_is_the_one_the_session_is_on(tmp_path: Path) -> None:
    rows = [row("s1", 0, "page_view", "/pay"), row("s1", 5, "click", None, "button#pay")]
    export = written(tmp_path / "a.csv", rows)
    (found,) = analysed(export, goals=goal("page=/pay and target=button#pay")).goals

    assert found.conversions == 1


def test_without_a_goal_conversions_are_the_goal(tmp_path: Path) -> None:
    found = analysed(written(tmp_path / "a.csv", orders(20))).goal

    assert found is not None
    assert (found.definition, found.conversions) == ("event=conversion", 10)


def test_eight_goals_are_counted_each_for_itself_and_nine_are_refused(tmp_path: Path) -> None:
    export = written(tmp_path / "a.csv", orders(20))
    expressions = [f"page=/{n}" for n in range(7)]
    counts = [each.conversions for each in analysed(export, goals=goal(*expressions, "event=purchase")).goals]

    assert counts == [*[0] * 7, 10]
    with pytest.raises(UsageError, match="9 goals"):
        analysed(export, goals=goal(*expressions, "event=purchase", "event=click"))


def test_the_first_goal_ranks(tmp_path: Path) -> None:
    export = written(tmp_path / "a.csv", visits(200))
    one = analysed(export, goals=goal("page=/thanks", "page=/shop"))
    other = analysed(export, goals=goal("page=/shop", "page=/thanks"))

    assert one.goal == one.goals[0] == other.goals[1]
    assert other.goal == other.goals[0]


def test_revenue_is_the_sum_of_what_events_say(tmp_path: Path) -> None:
    found = analysed(written(tmp_path / "a.csv", orders(20, value=0.1, currency="EUR"))).goal

    assert found is not None
    assert (found.revenue, found.currency) == (1.0, "EUR")


def test_revenue_without_a_currency_is_still_a_sum(tmp_path: Path) -> None:
    found = analysed(written(tmp_path / "a.csv", orders(20, value=3))).goal

    assert found is not None
    assert (found.revenue, found.currency) == (30.0, None)


def test_values_in_two_currencies_are_not_added_up(tmp_path: Path) -> None:
    rows = orders(20, value=3, currency="EUR")
    rows[2]["currency"] = "USD"
    found = analysed(written(tmp_path / "a.csv", rows)).goal

    assert found is not None
    assert (found.revenue, found.currency) == (None, None)


def test_values_that_are_no_numbers_cost_only_themselves(tmp_path: Path) -> None:
    rows = orders(20, value="3", currency="EUR")
    rows[2]["value"], rows[7]["value"], rows[12]["value"] = "NaN", "inf", "1e300"
    found = analysed(written(tmp_path / "a.csv", rows)).goal

    assert found is not None
    assert found.revenue == 21.0


def test_the_configured_worth_of_a_goal_beats_the_events(tmp_path: Path) -> None:
    export = written(tmp_path / "a.csv", orders(20, value=3, currency="EUR"))
    found = analysed(export, goals=goal("event=purchase", value=50, currency="CHF")).goal

    assert found is not None
    assert (found.revenue, found.currency) == (500.0, "CHF")


def test_a_cost_in_money_is_the_cost_in_conversions_times_their_mean_worth(tmp_path: Path) -> None:
    export = written(tmp_path / "a.csv", visits(600))
    report = analysed(export, goals=goal("page=/thanks", value=40))
    impact = point(report, "rage_click", "/cart", "button#buy").impact

    assert impact.revenue is not None
    assert impact.estimate is not None
    assert impact.revenue.estimate == pytest.approx(40 * impact.estimate)


def test_a_cost_is_told_in_every_currency_by_whose_the_lost_conversions_are_and_never_added_up(
    tmp_path: Path,
) -> None:
    rows = visits(600)
    for each in rows:
        french = int(str(each["session_id"])[1:]) % 3 > 0
        each["country"], each["currency"] = ("FR", "EUR") if french else ("US", "USD")
        pays = each["event"] == "page_view" and str(each["url"]).endswith("/thanks")
        each["value"] = (30 if french else 100) if pays else None
    report = analysed(written(tmp_path / "a.csv", rows), goals=goal("page=/thanks"))
    impact = point(report, "rage_click", "/cart", "button#buy").impact
    assert report.goal is not None
    assert impact.estimate is not None
    euros, dollars = impact.revenues

    assert (report.goal.revenue, impact.revenue) == (None, None)
    assert [each.currency for each in report.goal.earned] == ["EUR", "USD"]
    assert report.goal.earned[0].revenue == 30 * report.goal.earned[0].conversions
    assert (euros.currency, dollars.currency) == ("EUR", "USD")
    # Two in three are of France and pay 30 euros, one in three pays 100 dollars.
    assert euros.estimate / impact.estimate == pytest.approx(2 / 3 * 30, rel=0.15)
    assert dollars.estimate / impact.estimate == pytest.approx(1 / 3 * 100, rel=0.15)
    assert euros.low <= euros.estimate <= euros.high


def test_with_few_conversions_points_are_ranked_by_extra_exits(tmp_path: Path) -> None:
    export = written(tmp_path / "a.csv", visits(600))
    many, few = (analysed(export, goals=goal(each)) for each in ("page=/thanks", "event=nothing"))

    assert {p.impact.metric for p in many.points} == {"lost_conversions"}
    assert {p.impact.metric for p in few.points} == {"extra_exits"}
    assert few.goal is not None
    assert few.points[0].impact.revenue is None


def test_what_follows_the_conversion_costs_nothing(tmp_path: Path) -> None:
    rows: list[Row] = []
    for number in range(80):
        name, at = f"s{number}", 3600.0 * number
        rows += [row(name, at, "page_view", "/thanks"), row(name, at + 30, "page_view", "/survey")]
        burst = range(6 if number % 2 else 0)
        rows += [row(name, at + 40 + click / 8, "click", "/survey", "button#no") for click in burst]
        rows += [] if number % 2 else [row(name, at + 50, "page_view", "/")]
    report = analysed(written(tmp_path / "a.csv", rows), goals=goal("page=/thanks"))
    found = point(report, "rage_click", "/survey", "button#no")

    assert (found.sessions_affected, found.rank) == (40, None)
    assert (found.impact.estimate, found.impact.reason) == (None, "nothing_to_compare_with")


def test_candidates_are_proposed_where_no_goal_is_known(tmp_path: Path) -> None:
    rows = visits(60)
    rows += [row(f"s{n}", 1800 * n + 200, "Lead and quote sent", "/cart") for n in range(9)]
    report = analysed(written(tmp_path / "a.csv", rows))
    proposed = {each.definition: each.sessions for each in report.candidates}

    assert report.goal is None
    assert proposed['event="Lead and quote sent"'] == 9
    assert "page=/thanks" in proposed
    for each in report.candidates:
        (found,) = analysed(tmp_path / "a.csv", goals=goal(each.definition)).goals
        assert found.conversions == each.sessions


def test_a_goal_that_nothing_fits_is_said_and_others_are_proposed(tmp_path: Path) -> None:
    report = analysed(written(tmp_path / "a.csv", visits(60)), goals=goal("event=purchse"))
    said = text.plain(text.report(report))

    assert report.goal is not None
    assert report.goal.conversions == 0
    assert "page=/thanks" in {each.definition for each in report.candidates}
    assert "nothing in the input fits this goal" in " ".join(said.split())


def test_known_goals_make_no_proposals(tmp_path: Path) -> None:
    report = analysed(written(tmp_path / "a.csv", visits(200)), goals=goal("page=/thanks"))

    assert report.candidates == []
