"""How well a ranking agrees with the truth: the figures of `statistics.md` §2.5."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tests.truth.shop import Bools, Floats, Ints

TOP = 10


@dataclass(frozen=True)
class Told:
    """What was said of each point: by estimate, interval (not a number: nothing was said), and whether for sure."""

    estimate: Floats
    low: Floats
    high: Floats
    sure: Bools

    @property
    def shown(self) -> Bools:
        return np.isfinite(self.estimate)

    @property
    def cost(self) -> Floats:
        """Points of which nothing was said count as nothing."""
        return np.nan_to_num(self.estimate)


@dataclass(frozen=True)
class Score:
    """One shop. Without a loss in it the first four are not a number, and `total` is the sum of the estimates."""

    ndcg: float
    top: float
    tau: float
    ratio: float
    cover: float
    false_share: float
    false_points: float
    shown: float
    total: float

    def row(self) -> Floats:
        """In the order of the fields."""
        return np.array(list(vars(self).values()), float)


def score(told: Told, true: Floats, harmful: Bools) -> Score:
    """The figures of one ranking; `true` is the loss of each point, `harmful` whether it does harm at all."""
    some = bool(true.sum() > 0)
    inside = (told.low <= true) & (true <= told.high)
    false = told.sure & ~harmful
    return Score(
        ndcg=ndcg(told.cost, true) if some else np.nan,
        top=top_share(told.cost, true) if some else np.nan,
        tau=kendall(told.cost, true) if some else np.nan,
        ratio=float(told.cost.sum() / true.sum()) if some else np.nan,
        cover=float(inside[told.shown].mean()) if told.shown.any() else np.nan,
        false_share=float(false.sum() / max(int(told.sure.sum()), 1)),
        false_points=float(false.sum()),
        shown=float(told.shown.sum()),
        total=float(told.cost.sum()),
    )


def ndcg(cost: Floats, true: Floats, top: int = TOP) -> float:
    """Discounted gain of the first `top` by `cost`, over the best possible one."""
    weight = 1 / np.log2(np.arange(top) + 2)
    gain = np.maximum(true, 0)
    return float((gain[_first(cost, top)] * weight).sum() / (gain[_first(gain, top)] * weight).sum())


def top_share(cost: Floats, true: Floats, top: int = TOP) -> float:
    """True loss of the first `top` by `cost`, over that of the true first ones."""
    return float(true[_first(cost, top)].sum() / true[_first(true, top)].sum())


def _first(values: Floats, top: int) -> Ints:
    return np.argsort(-values, kind="stable")[:top]


def kendall(one: Floats, other: Floats) -> float:
    """Kendall's tau-b: pairs in agreement less pairs against, ties in either order taken out."""
    first, second = (np.sign(np.subtract.outer(values, values)) for values in (one, other))
    return float((first * second).sum() / np.sqrt((first != 0).sum() * float((second != 0).sum())))
