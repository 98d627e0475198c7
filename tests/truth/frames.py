"""A life as the tables that leave a part of an analysis, and as an export of events that goes in at the door."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from friction.impact import Exposures
from friction.impact.views import Views, prepare
from friction.schema import KIND
from tests.truth.shop import PAGES, SLOTS, TYPES, Ints, World
from tests.truth.walk import Life

KINDS = pl.Enum(["error_click", "rage_click", "slow_page"])
SITE = "https://shop.test"


@dataclass(frozen=True)
class Asked:
    """What the estimator is asked: the views and who met what; points in the order of page × slot."""

    views: Views
    exposures: Exposures


def asked(world: World, life: Life) -> Asked:
    """The tables of a life, as detection would leave them."""
    sessions = len(life.visitor)
    number = np.arange(len(life.page))
    views = pl.DataFrame({"view": number, "session_id": life.session, "page": life.page})
    goal = np.full(sessions, -1)
    goal[life.session[life.buys]] = number[life.buys]
    table = pl.DataFrame(
        {
            "session_id": np.arange(sessions),
            "visitor": life.visitor,
            "start": pl.Series(life.start).cast(pl.Datetime("us")),
            "goal_view": goal,
            "device": world.kinds.device[life.kind],
            "channel": world.kinds.channel[life.kind],
        }
    ).with_columns(goal_view=pl.when(pl.col("goal_view") >= 0).then("goal_view"))
    points = len(PAGES) * len(SLOTS)
    slot = np.arange(points) % len(SLOTS)
    kinds = pl.Series([SLOTS[each] for each in slot], dtype=KINDS)
    hits = pl.DataFrame({"view": life.hits[:, 0], "detector": kinds.gather(life.hits[:, 1]), "findings": 1})
    prepared = prepare(views, table, hits, dict(enumerate(TYPES)))
    exposures = Exposures(
        pairs=_pairs(life.hits),
        uses=_pairs(life.uses),
        points=points,
        kinds=kinds.to_physical().to_numpy().astype(np.int64),
        targets=np.where(slot > 0, np.arange(points), -1),
        outcome=np.zeros(points, bool),
        standing=slot == 0,
    )
    return Asked(prepared, exposures)


def _pairs(pairs: Ints) -> pl.DataFrame:
    return pl.DataFrame({"point": pairs[:, 1], "view": pairs[:, 0]})


def export(world: World, life: Life) -> pl.DataFrame:
    """The events of a life as a table in order of time: views, clicks, errors, purchases, load times.

    Trouble strikes from the first second of a view on, one slot a 1.2 s apart, so that nothing runs into anything.
    """
    rows = [_openings(world, life), _purchases(life)]
    for found, is_trouble in ((life.hits, True), (life.uses, False)):
        view, slot = found[:, 0], found[:, 1] % len(SLOTS)
        kinds = np.array(SLOTS)[slot]
        bursts = {"rage_click": 5, "error_click": 1} if is_trouble else {"rage_click": 1, "error_click": 1}
        for kind, clicks in bursts.items():
            mine = kinds == kind
            at = life.opened[view[mine]] + 1_000_000 + slot[mine] * 1_200_000
            for click in range(clicks):
                rows.append(_rows(view[mine], at + click * 150_000, "click", slot[mine]))
            if is_trouble and kind == "error_click":
                rows.append(_rows(view[mine], at + 200_000, "error", None))
    events = pl.concat(rows, how="diagonal").sort("ts", "view", "order")
    about = pl.DataFrame(
        {
            "session_id": pl.select(pl.format("s{}", pl.int_range(len(life.visitor)))).to_series(),
            "visitor_id": pl.select(pl.format("v{}", pl.Series(life.visitor))).to_series(),
            "device": pl.Series(["mobile", "desktop"]).gather(world.kinds.device[life.kind]),
            "channel": pl.Series(["search", "email", "ads"]).gather(world.kinds.channel[life.kind]),
        }
    )
    url = pl.Series([SITE + page for page in PAGES]).gather(life.page)
    at_view = events["view"]
    words = about[pl.Series(life.session).gather(at_view)]
    target = pl.select(pl.format("button#b{}", pl.Series(events["slot"]))).to_series()
    return pl.DataFrame(
        [
            events["ts"].cast(pl.Datetime("us", "UTC")),
            *words.get_columns(),
            events["kind"].cast(KIND),
            url.gather(at_view).alias("url"),
            target.alias("target"),
            *(events[name] for name in ("load_ms", "error_message", "name")),
        ]
    )


def _openings(world: World, life: Life) -> pl.DataFrame:
    """One row a view, with its load time: beyond every limit where the page is slow."""
    slow = np.zeros(len(life.page), bool)
    slow[life.hits[life.hits[:, 1] % len(SLOTS) == 0, 0]] = True
    chance = np.random.default_rng([world.seed, 11])
    load = np.where(slow, chance.uniform(4_500, 9_000, len(slow)), chance.uniform(300, 2_400, len(slow)))
    frame = _rows(np.arange(len(life.page)), life.opened, "page_view", None)
    return frame.with_columns(load_ms=pl.Series(load).round())


def _purchases(life: Life) -> pl.DataFrame:
    """A purchase a view that buys, after everything else in it."""
    view = np.flatnonzero(life.buys)
    frame = _rows(view, life.opened[view] + 15_000_000, "conversion", None)
    return frame.with_columns(name=pl.lit("purchase"))


def _rows(view: Ints, at: Ints, kind: str, slot: Ints | None) -> pl.DataFrame:
    order = ("page_view", "click", "error", "conversion").index(kind)
    frame = pl.DataFrame({"ts": at, "view": view}).with_columns(
        kind=pl.lit(kind), order=pl.lit(order), slot=None if slot is None else pl.Series(slot)
    )
    message = pl.lit("TypeError: nothing came back") if kind == "error" else pl.lit(None, pl.String)
    frame = frame.with_columns(error_message=message)
    return frame.with_columns(pl.col("slot").cast(pl.Int64))
