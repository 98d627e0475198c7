"""Packed orders are those of the columns themselves, also where the numbers do not fit into one."""

from __future__ import annotations

import numpy as np
import pytest

from friction import order
from friction.order import Ints, in_order, in_turn, once, ordered, present

LARGE = 1 << 40


def drawn(largest: int) -> tuple[Ints, Ints]:
    """Two columns with many ties."""
    chance = np.random.default_rng(1)
    first, second = chance.integers(0, 5, 300), chance.integers(0, 7, 300)
    return first * (largest // 8), second * (largest // 8)


@pytest.mark.parametrize("largest", [64, LARGE])
def test_ties_stay_in_the_order_they_came_in(largest: int) -> None:
    first, second = drawn(largest)

    assert ordered(first, second).tolist() == np.lexsort((second, first)).tolist()


@pytest.mark.parametrize("largest", [64, LARGE])
def test_rows_are_sorted_as_pairs_are(largest: int) -> None:
    first, second = drawn(largest)
    pairs = sorted(zip(first.tolist(), second.tolist(), strict=True))

    assert list(zip(*(column.tolist() for column in in_order(first, second)), strict=True)) == pairs
    assert list(zip(*(column.tolist() for column in once(first, second)), strict=True)) == sorted(set(pairs))


def test_no_rows_have_no_order() -> None:
    none = np.empty(0, np.int64)

    assert [ordered(none, none).size, *(column.size for column in once(none, none))] == [0, 0, 0]


@pytest.mark.parametrize("at_once", [1, 3, 1 << 20])
def test_in_turn_come_whole_groups_in_order(monkeypatch: pytest.MonkeyPatch, at_once: int) -> None:
    monkeypatch.setattr(order, "BLOCK", at_once)
    group, then = drawn(64)
    found = in_turn(group, then)

    assert np.concatenate(found).tolist() == np.lexsort((then, group)).tolist()
    assert sum(len(set(group[places].tolist())) for places in found) == len(set(group.tolist()))
    assert len(found) == (1 if at_once > len(group) else len(set(group.tolist())))


@pytest.mark.parametrize("largest", [64, LARGE])
def test_what_occurs_is_told_with_its_places(largest: int) -> None:
    code, _ = drawn(largest)
    found, place = present(code, int(code.max()) + 1)

    assert found.tolist() == sorted(set(code.tolist()))
    assert found[place].tolist() == code.tolist()
