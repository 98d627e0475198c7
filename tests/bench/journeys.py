"""`python -m tests.bench.journeys`: the tables of the journey for a million visitors with five sessions each.

Sessions and page views as `friction.reduce` leaves them are made up; what is timed are stages, paths, attribution,
personas and measures. Prints processor seconds and the most memory.
"""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable
from typing import TypeVar

import numpy as np
import polars as pl

from friction.journey.attribution import attributed
from friction.journey.paths import DAY_US, Touches, paths
from friction.journey.personas import FEATURES, kinds
from friction.journey.signs import SIGN
from friction.journey.stages import staged

SESSIONS, VIEWS = 5, 4
ROLES = ("home", "list", "product", "search", "cart", "checkout", "account", None)
Result = TypeVar("Result")


def main(visitors: int) -> None:
    """Make the tables, then time each step."""
    draw, size = np.random.default_rng(1), visitors * SESSIONS
    visitor = np.repeat(np.arange(visitors), SESSIONS)
    start = np.sort(draw.integers(0, 60 * DAY_US, (visitors, SESSIONS)), axis=1).ravel()
    won = draw.random(size) < 0.03
    goal_view = pl.select(
        pl.when(pl.lit(pl.Series(won))).then(pl.lit(pl.Series(np.arange(size) * VIEWS + 2)))
    ).to_series()
    sessions = pl.DataFrame(
        {"visitor": visitor, "start": start, "end": start + 300_000_000, "goal_view": goal_view}
    )
    view = np.arange(size * VIEWS)
    views = pl.DataFrame(
        {
            "view": view.astype(np.uint32),
            "session_id": (view // VIEWS).astype(np.uint32),
            "page": draw.integers(0, len(ROLES), len(view)).astype(np.uint32),
            "converts": np.repeat(won, VIEWS) & (view % VIEWS == 2),
        }
    )
    signs = pl.DataFrame(
        schema={"session_id": pl.UInt32(), "sign": SIGN, "view": pl.UInt32(), "n": pl.UInt32()}
    )
    channel = draw.integers(0, 12, size)
    counts = draw.gamma(1.5, 2.0, (visitors, len(FEATURES)))
    _timed("stages", lambda: staged(sessions, views, signs, ROLES))
    touches = _timed("touches", lambda: Touches.sorted(visitor, start, channel, won, start))
    found = _timed("paths", lambda: paths(touches, 12))
    _timed("attribution", lambda: attributed(found, 0))
    _timed("personas", lambda: kinds(counts, FEATURES))
    print(f"most memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB")


def _timed(name: str, work: Callable[[], Result]) -> Result:
    before = time.process_time()
    made = work()
    print(f"{name}: {time.process_time() - before:.1f} s", flush=True)
    return made


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
