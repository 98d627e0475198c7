"""Some page views in place of all: which are drawn, what stays exact, what they say."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from friction.impact import Room, estimate
from friction.impact.asked import Asked, asked
from friction.impact.pages import OnPage
from friction.impact.patterns import Floats
from friction.impact.sample import Sample, of_visitors, rarest
from friction.impact.values import Page, pages
from friction.rank import q_values
from tests.impact.test_estimate import VIEWS, Drawn, drawn, told
from tests.impact.test_loss import NONE, effects, exposed, facts, figures_of
from tests.truth.frames import asked as question_of
from tests.truth.scores import Told, score
from tests.truth.test_costs import shop

TIGHT = Room(4_000, 100)


def uneven() -> Drawn:
    """Points of which one is met by 60 views and the others by hundreds; every visitor has two views in a row."""
    made = drawn(7, 0.8, rate=0.2)
    rare = made.exposures.pairs.filter(pl.col("point") == 0).head(60)
    others = made.exposures.pairs.filter(pl.col("point") > 0)
    views = replace(made.views, visitor=made.views.visitor // 2, session=made.views.session // 2)
    return replace(made, views=views, exposures=replace(made.exposures, pairs=pl.concat([rare, others])))


def sampled(made: Drawn, room: Room = TIGHT) -> tuple[Sample, Asked, list[Page]]:
    every = pages(made.views)
    questions = asked(made.views, made.exposures, every)
    found = Sample.of_pages([*of_visitors(made.views, every, questions, room).values()], room)
    assert found is not None
    return found, questions, every


def drawn_of(
    found: Sample, made: Drawn, page: Page, on: OnPage, questions: Asked
) -> tuple[Page, OnPage, Floats]:
    """What is drawn of a page."""
    return found.drawn(made.views, page, on, rarest(made.views, page, on, questions.sessions, len(page.rows)))


def test_up_to_the_limit_nobody_is_left_out() -> None:
    made = drawn(4)

    assert estimate(made.views, made.exposures, has_goal=False).sample is None
    assert estimate(made.views, made.exposures, has_goal=False, room=Room(VIEWS, 0)).sample is None


def test_of_a_point_that_few_met_nobody_is_left_out() -> None:
    made = uneven()
    found, questions, every = sampled(made)
    page, on, weight = drawn_of(found, made, every[0], questions.on[0], questions)
    rare = on.points.index(0)

    assert page.rows[on.met[rare]].tolist() == every[0].rows[questions.on[0].met[rare]].tolist()
    assert (weight[on.met[rare]] == 1).all()
    assert len(page.rows) < 0.7 * len(every[0].rows)


def test_all_views_of_a_visitor_on_a_page_are_drawn_together_and_stand_for_all() -> None:
    made = uneven()
    found, questions, every = sampled(made)
    for number, on in questions.on.items():
        page, _, weight = drawn_of(found, made, every[number], on, questions)
        drawn_from, here = (np.bincount(made.views.visitor[rows]) for rows in (every[number].rows, page.rows))
        whole = drawn_from[: len(here)] == here

        assert (whole | (here == 0)).all()
        assert weight.sum() == pytest.approx(len(every[number].rows), rel=0.06)
    assert found.of == VIEWS
    assert found.views < 0.7 * VIEWS


def test_neither_the_order_of_pairs_nor_workers_change_what_is_said() -> None:
    made = uneven()
    mixed = replace(made.exposures, pairs=made.exposures.pairs.sample(fraction=1, shuffle=True, seed=3))
    one, other = (
        estimate(made.views, each, has_goal=True, workers=workers, room=TIGHT)
        for each, workers in ((made.exposures, 1), (mixed, 3))
    )

    assert one.sample == other.sample
    assert one.table.equals(other.table)


def test_drawing_everybody_says_what_everybody_says() -> None:
    made = drawn(4, 1.0)
    plain, weighted = told(made, goal=True), weighing_one(made)

    for name in plain.columns:
        if plain[name].dtype == pl.Float64():
            assert weighted[name].to_numpy() == pytest.approx(plain[name].to_numpy(), rel=1e-9, nan_ok=True)
        elif plain[name].dtype != pl.List:
            assert weighted[name].equals(plain[name])


def weighing_one(made: Drawn) -> pl.DataFrame:
    """An estimate from a sample in which nobody is left out, since every point is called rare."""
    found = estimate(made.views, made.exposures, has_goal=True, room=Room(VIEWS - 1, VIEWS))
    assert found.sample is not None
    assert found.sample.views == VIEWS
    return found.table


def test_fewer_views_find_what_all_find_and_counts_are_those_of_all() -> None:
    inside, wider = [], []
    for seed in range(4):
        made = drawn(seed, 1.2, rate=0.3)
        few = estimate(made.views, made.exposures, has_goal=False, room=Room(3_000, 100)).table
        every = told(made)
        inside.append((few["low"].to_numpy() <= made.added) & (made.added <= few["high"].to_numpy()))
        wider.append(((few["high"] - few["low"]) / (every["high"] - every["low"])).to_numpy())

        assert few["exposed_views"].equals(every["exposed_views"])
        assert few["exits"].equals(every["exits"])
        assert float(few["estimate"].sum()) == pytest.approx(float(every["estimate"].sum()), rel=0.2)
    assert np.mean(inside) >= 0.9
    assert 1.0 < np.mean(wider) < 2.0


def test_of_a_shop_whose_losses_are_known_a_third_of_the_views_finds_the_worst_with_intervals_that_hold() -> (
    None
):
    made, life, true = shop("main")
    question = question_of(made, life)
    room = Room(len(life.page) // 3, 100)
    found = estimate(question.views, question.exposures, has_goal=True, workers=2, room=room)
    estimated, low, high = (found.table[name].to_numpy() for name in ("estimate", "low", "high"))
    sure = (
        np.array([1.0 if each is None else each for each in q_values(found.table["p_value"].to_list())])
        <= 0.1
    )
    judged = score(Told(estimated, low, high, sure), true, made.harmful.ravel())

    assert found.sample is not None
    assert found.sample.views < 0.6 * len(life.page)
    assert judged.ndcg >= 0.8
    assert judged.cover >= 0.9
    assert 0.5 <= judged.ratio <= 1.2


def test_the_draw_itself_widens_an_interval() -> None:
    point = exposed((1.0, NONE, NONE))
    whole = facts(point)
    uneven = replace(whole, at_stake=np.where(np.arange(len(point.rows)) < 50, 0.6, 0.0))
    twice = replace(uneven, weight=np.full(len(point.rows), 2.0), exits=np.array([100]))
    alone, double = (figures_of(effects(point), each) for each in (uneven, twice))
    left, low, high = ([each[name] for each in (alone, double)] for name in ("left", "low", "high"))

    assert left[1] == pytest.approx(2 * left[0])
    assert low[1] < 2 * low[0]
    assert high[1] > 2 * high[0]
