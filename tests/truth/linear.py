"""What every point of a world truly costs, solved instead of simulated.

For a kind of visitor, the chance to buy from (page, how tired) is linear in those of the next states. Taking one
point away changes the rows of its page only; the loss is the difference of the chances at the visits' beginnings.
"""

from __future__ import annotations

import itertools

import numpy as np
from threadpoolctl import threadpool_limits

from tests.truth.shop import BOUGHT, LEVELS, PAGES, SLOTS, Floats, World

SUBSETS = np.array(list(itertools.product([0.0, 1.0], repeat=len(SLOTS))))
"""Every way in which the points of a page may strike together: subset × slot."""


def losses(world: World, arrivals: Floats) -> Floats:
    """Lost purchases of each point, by page and slot, each point taken away alone.

    `arrivals`: kind × page, how many visits began there.
    """
    lost = np.zeros((len(PAGES), len(SLOTS)))
    for kind in range(len(world.kinds.share)):
        steps = np.stack([_steps(world, kind, page, None) for page in range(len(PAGES))])
        with_all = _chances(world, kind, steps[None])[0]
        for page in range(len(PAGES)):
            variants = np.repeat(steps[None], len(SLOTS), axis=0)
            variants[:, page] = [_steps(world, kind, page, slot) for slot in range(len(SLOTS))]
            gained = _chances(world, kind, variants) - with_all
            lost[page] += gained @ arrivals[kind]
    return lost


def chances(world: World) -> Floats:
    """Chance to buy of a visit that begins on each page, by kind."""
    kinds = range(len(world.kinds.share))
    steps = [
        np.stack([_steps(world, kind, page, None) for page in range(len(PAGES))])[None] for kind in kinds
    ]
    return np.stack([_chances(world, kind, one)[0] for kind, one in zip(kinds, steps, strict=True)])


def _steps(world: World, kind: int, page: int, without: int | None) -> Floats:
    """Level × (thrown back or not) × (more tired or not): how likely who stays goes on like this."""
    strike = world.strike[kind, page].copy()
    if without is not None:
        strike[without] = 0.0
    weight = np.prod(np.where(SUBSETS > 0, strike, 1 - strike), axis=1)
    added = SUBSETS @ world.harm[page]
    straight = np.prod(1 - SUBSETS * world.back[page], axis=1)
    fresh = np.prod(1 - SUBSETS * world.tires[page], axis=1)
    out = np.zeros((LEVELS, 2, 2))
    for level in range(LEVELS):
        stays = 1 / (1 + np.exp(world.leave[kind, page] + world.weary * level + added))
        for thrown, tired in itertools.product((0, 1), (0, 1)):
            share = (straight if not thrown else 1 - straight) * (fresh if not tired else 1 - fresh)
            out[level, thrown, tired] = weight @ (stays * share)
    return out


def _chances(world: World, kind: int, steps: Floats) -> Floats:
    """Variant × page: chance to buy of a fresh visit there; `steps`: variant × page × level × thrown × tired."""
    pages, states = len(PAGES), len(PAGES) * LEVELS
    moves = np.zeros((len(steps), pages, LEVELS, pages, LEVELS))
    route, buys = world.route[kind, :, :BOUGHT], world.route[kind, :, BOUGHT]
    for level, tired in itertools.product(range(LEVELS), (0, 1)):
        after = min(level + tired, LEVELS - 1)
        moves[:, :, level, :, after] += steps[:, :, level, 0, tired, None] * route[None]
        moves[:, :, level, 0, after] += steps[:, :, level, 1, tired]
    bought = steps[:, :, :, 0].sum(axis=3) * buys[None, :, None]
    system = np.eye(states) - moves.reshape(len(steps), states, states)
    with threadpool_limits(1):
        solved = np.linalg.solve(system, bought.reshape(len(steps), states, 1))
    first: Floats = solved.reshape(len(steps), pages, LEVELS)[:, :, 0]
    return first
