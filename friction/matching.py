"""What the columns of a table could be: what a person needs to see in order to say which is which.

For each column of each table: the first values as they would be kept, what it was taken for and how surely; for dates
the ways in which they can be read; and the first events as they would come out. Nothing of it is written anywhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl

from friction.config import Settings
from friction.errors import InputError
from friction.privacy.addresses import mask_address
from friction.privacy.texts import mask_text
from friction.sources import recognise, times
from friction.sources.base import InputFile, Options
from friction.sources.clocks import REGIONAL, regional
from friction.sources.generic import open_table
from friction.sources.mapping import match
from friction.tables.inputs import plain_files
from friction.tables.table import Table

FILES, VALUES, ROWS, LONGEST = 20, 3, 5, 60
SHOWN = (
    "ts",
    "session_id",
    "visitor_id",
    "user_id",
    "kind",
    "name",
    "url",
    "page",
    "target",
    "form",
    "field",
)
"""Columns of the first events that are shown, those that the table has."""
ORDERS = ("d/m/Y", "m/d/Y")


def matching(inputs: Sequence[str | Path], names: Sequence[str] | None, settings: Settings) -> dict[str, Any]:
    """By file, at most `FILES`: `columns` (theirs, ours, confidence, values), `dates`, `rows`, and the `problem` that
    keeps it from being read; `columns` is null for a format that is known and has nothing to be matched.
    """
    paths = [Path(path) for path in inputs]
    found = plain_files(paths, list(names or [path.name for path in paths]), settings.limits.in_force())
    files = [_file(each.path, each.name, settings) for each in found.files[:FILES]]
    return {"files": files, "more": max(len(found.files) - FILES, 0)}


def _file(path: Path, name: str, settings: Settings) -> dict[str, Any]:
    limits = settings.limits.in_force()
    told: dict[str, Any] = {"name": name, "source": None, "columns": None, "dates": None, "rows": []}
    try:
        source, _, file = recognise(path, name, limits)
        told["source"] = source.name
        if source.name != "generic":
            return {**told, "problem": None}
        table = open_table(file, settings.mapping)
    except InputError as error:
        return {**told, "problem": error.problem.as_dict()}
    problem, rows = _events(file, settings)
    return {
        **told,
        "columns": _columns(table, settings),
        "dates": _dates(table, settings),
        "rows": rows,
        "problem": problem,
    }


def _columns(table: Table, settings: Settings) -> list[dict[str, Any]]:
    """Every column in the order of the file."""
    known = {ours: theirs for ours, theirs in settings.mapping.items() if not theirs or theirs in table.names}
    found = match(table.names, table.sample, known)
    ours_at = {position: ours for ours, position in found.positions.items()}
    return [
        {
            "theirs": theirs,
            "ours": ours_at.get(position),
            "confidence": found.columns[position].confidence if position in found.columns else None,
            "values": _values(table.sample[:, position]),
        }
        for position, theirs in enumerate(table.names)
    ]


def _values(sample: pl.Series) -> list[str]:
    """The first different values, masked as they would be kept."""
    seen = sample.drop_nulls().unique(maintain_order=True).head(VALUES).to_list()
    are_times = times.plausible(sample) >= 0.5
    return [str(value)[:LONGEST] if are_times else kept(str(value)) for value in seen]


def kept(text: str) -> str:
    """A value as it would be kept, cut when it is long."""
    masked = mask_address(text) if text.startswith(("/", "http")) else mask_text(text)
    return masked if len(masked) <= LONGEST else f"{masked[: LONGEST - 1]}…"


def _dates(table: Table, settings: Settings) -> dict[str, Any] | None:
    """Where dates can be read day first or month first: one of them both ways, and which reading the values allow."""
    theirs = settings.mapping.get("ts")
    position = table.names.index(theirs) if theirs in table.names else None
    if position is None:
        position = match(table.names, table.sample, {}).positions.get("ts")
    if position is None:
        return None
    known = table.sample[:, position].drop_nulls().str.strip_chars()
    is_open = known.str.contains(REGIONAL) & ~known.str.contains(times.ISO) & ~known.str.contains(r"^\d{4}")
    values = known.filter(is_open)
    if values.is_empty():
        return None
    return {"column": table.names[position], **_readings(values)}


def _readings(values: pl.Series) -> dict[str, Any]:
    """`example` and its two readings; `fits`: the orders in which every value is a date."""
    read = {order: regional(values, times.ORDERS[order], None) for order in ORDERS}
    fits = [order for order in ORDERS if not read[order].null_count()]
    both = [at for at in range(values.len()) if all(each[at] is not None for each in read.values())]
    telling = [at for at in both if read["d/m/Y"][at] != read["m/d/Y"][at]]
    at = (telling or both or [0])[0]
    shown = {order: _day(each[at]) for order, each in read.items()}
    deciding = next(
        (str(values[i]) for i in range(values.len()) if any(e[i] is None for e in read.values())), None
    )
    return {"example": str(values[at]), "readings": shown, "fits": fits, "deciding": deciding}


def _day(value: datetime | None) -> str | None:
    return None if value is None else value.date().isoformat()


def _events(file: InputFile, settings: Settings) -> tuple[dict[str, Any] | None, list[dict[str, str | None]]]:
    """What is in the way of reading it; and without anything in the way the first events."""
    source = recognise(file.path, file.name, settings.limits.in_force())[0]
    options = Options(mapping=settings.mapping, tz=settings.time.zone, limits=settings.limits.in_force())
    try:
        reading = source.read(file, options)
        have = [name for name in SHOWN if name in reading.events.collect_schema().names()]
        first = reading.events.select("row_no", *have).head(ROWS).collect()
    except InputError as error:
        problem = replace(error.problem, file=file.name)
        return problem.as_dict(), []
    return None, [_row(row) for row in first.iter_rows(named=True)]


def _row(row: Mapping[str, Any]) -> dict[str, str | None]:
    """One event as text; times in UTC."""
    return {name: None if value is None else _cell(value) for name, value in row.items()}


def _cell(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else kept(str(value))
