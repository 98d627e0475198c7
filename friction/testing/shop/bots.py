"""Sessions that nobody lived: two of a monitor that keeps exact time, one of a script that only clicks."""

from __future__ import annotations

import polars as pl

from friction.testing.shop.elements import CATALOGUE
from friction.testing.shop.pages import HOST
from friction.testing.shop.rows import instants
from friction.testing.shop.visitors import DAY_MS, HOUR_MS, START_MS

BOTS = ("bot-monitor-1", "bot-monitor-2", "bot-clicker")
_ROUND = ("/", "/search?q=lamp", "/product/40013", "/cart")


def bots() -> pl.DataFrame:
    """Their events, in some columns of the event table."""
    rows = [*_monitor(BOTS[0], 5), *_monitor(BOTS[1], 12), *_clicker(BOTS[2], 16)]
    names = ["session_id", "at", "kind", "url", "target", "is_bot"]
    return pl.DataFrame(rows, orient="row", schema=names, infer_schema_length=None).with_columns(
        instants(pl.col("at")).alias("ts"),
        browser=pl.lit("HeadlessChrome"),
        device=pl.lit("desktop"),
        el_tag=pl.when(pl.col("target").is_not_null()).then(pl.lit("button")),
    )


def _monitor(session: str, day: int) -> list[tuple[str, int, str, str, str | None, bool | None]]:
    """Twelve pages, one every ten seconds to the millisecond; it says that it is a bot."""
    start = START_MS + day * DAY_MS + 4 * HOUR_MS
    return [(session, start + 10_000 * n, "page_view", HOST + _ROUND[n % 4], None, True) for n in range(12)]


def _clicker(session: str, day: int) -> list[tuple[str, int, str, str, str | None, bool | None]]:
    """One page and 25 clicks in nine seconds; it does not say what it is."""
    start, url = START_MS + day * DAY_MS + 3 * HOUR_MS, HOST + "/search?q=lamp"
    button = CATALOGUE.elements["search send"].target
    clicks = [(session, start + 1000 + 360 * n, "click", url, button, None) for n in range(25)]
    return [(session, start, "page_view", url, None, None), *clicks]
