"""From effects to losses: what the exposed views of a point would have come to without it.

    left       [e − logistic(logit e − μ)] × max(0, kV + (1 − kV) L − W)      e: chance to leave, V: worth of staying
    progress   (1 − e) [logistic(logit g + μ) − g] (1 − W)                     g: value of the next state
    delayed    (1 − e) [logistic(logit q + μ) − q] (1 − W)                     q: chance to convert later
    return     logistic(logit r + μ) − r, once a visitor                       r: chance that a later session converts

W and L are the chances that a later session of the visitor converts, after leaving here and after not leaving here:
who is stopped at the checkout often buys on another day. k says by how much the exposed who stayed convert more or
less often than people like them. One visitor loses one purchase at most.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import erfc, hypot, sqrt

import numpy as np

from friction.impact.calibration import MU, Null
from friction.impact.design import Floats
from friction.impact.pages import DELAYED, EXIT, PARTS, PROGRESS, RETURN, Exposed
from friction.impact.values import Known
from friction.impact.views import Bools, Codes

Z95 = 1.959964
STRUCTURE = (0.2, 0.3)
"""What such models get wrong beyond chance, as a share of the estimate: by saying too much, and by saying too little.

The first is that of `statistics.md` §2.3. The second is larger, because what they get wrong has a direction: harm that
comes out several pages later is hard to see and mostly missing, and with it up to a third of what a point costs.
"""
MARGIN = (0.10, 0.05, 0.10, 0.10)
"""Effects up to these log-odds are not called harm."""
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
BORROWED = 10.0
"""Conversions that a point borrows from its detector when its k is worked out."""


@dataclass(frozen=True)
class Facts:
    """Of each exposed view of a point, what its losses are worked out from."""

    leave: Floats
    at_stake: Floats
    """What an exit here loses: 1 without a goal."""
    keeps: Floats
    """1 − W."""
    ahead: Floats
    later: Floats
    visitor: Codes
    wins: int
    """Conversions of those who stayed."""
    orders: Floats | None = None
    """Views × currencies: what a conversion lets expect; null where no revenue is known."""
    again: Floats | None = None
    """Chance that a later session converts, in the last view of a visitor whose session does not; else not a number."""
    weight: Floats | None = None
    """For how many exposed views each stands where only a sample is here (`sample`); null: they are all here."""
    exits: int = 0
    """Exits of all exposed views; asked for only where there is a weight."""

    def lost(self, part: int, mu: Floats, weight: Floats) -> Floats:
        """By view: Σ over effects of weight × the loss at that effect; of weights with two axes a column each."""
        share, scale = self._of(part)
        change = weight.T @ _changes(share, np.exp(mu), leaves=part == EXIT)
        found: Floats = ((scale * share) * change).T
        return found

    def totals(self, part: int, mu: Sequence[float]) -> list[float]:
        """Loss of all views together, at each of several effects within reach."""
        share, scale = self._of(part)
        value = scale * share if self.weight is None else scale * share * self.weight
        found: list[float] = (
            _changes(share, np.exp(np.clip(mu, *REACH)), leaves=part == EXIT) @ value
        ).tolist()
        return found

    def all_of(self, values: Floats) -> Floats:
        """Σ over all exposed views of what is known of those here."""
        found: Floats = values.sum(axis=0) if self.weight is None else self.weight @ values
        return found

    def drawn(self, each: Floats) -> float:
        """Standard error of `all_of(each)` that comes from having drawn a sample of visitors."""
        if self.weight is None:
            return 0.0
        apart = each - self.all_of(each) / self.weight.sum()
        starts = np.flatnonzero(np.diff(self.visitor, prepend=-1))
        together = np.add.reduceat(self.weight * apart, starts)
        share = 1 / np.maximum(1.0, np.maximum.reduceat(self.weight, starts))
        return sqrt(float(((1 - share) * together**2).sum()))

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
    found: Floats = np.multiply.outer(effects, other)
    found += base
    if leaves:
        np.divide(1.0, found, out=found)
        return np.subtract(1.0, found, out=found)
    np.divide(effects[:, None], found, out=found)
    found -= 1.0
    return found


def stayers(point: Exposed, left: Bools, wins: Bools, weight: Floats | None = None) -> tuple[float, float]:
    """Conversions of the exposed who stayed, and how many people like them have."""
    stays = ~left[point.rows]
    won, worth = wins[point.rows][stays], point.worth[stays]
    if weight is None:
        return float(np.count_nonzero(won)), float(np.nansum(worth))
    return float(weight[stays][won].sum()), float(np.nansum(worth * weight[stays]))


def at_stake(point: Exposed, k: float, after_exit: Known, otherwise: Known) -> Floats:
    """What an exit loses in each exposed view."""
    worth = np.minimum(1.0, k * point.worth)
    found: Floats = np.maximum(0.0, worth + (1 - worth) * otherwise[point.rows] - after_exit[point.rows])
    return found


def costs(point: Exposed, facts: Facts, nulls: Sequence[Null], *, has_goal: bool) -> dict[str, object]:
    """The figures of one point."""
    parts = [part for part in PARTS if np.isfinite(point.effect[part])]
    parts = parts if has_goal else [part for part in parts if part == EXIT]
    each = np.zeros(len(facts.leave))
    mean = dict.fromkeys(PARTS, 0.0)
    for part in parts:
        weights = nulls[part].posterior(point.effect[part], point.error[part])
        if part in LATER and weights[0] > DOUBT:
            continue
        likely = weights > UNHEARD
        lost = facts.lost(part, MU[likely], weights[likely])
        each += lost
        mean[part] = float(facts.all_of(lost))
    once = _once(each, facts) if has_goal else 1.0
    centre, below, above = _interval(point, facts, nulls, parts, mean, has_goal=has_goal)
    if facts.weight is not None:
        by_chance = Z95 * facts.drawn(each)
        below, above = hypot(below, by_chance), hypot(above, by_chance)
    estimate = sum(mean.values())
    return {
        "estimate": once * estimate,
        "low": once * min(centre - below, estimate),
        "high": once * max(centre + above, estimate),
        "left": once * mean[EXIT],
        "progress": once * mean[PROGRESS],
        "delayed": once * (mean[DELAYED] + mean[RETURN]),
        "one_purchase": once,
        "p_value": _p_value(point, nulls, parts),
        "order_values": _order_values(each, facts),
        "falls": _falls(point, facts, nulls[EXIT], once * mean[EXIT], once * estimate),
        **_ratios(point, facts, nulls[EXIT]),
    }


def _once(each: Floats, facts: Facts) -> float:
    """Σ over visitors of the chance to lose at least one purchase, over Σ of all losses; views by visitor."""
    kept = np.clip(each, 0.0, 0.999)
    if not kept.sum():
        return 1.0
    starts = np.flatnonzero(np.diff(facts.visitor, prepend=-1))
    together = -np.expm1(np.add.reduceat(np.log1p(-kept), starts))
    if facts.weight is None:
        return float(together.sum() / kept.sum())
    several = np.add.reduceat(facts.weight * kept, starts) / np.maximum(np.add.reduceat(kept, starts), 1e-300)
    return float((several @ together) / (facts.weight @ kept))


def _order_values(each: Floats, facts: Facts) -> list[float] | None:
    """Mean value of what is lost, per currency."""
    if facts.orders is None:
        return None
    weight = each if each.sum() > 0 else np.ones(len(each))
    weight = weight if facts.weight is None else weight * facts.weight
    found: list[float] = (weight @ facts.orders / weight.sum()).tolist()
    return found


def _falls(point: Exposed, facts: Facts, null: Null, left: float, estimate: float) -> list[float] | None:
    """The estimate if its effect on leaving were smaller by each of `SHIFTS`; null where that is no part of it."""
    if not np.isfinite(point.effect[EXIT]) or left <= 0:
        return None
    effect, _ = _spread(point, null, EXIT)
    whole, *less = facts.totals(EXIT, [effect, *(effect - shift for shift in SHIFTS)])
    return [estimate - left * (1 - each / whole) for each in less] if whole > 0 else None


def _spread(point: Exposed, null: Null, part: int) -> tuple[float, float]:
    """The effect beyond the harmless one, and its error."""
    return float(point.effect[part]) - null.d, sqrt(float(point.error[part]) ** 2 + null.t**2)


def _interval(
    point: Exposed,
    facts: Facts,
    nulls: Sequence[Null],
    parts: Sequence[int],
    mean: dict[int, float],
    *,
    has_goal: bool,
) -> tuple[float, float, float]:
    """Centre and half-widths: sampling of each part, the value of staying, and structure, in quadrature."""
    centre, squares = 0.0, np.zeros(2)
    for part in parts:
        if part in {DELAYED, RETURN}:
            weights = nulls[part].posterior(point.effect[part], point.error[part])
            middle = mean[part]
            reached = np.cumsum(weights)
            ends = [float(MU[np.searchsorted(reached, at - 1e-12)]) for at in (0.025, 0.975)]
            limits = facts.totals(part, ends)
        else:
            effect, error = _spread(point, nulls[part], part)
            middle, *limits = facts.totals(part, [effect, effect - Z95 * error, effect + Z95 * error])
        centre += middle
        squares += (np.array(limits) - middle) ** 2
        if part == EXIT and has_goal:
            squares += (Z95 / sqrt(facts.wins + 10) * np.array(limits)) ** 2
    squares += (Z95 * np.array(STRUCTURE) * centre) ** 2
    below, above = np.sqrt(squares)
    return centre, float(below), float(above)


def _p_value(point: Exposed, nulls: Sequence[Null], parts: Sequence[int]) -> float | None:
    """Number of parts × the smallest one-sided p-value of an effect beyond the margin."""
    values = []
    for part in parts:
        effect, error = _spread(point, nulls[part], part)
        values.append(erfc((effect - MARGIN[part]) / error / sqrt(2)) / 2)
    return min(1.0, len(values) * min(values)) if values else None


def _ratios(point: Exposed, facts: Facts, null: Null) -> dict[str, float | None]:
    """Exits expected without the point, and the E-value of their risk ratio and of its lower limit."""
    if not np.isfinite(point.effect[EXIT]):
        return {"expected_exits": None, "e_value": None, "e_value_low": None}
    effect, error = _spread(point, null, EXIT)
    fitted = float(facts.all_of(facts.leave))
    expected = [
        float(facts.all_of(facts.leave / (facts.leave + (1 - facts.leave) * np.exp(mu))))
        for mu in np.clip([effect, effect - Z95 * error], *REACH)
    ]
    # Of a sample the share is told, of all exits that were counted: these two are compared.
    is_drawn = facts.weight is not None and float(facts.weight.max(initial=0.0)) > 1
    return {
        "expected_exits": facts.exits * expected[0] / fitted if is_drawn else expected[0],
        "e_value": _e_value(fitted / expected[0]),
        "e_value_low": _e_value(fitted / expected[1]),
    }


def _e_value(ratio: float) -> float:
    """How strong an unmeasured cause of friction and leaving must be to explain a risk ratio."""
    return ratio + sqrt(ratio * (ratio - 1)) if ratio > 1 else 1.0
