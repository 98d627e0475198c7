"""The estimate as a whole, on drawn views: who is compared with whom, what is refused, what may not matter."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import polars as pl
import pytest
from numpy.typing import NDArray

from friction.impact import Exposures, Views, estimate

VIEWS, POINTS = 12_000, 10
PAIRS = pl.Schema({"point": pl.UInt32(), "view": pl.UInt32()})


@dataclass(frozen=True)
class Drawn:
    """Single views of two pages, points that strike them, and how many exits each point truly added."""

    views: Views
    exposures: Exposures
    added: NDArray[np.float64]


def drawn(seed: int, harm: float = 0.0, *, keen: float = 0.0, rate: float = 0.05) -> Drawn:
    """`harm`: log-odds of leaving that every second point adds; `keen`: who stays anyway uses elements more."""
    chance = np.random.default_rng(seed)
    page, will = chance.integers(0, 2, VIEWS), chance.normal(size=VIEWS)
    device = chance.integers(0, 2, VIEWS)
    logit = np.array([-1.0, -0.5])[page] - 0.5 * will + 0.3 * device
    draw, struck, used, pushes = chance.random(VIEWS), [], [], np.zeros((POINTS, VIEWS))
    for point in range(POINTS):
        uses = (page == point % 2) & (chance.random(VIEWS) < 3 * rate * np.exp(keen * will))
        fails = uses & (chance.random(VIEWS) < 1 / 3)
        struck.append(pairs(np.flatnonzero(fails), point))
        used.append(pairs(np.flatnonzero(uses & ~fails), point))
        pushes[point] = harm * (point < POINTS // 2) * fails
    left = draw < 1 / (1 + np.exp(-(logit + pushes.sum(axis=0))))
    added = [
        left.sum() - (draw < 1 / (1 + np.exp(-(logit + pushes.sum(axis=0) - one)))).sum() for one in pushes
    ]
    wins = ~left & (chance.random(VIEWS) < 0.3)
    nothing = np.zeros(VIEWS, np.int64)
    names = (
        "channel returning first index product cart checkout sessions conversions length before same".split()
    )
    views = Views(
        number=np.arange(VIEWS), session=np.arange(VIEWS), visitor=np.arange(VIEWS), page=page, exit=left,
        converts=wins, wins=wins, returns=nothing > 0,
        opening={**dict.fromkeys(names, nothing), "device": device}, history=np.zeros((VIEWS, 0), np.uint8),
    )  # fmt: skip
    exposures = Exposures(
        pairs=pl.concat(struck), uses=pl.concat(used), points=POINTS, kinds=np.zeros(POINTS, np.int64),
        targets=np.arange(POINTS), outcome=np.zeros(POINTS, bool), standing=np.zeros(POINTS, bool),
    )  # fmt: skip
    return Drawn(views, exposures, np.array(added, float))


def pairs(views: NDArray[np.int64], point: int = 0) -> pl.DataFrame:
    return pl.DataFrame({"point": np.full(len(views), point), "view": views}, schema=PAIRS)


def told(made: Drawn, *, goal: bool = False, workers: int = 1) -> pl.DataFrame:
    return estimate(made.views, made.exposures, has_goal=goal, workers=workers).table


def test_planted_exits_are_found_again() -> None:
    tables = [told(made).with_columns(added=made.added) for made in (drawn(seed, 1.2) for seed in range(6))]
    table = pl.concat(tables)
    held = (table["low"] <= table["added"]) & (table["added"] <= table["high"])

    assert int(held.sum()) >= 0.9 * table.height
    assert float(table["estimate"].sum()) == pytest.approx(float(table["added"].sum()), rel=0.15)


def test_in_views_without_harm_nothing_is_significant() -> None:
    smallest = [float(told(drawn(seed), goal=True)["p_value"].min()) for seed in range(8)]  # type: ignore[arg-type]

    assert sum(p < 0.1 / POINTS for p in smallest) <= 1


def test_who_uses_an_element_without_trouble_is_who_failures_are_compared_with() -> None:
    # The keen use elements more and leave less: against everybody, failing would look like a help.
    made = drawn(3, keen=0.8)
    bare = replace(made, exposures=replace(made.exposures, uses=pl.DataFrame(schema=PAIRS)))
    with_uses, without = (told(each)["effect"].mean() for each in (made, bare))

    assert abs(float(with_uses)) < 0.12  # type: ignore[arg-type]
    assert float(without) < -0.25  # type: ignore[arg-type]


@pytest.mark.parametrize("standing", [False, True])
def test_who_buys_on_no_later_day_because_of_it_is_lost_unless_it_stands_there_for_others_too(
    standing: bool,
) -> None:
    made, chance = drawn(8), np.random.default_rng(8)
    met = np.zeros(VIEWS, bool)
    met[made.exposures.pairs.filter(pl.col("point") < POINTS // 2)["view"].to_numpy()] = True
    lost = ~made.views.wins
    back = lost & (chance.random(VIEWS) < np.where(met, 0.15, 0.4))
    stands = replace(made.exposures, standing=np.full(POINTS, standing))
    said = told(replace(made, views=replace(made.views, returns=back), exposures=stands), goal=True)[
        "delayed"
    ]
    harmful, harmless = float(said.head(POINTS // 2).sum()), float(said.tail(POINTS // 2).sum())

    assert harmful == pytest.approx(0.0 if standing else 0.25 * int((met & lost).sum()), rel=0.25, abs=1.0)
    assert harmless < 0.05 * int((met & lost).sum())


@pytest.mark.parametrize("goal", [True, False])
def test_order_of_pairs_and_number_of_workers_change_no_bit(goal: bool) -> None:
    made = drawn(4, 1.0)
    mixed = replace(
        made.exposures,
        pairs=made.exposures.pairs.sample(fraction=1, shuffle=True, seed=1),
        uses=made.exposures.uses.sample(fraction=1, shuffle=True, seed=2),
    )

    assert told(replace(made, exposures=mixed), goal=goal, workers=3).equals(told(made, goal=goal))


def test_pairs_that_come_twice_count_once() -> None:
    made = drawn(5, 1.0)
    twice = replace(made.exposures, pairs=pl.concat([made.exposures.pairs] * 2))

    assert told(replace(made, exposures=twice)).equals(told(made))


def test_what_nearly_everybody_leaves_after_is_a_marker_and_has_no_cost() -> None:
    made = drawn(6, 0.5)
    out = made.views.exit.copy()
    struck = made.exposures.pairs.filter(point=9)["view"].to_numpy()
    out[struck[: int(0.95 * len(struck))]] = True
    marked = told(replace(made, views=replace(made.views, exit=out)))

    assert marked["reason"].to_list() == [None] * 9 + ["marker"]
    assert marked["estimate"][9] is None


def reason(made: Drawn, met: pl.DataFrame) -> str | None:
    """Why nothing is said of one point that was met like this."""
    one = replace(
        made.exposures, pairs=met, points=1, kinds=np.zeros(1, np.int64), targets=np.array([-1]),
        outcome=np.zeros(1, bool), standing=np.zeros(1, bool), uses=pl.DataFrame(schema=PAIRS),
    )  # fmt: skip
    found: str | None = told(replace(made, exposures=one))["reason"][0]
    return found


def test_too_little_to_judge_is_said_with_its_reason() -> None:
    made = drawn(7)
    here = np.flatnonzero(made.views.page == 0)
    stayed, left = here[~made.views.exit[here]], here[made.views.exit[here]]
    small = made.views.page.copy()
    small[here[:150]] = 5

    assert reason(made, pairs(here[:29])) == "too_few_sessions"
    assert reason(made, pairs(np.sort(np.r_[stayed[:60], left[:4]]))) == "too_few_exits"
    assert reason(replace(made, views=replace(made.views, page=small)), pairs(here[:100])) == "too_few_views"
    assert reason(made, pairs(here[:100])) is None


def test_more_points_than_a_joint_model_holds_get_one_step_beside_it(monkeypatch: pytest.MonkeyPatch) -> None:
    made = drawn(8, 1.0)
    joint = told(made)
    monkeypatch.setattr("friction.impact.asked.JOINT", 3)
    beside = told(made)

    assert beside["joint"].to_list().count(False) == POINTS - 6
    assert np.abs(joint["effect"].to_numpy() - beside["effect"].to_numpy()).max() < 0.35
    assert beside["error"].to_numpy() == pytest.approx(joint["error"].to_numpy(), rel=0.25)


def test_outcomes_are_counted_beside_the_model_and_take_no_effect_from_others() -> None:
    made = drawn(9, 1.0)
    left = np.flatnonzero(made.views.exit & (made.views.page == 0))
    outcome = np.zeros(POINTS, bool)
    outcome[8] = True
    others = made.exposures.pairs.filter(pl.col("point") != 8)
    asked = replace(made.exposures, pairs=pl.concat([others, pairs(left, 8)]), outcome=outcome)
    bare = replace(made.exposures, pairs=others)
    table, without = told(replace(made, exposures=asked)), told(replace(made, exposures=bare))
    kept = [point for point in range(POINTS) if point != 8]

    assert table["joint"][8] is not True
    assert table["effect"].gather(kept).to_list() == without["effect"].gather(kept).to_list()
