"""Order inside a session, cutting at silence, page views: all neighbour arithmetic on rows that are sorted already."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import polars as pl

from friction.schema import SESSION_GAP_US

_VIEW = pl.col("kind").is_in(["page_view", "route_change"])


def ordered(part: pl.DataFrame, position: Sequence[str] = ("row_no", "file_id")) -> pl.DataFrame:
    """Sort by `key, ts, seq`, ties by content, never by where a row stood in its file (`position` columns).

    `part` has `key` (a session before cutting), `ts` and perhaps `seq`. Rows alike in all content keep any order.
    """
    part, by = in_time(part), _order(part)
    equal = part.select(
        pl.all_horizontal(pl.col(name).eq_missing(pl.col(name).shift()) for name in by)
    ).to_series()
    tied = equal | equal.shift(-1, fill_value=False)
    if not tied.any():
        return part
    content = [name for name in part.columns if name not in by and name not in position]
    rows = tied.arg_true()
    again = (
        part[rows].with_columns(_at=rows).sort([*by, *content], nulls_last=True, maintain_order=True)["_at"]
    )
    order = pl.int_range(part.height, dtype=pl.UInt32, eager=True).scatter(rows, again)
    return part[order]


def in_time(part: pl.DataFrame) -> pl.DataFrame:
    """Sort by `key, ts` and, where there is one, `seq`; ties as they stand."""
    by = _order(part)
    return part if _is_sorted(part, by) else part.sort(by, maintain_order=True)


def _order(part: pl.DataFrame) -> list[str]:
    return [name for name in ("key", "ts", "seq") if name in part.columns]


def _is_sorted(part: pl.DataFrame, by: Sequence[str]) -> bool:
    if "seq" in by:
        return False
    later = pl.col("ts") >= pl.col("ts").shift()
    in_order = (pl.col("key") > pl.col("key").shift()) | ((pl.col("key") == pl.col("key").shift()) & later)
    return bool(part.select(in_order.fill_null(value=True).all()).item())


def cut(part: pl.DataFrame) -> pl.DataFrame:
    """Add `session_id`, numbered from 0: a new one at each new `key` and after 30 minutes of silence."""
    silence = pl.col("ts").diff().dt.total_microseconds() >= SESSION_GAP_US
    starts = pl.col("key").ne_missing(pl.col("key").shift()) | silence.fill_null(value=False)
    return part.with_columns(session_id=_numbered(starts))


def _numbered(starts: pl.Expr) -> pl.Expr:
    """Runs from 0, each beginning where `starts` is true. (A count costs a sixth of a sum.)"""
    return (pl.when(starts).then(1).cum_count() - 1).cast(pl.UInt32)


def with_pages(part: pl.DataFrame, nowhere: int) -> pl.DataFrame:
    """Give rows without an address the page the session is on: the one before, else the next, else `nowhere`."""
    if not part["page"].null_count():
        return part
    known = pl.when(pl.col("page").is_not_null()).then("session_id")
    same_before = known.forward_fill() == pl.col("session_id")
    same_after = known.backward_fill() == pl.col("session_id")
    before = pl.when(same_before).then(pl.col("page").forward_fill())
    after = pl.when(same_after).then(pl.col("page").backward_fill())
    return part.with_columns(page=pl.coalesce(before, after, pl.lit(nowhere, pl.UInt32)))


def with_views(part: pl.DataFrame, *, by_kind: bool) -> pl.DataFrame:
    """Add `view`, numbered from 0: a page view reaches from its opening to the next one of the session.

    Rows before a session's first opening belong to it where they are on its page, else they are a view of their own.
    Where the file has no page views at all (`by_kind` false), a new address opens one.
    """
    new_session = pl.col("session_id").ne_missing(pl.col("session_id").shift())
    elsewhere = pl.col("page").ne_missing(pl.col("page").shift())
    if not by_kind:
        return part.with_columns(view=_numbered(new_session | elsewhere))
    starts = part.select(new_session | _VIEW).to_series()
    openings = part.select(
        "session_id", at=pl.int_range(pl.len(), dtype=pl.UInt32), here=~(new_session | elsewhere)
    )
    first = openings.filter(starts & part.select(_VIEW).to_series()).filter(new_session)
    starts = starts.scatter(first.filter("here")["at"], values=False)
    return part.with_columns(view=pl.select(_numbered(pl.lit(starts))).to_series())


AUTOMATED_JUMPS, AUTOMATED_SHARE, AUTOMATED_GAP_US = 8, 0.5, 500_000
"""A session is automated when at least half of its clicks, and eight, come within half a second of a click elsewhere.

A person cannot aim anew that fast for long; number pads and games can look alike, so a known position must also be
more than 150 px away from the last. (On the one automated recording at hand: 20 of 25 clicks; on a human one: 0 of 18.)
"""
STEADY_CLICKS = 16
"""So is one with that many clicks in a row at exactly the same short gap: a metronome."""


def automated(rows: pl.DataFrame, said: pl.Series) -> pl.Series:
    """Numbers of the sessions that no person made, sorted: those that say so (`said`), and others by their clicks."""
    if "target" not in rows.columns:
        return said.unique().sort()
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
    return pl.concat([said, few["session_id"]]).unique().sort()


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
