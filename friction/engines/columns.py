"""Which columns of a table are read, and which of them tell sessions apart: decided once, by a few of its rows."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import polars as pl

from friction.config import Settings
from friction.engines.job import FORM, FRICTION, GENERIC, Job
from friction.schema import EVENT, KINDS
from friction.sources.base import InputFile
from friction.sources.canonical import MARKS, PLACES
from friction.sources.casts import identity
from friction.sources.generic import check, open_table
from friction.sources.generic_plan import IDENTITIES
from friction.sources.mapping import match
from friction.tables.parquet import read_schema
from friction.values import dataclass


@dataclass(frozen=True)
class Understood:
    """A table of events."""

    job: Job
    columns: tuple[str, ...]
    """Those that are read, by the names they have."""


def understood(sample: Path, settings: Settings, name: str) -> Understood:
    """The table of which `sample`, a Parquet file, holds some rows.

    Raises `InputError` when no column tells time, session or what happened.
    """
    file = InputFile(sample, name, FORM)
    names = list(read_schema(sample, name))
    if _is_event_table(sample, names):
        job = Job.of(settings, name, FRICTION, has_rows="row_no" in names)
        read = job.want.raw | MARKS | PLACES
        return _of(job, [each for each in names if each in read], {each: each for each in IDENTITIES})
    table = open_table(file, settings.mapping)
    found = match(table.names, table.sample, settings.mapping)
    check(found, table)
    mapping = {ours: table.names[at] for ours, at in found.positions.items()}
    if any(mapping.get(ours, names[0]) not in names for ours in IDENTITIES):
        # Rows are brought together by whole columns, so a member of a structure cannot say whose they are.
        check(
            replace(found, positions={o: at for o, at in found.positions.items() if o not in IDENTITIES}),
            table,
        )
    theirs = set(mapping.values())
    # A member of a structure is read with all the rest, since its name is none of the table's.
    kept = [each for each in names if each in theirs] if theirs <= set(names) else names
    told = settings.model_copy(update={"mapping": {**settings.mapping, **mapping}})
    return _of(Job.of(told, name, GENERIC), kept, mapping)


def _of(job: Job, names: list[str], mapping: dict[str, str]) -> Understood:
    keys = tuple(mapping[ours] for ours in IDENTITIES if mapping.get(ours) in names)
    return Understood(replace(job, keys=keys), tuple(names))


def whose(job: Job) -> pl.Expr:
    """What brings the events of a session together: what the first of the keys says that says anything."""
    keys = (pl.col(key).cast(pl.String()) for key in job.keys)
    return pl.coalesce(identity(key) if job.source == GENERIC else key for key in keys)


def _is_event_table(sample: Path, names: list[str]) -> bool:
    """Whether all columns are of the event table: time as a time, and kinds in our words."""
    if not set(names) >= MARKS or not set(names) <= set(EVENT):
        return False
    rows = pl.read_parquet(sample, columns=["ts", "kind"], glob=False)
    kinds = rows["kind"].cast(pl.String()).drop_nulls().unique()
    return isinstance(rows.schema["ts"], pl.Datetime) and bool(kinds.is_in(list(KINDS)).all())
