"""Events that a delivery tells and an earlier one has told: they are in the data set once.

Deliveries overlap, since tools export whole days and windows. Rows of one session are the same when their tool's id,
their time and their kind are; without an id, when all they say is. Rows that happened twice within one delivery stay
as many as they are: of a row that an earlier delivery tells twice and a later one three times, three stay.
"""

from __future__ import annotations

import polars as pl

from friction.ingest.context import ANY, FIRST

_SAID_ELSEWHERE = frozenset(
    {*FIRST, *ANY, "session_id", "seq", "source", "file_id", "row_no", "page", "ts_quality"}
)
"""What does not tell two events apart: places, and what holds for a session and may be said by any of its rows."""


def unknown(rows: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """The rows that are not among the `known` ones, in their order; both may have different columns."""
    if not known.height or not rows.height:
        return rows
    columns = sorted((set(rows.columns) | set(known.columns)) - _SAID_ELSEWHERE)
    fresh, old = (_numbered(frame, columns) for frame in (rows, known))
    left = fresh.with_row_index("_at").join(old, on=fresh.columns, how="anti")
    return rows[left["_at"].sort()]


def _numbered(rows: pl.DataFrame, columns: list[str]) -> pl.DataFrame:
    """Session, content and which of the rows alike each is."""
    said = [_text(name).alias(name) if name in rows.columns else _nothing(name) for name in columns]
    by_id = pl.struct("event_id", "ts", "kind").hash()
    content = pl.struct(columns).hash()
    keyed = (
        rows.select("session_id", *said).select(
            "session_id", content=pl.when(pl.col("event_id").is_not_null()).then(by_id).otherwise(content)
        )
        if "event_id" in columns
        else rows.select("session_id", *said).select("session_id", content=content)
    )
    order = pl.int_range(pl.len()).over("session_id", "content")
    return keyed.with_columns(nth=order)


def _text(name: str) -> pl.Expr:
    return pl.col(name).list.join("\x1f") if name == "el_classes" else pl.col(name).cast(pl.String())


def _nothing(name: str) -> pl.Expr:
    return pl.lit(None, pl.String()).alias(name)
