"""Sessions that no person made: by what they say of themselves, by their clicks, and by what they ask a server for."""

from __future__ import annotations

from functools import cache

import polars as pl

from friction.sessions import IS_VIEW

AUTOMATED_JUMPS, AUTOMATED_SHARE, AUTOMATED_GAP_US = 8, 0.5, 500_000
"""A session is automated when at least half of its clicks, and eight, come within half a second of a click elsewhere.

A person cannot aim anew that fast for long; number pads and games can look alike, so a known position must also be
more than 150 px away from the last. (On the one automated recording at hand: 20 of 25 clicks; on a human one: 0 of 18.)
"""
STEADY_CLICKS = 16
"""So is one with that many clicks in a row at exactly the same short gap: a metronome."""
GUESSED_PAGES, MISSING = 3, (404, 410)
"""So is one that asks for as many different pages that are not there, and is given nothing at all: it tries addresses.

People are given something: a page, a picture, the style of the error page; or a login (401), or they meet a server that
fails (5xx). What no server answered (a click, the end of a view) was told by a browser that somebody holds. Redirects
are nothing given: they come before it.
"""
_NONE = pl.Series("session_id", dtype=pl.UInt32)


def automated(rows: pl.DataFrame, said: pl.Series) -> pl.Series:
    """Numbers of the sessions that no person made, sorted: those that say so (`said`), and others by what they do."""
    return pl.concat([said, _by_clicks(rows), _by_answers(rows)]).unique().sort()


def _by_answers(rows: pl.DataFrame) -> pl.Series:
    """Sessions that try addresses; none where no row says how a server answered."""
    if "http_status" not in rows.columns:
        return _NONE
    status = pl.col("http_status")
    missing = rows.lazy().filter(IS_VIEW & status.is_in(MISSING))
    by_session = missing.group_by("session_id").agg(pl.col("page").n_unique())
    many = by_session.filter(pl.col("page") >= GUESSED_PAGES).collect(engine="in-memory")["session_id"]
    if not many.len():
        return _NONE
    nothing = (status.is_between(300, 499) & ~status.is_in([304, 401])).fill_null(value=False)
    given = rows.lazy().filter(pl.col("session_id").is_in(many.implode()) & ~nothing).select("session_id")
    return many.filter(~many.is_in(given.collect(engine="in-memory").to_series().implode()))


def _by_clicks(rows: pl.DataFrame) -> pl.Series:
    """Sessions whose clicks no hand makes."""
    if "target" not in rows.columns:
        return _NONE
    clicks = rows.lazy().filter(
        (pl.col("kind") == "click") & pl.col("session_id").is_in(_hasty(rows).implode())
    )
    elsewhere = pl.col("target").ne_missing(pl.col("target").shift())
    if {"x", "y"} <= set(rows.columns):
        across, down = pl.col("x").diff(), pl.col("y").diff()
        elsewhere &= (across * across + down * down > 150**2).fill_null(value=True)
    gap, fast = pl.col("ts").diff(), _within(1)
    marks = {"jump": fast & elsewhere, "steady": fast & _metronome(gap, STEADY_CLICKS - 1)}
    marked = clicks.select("session_id", **marks).collect(engine="in-memory")
    few = marked.filter(pl.col("jump") | pl.col("steady")).group_by("session_id").agg(pl.col(*marks).sum())
    few = few.filter((pl.col("jump") >= AUTOMATED_JUMPS) | (pl.col("steady") > 0))
    if few.height:
        few = few.join(marked.group_by("session_id").len(), on="session_id")
        many = (pl.col("jump") >= AUTOMATED_JUMPS) & (pl.col("jump") >= AUTOMATED_SHARE * pl.col("len"))
        few = few.filter(many | (pl.col("steady") > 0))
    return few["session_id"]


def _hasty(rows: pl.DataFrame) -> pl.Series:
    """Sessions with enough quick clicks to be automated, wherever these are: few, and where is the costly question."""
    clicks = rows.lazy().filter(pl.col("kind") == "click")
    near = clicks.select("session_id", one=_within(1), many=_within(STEADY_CLICKS - 1))
    near = near.collect(engine="in-memory").lazy()
    often = near.filter("one").group_by("session_id").len().filter(pl.col("len") >= AUTOMATED_JUMPS)
    hasty = pl.concat([often.select("session_id"), near.filter("many").select("session_id")])
    return hasty.unique().collect(engine="in-memory").to_series()


@cache
def _within(gaps: int) -> pl.Expr:
    """The last so many gaps are of one session, and take together less than as many that are quick."""
    most = pl.lit(gaps * AUTOMATED_GAP_US, pl.Duration("us"))
    return _same_session(gaps) & (pl.col("ts") - pl.col("ts").shift(gaps) < most)


def _metronome(gap: pl.Expr, gaps: int) -> pl.Expr:
    """True where the last `gaps` gaps are alike: first, middle and last are, and together they take as long."""
    alike = (gap == gap.shift(gaps // 2)) & (gap == gap.shift(gaps - 1))
    return (
        _same_session(gaps)
        & alike
        & (gap > pl.duration())
        & (pl.col("ts") - pl.col("ts").shift(gaps) == gap * gaps)
    )


@cache
def _same_session(by: int) -> pl.Expr:
    return pl.col("session_id") == pl.col("session_id").shift(by)
