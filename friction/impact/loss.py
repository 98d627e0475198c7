"""From effects to losses: what the exposed views of a point would have come to without it.

    left       [e − logistic(logit e − μ)] × max(0, kV + (1 − kV) L − W)      e: chance to leave, V: worth of staying
    progress   (1 − e) [logistic(logit g + μ) − g] (1 − W)                     g: value of the next state
    delayed    (1 − e) [logistic(logit q + μ) − q] (1 − W)                     q: chance to convert later
    return     logistic(logit r + μ) − r, once a visitor                       r: chance that a later session converts

W and L are the chances that a later session of the visitor converts, after leaving here and after not leaving here:
who is stopped at the checkout often buys on another day. k says by how much the exposed who stayed convert more or
less often than people like them. One visitor loses one purchase at most.

Points are worked out some at a time, their views laid end to end: most have few views, and of these there are many.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from itertools import pairwise

import numpy as np

from friction.impact.calibration import MU
from friction.impact.effects import Effects
from friction.impact.pages import DELAYED, EXIT, PARTS, PROGRESS, RETURN
from friction.impact.patterns import Floats
from friction.impact.views import Codes
from friction.order import Ints, changed
from friction.values import dataclass

Z95 = 1.959964
STRUCTURE = (0.2, 0.3)
"""What such models get wrong beyond chance, as a share of the estimate: by saying too much, and by saying too little.

