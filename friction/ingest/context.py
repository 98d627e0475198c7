"""What is true of a session as a whole: visitor, device, country … — kept once a session, not on every row."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl
from numpy.typing import NDArray

from friction.dictionaries import Dictionary
from friction.schema import SEGMENTS
from friction.values import dataclass

FIRST: tuple[str, ...] = ("visitor_id", "user_id", "currency", *SEGMENTS, "medium")
"""Words of which the first that a session says counts (the smaller one of two said at the same instant)."""
ANY: tuple[str, ...] = ("is_bot", "returning", "tz_assumed")
"""True of a session as soon as one of its rows says so."""


def context(
    rows: pl.DataFrame, key: pl.Series, opened: pl.Series, dictionaries: Mapping[str, Dictionary]
) -> pl.DataFrame:
    """One row a session before cutting, by `key`; columns are those of `FIRST` and `ANY` that `rows` has.

    `key` numbers the session of each row, `opened` is the time of each session's first event, by key.
    """
    columns = {"key": pl.int_range(opened.len(), dtype=pl.UInt32, eager=True)}
    if said := [name for name in FIRST if name in rows.columns]:
        opening = _opening(rows["ts"], key, opened)
        for name in said:
            columns[name] = _first(rows, name, key, opening, dictionaries[name])
    for name in (name for name in ANY if name in rows.columns):
        columns[name] = _any(rows[name], key, opened.len())
    return pl.DataFrame(columns)


@dataclass(frozen=True)
class _Opening:
    """Rows at the first instant of their session, in the order of sessions."""

    rows: pl.Series
    starts: NDArray[np.int64]
    """Where each session's begin; every session has at least one."""

    def smallest(self, code: pl.Series) -> pl.Series:
        """The smallest code of each session, null where it has none."""
        none = np.uint32(2**32 - 1)
        found = np.minimum.reduceat(code.fill_null(none).to_numpy(), self.starts)
        return pl.select(pl.lit(pl.Series(found)).replace(2**32 - 1, None)).to_series()


def _opening(ts: pl.Series, key: pl.Series, opened: pl.Series) -> _Opening:
    rows = (ts == opened[key]).arg_true()
    keys = key.gather(rows).to_numpy()
    order = np.argsort(keys, kind="stable")
    starts = np.flatnonzero(np.diff(keys[order], prepend=-1))
    return _Opening(rows.gather(order), starts)


def _first(rows: pl.DataFrame, name: str, key: pl.Series, opening: _Opening, words: Dictionary) -> pl.Series:
    """The word each session says first; looked for beyond the first instant only where that says nothing."""
    found = opening.smallest(words.code(rows[name].gather(opening.rows)))
    silent = found.is_null()
    if silent.any() and rows[name].null_count():
        later = (rows[name].is_not_null() & silent.gather(key)).arg_true()
        said = pl.DataFrame({"key": key.gather(later), "ts": rows["ts"].gather(later)})
        said = said.with_columns(code=words.code(rows[name].gather(later))).sort("key", "ts", "code")
        said = said.unique("key", keep="first", maintain_order=True)
        found = found.scatter(said["key"], said["code"])
    return found


def _any(claims: pl.Series, key: pl.Series, sessions: int) -> pl.Series:
    """Whether any row of each session claims it."""
    if claims.null_count() == 0 and (claims.all() or not claims.any()):
        return pl.repeat(bool(claims.any()), sessions, dtype=pl.Boolean(), eager=True)
    claimed = np.zeros(sessions, dtype=bool)
    claimed[key.filter(claims.fill_null(value=False)).to_numpy()] = True
    return pl.Series(claimed)
