"""From effects to losses: each figure worked out by hand."""

from __future__ import annotations

import math
from dataclasses import replace
from statistics import NormalDist
from typing import Any

import numpy as np
import pytest

from friction.impact import loss
from friction.impact.asked import Asked
from friction.impact.calibration import FIXED, MU, Null
from friction.impact.costs import costs
from friction.impact.effects import Effects
from friction.impact.loss import Facts
from friction.impact.met import Met, at_stake
from friction.impact.pages import DELAYED, EXIT, PARTS, PROGRESS, RETURN, Exposed
from friction.impact.views import Views

VIEWS = 100
SURE = Null(0.0, 0.05, np.where(MU == 1.0, 1.0, 0.0))
"""Every point has an effect of one."""


def exposed(told: tuple[float, ...], error: float = 0.1) -> Exposed:
    """A point met by a hundred views, of which half leave. Effects of the first parts; the others are left out."""
    every = np.ones(VIEWS)
    effect = (*told, *[NONE] * (len(PARTS) - len(told)))
    errors = np.where(np.isfinite(effect), error, np.nan)
    return Exposed(0, np.array(effect), errors, True, np.arange(VIEWS), 0.5 * every, 0.3 * every, 0.2 * every,
                   0.1 * every, np.full(VIEWS, 0.4))  # fmt: skip


def facts(point: Exposed, stake: float = 0.3, visitors: int = VIEWS, keeps: float = 1.0) -> Facts:
    """What is lost with an exit, and how many visitors the views are of."""
    every = np.ones(VIEWS)
    return Facts(
        begins=np.array([0]),
        leave=point.leave,
        at_stake=stake * every,
        keeps=keeps * every,
        ahead=point.ahead,
        later=point.later,
        visitor=np.sort(np.arange(VIEWS) % visitors),
        wins=np.array([90.0]),
        again=point.again,
    )


def effects(point: Exposed, null: Null = SURE) -> Effects:
    return Effects.of(point.effect[None], point.error[None], [[null] * len(PARTS)])


def told(point: Exposed, null: Null = SURE, goal: bool = True, **more: Any) -> dict[str, float]:
    return figures_of(effects(point, null), facts(point, **more), goal=goal)


def figures_of(found: Effects, known: Facts, goal: bool = True) -> dict[str, float]:
    """Of a single point, but `falls`."""
    figures = costs(found, known, has_goal=goal)
    return {name: float(values[0]) for name, values in figures.items() if values.ndim == 1}


def share(logit: float) -> float:
    return 1 / (1 + math.exp(-logit))


NONE = float("nan")


def test_who_leaves_because_of_it_loses_what_an_exit_loses() -> None:
    # Without it 1 / (1 + e) = 27 % would have left instead of 50 %.
    found = told(exposed((1.0, NONE, NONE)))

    assert found["left"] / found["one_purchase"] == pytest.approx(VIEWS * (0.5 - share(-1)) * 0.3)
    assert (found["progress"], found["delayed"]) == (0, 0)


def test_progress_is_lost_by_those_who_stay() -> None:
    found = told(exposed((0.0, 1.0, NONE)), keeps=0.9)
    gained = share(math.log(0.2 / 0.8) + 1) - 0.2

    assert found["progress"] / found["one_purchase"] == pytest.approx(VIEWS * 0.5 * gained * 0.9)


def test_who_does_not_come_back_to_buy_is_lost_as_well() -> None:
    found = told(exposed((0.0, NONE, NONE, 1.0)), keeps=0.9)
    gained = share(math.log(0.4 / 0.6) + 1) - 0.4

    assert found["delayed"] / found["one_purchase"] == pytest.approx(VIEWS * gained)


def test_delayed_harm_is_lost_by_those_who_stay_and_do_not_convert_here() -> None:
    found = told(exposed((0.0, NONE, 1.0)), keeps=0.9)
    gained = share(math.log(0.1 / 0.9) + 1) - 0.1

    assert found["delayed"] / found["one_purchase"] == pytest.approx(VIEWS * 0.5 * gained * 0.9)


def test_one_visitor_loses_one_purchase() -> None:
    # The same loss l in each of 100 views: of one visitor it comes to 1 − (1 − l)^100, of a hundred to 100 l.
    each = (0.5 - share(-1)) * 0.3
    apart, together = told(exposed((1.0, NONE, NONE))), told(exposed((1.0, NONE, NONE)), visitors=1)

    assert apart["estimate"] == pytest.approx(VIEWS * each)
    assert together["estimate"] == pytest.approx(1 - (1 - each) ** VIEWS)


def test_without_a_goal_exits_are_counted_and_each_counts_as_one() -> None:
    found = told(exposed((1.0,)), goal=False, stake=1.0, visitors=1)

    assert found["estimate"] == pytest.approx(VIEWS * (0.5 - share(-1)))


def test_the_interval_adds_its_terms_in_quadrature() -> None:
    found = told(exposed((1.0, NONE, NONE)))
    error = 1.959964 * math.hypot(0.1, 0.05)
    loss = {mu: VIEWS * 0.3 * (0.5 - share(-mu)) for mu in (1.0, 1 - error, 1 + error)}
    middle = loss[1.0]

    def half(end: float, structure: float) -> float:
        return math.hypot(end - middle, 1.959964 / math.sqrt(90 + 10) * end, 1.959964 * structure * middle)

    assert found["low"] == pytest.approx(middle - half(loss[1 - error], 0.2))
    assert found["high"] == pytest.approx(middle + half(loss[1 + error], 0.3))


