"""`python -m tests.bench --bounded`: whether memory stays within its bounds, however large the input is, in any order.

Ordered events are analysed as everybody does; the largest input once more with its rows in any order and a limit. Each
is run once.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

import polars as pl

from tests.bench.cases import Case, Result, Say, analysed
from tests.bench.data import FOLDER, files
from tests.bench.growth import growth
from tests.bench.measure import Usage
from tests.bench.table import GOAL_MB, goal, machine, table

LIMIT_MB, WITHIN = 2_000, 1.25
"""What rows in any order may take, and how far beyond it they may go."""
PARTS, SEED = 32, 11
_HEADS = ("input", "events", "limit", "wall s", "CPU s", "peak MB", "goal")


def bounded(
    sizes: Sequence[int], script: Path, say: Say, folder: Path = FOLDER, limit_mb: int = LIMIT_MB
) -> str:
    """The page of figures for so many events each."""
    rows, found = [], []
    for events in sizes:
        path = files(events, ("parquet",), script, folder)["parquet"]
        say(f"{events:,} events in the order of time")
        usage = analysed(path)
        found.append(Result(Case(events, "parquet", path), 1, usage, usage))
        most = GOAL_MB.get(events)
        rows.append(
            _row("ordered", events, "", usage, goal(usage.peak_mb <= most, f"≤ {most:,} MB") if most else "")
        )
    say(f"{events:,} events in any order")
    usage = analysed(shuffled(path), "--memory-limit", f"{limit_mb}MB")
    held = goal(usage.peak_mb <= WITHIN * limit_mb, f"≤ {WITHIN} × the limit")
    rows.append(_row("shuffled", events, f"{limit_mb:,} MB", usage, held))
    sections = (f"{machine()}. Each was run once.", table(_HEADS, rows), growth(found))
    return "\n\n".join(filter(None, sections)) + "\n"


def _row(order: str, events: int, limit: str, usage: Usage, goal: str) -> tuple[str, ...]:
    figures = f"{usage.wall_s:.0f}", f"{usage.cpu_s:.0f}", f"{usage.peak_mb:,.0f}"
    return order, f"{events:,}", limit, *figures, goal


def shuffled(path: Path) -> Path:
    """The same rows in any order, always the same one, in a file beside it; made once, a part at a time."""
    found = path.with_stem(f"{path.stem}-shuffled")
    if found.is_file():
        return found
    with tempfile.TemporaryDirectory(dir=path.parent) as name:
        by = pl.col("_row").hash(SEED)
        rows = pl.scan_parquet(path).with_row_index("_row").with_columns(_by=by, _part=by % PARTS)
        rows.sink_parquet(pl.PartitionBy(name, key="_part", include_key=False), mkdir=True)
        parts = sorted(Path(name).rglob("*.parquet"))
        for part in parts:
            pl.read_parquet(part).sort("_by", "_row").drop("_by", "_row").write_parquet(part)
        whole = Path(name) / "whole"
        pl.scan_parquet(parts, glob=False).sink_parquet(whole)
        whole.replace(found)
    return found
