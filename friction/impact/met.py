"""The exposed views of some points, laid end to end, with what became of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import Self

import numpy as np

from friction.impact.asked import Asked
from friction.impact.loss import Facts
from friction.impact.money import Orders
from friction.impact.pages import Exposed, end_to_end
from friction.impact.patterns import Floats
from friction.impact.values import Returning
from friction.impact.views import Bools, Codes, Views
from friction.order import Ints, changed
from friction.values import dataclass

TOGETHER = 8_192
"""Views up to which points are worked out together: what is held of these stays near the processor."""


@dataclass(frozen=True)
class Met:
    """`points`, each of which somebody met, among `views`."""

    views: Views
    asked: Asked
    points: Sequence[Exposed]

    @classmethod
    def in_blocks(cls, views: Views, asked: Asked, points: Iterable[Exposed]) -> Iterator[Self]:
        """Some of the points after the other, each block with at most `TOGETHER` views or a single point."""
        block: list[Exposed] = []
        size = 0
        for each in points:
            if block and size + len(each.rows) > TOGETHER:
                yield cls(views, asked, block)
                block, size = [], 0
            block.append(each)
            size += len(each.rows)
        if block:
            yield cls(views, asked, block)

    @cached_property
    def numbers(self) -> Ints:
        """Of the points."""
        return np.array([each.point for each in self.points], np.int64)

    @cached_property
    def sizes(self) -> Ints:
        """By point, how many views are here."""
        return np.array([len(each.rows) for each in self.points], np.int64)

    @cached_property
    def begins(self) -> Ints:
        """Where the views of each point begin."""
        found: Ints = np.cumsum(self.sizes) - self.sizes
        return found

    @cached_property
    def rows(self) -> Codes:
        """Places among all views."""
        return np.concatenate([each.rows for each in self.points])

    @cached_property
    def left(self) -> Bools:
        """Which of them were exits."""
        found: Bools = self.views.exit[self.rows]
        return found

    @cached_property
    def weight(self) -> Floats | None:
        """For how many exposed views each stands: those who left and those who stayed come to as many as were
        counted.
        """
        drawn = [each.weight for each in self.points if each.weight is not None]
        if not drawn:
            return None
        weight = np.concatenate(drawn)
        group = np.repeat(2 * np.arange(len(self.points)), self.sizes) + self.left
        exits, views = self.asked.exits[self.numbers], self.asked.views[self.numbers]
        counted = np.stack([views - exits, exits], axis=1).ravel()
        found: Floats = weight * (counted / np.bincount(group, weight, len(counted)).clip(1e-300))[group]
        return found

    @property
    def stayed(self) -> tuple[Floats, Floats]:
        """By point, conversions of the exposed who stayed, and how many people like them have."""
        weight = np.where(self.left, 0.0, 1.0 if self.weight is None else self.weight)
        won = np.where(self.views.wins[self.rows], weight, 0.0)
        expected = np.nan_to_num(self._facts_of("worth")) * weight
        return np.add.reduceat(won, self.begins), np.add.reduceat(expected, self.begins)

    @property
    def exits(self) -> Facts:
        """Facts where nothing but leaving is asked."""
        every = np.ones(len(self.rows))
        return self._facts(every, every, np.zeros(len(self.points)))

    def facts(self, returning: Returning, ks: Floats, orders: Orders | None) -> Facts:
        """Facts of losses with a goal; `ks`: by point, as `at_stake` wants it."""
        after_exit, otherwise = returning.after_exit[self.rows], returning.otherwise[self.rows]
        won = self.views.wins[self.rows] & ~self.left
        k = np.repeat(ks[self.numbers], self.sizes)
        return self._facts(
            at_stake(self._facts_of("worth"), k, after_exit, otherwise),
            1 - after_exit,
            np.add.reduceat(won.astype(np.float64), self.begins),
            orders=orders.value[self.views.session[self.rows]] if orders else None,
            again=np.where(self._is_last, self._facts_of("again"), np.nan),
        )

    def _facts(self, at_stake: Floats, keeps: Floats, wins: Floats, **more: Floats | None) -> Facts:
        return Facts(
            begins=self.begins,
            leave=self._facts_of("leave"),
            at_stake=at_stake,
            keeps=keeps,
            ahead=self._facts_of("ahead"),
            later=self._facts_of("later"),
            visitor=self.views.visitor[self.rows],
            wins=wins,
            weight=self.weight,
            exits=self.asked.exits[self.numbers],
            **more,
        )

    @property
    def _is_last(self) -> Bools:
        """Whether a view is the last of its point and visitor."""
        new = changed(self.views.visitor[self.rows])
        new[self.begins] = True
        return np.append(new[1:], True)

    def _facts_of(self, name: str) -> Floats:
        """What the answers say of their views."""
        return end_to_end([getattr(each, name) for each in self.points])


def at_stake(worth: Floats, k: Floats, after_exit: Floats, otherwise: Floats) -> Floats:
    """What an exit loses in each exposed view."""
    likely = np.minimum(1.0, k * worth)
    found: Floats = np.maximum(0.0, likely + (1 - likely) * otherwise - after_exit)
    return found
