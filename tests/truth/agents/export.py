"""Lives as an export of events, as any analytics tool would give it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from friction.schema import KIND
from tests.truth.agents.lives import Diary
from tests.truth.agents.people import People
from tests.truth.agents.town import PAGES, SLOTS
from tests.truth.shop import Bools, Floats, Ints

SITE = "https://shop.test"
FIRST_DAY_MS = 1_772_323_200_000
"""2026-03-01."""
VISITS, STEPS = 8, 1_000


@dataclass(frozen=True)
class Log:
    """Page views in order of visitor, visit and step; pairs say which view showed trouble or a use in which slot."""

    visitor: Ints
    session: Ints
    page: Ints
    opened: Ints
    """Milliseconds since 1970."""
    mobile: Bools
    buys: Bools
    slow: Bools
    hits: Ints
    uses: Ints


def logged(diary: Diary) -> Log:
    """What the diary says that a log can know."""
    visitor, visit, step, page, at, mobile, buys, slow = np.concatenate(diary.views, axis=1)
    key = _key(visitor, visit, step)
    order = np.argsort(key)
    session = np.cumsum(np.diff(key[order] // STEPS, prepend=-1) != 0) - 1

    def pairs(found: list[Ints]) -> Ints:
        who, visits, steps, point = np.concatenate(found, axis=1)
        mine = point % len(SLOTS) > 0
        view = np.searchsorted(key[order], _key(who, visits, steps))
        return np.stack([view, point % len(SLOTS)])[:, mine]

    return Log(
        visitor=visitor[order],
        session=session,
        page=page[order],
        opened=at[order] + FIRST_DAY_MS,
        mobile=mobile[order] > 0,
        buys=buys[order] > 0,
        slow=slow[order] > 0,
        hits=pairs(diary.hits),
        uses=pairs(diary.uses),
    )


def _key(visitor: Ints, visit: Ints, step: Ints) -> Ints:
    return (visitor * VISITS + visit) * STEPS + step


def export(log: Log, people: People, seed: int) -> pl.DataFrame:
    """One row an event, in order of time."""
    rows = [_openings(log, seed), _purchases(log)]
    for (view, slot), is_trouble in ((log.hits, True), (log.uses, False)):
        for kind in ("rage_click", "error_click"):
            mine = np.isin(slot, [at for at, name in enumerate(SLOTS) if name == kind])
            at = log.opened[view[mine]] + 600 + slot[mine] * 900
            clicks = 5 if is_trouble and kind == "rage_click" else 1
            rows += [_rows(view[mine], at + 150 * click, "click", slot[mine]) for click in range(clicks)]
            if is_trouble and kind == "error_click":
                rows.append(_rows(view[mine], at + 200, "error", None))
    events = pl.concat(rows, how="diagonal").sort("ts", "view", "order")
    at = events["view"].to_numpy()
    words = {
        "session_id": "s" + pl.Series(log.session[at]).cast(pl.String),
        "visitor_id": "v" + pl.Series(log.visitor[at]).cast(pl.String),
        "device": pl.Series(["desktop", "mobile"]).gather(log.mobile[at].astype(np.int64)),
        "channel": pl.Series(["search", "email", "ads"]).gather(people.channel[log.visitor[at]]),
        "url": pl.Series([SITE + page for page in PAGES]).gather(log.page[at]),
    }
    target = pl.format("button#b{}", "slot")
    return events.select(
        pl.from_epoch("ts", "ms").dt.replace_time_zone("UTC"),
        *(column.alias(name) for name, column in words.items()),
        pl.col("kind").cast(KIND),
        target.alias("target"),
        "load_ms",
        "error_message",
        "name",
    )


def _openings(log: Log, seed: int) -> pl.DataFrame:
    chance, number = np.random.default_rng([seed, 29]), len(log.page)
    load: Floats = np.where(
        log.slow, chance.uniform(4_500, 9_000, number), chance.uniform(300, 2_400, number)
    )
    return _rows(np.arange(number), log.opened, "page_view", None).with_columns(
        load_ms=pl.Series(load).round()
    )


def _purchases(log: Log) -> pl.DataFrame:
    view = np.flatnonzero(log.buys)
    return _rows(view, log.opened[view] + 12_000, "conversion", None).with_columns(name=pl.lit("purchase"))


def _rows(view: Ints, at: Ints, kind: str, slot: Ints | None) -> pl.DataFrame:
    slots = pl.Series(np.zeros(len(view), np.int64) if slot is None else slot)
    return (
        pl.DataFrame({"ts": at, "view": view})
        .with_columns(
            kind=pl.lit(kind),
            order=pl.lit(("page_view", "click", "error", "conversion").index(kind)),
            slot=None if slot is None else slots,
            error_message=pl.lit("TypeError: nothing came back" if kind == "error" else None, pl.String),
        )
        .with_columns(pl.col("slot").cast(pl.Int64))
    )
