"""How many events of each kind a data set holds, hour by hour: by that it is seen whether recording went on."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import polars as pl

from friction.lake.manifest import Manifest

GROUPS: Mapping[str, tuple[str, ...]] = {
    "views": ("page_view", "route_change"),
    "clicks": ("click", "dblclick", "contextmenu", "rage_click", "dead_click"),
    "inputs": ("input", "change", "focus", "submit", "form_start"),
    "errors": ("error", "console"),
    "requests": ("request",),
}
HOURS = 24
"""Of the clock: in the night that has an hour twice both fall together, in the other one an hour stays empty."""


def hours(dataset: Path, zone: str, since: str, until: str) -> dict[str, dict[str, list[int]]]:
    """Day → kind → events by hour of the zone's clock, for the days from `since` to `until` (both included)."""
    manifest = Manifest.of(dataset)
    paths = [dataset / part.path for part in manifest.parts if part.stream is None] if manifest else []
    if not paths:
        return {}
    group = {kind: name for name, kinds in GROUPS.items() for kind in kinds}
    local = pl.col("ts").dt.convert_time_zone(zone)
    counts = (
        pl.concat([pl.scan_parquet(path, glob=False).select("ts", "kind") for path in paths])
        .with_columns(kind=pl.col("kind").cast(pl.String()).replace_strict(group, default=None))
        .filter(pl.col("kind").is_not_null())
        .group_by(day=local.dt.date().cast(pl.String()), hour=local.dt.hour(), kind=pl.col("kind"))
        .len()
        .filter(pl.col("day").is_between(pl.lit(since), pl.lit(until)))
        .collect()
    )
    found: dict[str, dict[str, list[int]]] = {}
    for day, hour, kind, n in counts.sort("day", "kind", "hour").iter_rows():
        found.setdefault(day, {}).setdefault(kind, [0] * HOURS)[hour] = n
    return found