The first is that of `statistics.md` §2.3. The second is larger, because what they get wrong has a direction: harm that
comes out several pages later is hard to see and mostly missing, and with it up to a third of what a point costs.
"""
SHIFTS = tuple(round(0.05 * step, 2) for step in range(1, 21))
"""Log-odds by which an effect may be wrong: an unknown cause, or the harmless points of the detector."""
REACH = (-1.0, 6.0)
"""Effects are taken to lie in here."""
UNHEARD = 1e-12
"""Effects with a smaller weight change no digit."""
DOUBT = 0.7
"""Chance that a point does no harm later beyond which it is charged with none: such harm is small, and many harmless
points would add up."""
LATER = frozenset({DELAYED, RETURN})
AT_ONCE = 16_384
"""Views of which all effects are held at once, at least."""


@dataclass(frozen=True)
class Facts:
    """Of each exposed view of some points, point after point, what their losses are worked out from."""

    begins: Ints
    """Where the views of each point begin; each has some."""
    leave: Floats
    at_stake: Floats
    """What an exit here loses: 1 without a goal."""
    keeps: Floats
    """1 − W."""
    ahead: Floats
    later: Floats
    visitor: Codes
    wins: Floats
    """By point, conversions of those who stayed."""
    orders: Floats | None = None
    """Views × currencies: what a conversion lets expect; null where no revenue is known."""
    again: Floats | None = None
    """Chance that a later session converts, in the last view of a visitor whose session does not; else not a number."""
    weight: Floats | None = None
    """For how many exposed views each stands where only a sample is here (`sample`); null: they are all here."""
    exits: Ints | None = None
    """By point, exits of all exposed views; asked for only where there is a weight."""

    @cached_property
    def sizes(self) -> Ints:
        """By point, how many views are here."""
        return np.diff(self.begins, append=len(self.leave))

    @cached_property
    def visitors(self) -> Ints:
        """Where the views of each point and visitor begin."""
        new = changed(self.visitor)
        new[self.begins] = True
        return np.flatnonzero(new)

    def by_view(self, values: Floats) -> Floats:
        """What is known of points, on the last axis, as that of their views; of a single point in the room of one."""
        return values if len(self.begins) == 1 else np.repeat(values, self.sizes, axis=-1)

    def summed(self, values: Floats) -> Floats:
        """By point, Σ over its views, on the last axis."""
        found: Floats = np.add.reduceat(values, self.begins, axis=-1)
        return found

    def all_of(self, values: Floats) -> Floats:
        """By point, Σ over all exposed views of what is known of those here."""
        return self.summed(values if self.weight is None else values * self.weight)

    def lost(self, part: int, likely: Floats) -> Floats:
        """By view: Σ over effects of weight × the loss at that effect; `likely`: the weights by point and `MU`."""
        share, scale = self._of(part)
        heard = np.where(likely > UNHEARD, likely, 0.0)
        some = heard.any(axis=0)
        effects, weights = np.exp(MU[some])[:, None], self.by_view(heard[:, some].T)
        found = np.empty(len(share))
        for here in self._stretches:
            change = _changes(share[here], effects, leaves=part == EXIT)
            mine = weights if weights.shape[1] == 1 else weights[:, here]
            found[here] = np.einsum("kv,kv->v", mine, change)
        return found * scale * share

    def totals(self, part: int, mu: Floats) -> Floats:
        """By point, loss of all views together, at each of several effects within reach: `mu` is effects × points."""
        share, scale = self._of(part)
        worth = scale * share
        return self._by_effect(lambda odds: _changes(share, odds, leaves=part == EXIT) * worth, mu)

    def expected(self, mu: Floats) -> Floats:
        """By point, exits without each of several effects within reach."""
        stays = 1 - self.leave
        return self._by_effect(lambda odds: self.leave / (self.leave + stays * odds), mu)

    def _by_effect(self, work: Callable[[Floats], Floats], mu: Floats) -> Floats:
        """By effect and point, Σ of what `work` makes of each effect as a factor of odds: all effects at once, or one
        after the other where the views of all of them would take much room."""
        odds = self.by_view(np.exp(np.clip(mu, *REACH)))
        if len(self._stretches) == 1:
            return self.all_of(work(odds))
        return np.stack([self.all_of(work(one)) for one in odds])

    @cached_property
    def _stretches(self) -> list[slice]:
        """Views that are looked at together at each of many effects."""
        size = len(self.leave)
        edges = np.linspace(0, size, max(1, size // AT_ONCE) + 1).astype(np.int64)
        return [slice(*each) for each in pairwise(edges.tolist())]

    def _of(self, part: int) -> tuple[Floats, Floats]:
        """The share that an effect moves, and what a unit of it is worth; nought where there is none."""
        if part == EXIT:
            return self.leave, self.at_stake
        if part == RETURN:
            again = np.full(len(self.leave), np.nan) if self.again is None else self.again
            return np.nan_to_num(again), np.isfinite(again).astype(np.float64)
        share = self.ahead if part == PROGRESS else self.later
        return np.nan_to_num(share), np.where(np.isfinite(share), (1 - self.leave) * self.keeps, 0.0)


def _changes(share: Floats, effects: Floats, *, leaves: bool) -> Floats:
    """By effect (as a factor of odds) and view: by what part of itself the share is larger, or smaller, with it.

    With the effect u gone, e becomes e ÷ (e + (1 − e) eᵘ), and g becomes g eᵘ ÷ (1 − g + g eᵘ).
    """
    base, other = (share, 1 - share) if leaves else (1 - share, share)
    found: Floats = effects * other
    found += base
    if leaves:
        np.divide(1.0, found, out=found)
        return np.subtract(1.0, found, out=found)
    np.divide(effects, found, out=found)
    found -= 1.0
    return found


@dataclass(frozen=True)
class Loss:
    """What some points cost: by view, and by part and point."""

    each: Floats
    mean: Floats

    @classmethod
    def of(cls, effects: Effects, facts: Facts) -> Loss:
        """What is likely; without harm later that is doubtful."""
        each, mean = np.zeros(len(facts.leave)), np.zeros((len(PARTS), len(facts.begins)))
        for part in PARTS:
            likely, counts = effects.likely[:, part], effects.known[:, part]
            if part in LATER:
                counts = counts & ~(likely[:, 0] > DOUBT)
            if counts.any():
                lost = facts.lost(part, np.where(counts[:, None], likely, 0.0))
                each += lost
                mean[part] = facts.all_of(lost)
        return cls(each, mean)


def interval(effects: Effects, facts: Facts, loss: Loss, *, has_goal: bool) -> tuple[Floats, Floats, Floats]:
    """By point, centre and half-widths: sampling of each part, the value of staying, structure, and the draw, in
    quadrature.
    """
    centre, squares = np.zeros(len(facts.begins)), np.zeros((2, len(facts.begins)))
    for part in PARTS:
        known = effects.known[:, part]
        if not known.any():
            continue
        middle, *ends = _ends(effects, facts, loss, part)
        limits = np.where(known, ends, 0.0)
        middle = np.where(known, middle, 0.0)
        centre += middle
        squares += (limits - middle) ** 2
        if part == EXIT and has_goal:
            squares += (Z95 / np.sqrt(facts.wins + 10) * limits) ** 2
    squares += (Z95 * np.array(STRUCTURE)[:, None] * centre) ** 2
    squares += (Z95 * drawn(loss.each, facts)) ** 2
    below, above = np.sqrt(squares)
    return centre, below, above


def _ends(effects: Effects, facts: Facts, loss: Loss, part: int) -> tuple[Floats, Floats, Floats]:
    """Loss of one part: its middle and where it ends, by chance."""
    if part in LATER:
        ends = np.stack([effects.reached(part, share) for share in (0.025, 0.975)])
        return loss.mean[part], *facts.totals(part, ends)
    beyond, wide = effects.beyond[:, part], Z95 * effects.error[:, part]
    middle, low, high = facts.totals(part, np.stack([beyond, beyond - wide, beyond + wide]))
    return middle, low, high


def drawn(each: Floats, facts: Facts) -> Floats:
    """By point, the standard error of `all_of(each)` that comes from having drawn a sample of visitors."""
    if facts.weight is None:
        return np.zeros(len(facts.begins))
    weight, starts = facts.weight, facts.visitors
    apart = each - facts.by_view(facts.all_of(each) / facts.summed(weight))
    together = np.add.reduceat(weight * apart, starts)
    share = 1 / np.maximum(1.0, np.maximum.reduceat(weight, starts))
    of_point = np.searchsorted(starts, facts.begins)
    found: Floats = np.sqrt(np.add.reduceat((1 - share) * together**2, of_point))
    return found
