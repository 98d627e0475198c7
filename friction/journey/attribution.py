"""Which channel a conversion is put down to, in nine ways of bookkeeping. None of them is causal.

Each conversion is worth one, and every model hands out exactly all of them.

first, last       the first, the last touch takes all
last_non_direct   the last touch that is not direct; the last where all are
linear            each touch the same
time_decay        in proportion to 2^(-age / half-life of 7 days)
position          one touch: all; two: half each; else 0.4 first, 0.4 last, 0.2 shared by those between
markov            order-1 chain start → channels → conversion or nothing, over all paths, repeats merged; a channel gets
                  its removal effect 1 - P(conversion without it) / P(conversion), as a share of all removal effects
shapley           of the set: v(S) = conversions of paths whose channels all lie in S. That game is solved by an equal
                  split over the distinct channels of each path, so this is what is computed
shapley_rate      v(S) = conversion rate of the paths whose channels all lie in S; with fewer than `FEW_PATHS` of them
                  that of the best smaller S. A channel that lowers the rate has a negative credit

Sources: `statistics.md` §3.1; half-life and 40/20/40 are the constants Google Ads publishes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from friction.journey.paths import DAY_US, Paths

Floats = NDArray[np.float64]

HALF_LIFE_DAYS = 7.0
FEW_PATHS = 30
EXACT_UP_TO = 14
"""Channels up to which all coalitions are counted; beyond, `PERMUTATIONS` orders are drawn with a fixed seed."""
PERMUTATIONS = 10_000
MODELS = (
    *("first", "last", "last_non_direct", "linear", "time_decay", "position"),
    *("markov", "shapley", "shapley_rate"),
)


def attributed(
    paths: Paths, direct: int | None = None, half_life_days: float = HALF_LIFE_DAYS
) -> Mapping[str, Floats]:
    """Credits by model and channel, which add up to the conversions; `direct`: the channel that nobody paid for."""
    won = _converting(paths)
    last = won.position == won.lengths[won.path] - 1
    weights = {
        "first": won.position == 0,
        "last": last,
        "last_non_direct": _last_non_direct(won, direct),
        "linear": np.ones(len(won.path)),
        "time_decay": np.exp2(-_relative_age(won) / (half_life_days * DAY_US)),
        "position": _by_position(won),
    }
    by_touch = {name: _credited(won, weight.astype(np.float64)) for name, weight in weights.items()}
    sets = {"markov": markov(paths), "shapley": shapley(won), "shapley_rate": shapley_rate(paths)}
    return by_touch | sets


def _converting(paths: Paths) -> Paths:
    """Only the paths that convert."""
    kept = paths.converts[paths.path]
    number = np.cumsum(paths.converts) - 1
    return replace(
        paths,
        path=number[paths.path[kept]],
        channel=paths.channel[kept],
        age=paths.age[kept],
        converts=paths.converts[paths.converts],
    )


def _credited(won: Paths, weight: Floats) -> Floats:
    """Weights brought to one a path, summed by channel."""
    total = np.bincount(won.path, weight, len(won.converts))
    return _sums(won.channel, weight / total[won.path], won.channels)


def _sums(places: NDArray[np.int64], weights: Floats, size: int) -> Floats:
    """Weights by place; also of none at all as floats."""
    sums: Floats = np.bincount(places, weights, size).astype(np.float64)
    return sums


def _relative_age(won: Paths) -> NDArray[np.int64]:
    """Age beyond that of the path's last touch: the same shares, and no weight that underflows in all touches."""
    if not len(won.path):
        return won.age
    youngest = np.minimum.reduceat(won.age, won.starts)
    found: NDArray[np.int64] = won.age - youngest[won.path]
    return found


def _last_non_direct(won: Paths, direct: int | None) -> Floats:
    speaks = won.channel != (-1 if direct is None else direct)
    place = np.where(speaks, won.position, -1)
    best = np.full(len(won.converts), -1)
    np.maximum.at(best, won.path, place)
    chosen = np.where(best < 0, won.lengths - 1, best)
    takes: Floats = (won.position == chosen[won.path]).astype(np.float64)
    return takes


def _by_position(won: Paths) -> Floats:
    length = won.lengths[won.path]
    ends = (won.position == 0) | (won.position == length - 1)
    between = 0.2 / np.maximum(length - 2, 1)
    weights: Floats = np.where(length <= 2, 1.0, np.where(ends, 0.4, between))
    return weights


def markov(paths: Paths) -> Floats:
    """Removal effects as shares of all conversions."""
    chain = _chain(paths)
    whole = _reached(chain, None)
    if not whole:
        return np.zeros(paths.channels)
    effects = np.array([1 - _reached(chain, each) / whole for each in range(paths.channels)])
    effects[~_met(paths)] = 0.0
    credits: Floats = effects / effects.sum() * paths.conversions
    return credits


def _met(paths: Paths) -> NDArray[np.bool_]:
    found: NDArray[np.bool_] = np.bincount(paths.channel, minlength=paths.channels) > 0
    return found


