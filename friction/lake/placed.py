"""Where events go: by the day on which their session started, and by whose they are."""

from __future__ import annotations

from hashlib import blake2b

import polars as pl

from friction.privacy.identities import MARK
from friction.schema import SESSION_GAP_US

PARTS = 16
"""Into so many files the events of a day are shared out by visitor, where there are many."""
RECORDED = ("rrweb", "posthog_recording", "sentry")
"""Sources that give the kinds of `STREAMS` only to who asks."""
STREAMS = ("mouse_move", "mutation")
_LETTERS = "abcdefghijklmnopqrstuvwxyz234567"
DAY, START, PART, STREAM = "_day", "_start", "_part", "_stream"
OURS = (DAY, START, PART, STREAM)


def placed(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with `_start` (of their session), `_day`, `_part` (0–15) and `_stream` (null: ordinary rows).

    `rows` are whole sessions, the rows of each adjacent and in the order of time.
    """
    session = pl.col("session_id")
    silence = pl.col("ts").diff().dt.total_microseconds() >= SESSION_GAP_US
    opens = (session.ne_missing(session.shift()) | silence).fill_null(value=True)
    start = pl.when(opens).then("ts").forward_fill()
    rows = rows.with_columns(start.alias(START)).with_columns(pl.col(START).dt.date().alias(DAY))
    apart = pl.col("kind").is_in(STREAMS) & pl.col("source").is_in(RECORDED)
    rows = rows.with_columns(pl.when(apart).then(pl.col("kind").cast(pl.String())).alias(STREAM))
    return rows.with_columns(_part_of(rows).alias(PART))


def _part_of(rows: pl.DataFrame) -> pl.Series:
    """The part of each row: that of the visitor whom its session names first, else of the session itself."""
    whose = _whose(rows)
    distinct = whose.unique()
    parts = pl.Series([_number(str(each)) for each in distinct], dtype=pl.UInt8())
    return whose.replace_strict(distinct, parts, return_dtype=pl.UInt8())


def _whose(rows: pl.DataFrame) -> pl.Series:
    if "visitor_id" not in rows.columns:
        return rows["session_id"]
    known = rows.lazy().filter(pl.col("visitor_id").is_not_null())
    first = known.group_by("session_id").agg(pl.col("visitor_id").first().alias("whose")).collect()
    joined = rows.select("session_id").join(first, on="session_id", how="left", maintain_order="left")
    return joined.select(pl.coalesce("whose", "session_id")).to_series()


def _number(name: str) -> int:
    """The part of one visitor or session. Visitors are keyed hashes already."""
    if name.startswith(MARK) and name[len(MARK) : len(MARK) + 1] in _LETTERS:
        return _LETTERS.index(name[len(MARK)]) % PARTS
    return blake2b(name.encode(), digest_size=1).digest()[0] % PARTS
