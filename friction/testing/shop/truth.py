"""The truth about a shop: each point taken away alone, and the shop lived again with the same random numbers.

`lost_conversions` = sessions that would have bought without the point, minus those that bought;
`extra_exits` = how many left because of it in the view where they met it. Both are means over several
lives of the same visits, with their standard error. Only sessions that met a point can differ without it,
so only these are lived again.
"""

from __future__ import annotations

import numpy as np

from friction.testing.shop.chance import Chance, Floats
from friction.testing.shop.frictions import POINTS
from friction.testing.shop.visitors import Plan
from friction.testing.shop.walk import Life, walk
from friction.values import dataclass


@dataclass(frozen=True)
class Mean:
    """A mean over lives and its standard error."""

    value: float
    error: float


@dataclass(frozen=True)
class Costs:
    """What the points cost, in the order of `POINTS`, and how many sessions buy."""

    lost: tuple[Mean, ...]
    exits: tuple[Mean, ...]
    bought: Mean

    @property
    def error_share(self) -> float:
        """The largest standard error of a loss, as a share of the largest loss."""
        return max(loss.error for loss in self.lost) / max(1e-9, *(loss.value for loss in self.lost))


def costs(plan: Plan, seed: int, replicas: int) -> Costs:
    """Live the shop `replicas` times, each time once more without each point."""
    lost, exits = np.zeros((replicas, len(POINTS))), np.zeros((replicas, len(POINTS)))
    bought = np.zeros(replicas)
    for number in range(replicas):
        chance = Chance(seed, number)
        life = walk(plan, chance, plan.who)
        lost[number], exits[number], bought[number] = (
            _losses(plan, chance, life),
            life.extra_exits,
            life.bought.sum(),
        )
    return Costs(
        tuple(_mean(lost[:, bit]) for bit in range(len(POINTS))),
        tuple(_mean(exits[:, bit]) for bit in range(len(POINTS))),
        _mean(bought),
    )


def _losses(plan: Plan, chance: Chance, life: Life) -> Floats:
    met = [np.flatnonzero((life.met >> bit) & 1) for bit in range(len(POINTS))]
    who, lacking = np.concatenate(met), np.repeat(np.arange(len(POINTS)), [len(some) for some in met])
    again = walk(plan, chance, who, without=lacking)
    gained = again.bought.astype(float) - life.bought[who]
    losses: Floats = np.bincount(lacking, weights=gained, minlength=len(POINTS)).astype(np.float64)
    return losses


def _mean(values: Floats) -> Mean:
    return Mean(float(values.mean()), float(values.std(ddof=1)) / len(values) ** 0.5)
