"""A share of the rack in every test run, and the scorer itself."""

from __future__ import annotations

import pytest

from tests.rack.flaws import FLAWS, made
from tests.rack.score import SEEDS, cases, measured, points, read_by_command, read_raw, scores

WANTED = [["a", "b"], ["1", "2"], ["3", "4"]]


def test_broken_tables_are_read_without_being_told_how() -> None:
    simple, weighted = scores(measured(cases("held-out", files=3)))

    assert simple >= 9.95
    assert weighted >= 9.80


@pytest.mark.parametrize("flaw", ["several", "UTF-16", "quote inserted", "empty"])
def test_the_command_writes_what_is_scored(flaw: str) -> None:
    content = made(flaw, 7).content

    assert read_by_command(content) == read_raw(content) is not None


def test_the_same_rows_give_ten_points_and_no_answer_none() -> None:
    assert points(WANTED, WANTED) == 10
    assert points([], []) == 10
    assert points(WANTED, None) == 0


def test_an_answer_that_has_nothing_in_common_gives_one_point() -> None:
    assert points(WANTED, [["x"], ["y"]]) == 1
    assert points([], WANTED) == 1


def test_a_lost_record_costs_recall() -> None:
    lost = points(WANTED, WANTED[:2])

    assert lost == pytest.approx(10 - (1 - 1 / 2) - (1 - 2 / 3) - (1 - 4 / 6) - (1 - 4 / 5))


def test_the_order_of_records_does_not_count() -> None:
    assert points(WANTED, [WANTED[0], WANTED[2], WANTED[1]]) == 10


@pytest.mark.parametrize("flaw", FLAWS)
def test_a_seed_always_makes_the_same_file(flaw: str) -> None:
    assert made(flaw, 7) == made(flaw, 7)


def test_the_sets_share_no_seed() -> None:
    assert abs(SEEDS["tuning"] - SEEDS["held-out"]) > 1_000
