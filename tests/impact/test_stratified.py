"""The estimate: by hand in small cases, and against the truth in drawn worlds."""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import Any

import numpy as np
import polars as pl
import pytest

from friction.impact import Exposures, estimate
from friction.rank import q_values
from tests.impact.worlds import PAIRS, Cell, World, against, pairs, views_of, world


def cost(
    exposed: list[Cell], others: list[Cell], uses: list[Cell] | None = None, *, goal: bool = False
) -> dict[str, Any]:
    """The one row for the one point."""
    views, exposures = against(exposed, others, uses or [])
    return estimate(views, exposures, has_goal=goal).row(0, named=True)


def test_extra_exits_are_those_beyond_the_others_rate() -> None:
    # 20 of 100 others leave, so 10 of the 50 exposed would have; 25 did.
    found = cost([Cell(50, 25)], [Cell(100, 20)])

    assert (found["exposed_views"], found["exits"]) == (50, 25)
    assert found["expected_exits"] == pytest.approx(10)
    assert found["raw"] == pytest.approx(15)


def test_interval_shrinkage_and_p_value_are_those_worked_out_by_hand() -> None:
    found = cost([Cell(50, 25)], [Cell(100, 20)])
    pooled = (25 + 20 + 10 * 0.2) / (50 + 100 + 10)
    variance = pooled * (1 - pooled) * (50 + 50**2 / 110)
    half = 1.959964 * math.sqrt(variance + 15**2 * 0.2**2)
    error = math.sqrt(variance) / 50
    # One point alone: what is left of its square beyond its own error is the spread of true effects.
    shrink = (0.3**2 - error**2) / 0.3**2

    assert found["low"] == pytest.approx(15 - half)
    assert found["high"] == pytest.approx(15 + half)
    assert found["shrink"] == pytest.approx(shrink)
    assert found["estimate"] == pytest.approx(15 * shrink)
    assert found["p_value"] == pytest.approx(1 - NormalDist().cdf(0.3 / error))
    assert found["e_value"] == pytest.approx(2.5 + math.sqrt(2.5 * 1.5))


def test_a_lost_visitor_costs_what_staying_is_worth() -> None:
    # 40 of the 80 others who stayed convert later: each extra exit costs half a conversion.
    found = cost([Cell(50, 25, 10)], [Cell(100, 20, 40)], goal=True)

    assert found["weight"] == pytest.approx(25)
    assert found["raw"] == pytest.approx(7.5)


def test_each_stratum_is_compared_with_its_own_kind() -> None:
    # The engaged leave half as often and meet it twice as often: the plain difference would call it a help.
    exposed = [Cell(100, 10, stratum=1), Cell(20, 8, stratum=0)]
    others = [Cell(1000, 100, stratum=1), Cell(1000, 400, stratum=0)]
    found = cost(exposed, others)

    assert found["exits"] / found["exposed_views"] < 500 / 2000
    assert found["raw"] == pytest.approx(0, abs=0.5)


def test_a_small_stratum_leans_on_its_page() -> None:
    # Two others, none of whom left, say little beside a page on which half leave: (0 + 10 × 0.4975) / 12.
    found = cost([Cell(10, 5, stratum=1)], [Cell(2, 0, stratum=1), Cell(398, 199, stratum=0)])

    assert found["expected_exits"] == pytest.approx(10 * (10 * 199 / 400) / 12)


def test_who_used_the_element_without_trouble_is_the_comparison_where_there_are_thirty() -> None:
    others = [Cell(500, 250)]
    few = cost([Cell(50, 20)], others, [Cell(29, 3)])
    many = cost([Cell(50, 20)], others, [Cell(30, 3)])

    assert few["expected_exits"] == pytest.approx(50 * (253 / 529 * 10 + 253) / 539)
    assert many["expected_exits"] == pytest.approx(50 * 0.1)


def test_without_others_nothing_is_said() -> None:
    found = cost([Cell(50, 25)], [Cell(80, 5, page=1)])

    assert (found["exposed_views"], found["estimate"], found["low"], found["p_value"]) == (
        0,
        None,
        None,
        None,
    )


