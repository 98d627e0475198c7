"""The unit of work: a slice of whole sessions, small enough to be held in its costly form."""

from __future__ import annotations

import polars as pl

from friction.values import dataclass


@dataclass(frozen=True)
class Part:
    """A slice of whole sessions, ready to be reduced."""

    rows: pl.DataFrame
    """Sorted by `session_id, ts, seq`; `session_id`, `view` and `row` are numbered from 0 within the part."""
    context: pl.DataFrame
    """One row a session before cutting, in the order of `key`: visitor, segments (`friction.ingest.context`)."""
    own: tuple[str, ...] = ()
    """Columns of the context that `rows` carry, since each session after cutting has its own."""

    def of_session(self, name: str, key: pl.Series) -> pl.Series:
        """A column of the context, for these keys."""
        found: pl.Series = self.context[name][key - self.context["key"][0]]
        return found
