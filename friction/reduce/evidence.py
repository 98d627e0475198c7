"""The best moments of each point: what a reader is shown first."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from friction.detectors.base import FINDING
from friction.order import Ints, changed, numbers, ordered
from friction.reduce.placed import OF_POINT, POINT, Placed

EVIDENCE_KEPT = 5


def evidence(placed: Placed, frames: Mapping[str, pl.DataFrame], part: pl.DataFrame) -> pl.DataFrame:
    """The best moments of each point, one a session, with their rows as places in files.

    `placed.counting` is detector after detector; `at` of a finding is its position in the detector's own of `frames`.
    """
    able = placed.counting[np.sort(shortlist(placed))]
    chosen = able.select("detector", "at")[np.sort(best(able))]
    if not chosen.height:
        return pl.DataFrame()
    begins = np.flatnonzero(changed(numbers(chosen["detector"])))
    own = np.split(chosen["at"].to_numpy(), begins[1:])
    names = chosen["detector"].gather(begins)
    moments = [_moments(frames[name], at) for name, at in zip(names, own, strict=True)]
    return _placed(pl.concat(moments), part)


def _moments(found: pl.DataFrame, at: NDArray[np.uint32]) -> pl.DataFrame:
    """These findings in columns that all detectors share; what is their own as JSON."""
    chosen = found[at]
    base = {"detector", "session_id", *POINT, "view", *FINDING}
    details = [name for name in chosen.columns if name not in base]
    encoded = pl.struct(details).struct.json_encode() if details else pl.lit("{}")
    common = ("detector", *POINT, "session_id", "start", "end", "events", "severity", "rows")
    return chosen.select(*common, detail=encoded)


def _placed(chosen: pl.DataFrame, part: pl.DataFrame) -> pl.DataFrame:
    one_file = pl.Series([0], dtype=pl.UInt32).new_from_index(0, part.height)
    files = part["file_id"] if "file_id" in part.columns else one_file
    places = chosen.select(pl.int_range(pl.len()).alias("at"), "rows").explode("rows")
    places = places.select("at", rows=part["row_no"][places["rows"]], files=files[places["rows"]])
    places = places.group_by("at", maintain_order=True).agg("rows", "files")
    return chosen.with_columns(places["rows"], places["files"])


def best(frame: pl.DataFrame) -> Ints:
    """Positions of the `EVIDENCE_KEPT` most severe rows of each point, one a session; the earlier among equals.

    Severity counts in steps of a thousandth.
    """
    session = numbers(frame["session_id"])
    worst = np.lexsort((session, frame.select(_order()).to_series().to_numpy()))
    rank = np.empty(len(worst), np.int64)
    rank[worst] = np.arange(len(worst))
    columns = [numbers(frame[name]) for name in OF_POINT]
    rows = ordered(*columns, rank)
    point = np.cumsum(changed(*(column[rows] for column in columns)))
    one_each = _firsts(point, session[rows])
    begins = np.flatnonzero(changed(point[one_each]))
    number = np.arange(len(one_each)) - np.repeat(begins, np.diff(begins, append=len(one_each)))
    found: Ints = rows[one_each[number < EVIDENCE_KEPT]]
    return found


def _firsts(*columns: NDArray[Any]) -> Ints:
    """Where each combination stands first."""
    rows = ordered(*columns)
    return np.sort(rows[changed(*(column[rows] for column in columns))])


def shortlist(placed: Placed) -> Ints:
    """Rows among which the best of each point are: sessions whose worst comes early enough, to a second or so.

    Few are left of many, and only these need to be put in their exact order.
    """
    rows = placed.rows
    if not len(rows):
        return rows
    new = placed.of_point
    meets = np.flatnonzero(new | changed(numbers(placed.frame["session_id"])))
    point = (np.cumsum(new) - 1)[meets]
    order = placed.frame.select(_order()).to_series().to_numpy()
    coarse = placed.over(np.minimum, order, meets) >> np.uint64(int(point[-1]).bit_length())
    coarse |= point.astype(np.uint64) << np.uint64(63 - int(point[-1]).bit_length())
    begins = np.flatnonzero(changed(point))
    last = np.minimum(begins + EVIDENCE_KEPT, np.append(begins[1:], len(point))) - 1
    kept = coarse <= np.sort(coarse)[last][point]
    found: Ints = rows[np.repeat(kept, np.diff(meets, append=len(rows)))]
    return found


@cache
def _order() -> pl.Expr:
    """The worst first, in steps of a thousandth; the earlier among equals."""
    worst = ((1 - pl.col("severity").cast(pl.Float64)) * 1000).round().cast(pl.UInt64)
    since = (pl.col("start") - pl.col("start").min()).dt.total_microseconds().cast(pl.UInt64)
    return worst * (1 << 53) + since


def packed(high: pl.Expr, low: pl.Expr) -> pl.Expr:
    """Two numbers below 2³² as one: quicker to sort and to compare than two columns."""
    return high.cast(pl.UInt64) * (1 << 32) + low.cast(pl.UInt64)