def _chain(paths: Paths) -> Floats:
    """Transitions: rows channels and start, columns channels and conversion; what lacks to one leads to nothing."""
    size = paths.channels
    first = paths.position == 0
    changes = first | (np.diff(paths.channel, prepend=-1) != 0)
    path, channel = paths.path[changes], paths.channel[changes]
    opens = np.diff(path, prepend=-1) != 0
    before = np.where(opens, size, np.roll(channel, 1))
    counts = np.zeros((size + 1, size + 1))
    np.add.at(counts, (before, channel), 1.0)
    closes = np.append(opens[1:], True)
    ways_out = np.bincount(channel[closes], minlength=size)
    wins = np.bincount(channel[closes], paths.converts[path[closes]], size)
    left = counts.sum(axis=1) + np.append(ways_out, 0)
    counts[:size, size] = wins
    chances: Floats = counts / np.maximum(left, 1)[:, None]
    return chances


def _reached(chain: Floats, without: int | None) -> float:
    """The chance to convert from the start, by the linear system of the absorbing chain; `without` leads to nothing."""
    size = len(chain) - 1
    kept = np.array([each for each in range(size) if each != without], dtype=np.int64)
    inner = np.eye(len(kept)) - chain[np.ix_(kept, kept)]
    chances = np.linalg.solve(inner, chain[kept, size])
    return float(chain[size, kept] @ chances)


def shapley(won: Paths) -> Floats:
    """Equal split over the distinct channels of each converting path."""
    pairs = np.unique(won.path * won.channels + won.channel)
    path, channel = np.divmod(pairs, won.channels) if won.channels else (pairs, pairs)
    sizes = np.bincount(path, minlength=len(won.converts))
    return _sums(channel, 1.0 / sizes[path], won.channels)


def shapley_rate(paths: Paths) -> Floats:
    """Shapley values of the conversion rate, in conversions."""
    used = np.flatnonzero(_met(paths))
    credits = np.zeros(paths.channels)
    if not len(used):
        return credits
    sets, totals, wins = _by_set(paths, used)
    if len(used) <= EXACT_UP_TO:
        values = coalition_rates(sets, totals, wins, len(used))
        found = exact_shapley(values, len(used))
    else:
        found = _sampled(sets, totals, wins, len(used))
    credits[used] = found * len(paths.converts)
    return credits


def _by_set(paths: Paths, used: NDArray[np.int64]) -> tuple[NDArray[np.int64], Floats, Floats]:
    """Distinct sets of channels as bits, with how many paths have them and how many of those convert."""
    bit = np.zeros(paths.channels, np.int64)
    bit[used] = 1 << np.arange(len(used))
    mask = np.bitwise_or.reduceat(bit[paths.channel], paths.starts)
    sets, which = np.unique(mask, return_inverse=True)
    totals = np.bincount(which).astype(np.float64)
    return sets, totals, np.bincount(which, paths.converts).astype(np.float64)


def coalition_rates(sets: NDArray[np.int64], totals: Floats, wins: Floats, size: int) -> Floats:
    """v of every coalition, by its bits."""
    seen, won = np.zeros(1 << size), np.zeros(1 << size)
    seen[sets], won[sets] = totals, wins
    everyone = np.arange(1 << size)
    for each in range(size):
        has = everyone[(everyone >> each) & 1 == 1]
        seen[has] += seen[has ^ (1 << each)]
        won[has] += won[has ^ (1 << each)]
    values = np.where(seen >= FEW_PATHS, won / np.maximum(seen, 1), 0.0)
    values[-1] = won[-1] / max(seen[-1], 1)
    members = np.array([number.bit_count() for number in range(1 << size)])
    for level in range(1, size):
        few = everyone[(members == level) & (seen < FEW_PATHS)]
        for each in range(size):
            inside = few[(few >> each) & 1 == 1]
            values[inside] = np.maximum(values[inside], values[inside ^ (1 << each)])
    return values


def exact_shapley(values: Floats, size: int) -> Floats:
    """Shapley values of the game with these values of coalitions, by bits."""
    everyone = np.arange(1 << size)
    members = np.array([number.bit_count() for number in range(1 << size)])
    weight = np.zeros(size)
    weight[0] = 1 / size
    for count in range(1, size):  # |S|! (n - |S| - 1)! / n!
        weight[count] = weight[count - 1] * count / (size - count)
    found = np.zeros(size)
    for each in range(size):
        without = everyone[(everyone >> each) & 1 == 0]
        gain = values[without | (1 << each)] - values[without]
        found[each] = float(weight[members[without]] @ gain)
    return found


def _sampled(sets: NDArray[np.int64], totals: Floats, wins: Floats, size: int) -> Floats:
    """The mean over drawn orders; a coalition of few paths is worth what the one before it in its order was."""
    draw = np.random.default_rng(20_240_601)
    everything, found = float(wins.sum() / totals.sum()), np.zeros(size)
    known: dict[int, tuple[float, float]] = {}

    def counted(mask: int) -> tuple[float, float]:
        if mask not in known:
            inside = (sets & ~mask) == 0
            known[mask] = float(totals[inside].sum()), float(wins[inside].sum())
        return known[mask]

    for _ in range(PERMUTATIONS):
        order, mask, steps = draw.permutation(size), 0, [0.0]
        for each in order[:-1]:
            mask |= 1 << int(each)
            seen, won = counted(mask)
            steps.append(won / seen if seen >= FEW_PATHS else steps[-1])
        steps.append(everything)
        found[order] += [after - before for before, after in pairwise(steps)]
    return found / PERMUTATIONS
