"""Changes of one series that somebody already has: a time, and either a value or how many of how many.

`n` (chances) and `k` (events) are judged as rates, with season, dispersion and margin (`friction.series`); a plain
`value` by its straight stretches (`friction.series.levels`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from friction.dropoff import HOUR_US, instant
from friction.errors import InputError
from friction.limits import Limits
from friction.series import find_changes
from friction.series.levels import pieces
from friction.sources import times
from friction.sources.aliases import normal, understood
from friction.sources.casts import number
from friction.sources.generic import open_table
from friction.tables.files import look
from friction.tables.table import Table

NAMES: Mapping[str, tuple[str, ...]] = {
    "time": ("time", "timestamp", "ts", "date", "datetime", "day", "hour", "at"),
    "n": ("n", "chances", "views", "sessions", "total", "trials", "visits"),
    "k": ("k", "events", "exits", "conversions", "successes", "hits"),
    "value": ("value", "y", "metric", "count", "score", "p75", "mean", "median"),
}
"""Column → the names it is known by, the best first."""


def changes(
    path: Path, name: str, mapping: Mapping[str, str], zone: str | None, limits: Limits
) -> dict[str, Any]:
    """The series' changes, as JSON values; rows without a readable time or figure are counted in `rejected`.

    Raises `InputError` when the time or the figures cannot be found.
    """
    table = open_table(look(path, name, limits), mapping)
    columns = _columns(table, mapping, name)
    rows = _rows(table, columns, zone)
    whole = rows.drop_nulls().sort("time")
    if not whole.height:
        raise InputError(
            "input.no_usable_rows",
            "no row has both a time and its figures",
            file=name,
            remedy="write one row a time: time,value or time,n,k",
        )
    found = _of_rates(whole, zone or "UTC") if "n" in columns else _of_values(whole)
    used = {ours: table.names[at] for ours, at in columns.items()}
    return {"columns": used, "rows": rows.height, "rejected": rows.height - whole.height, **found}


def _columns(table: Table, mapping: Mapping[str, str], name: str) -> dict[str, int]:
    """Position of the time and of `value`, or of `n` and `k`."""
    known = {normal(each): at for at, each in reversed(list(enumerate(table.names)))}
    found = {}
    for ours, words in NAMES.items():
        asked = (mapping[ours],) if ours in mapping else words
        at = next((known[normal(word)] for word in asked if normal(word) in known), None)
        if at is not None:
            found[ours] = at
    if "time" in found and {"n", "k"} <= set(found):
        return {ours: found[ours] for ours in ("time", "n", "k")}
    rest = [at for at in range(len(table.names)) if at != found.get("time")]
    if "value" not in found and len(rest) == 1:
        found["value"] = rest[0]
    if {"time", "value"} <= set(found):
        return {ours: found[ours] for ours in ("time", "value")}
    raise InputError(
        "input.not_a_series",
        "no columns time and value, or time, n and k, were found",
        file=name,
        remedy='name them in --mapping: time = "…", value = "…" (or n = "…", k = "…")',
    )


def _rows(table: Table, columns: Mapping[str, int], zone: str | None) -> pl.DataFrame:
    at = columns["time"]
    column, theirs = pl.col(f"c{at}"), table.names[at]

    def dates() -> pl.Series:
        return table.select([column.alias("d")]).events.select("d").unique().collect()["d"]

    texts = table.sample[:, at].cast(pl.String())
    form = times.understand(texts, theirs, unit=understood(theirs).unit, tz=zone, said=None, dates=dates)
    figures = [
        number(pl.col(f"c{place}"), comma=_has_commas(table.sample[:, place])).alias(ours)
        for ours, place in columns.items()
        if ours != "time"
    ]
    return (
        table.select([form.read(column.cast(pl.String())).alias("time"), *figures])
        .events.drop("row_no")
        .collect()
    )


def _has_commas(sample: pl.Series) -> bool:
    return bool(sample.cast(pl.String()).str.contains(r"^\s*-?\d+,\d+\s*$").any())


def _of_rates(rows: pl.DataFrame, zone: str) -> dict[str, Any]:
    """Hours are those of the zone's clock; several rows of one hour are added up."""
    local = pl.col("time").dt.convert_time_zone(zone).dt.replace_time_zone(None)
    hours = rows.group_by(hour=local.dt.timestamp("us") // HOUR_US).agg(pl.col("n", "k").sum()).sort("hour")
    first, last = int(hours["hour"][0]), int(hours["hour"][-1])
    n, k = (np.zeros(last - first + 1, np.int64) for _ in range(2))
    at = (hours["hour"] - first).to_numpy()
    n[at], k[at] = hours["n"].round().to_numpy(), hours["k"].round().to_numpy()
    try:
        series = find_changes(n, k, first)
    except ValueError:
        raise InputError(
            "input.not_a_series",
            "k is greater than n, or below 0, in some hour",
            remedy="n counts the chances and k those of them that happened",
        ) from None
    found = [
        {
            **asdict(change),
            "start": instant(first + change.start, zone),
            "end": None if change.end is None else instant(first + change.end, zone),
        }
        for change in series.changes
    ]
    about = {name: getattr(series, name) for name in ("bucket", "phi", "smallest_lift", "reason")}
    return {"kind": "rate", **about, "changes": found}


def _of_values(rows: pl.DataFrame) -> dict[str, Any]:
    """Each change with the line before and after it; values that are not finite were set aside."""
    values, at = rows["value"].to_numpy(), rows["time"].dt.strftime("%Y-%m-%dT%H:%M:%SZ")
    found = pieces(values)
    changed = [
        {
            "start": at[after.start],
            "end": at[after.end] if after.end < len(values) else None,
            "kind": "rise" if after.first > before.last else "fall",
            "before": before.last,
            "after": after.first,
            "mean_before": before.mean,
            "mean_after": after.mean,
        }
        for before, after in pairwise(found)
    ]
    return {"kind": "value", "changes": changed}