def test_the_p_value_is_that_of_the_clearest_part_times_the_number_of_parts() -> None:
    found = told(exposed((0.3, 0.2, NONE)))
    p = [
        1 - NormalDist().cdf((effect - margin) / math.hypot(0.1, 0.05))
        for effect, margin in ((0.3, 0.1), (0.2, 0.05))
    ]

    assert found["p_value"] == pytest.approx(2 * min(p))


def test_e_values_are_those_of_the_risk_ratio_of_leaving_and_of_its_lower_limit() -> None:
    found = told(exposed((1.0, NONE, NONE)))
    ratio, low = 0.5 / share(-1), 0.5 / share(-1 + 1.959964 * math.hypot(0.1, 0.05))

    assert found["e_value"] == pytest.approx(ratio + math.sqrt(ratio * (ratio - 1)))
    assert found["e_value_low"] == pytest.approx(low + math.sqrt(low * (low - 1)))
    assert told(exposed((0.1, NONE, NONE)))["e_value_low"] == 1


def test_a_shift_of_harmless_points_is_taken_off() -> None:
    moved = Null(-0.2, 0.05, SURE.share)

    assert told(exposed((0.8, NONE, NONE)), moved)["estimate"] == pytest.approx(
        told(exposed((1.0, NONE, NONE)))["estimate"]
    )


def test_an_uncertain_effect_costs_little_and_its_interval_holds_the_estimate() -> None:
    found = told(exposed((1.0, NONE, NONE), error=2.0), FIXED)

    assert 0 < found["estimate"] < 0.2 * VIEWS * 0.3 * (0.5 - share(-1))
    assert found["low"] <= found["estimate"] <= found["high"]


def test_what_a_visitor_would_have_bought_on_another_day_is_not_lost() -> None:
    worth, one = np.full(VIEWS, 0.3), np.ones(VIEWS)
    nothing, something = np.zeros(VIEWS), np.full(VIEWS, 0.2)

    assert at_stake(worth, one, nothing, nothing) == pytest.approx(0.3)
    assert at_stake(worth, one, something, nothing) == pytest.approx(0.1)
    assert at_stake(worth, one, nothing, something) == pytest.approx(0.3 + 0.7 * 0.2)
    assert at_stake(worth, 0.5 * one, np.full(VIEWS, 0.9), nothing) == pytest.approx(0)
    assert at_stake(worth, 9 * one, nothing, nothing) == pytest.approx(1.0)


def met(*points: Exposed) -> Met:
    """Of a hundred views every second is an exit, and every fourth of a session that converts."""
    left, wins = (np.arange(VIEWS) % every == rest for every, rest in ((2, 1), (4, 0)))
    number, no = np.arange(VIEWS), np.zeros(VIEWS, bool)
    views = Views(number, number, number, 0 * number, left, no, wins, no, {}, np.zeros((VIEWS, 0), np.uint8))
    counted = np.full(len(points), VIEWS)
    return Met(views, Asked({}, counted, counted // 2, counted, [None] * len(points)), points)


def test_the_exposed_who_stayed_are_compared_with_people_like_them() -> None:
    assert np.concatenate(met(exposed((1.0, NONE, NONE))).stayed) == pytest.approx([25, 50 * 0.3])


def test_views_that_were_drawn_stand_for_as_many_as_were_counted() -> None:
    first, later = (
        replace(exposed((1.0,)), rows=np.arange(at, at + 20), worth=np.full(20, 0.3)) for at in (0, 50)
    )
    some = [replace(each, point=at, weight=np.full(20, 3.0)) for at, each in enumerate((first, later))]
    found = met(*some)

    assert found.weight == pytest.approx(np.full(40, VIEWS / 20))
    assert np.concatenate(found.stayed[:1]) == pytest.approx([25, 25])


def test_points_worked_out_together_cost_what_each_costs_alone() -> None:
    alone = [exposed((1.0, 0.5, NONE, 0.4)), exposed((0.3, NONE, 1.0))]
    apart = [told(each, visitors=7) for each in alone]
    one, other = (facts(each, visitors=7) for each in alone)
    laid = {
        name: np.concatenate([getattr(one, name), getattr(other, name)])
        for name in "leave at_stake keeps ahead later visitor wins again".split()
    }
    both = effects(alone[0]), effects(alone[1])
    together = costs(
        Effects(
            *(
                np.concatenate([getattr(each, name) for each in both])
                for name in ("beyond", "error", "likely")
            )
        ),
        Facts(begins=np.array([0, VIEWS]), **laid),
        has_goal=True,
    )

    for name, values in apart[0].items():
        assert together[name] == pytest.approx([values, apart[1][name]])


@pytest.mark.parametrize("part", [EXIT, PROGRESS, DELAYED, RETURN])
def test_more_harm_loses_more(part: int) -> None:
    known = facts(exposed((1.0, 1.0, 1.0)))
    losses = known.totals(part, np.array([[-0.5], [0.0], [0.5], [1.0], [3.0]]))[:, 0].tolist()

    assert losses == sorted(losses)
    assert losses[1] == pytest.approx(0)


def test_a_point_of_many_views_loses_the_same_bits_stretch_by_stretch(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    expected = costs(effects(exposed((1.0, 1.0, 1.0))), facts(exposed((1.0,))), has_goal=True)
    monkeypatch.setattr(loss, "AT_ONCE", 9)
    found = costs(effects(exposed((1.0, 1.0, 1.0))), facts(exposed((1.0,))), has_goal=True)

    assert {name: each.tobytes() for name, each in found.items()} == {
        name: each.tobytes() for name, each in expected.items()
    }
