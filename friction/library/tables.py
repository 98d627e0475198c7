"""Frames: the event table, and friction points one row each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import polars as pl

from friction.compare import Change, per_1000
from friction.errors import UsageError, nearest
from friction.report import Point, Report
from friction.schema import EVENT, conform

_TEXT, _COUNT, _REAL, _TIME = pl.String(), pl.Int64(), pl.Float64(), pl.Datetime("us", "UTC")

POINTS = pl.Schema(
    {
        "rank": _COUNT,
        **dict.fromkeys(("title", "page", "target", "detector", "id", "stage"), _TEXT),
        **dict.fromkeys(("severity", "score"), _REAL),
        **dict.fromkeys(("findings", "sessions_affected", "sessions_exposed"), _COUNT),
        "affected_share": _REAL,
        "visitors_affected": _COUNT,
        **dict.fromkeys(("first_seen", "last_seen"), _TIME),
        "recommendation": _TEXT,
        **dict.fromkeys(("revenue", "revenue_low", "revenue_high", "per_1000_sessions"), _REAL),
        **dict.fromkeys(("p_value", "q_value", "e_value"), _REAL),
        **dict.fromkeys(("method", "reason", "metric"), _TEXT),
        **dict.fromkeys(("estimate", "low", "high"), _REAL),
        "confidence": _TEXT,
    }
)
"""`estimate`, `low`, `high` are totals over the data in the unit `metric`, positive a loss, null where it cannot be
said (`reason`); shares lie in 0–1."""

CHANGES = pl.Schema(
    {
        **dict.fromkeys(("state", "id", "detector", "page", "target", "title"), _TEXT),
        **dict.fromkeys(("old_rank", "new_rank"), _COUNT),
        **dict.fromkeys(("old", "old_low", "old_high", "new", "new_low", "new_high"), _REAL),
    }
)
"""`old` … `new_high`: cost per 1,000 sessions; null where the point is not in that report or cannot be costed."""


def points(listed: Iterable[Point]) -> pl.DataFrame:
    """One row a point, in the order given."""
    rows = [_row(point) for point in listed]
    frame = pl.DataFrame(rows, schema={**POINTS, "first_seen": _TEXT, "last_seen": _TEXT}, orient="row")
    return frame.with_columns(pl.col("first_seen", "last_seen").str.to_datetime("%+", time_zone="UTC"))


def _row(point: Point) -> tuple[object, ...]:
    impact, revenue = point.impact, point.impact.revenue
    own = {
        "revenue": revenue and revenue.estimate,
        "revenue_low": revenue and revenue.low,
        "revenue_high": revenue and revenue.high,
        "reason": point.reason or impact.reason,
        "recommendation": point.recommendation.text,
    }
    return tuple(
        own[name] if name in own else getattr(point if hasattr(point, name) else impact, name)
        for name in POINTS
    )


def changes(listed: Iterable[Change], old: Report, new: Report) -> pl.DataFrame:
    """One row a point of either report."""
    rows = [
        (
            change.state,
            *(getattr(change.point, name) for name in ("id", "detector", "page", "target", "title")),
            change.old and change.old.rank,
            change.new and change.new.rank,
            *_rates(change.old, old),
            *_rates(change.new, new),
        )
        for change in listed
    ]
    return pl.DataFrame(rows, schema=CHANGES, orient="row")


def _rates(point: Point | None, report: Report) -> tuple[float | None, float | None, float | None]:
    return (per_1000(point, report) if point else None) or (None, None, None)


def known_columns(names: Sequence[str]) -> list[str]:
    """The names, all of them columns of the event table. Raises `UsageError` for another."""
    for name in names:
        if name not in EVENT:
            raise UsageError(
                "usage.unknown_name",
                f"the event table has no column {name!r}",
                remedy=nearest(name, EVENT),
            )
    return list(names)


def events(frames: Iterable[pl.DataFrame], columns: Sequence[str] | None) -> pl.DataFrame:
    """The parts of the event table as one frame, sorted; `columns` null: those that have a value."""
    table = pl.concat([_narrow(frame) for frame in frames], how="diagonal")
    table = table.sort("session_id", "ts", "seq")
    if columns is not None:
        return conform(table.lazy()).select(columns).collect()
    return table.select(name for name in EVENT if name in table.columns)


def _narrow(frame: pl.DataFrame) -> pl.DataFrame:
    """Without columns of nulls: a hundred of them take more memory than those that say something."""
    return frame.select(column.name for column in frame if column.null_count() < column.len())