def test_a_point_without_views_has_a_row_of_nulls() -> None:
    exposures = Exposures(pairs(range(10), point=1), pl.DataFrame(schema=PAIRS), 2, np.array([0, 0]))
    table = estimate(views_of([Cell(100, 30)]), exposures, has_goal=False)

    assert table["exposed_views"].to_list() == [0, 10]
    assert table["estimate"].is_null().to_list() == [True, False]


def test_where_everybody_leaves_the_chance_cannot_be_told() -> None:
    found = cost([Cell(40, 40)], [Cell(40, 40)])

    assert (found["raw"], found["p_value"]) == (0, None)


def test_views_that_are_left_out_do_not_count() -> None:
    views, exposures = against([Cell(50, 25)], [Cell(100, 20)])
    found = estimate(views.filter(pl.col("view") >= 10), exposures, has_goal=False)

    assert found["exposed_views"].item() == 40


@pytest.mark.parametrize("has_goal", [True, False])
def test_the_order_of_views_and_pairs_is_irrelevant(has_goal: bool) -> None:
    made = world(1, harm=0.2)
    mixed = Exposures(
        made.exposures.pairs.sample(fraction=1, shuffle=True, seed=2),
        *(made.exposures.uses, 12, made.exposures.kinds),
    )
    shuffled = made.views.sample(fraction=1, shuffle=True, seed=3)

    assert estimate(shuffled, mixed, has_goal=has_goal).equals(
        estimate(made.views, made.exposures, has_goal=has_goal)
    )


def test_twice_the_traffic_is_twice_the_cost_and_clearer() -> None:
    one = cost([Cell(50, 15)], [Cell(1000, 200)])
    two = cost([Cell(100, 30)], [Cell(2000, 400)])

    assert two["raw"] == pytest.approx(2 * one["raw"])
    assert two["p_value"] < one["p_value"]
    assert two["shrink"] > one["shrink"]


def test_a_point_of_a_kind_that_scatters_is_shrunk_less() -> None:
    views = views_of([Cell(60, 15), Cell(400, 280), Cell(3000, 600)])
    met = [pairs(range(60)), pairs(range(60, 460), point=1)]
    nothing = pl.DataFrame(schema=PAIRS)
    alone, together = (
        estimate(views, Exposures(pl.concat(met), nothing, 2, np.array(kinds)), has_goal=False)["shrink"][0]
        for kinds in ([0, 1], [0, 0])
    )

    assert together > alone


@pytest.mark.parametrize("harm", [0.0, 0.1, 0.4])
@pytest.mark.parametrize("has_goal", [True, False])
def test_the_interval_holds_the_estimate(harm: float, has_goal: bool) -> None:
    made = world(5, harm=harm)
    table = estimate(made.views, made.exposures, has_goal=has_goal)

    assert (table["low"] <= table["estimate"]).all()
    assert (table["estimate"] <= table["high"]).all()


def estimated(made: World) -> pl.DataFrame:
    return estimate(made.views, made.exposures, has_goal=False).with_columns(added=made.added)


def test_in_a_world_without_harm_hardly_anything_is_significant() -> None:
    tables = [estimated(world(seed)) for seed in range(20)]
    alarmed = [
        table
        for table in tables
        if any(q is not None and q <= 0.1 for q in q_values(table["p_value"].to_list()))
    ]

    assert len(alarmed) <= 4


def test_planted_exits_are_found_again() -> None:
    table = pl.concat(estimated(world(seed, harm=0.25)) for seed in range(8))
    held = (table["low"] <= table["added"]) & (table["added"] <= table["high"])
    found = [q is not None and q <= 0.1 for q in q_values(table["p_value"].to_list())]

    assert int(held.sum()) >= 0.9 * table.height
    assert table["raw"].sum() == pytest.approx(table["added"].sum(), rel=0.1)
    assert sum(found) >= 0.8 * table.height


def test_more_harm_costs_more() -> None:
    losses = [estimated(world(4, harm=harm))["estimate"].sum() for harm in (0.0, 0.1, 0.2, 0.4)]

    assert losses == sorted(losses)
