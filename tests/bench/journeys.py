"""`python -m tests.bench.journeys`: the tables of the journey for a million visitors with five sessions each.

Sessions and page views as `friction.reduce` leaves them are made up; what is timed are stages, paths, attribution,
personas, touchpoints and measures, these by channel, persona, device and month. Prints processor seconds, those of
all together, and the most memory.
"""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable
from types import SimpleNamespace
from typing import TypeVar, cast

import numpy as np
import polars as pl
from numpy.typing import NDArray

from friction.journey.attribution import attributed
from friction.journey.paths import DAY_US, Touches, paths
from friction.journey.personas import FEATURES, kinds
from friction.journey.signs import SIGN
from friction.journey.stages import Staged, staged
from friction.summary.journey.ground import Ground
from friction.summary.journey.measures import measures
from friction.summary.journey.trips import Trips
from friction.summary.journey.ways import touchpoints

SESSIONS, VIEWS = 5, 4
CHANNELS, DEVICES = 12, ("mobile", "desktop", "tablet")
ROLES = ("home", "list", "product", "search", "cart", "checkout", "account", None)
PARTS = ("channel", "persona", "device", "month")
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
    channel = draw.integers(0, CHANNELS, size)
    counts = draw.gamma(1.5, 2.0, (visitors, len(FEATURES)))
    began = time.process_time()
    stages = _timed("stages", lambda: staged(sessions, views, signs, ROLES))
    touches = _timed("touches", lambda: Touches.sorted(visitor, start, channel, won, start))
    found = _timed("paths", lambda: paths(touches, CHANNELS))
    _timed("attribution", lambda: attributed(found, 0))
    _timed("personas", lambda: kinds(counts, FEATURES))
    trips = _trips(sessions, channel, won, draw)
    ground = _ground(stages, views, signs)
    _timed("touchpoints", lambda: touchpoints(ground, trips))
    nobody = pl.DataFrame(schema={"stage": pl.UInt8(), "scale": pl.String(), "score": pl.Float64()})
    nobody = nobody.with_columns(pl.lit(None, pl.String()).alias(name) for name in PARTS)
    persona = draw.integers(0, 4, visitors)
    _timed("measures", lambda: measures(trips, persona, nobody, nobody))
    print(f"all: {time.process_time() - began:.1f} s, the making of input between them included")
    print(f"most memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB")


def _trips(
    sessions: pl.DataFrame, channel: NDArray[np.int64], won: NDArray[np.bool_], draw: np.random.Generator
) -> Trips:
    """Sessions with what they are counted by; there are three months of them."""
    start = sessions["start"]
    device = pl.Series(DEVICES).gather(draw.integers(0, len(DEVICES), sessions.height))
    table = sessions.select(
        "visitor",
        "start",
        "end",
        session_id=pl.int_range(pl.len(), dtype=pl.UInt32),
        stage=pl.Series(draw.integers(0, 4, sessions.height)),
        channel_code=pl.Series(channel),
        device=device,
        name=pl.lit(None, pl.String()),
        month=start.cast(pl.Datetime("us")).dt.strftime("%Y-%m"),
        won=pl.Series(won),
        won_at=start + 60_000_000,
        placed=pl.lit(value=True),
    )
    return Trips(table, int(sessions["visitor"][-1]) + 1)


def _ground(stages: Staged, views: pl.DataFrame, signs: pl.DataFrame) -> Ground:
    """What touchpoints look at."""
    tables = SimpleNamespace(views=views, signs=signs)
    pages = [f"/{role or 'page'}" for role in ROLES]
    return cast(
        Ground,
        SimpleNamespace(analysis=SimpleNamespace(tables=tables), staged=stages, roles=ROLES, pages=pages),
    )


def _timed(name: str, work: Callable[[], Result]) -> Result:
    before = time.process_time()
    made = work()
    print(f"{name}: {time.process_time() - before:.1f} s", flush=True)
    return made


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
