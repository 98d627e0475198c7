"""Order inside a session, cutting at silence, page views: all neighbour arithmetic on rows that are sorted already."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from friction.schema import SESSION_GAP_US

IS_VIEW = pl.col("kind").is_in(["page_view", "route_change"])
"""True for rows that open a page."""


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
    starts = part.select(new_session | IS_VIEW).to_series()
    openings = part.select(
        "session_id", at=pl.int_range(pl.len(), dtype=pl.UInt32), here=~(new_session | elsewhere)
    )
    first = openings.filter(starts & part.select(IS_VIEW).to_series()).filter(new_session)
    starts = starts.scatter(first.filter("here")["at"], values=False)
    return part.with_columns(view=pl.select(_numbered(pl.lit(starts))).to_series())
