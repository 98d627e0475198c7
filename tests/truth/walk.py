"""One life of a world: all visits walk at once; what they saw, met, used and bought."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tests.truth.shop import BOUGHT, LEVELS, PAGES, SLOTS, Bools, Floats, Ints, World

DAY_US = 86_400_000_000
START_US = 1_772_323_200_000_000
"""2026-03-01, in microseconds."""
DAYS = 28
Singles = NDArray[np.float32]
RETURN = 0.3
"""Further sessions of a visitor, on average."""


@dataclass(frozen=True)
class Life:
    """Sessions in the order of their visitors, views by session and time; pairs say which view met or used what."""

    visitor: Ints
    kind: Ints
    start: Ints
    """Microseconds since 1970, by session."""
    bought: Bools
    arrivals: Floats
    """Kind × page: sessions that began there."""
    session: Ints
    page: Ints
    opened: Ints
    """Microseconds, by view."""
    buys: Bools
    hits: Ints
    """Pairs × 2: view, and page × slot as one number."""
    uses: Ints


def live(world: World, sessions: int, seed: int) -> Life:
    """Walk this many sessions of about 1.3 sessions a visitor; the same seed gives the same life."""
    chance = np.random.default_rng([world.seed, seed, 7])
    visitor, kind, start = _visits(world, sessions, chance)
    page = _drawn(np.broadcast_to(np.cumsum(world.arrival), (sessions, len(PAGES))), chance)
    arrivals = np.zeros((len(world.kinds.share), len(PAGES)))
    np.add.at(arrivals, (kind, page), 1.0)
    who, level, clock = np.arange(sessions), np.zeros(sessions, np.int64), start.copy()
    bought, seen = np.zeros(sessions, bool), []
    strike, use, route = (table.astype(np.float32) for table in (world.strike, world.use, world.route))
    edges = np.cumsum(route, axis=2)
    while len(who):
        of = kind[who]
        wish = chance.random(len(who))
        calm = world.leave[of, page] + world.weary * level
        met = _met(world, strike[of, page], wish < _share(calm), chance)
        used = (chance.random(met.shape, dtype=np.float32) < use[of, page]) & ~met
        leaves = wish < _share(calm + (met * world.harm[page]).sum(axis=1))
        onward = _drawn(edges[of, page], chance)
        thrown = chance.random(len(who)) > np.prod(1 - met * world.back[page], axis=1)
        tired = chance.random(len(who)) > np.prod(1 - met * world.tires[page], axis=1)
        onward = np.where(thrown, 0, onward)
        buys = ~leaves & (onward == BOUGHT)
        bought[who] |= buys
        seen.append((who, page, clock, buys, met, used))
        go = ~leaves & ~buys
        dwell = 16_000_000 + (chance.lognormal(2.5, 0.8, len(who)) * 1e6).clip(0, 9e8).astype(np.int64)
        level = np.minimum(level + tired, LEVELS - 1)[go]
        who, page, clock = who[go], onward[go], (clock + dwell)[go]
    return Life(visitor, kind, start, bought, arrivals, *_in_order(seen))


def _met(world: World, strike: Singles, leaving: Bools, chance: np.random.Generator) -> Bools:
    """Which points strike; rage clicks more often those who are about to leave, where the world says so."""
    if world.wish != 1:
        rage = np.array([name == "rage_click" for name in SLOTS])
        strike = np.where(leaving[:, None] & rage, np.minimum(strike * world.wish, 0.9), strike)
    met: Bools = chance.random(strike.shape, dtype=np.float32) < strike
    return met


def _in_order(
    seen: list[tuple[Ints, Ints, Ints, Bools, Bools, Bools]],
) -> tuple[Ints, Ints, Ints, Bools, Ints, Ints]:
    who, page, clock, buys = (np.concatenate([step[part] for step in seen]) for part in range(4))
    order = np.lexsort((clock, who))
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    firsts = np.cumsum([0, *(len(step[0]) for step in seen)])
    pairs = []
    for part in (4, 5):
        found = []
        for first, step in zip(firsts, seen, strict=False):
            row, slot = np.nonzero(step[part])
            found.append(np.stack([place[first + row], step[1][row] * len(SLOTS) + slot], axis=1))
        pairs.append(np.concatenate(found))
    return who[order], page[order], clock[order], buys[order], pairs[0], pairs[1]


def _visits(world: World, sessions: int, chance: np.random.Generator) -> tuple[Ints, Ints, Ints]:
    """Visitor, kind of visitor and start of every session; a visitor's sessions are days apart."""
    many = 1 + chance.poisson(RETURN, sessions)
    visitor = np.repeat(np.arange(sessions), many)[:sessions]
    kind = chance.choice(len(world.kinds.share), sessions, p=world.kinds.share)[visitor]
    first = chance.integers(0, DAYS * DAY_US, sessions)[visitor]
    nth = np.arange(sessions) - np.searchsorted(visitor, visitor)
    apart = nth * (DAY_US + chance.integers(0, DAY_US // 2, sessions))
    return visitor, kind, START_US + first + apart


def _drawn(edges: Floats | Singles, chance: np.random.Generator) -> Ints:
    """One column a row, by cumulative shares."""
    column: Ints = (edges < chance.random((len(edges), 1), dtype=np.float32)).sum(axis=1)
    kept: Ints = np.minimum(column, edges.shape[1] - 1)
    return kept


def _share(logit: Floats) -> Floats:
    share: Floats = 1 / (1 + np.exp(-logit))
    return share
