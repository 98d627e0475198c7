"""A small shop's events, with nulls, fractions, commas, quotes and accents in them."""

from __future__ import annotations

import polars as pl

SESSIONS = 60


def events() -> pl.DataFrame:
    """Five events a session; every third session hits a button that does not answer."""
    number = pl.int_range(SESSIONS * 5, eager=True).alias("n")
    session, step = number // 5, number % 5
    rage = (step >= 2) & (session % 3 == 0)
    return pl.DataFrame({"session": session, "step": step}).select(
        timestamp=pl.datetime(2026, 3, 2, 8, time_zone="UTC")
        + pl.duration(minutes=pl.col("session") * 7, milliseconds=pl.col("step") * 333 + 1),
        session_id=pl.format("s{}", "session"),
        visitor_id=pl.format("v{}", pl.col("session") // 2),
        event=pl.when(step < 1).then(pl.lit("page_view")).otherwise(pl.lit("click")),
        url=pl.when(session % 2 == 0).then(
            pl.lit("https://shop.test/caf\N{LATIN SMALL LETTER E WITH ACUTE}/cart")
        ),
        target=pl.when(rage).then(pl.lit("button#buy")).when(step > 0).then(pl.lit('a[title="one, two"]')),
        x=pl.when(step > 0).then(pl.col("step") * 0.25 + 10.5),
        http_status=pl.lit(200, pl.Int16()),
        returning=pl.col("session") % 4 == 0,
        device=pl.when(session % 2 == 0).then(pl.lit("mobile")).otherwise(pl.lit("desktop")),
    )
