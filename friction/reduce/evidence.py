"""The best moments of each point: what a reader is shown first."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl

from friction.detectors.base import FINDING
from friction.order import Ints, changed, numbers
from friction.reduce.placed import POINT, Placed

EVIDENCE_KEPT = 5


def evidence(placed: Placed, frames: Mapping[str, pl.DataFrame], part: pl.DataFrame) -> pl.DataFrame:
    """The best moments of each point, one a session, with their rows as places in files.

    `at` of a finding is its position in the detector's own of `frames`.
    """
    able = placed.counting[np.sort(shortlist(placed))]
    chosen = able[best(able)].select("detector", "at").sort("detector", "at")
    moments = [
        _moments(frames[name], chosen.filter(detector=name)["at"])
        for name in chosen["detector"].cast(pl.String).unique(maintain_order=True)
    ]
    if not moments:
        return pl.DataFrame()
    return _placed(pl.concat(moments), part)


def _moments(found: pl.DataFrame, at: pl.Series) -> pl.DataFrame:
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
    places = places.select(
        "at", rows=part["row_no"].gather(places["rows"]), files=files.gather(places["rows"])
    )
    places = places.group_by("at", maintain_order=True).agg("rows", "files")
    return chosen.with_columns(places["rows"], places["files"])


def best(frame: pl.DataFrame) -> pl.Series:
    """Positions of the `EVIDENCE_KEPT` most severe rows of each point, one a session; the earlier among equals.

    Severity counts in steps of a thousandth. Keys are packed into few numbers, because one event in five can be a
    finding.
    """
    page = pl.col("page").cast(pl.UInt64)
    if "detector" in frame.columns:
        page += pl.col("detector").to_physical().cast(pl.UInt64) * (1 << 24)
    place = packed(page, (pl.col("target").cast(pl.UInt64) + 1).fill_null(0))
    keys = frame.select("session_id", place=place, order=_order()).with_row_index("at")
    # One stable sort a key, the last one first, takes half the time of one sort by all three.
    ranked = keys
    for key in ("session_id", "order", "place"):
        ranked = ranked.sort(key, maintain_order=True)
    run = _changes("place").cum_sum()
    ranked = ranked.with_columns(run=run, one=packed(run, pl.col("session_id")))
    one_each = ranked.unique("one", keep="first", maintain_order=True)
    number = pl.int_range(pl.len(), dtype=pl.Int64)
    first = pl.when(_changes("run")).then(number).forward_fill()
    return one_each.filter(number - first < EVIDENCE_KEPT)["at"]


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


def _order() -> pl.Expr:
    """The worst first, in steps of a thousandth; the earlier among equals."""
    worst = ((1 - pl.col("severity").cast(pl.Float64)) * 1000).round().cast(pl.UInt64)
    since = (pl.col("start") - pl.col("start").min()).dt.total_microseconds().cast(pl.UInt64)
    return worst * (1 << 53) + since


def packed(high: pl.Expr, low: pl.Expr) -> pl.Expr:
    """Two numbers below 2³² as one: quicker to sort and to compare than two columns."""
    return high.cast(pl.UInt64) * (1 << 32) + low.cast(pl.UInt64)


def _changes(column: str) -> pl.Expr:
    """True where the column differs from the row before, and in the first row."""
    return pl.col(column).ne_missing(pl.col(column).shift()) | (pl.int_range(pl.len()) == 0)
