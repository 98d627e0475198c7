"""The agents live as they are said to, and their truth is what living again says."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from tests.truth.agents.dice import Dice
from tests.truth.agents.lives import Diary, live
from tests.truth.agents.people import people
from tests.truth.agents.town import BLOCKS, SLOTS, TRAPS, town
from tests.truth.agents.truth import case, losses
from tests.truth.costs import analysed, read
from tests.truth.scores import ndcg

VISITORS = 2_000
SEED = 12


def test_numbers_are_uniform_and_belong_to_visitor_moment_and_purpose() -> None:
    who = np.arange(20_000)
    dice = Dice(3, who, who % 7)

    assert abs(dice.roll(1).mean() - 0.5) < 0.01
    assert abs(np.corrcoef(dice.roll(1), dice.roll(2))[0, 1]) < 0.03
    assert (dice.roll(1)[50:60] == Dice(3, who[50:60], who[50:60] % 7).roll(1)).all()


def test_who_did_not_meet_a_point_lives_the_same_life_without_it() -> None:
    made, crowd = town(SEED), people(SEED, VISITORS)
    everybody, diary = np.arange(VISITORS), Diary()
    bought = live(made, crowd, everybody, SEED, diary)
    met, point = np.concatenate(diary.met, axis=1)
    worst = int(np.bincount(point[made.harmful.ravel()[point]]).argmax())
    again = live(made.without(*divmod(worst, len(SLOTS))), crowd, everybody, SEED)
    others = np.setdiff1d(everybody, met[point == worst])

    assert (bought[others] == again[others]).all()
    assert again.sum() != bought.sum()


def test_harm_costs_and_traps_do_not() -> None:
    made, crowd = town(SEED), people(SEED, VISITORS)
    lost = losses(made, crowd, SEED, 2)

    assert lost.sum() > 25
    assert not lost[~made.harmful.ravel()].any()
    assert all(not made.harmful[place] for place in TRAPS)
    assert not town(SEED, harmless=True).harmful.any()


def test_a_step_that_some_devices_cannot_pass_is_passed_by_others() -> None:
    shops = [town(seed) for seed in range(20)]

    assert any((shop.harm == BLOCKS).any() for shop in shops)
    assert all((shop.fail[shop.harm == BLOCKS] < 0.2).all() for shop in shops)


def test_the_worst_of_the_agents_come_first_through_the_command_line(tmp_path: Path) -> None:
    shop = case("agents", SEED, 5_000, relived=0)
    path = tmp_path / "export.parquet"
    shop.events.write_parquet(path)
    found, counts, _ = read(analysed(path)[0], shop)

    assert ndcg(found.cost, shop.true) > max(0.6, ndcg(counts, shop.true))
    assert not (found.sure & ~shop.harmful).any()
