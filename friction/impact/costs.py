"""The figures of some points: what each costs, how sure that is, and what would change it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from friction.impact.effects import Effects
from friction.impact.loss import SHIFTS, Z95, Facts, Loss, interval
from friction.impact.pages import DELAYED, EXIT, PROGRESS, RETURN
from friction.impact.patterns import Floats


def costs(effects: Effects, facts: Facts, *, has_goal: bool) -> Mapping[str, Floats]:
    """By point; `order_values` by point and currency, where these are known, and `falls` by point and each of
    `SHIFTS`: not numbers where leaving is no part of the estimate. The effect on leaving of each point is known.
    """
    loss = Loss.of(effects, facts)
    once = _once(loss.each, facts) if has_goal else np.ones(len(facts.begins))
    centre, below, above = interval(effects, facts, loss, has_goal=has_goal)
    estimate = loss.mean.sum(axis=0)
    found = {
        "estimate": once * estimate,
        "low": once * np.minimum(centre - below, estimate),
        "high": once * np.maximum(centre + above, estimate),
        "left": once * loss.mean[EXIT],
        "progress": once * loss.mean[PROGRESS],
        "delayed": once * (loss.mean[DELAYED] + loss.mean[RETURN]),
        "one_purchase": once,
        "p_value": effects.p_value,
        "falls": _falls(effects, facts, once * loss.mean[EXIT], once * estimate),
        **_ratios(effects, facts),
    }
    return found if facts.orders is None else {**found, "order_values": _order_values(loss.each, facts)}


def _once(each: Floats, facts: Facts) -> Floats:
    """Σ over visitors of the chance to lose at least one purchase, over Σ of all losses; views by visitor."""
    kept = np.clip(each, 0.0, 0.999)
    starts = facts.visitors
    of_point = np.searchsorted(starts, facts.begins)
    together = -np.expm1(np.add.reduceat(np.log1p(-kept), starts))
    if facts.weight is not None:
        mine = np.add.reduceat(kept, starts)
        together *= np.add.reduceat(facts.weight * kept, starts) / np.maximum(mine, 1e-300)
    whole = facts.all_of(kept)
    least = np.add.reduceat(together, of_point)
    return np.divide(least, whole, out=np.ones(len(whole)), where=whole > 0)


def _order_values(each: Floats, facts: Facts) -> Floats:
    """Mean value of what is lost, by point and currency."""
    assert facts.orders is not None
    weight = np.where(facts.by_view(facts.summed(each)) > 0, each, 1.0)
    weight = weight if facts.weight is None else weight * facts.weight
    found: Floats = (facts.summed(weight * facts.orders.T) / facts.summed(weight)).T
    return found


def _falls(effects: Effects, facts: Facts, left: Floats, estimate: Floats) -> Floats:
    """By point, the estimate if its effect on leaving were smaller by each of `SHIFTS`."""
    beyond = effects.beyond[:, EXIT]
    whole, *less = facts.totals(EXIT, beyond - np.array([0.0, *SHIFTS])[:, None])
    whole = np.where((left > 0) & (whole > 0), whole, np.nan)
    found: Floats = (estimate - left * (1 - np.array(less) / whole)).T
    return found


def _ratios(effects: Effects, facts: Facts) -> dict[str, Floats]:
    """Exits expected without the point, and the E-value of their risk ratio and of its lower limit."""
    beyond, wide = effects.beyond[:, EXIT], Z95 * effects.error[:, EXIT]
    fitted = facts.all_of(facts.leave)
    middle, low = facts.expected(np.stack([beyond, beyond - wide]))
    expected = middle
    if facts.weight is not None and facts.exits is not None:
        # Of a sample the share is told, of all exits that were counted: these two are compared.
        is_drawn = np.maximum.reduceat(facts.weight, facts.begins) > 1
        expected = np.where(is_drawn, facts.exits * middle / fitted, middle)
    return {
        "expected_exits": expected,
        "e_value": _e_value(fitted / middle),
        "e_value_low": _e_value(fitted / low),
    }


def _e_value(ratio: Floats) -> Floats:
    """How strong an unmeasured cause of friction and leaving must be to explain a risk ratio."""
    more = np.maximum(ratio, 1.0)
    found: Floats = more + np.sqrt(more * (more - 1))
    return found
