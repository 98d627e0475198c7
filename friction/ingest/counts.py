"""Files of counts among the inputs: their tables within the period asked for, and an analysis without any event."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import polars as pl

from friction.counting.tables import Counted
from friction.dictionaries import Words
from friction.goals import Goal
from friction.ingest.columns import Wanted
from friction.ingest.events import Events
from friction.ingest.gather import Gathered
from friction.ingest.store import InMemory
from friction.ingest.templates import NOWHERE
from friction.pages import Pages
from friction.privacy.columns import ORDINARY, Policy
from friction.privacy.texts import mask_text
from friction.voices.tables import Voices


def inside(
    gathered: Gathered, counted: Counted | None, since: datetime | None, until: datetime | None
) -> Gathered:
    """With the counts of the file that lie in the period. Sums without a date are of the period when both ends of it
    are given.
    """
    if counted is None:
        return gathered
    sessions, aggregates = counted.sessions, _dated(counted.aggregates, since, until)
    if since:
        sessions = sessions.filter(pl.col("start") >= since)
        aggregates = aggregates.filter(pl.col("period_start").ge(since.date()).fill_null(value=True))
    if until:
        sessions = sessions.filter(pl.col("start") < until)
        last = (until - timedelta(microseconds=1)).date()
        aggregates = aggregates.filter(pl.col("period_end").le(last).fill_null(value=True))
    kept = Counted(sessions, aggregates)
    return replace(gathered, counted=kept, outside=_rows(counted) - _rows(kept))


def heard_inside(
    gathered: Gathered, voices: Voices | None, since: datetime | None, until: datetime | None
) -> Gathered:
    """With the answers and tickets of the file that lie in the period, and all its deals and customers."""
    if voices is None:
        return gathered
    kept = dict(voices.items())
    for name in ("feedback", "tickets"):
        for bound, fits in ((since, pl.col("ts").ge), (until, pl.col("ts").lt)):
            kept[name] = kept[name].filter(fits(bound)) if bound else kept[name]
    within = Voices(**kept)
    return replace(gathered, voices=within, outside=voices.rows - within.rows)


def _dated(aggregates: pl.DataFrame, since: datetime | None, until: datetime | None) -> pl.DataFrame:
    if since is None or until is None:
        return aggregates
    last = (until - timedelta(microseconds=1)).date()
    return aggregates.with_columns(
        pl.col("period_start").fill_null(since.date()), pl.col("period_end").fill_null(last)
    )


def _rows(counted: Counted) -> int:
    """Records of the file that say something."""
    return counted.sessions.height + counted.aggregates["row_no"].n_unique()


def all_counts(found: Sequence[Gathered], policy: Policy = ORDINARY) -> Counted:
    """The counts of all files, numbered like the files; who somebody is, is masked as in events."""
    numbered = [each.counted.numbered(at) for at, each in enumerate(found) if each.counted is not None]
    counted = Counted.together(numbered)
    masked = counted.sessions.with_columns(
        *(_masked(counted.sessions[name], name, policy) for name in ("session_id", "visitor_id")),
        labels=pl.col("labels").list.eval(pl.element().map_elements(mask_text, return_dtype=pl.String())),
    )
    return Counted(masked, counted.aggregates)


def _masked(column: pl.Series, name: str, policy: Policy) -> pl.Series:
    """The column by the rule of the policy, each distinct text once."""
    rule, distinct = policy.rule(name), column.unique().drop_nulls()
    if rule is None or distinct.is_empty():
        return column
    changed = pl.Series([rule(text) for text in distinct], dtype=pl.String())
    return column.replace_strict(distinct, changed, default=None, return_dtype=pl.String())


def no_events(rows: pl.DataFrame, want: Wanted, goals: Sequence[Goal]) -> Events:
    """An analysis whose files hold no event at all: `rows` has none."""
    return Events(
        store=InMemory(rows, pl.Series(dtype=pl.UInt32), 1),
        want=want,
        words=Words({"page": pl.Series("page", [NOWHERE])}),
        pages=Pages(main_host=None, templates=[], types={}),
        dictionaries={},
        flags={},
        told={},
        names=pl.Series(dtype=pl.String),
        context=pl.DataFrame(),
        own=(),
        goals=tuple(goals),
        has_views=False,
        tells_corners=False,
        knows_scroll_ends=False,
    )
