"""What share of sessions PostHog kept, where the site thins out its events before it sends them.

posthog-js writes the share that stays into `$sample_threshold` and how it was drawn into `$sample_type`. Sessions and
visitors that are drawn leave shares as they are; where single events are drawn nothing can be said about sessions.
"""

from __future__ import annotations

import polars as pl

from friction.sources.casts import sampled
from friction.sources.posthog_columns import FOLDED, PREFIX, bare, unfold
from friction.tables.table import Table

SHARE, DRAWN = f"{PREFIX}$sample_threshold", f"{PREFIX}$sample_type"
WHOLE = r"(?i)session|distinct"
"""Ways of drawing that keep a session whole or leave it out."""


def kept_share(table: Table) -> float | None:
    """The smallest share that the sampled rows tell; null where nothing was left out, or single events were."""
    names = [bare(name) for name in table.names]
    if SHARE in names:
        shares, drawn = (_at(table, names, name) for name in (SHARE, DRAWN))
    elif FOLDED in names:
        inside = unfold(table.sample[:, names.index(FOLDED)], [SHARE, DRAWN])
        shares, drawn = inside.struct.field(SHARE), inside.struct.field(DRAWN)
    else:
        return None
    return sampled(shares.filter(drawn.str.contains(WHOLE)))


def _at(table: Table, names: list[str], name: str) -> pl.Series:
    if name in names:
        return table.sample[:, names.index(name)].cast(pl.String())
    return pl.Series([None] * table.sample.height, dtype=pl.String())
