"""A small share of the rack: shops whose losses are known, judged in seconds. `make truth` judges large ones."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from friction.impact import estimate
from friction.rank import q_values
from tests.truth.costs import analysed, case, read
from tests.truth.frames import Asked, asked
from tests.truth.linear import chances, losses
from tests.truth.scores import Told, kendall, ndcg, score
from tests.truth.shop import WORLDS, Floats, World, world
from tests.truth.walk import Life, live

SESSIONS = 20_000


@cache
def shop(name: str, seed: int = 21, sessions: int = SESSIONS) -> tuple[World, Life, Floats]:
    """A shop, its visits, and what each of its points truly costs them."""
    made = world(name, seed)
    life = live(made, sessions, seed)
    return made, life, losses(made, life.arrivals).ravel()


def told(question: Asked) -> Told:
    """What the estimate says."""
    table = estimate(question.views, question.exposures, has_goal=True, workers=2).table
    q = [1.0 if value is None else value for value in q_values(table["p_value"].to_list())]
    estimated, low, high = (table[name].to_numpy() for name in ("estimate", "low", "high"))
    return Told(estimated, low, high, np.array(q) <= 0.1)


@pytest.mark.parametrize("name", WORLDS)
def test_visits_buy_as_often_as_the_solved_system_says(name: str) -> None:
    made = world(name, 22)
    life = live(made, SESSIONS, 22)
    expected = float((chances(made) * life.arrivals).sum())

    assert life.bought.sum() == pytest.approx(expected, abs=4 * expected**0.5)


def test_a_point_without_harm_costs_nothing_and_taking_it_away_alone_is_what_is_solved() -> None:
    made, life, true = shop("main")
    at = int(np.argmax(true))
    spared = made.harm.copy()
    spared.ravel()[at] = 0.0
    healed = replace(made, harm=spared, tires=np.where(spared > 0, made.tires, 0.0))
    gained = ((chances(healed) - chances(made)) * life.arrivals).sum()

    assert true[~made.harmful.ravel()] == pytest.approx(0, abs=1e-8)
    assert gained == pytest.approx(true[at])


@pytest.mark.parametrize(("name", "order", "inside"), [("main", 0.85, 0.9), ("detour", 0.8, 0.8)])
def test_the_worst_come_first_with_intervals_that_hold(name: str, order: float, inside: float) -> None:
    made, life, true = shop(name)
    found = score(told(asked(made, life)), true, made.harmful.ravel())

    assert found.ndcg >= order
    assert found.cover >= inside
    assert found.false_share <= 0.1
    assert 0.5 <= found.ratio <= 1.2


def test_where_nothing_does_harm_nothing_is_said_to() -> None:
    made, life, _ = shop("null")
    found = told(asked(made, life))

    assert int(found.sure.sum()) <= 1
    assert found.cost.sum() < 0.05 * life.bought.sum()


def test_trouble_that_strikes_other_views_than_it_did_costs_nothing() -> None:
    # The placebo: each point's views are swapped for as many others of the same page.
    made, life, true = shop("main")
    question = asked(made, life)
    chance = np.random.default_rng(3)
    moved = []
    for (page,), mine in question.exposures.pairs.group_by(pl.col("point") // 10, maintain_order=True):
        views = np.flatnonzero(life.page == page)
        moved.append(mine.with_columns(view=pl.Series(chance.choice(views, mine.height))))
    placebo = replace(question.exposures, pairs=pl.concat(moved), uses=question.exposures.uses.clear())
    found = told(replace(question, exposures=placebo))

    assert not found.sure.any()
    assert found.cost.sum() < 0.05 * true.sum()


def test_the_command_line_says_the_same_of_an_export_of_these_visits(tmp_path: Path) -> None:
    made, life, true = shop("main", sessions=5_000)
    whole = case("main", 21, 5_000)
    path = tmp_path / "export.parquet"
    whole.events.write_parquet(path)
    found, counts, _ = read(analysed(path)[0], whole)
    direct = told(asked(made, life))

    assert found.estimate == pytest.approx(direct.estimate, rel=1e-4, nan_ok=True)
    assert found.high == pytest.approx(direct.high, rel=1e-4, nan_ok=True)
    assert ndcg(found.cost, true) > ndcg(counts, true)


def test_kendalls_tau_is_the_one_worked_out_by_hand() -> None:
    # Of six pairs five agree and one does not; with a tie in one order five remain there.
    assert kendall(np.array([1, 2, 3, 4.0]), np.array([1, 2, 4, 3.0])) == pytest.approx(4 / 6)
    assert kendall(np.array([1, 1, 3, 4.0]), np.array([1, 2, 3, 4.0])) == pytest.approx(5 / 30**0.5)
