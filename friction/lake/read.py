"""A data set as what an analysis starts from: its rows as if its files were read again, and the books of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import polars as pl

from friction.counting.tables import Counted
from friction.errors import InputError, UsageError
from friction.goals import Goal
from friction.ingest import Everything, Ingested, Progress, Request, finished
from friction.ingest.books import Books, outside_period
from friction.ingest.columns import Wanted
from friction.ingest.counts import heard_inside, inside
from friction.ingest.exclude import Exclusion
from friction.ingest.gather import Gathered, Pools, Span
from friction.ingest.voices import each_once
from friction.lake.manifest import Delivery, Manifest, PartFile
from friction.pages import PageRules
from friction.report import Excluded, FileBooks, PassedOver, Reject, RejectCount
from friction.schema import EVENT
from friction.sources.base import OF_FILE, REJECT, Reading
from friction.voices.tables import TABLES, Voices

MANY_FILES = 32
"""With more of them, all columns are read at once: to open each file once a column would take longer."""
_ALWAYS = ("ts", "seq", "session_id", "kind", "row_no", "file_id")


def ingested(
    request: Request, want: Wanted, rules: PageRules, goals: Sequence[Goal], progress: Progress
) -> Ingested:
    """Read the data set that is the only input of `request`, within its period.

    Raises `InputError` when it is not there, or nothing in it lies in the period; `UsageError` when there are other
    inputs, or `[exclude]` asks for what its deliveries were not asked for.
    """
    folder, manifest = _dataset(request.inputs)
    _refuse_unasked(manifest, request.exclusion)
    progress("reading", 0.0, 0)
    pools = Pools()
    asked = [part for part in manifest.parts if part.stream is None or part.stream in request.options.kinds]
    parts = [part for part in asked if _is_inside(part, request)]
    gathered = _gathered(folder, manifest, parts, request, want, pools)
    rows, excluded = request.way.without(gathered.rows, Exclusion(pages=request.exclusion.pages))
    counts = inside(gathered, _counted(folder, manifest), request.since, request.until)
    counts = heard_inside(counts, _voices(folder, manifest), request.since, request.until)
    outside = sum(part.rows for part in asked) - sum(part.rows for part in parts) + counts.outside
    books = replace(
        _books(folder, manifest, outside),
        excluded=[*_excluded(manifest.deliveries), *excluded],
        span=_span(asked),
    )
    counted = counts.counted or Counted.of()
    voices = counts.voices or Voices.of()
    if not rows.height and counted.is_empty and voices.is_empty:
        raise _nothing(books)
    streams = frozenset(each for delivery in manifest.deliveries for each in delivery.streams)
    progress("sorting", 0.0, rows.height)
    return finished(Everything(rows, pools, books, streams, counted, voices), request, want, rules, goals)


def _dataset(inputs: Sequence[Path]) -> tuple[Path, Manifest]:
    if len(inputs) > 1:
        raise UsageError(
            "lake.mixed",
            "a data set of the lake cannot be analysed together with other inputs",
            remedy="analyse it alone, or deliver the files into it",
        )
    if (manifest := Manifest.of(inputs[0])) is None:
        remedy = "check the name and the folder"
        raise InputError("input.missing", f"there is no file {inputs[0].name}", remedy=remedy)
    return inputs[0], manifest


def _refuse_unasked(manifest: Manifest, exclusion: Exclusion) -> None:
    """Who somebody is or where they came from is not in the lake, so it had to be asked while files were read."""
    asked = {(rule, line) for rule in ("ips", "agents", "visitors") for line in getattr(exclusion, rule)}
    for delivery in manifest.deliveries:
        if not asked <= {(each["rule"], each["pattern"]) for each in delivery.excluded}:
            raise UsageError(
                "lake.exclude",
                "the data set was written without these lines of [exclude]",
                remedy="deliver the files once more into a new data set; pages can be left out at any time",
            )


def _is_inside(part: PartFile, request: Request) -> bool:
    """Whether a file may hold rows of the period."""
    starts = datetime.combine(date.fromisoformat(part.day), datetime.min.time(), UTC)
    too_early = request.since is not None and datetime.fromisoformat(part.end) < request.since
    return not too_early and not (request.until is not None and starts >= request.until)


def _gathered(
    folder: Path, manifest: Manifest, parts: Sequence[PartFile], request: Request, want: Wanted, pools: Pools
) -> Gathered:
    held = {name for delivery in manifest.deliveries for name in delivery.columns} | {*_ALWAYS}
    asked = held if request.options.columns is None else held & {*request.options.columns, *_ALWAYS}
    asked |= {"session_id"}
    schema = pl.Schema({name: dtype for name, dtype in EVENT.items() if name in asked})
    reading = Reading(
        _with_files(_scan([folder / part.path for part in parts], schema), manifest),
        facts={"format": "parquet" if len(parts) <= MANY_FILES else "lake"},
    )
    return request.way.gather(reading, want, pools, request.since, request.until)


def _scan(paths: list[Path], schema: pl.Schema) -> pl.LazyFrame:
    """The rows of the files; columns that one of them lacks are null in it."""
    if not paths:
        return pl.LazyFrame(schema=schema)
    return pl.scan_parquet(
        paths,
        glob=False,
        hive_partitioning=False,
        schema=schema,
        missing_columns="insert",
        extra_columns="ignore",
    )


def _with_files(rows: pl.LazyFrame, manifest: Manifest) -> pl.LazyFrame:
    """With files numbered as the books do, as `OF_FILE`; without where there is one file."""
    ids = [d.first_file + at for d in manifest.deliveries for at in range(len(d.files))]
    if len(ids) < 2:
        return rows.drop("file_id")
    places = pl.Series(range(len(ids)), dtype=pl.UInt32())
    known = pl.col("file_id").replace_strict(
        pl.Series(ids, dtype=pl.UInt32()), places, return_dtype=pl.UInt32()
    )
    return rows.with_columns(known.alias(OF_FILE)).drop("file_id")


def _counted(folder: Path, manifest: Manifest) -> Counted | None:
    """What tools had counted."""
    found = _tables(folder, manifest, ("sessions", "aggregates"))
    return Counted.together([Counted.of(**each) for each in found]) if found else None


def _voices(folder: Path, manifest: Manifest) -> Voices | None:
    """What customers said, each record once however many deliveries hold it."""
    found = _tables(folder, manifest, tuple(TABLES))
    return each_once(Voices.together([Voices.of(**each) for each in found])) if found else None


def _tables(folder: Path, manifest: Manifest, names: Sequence[str]) -> list[dict[str, pl.DataFrame]]:
    """Those of these tables that each delivery has, its files numbered as in the books."""
    found, files = [], 0
    for delivery in manifest.deliveries:
        paths = {name: path for name, path in delivery.tables.items() if name in names}
        tables = {name: pl.read_parquet(folder / path, glob=False) for name, path in paths.items()}
        moved = (pl.col("file_id") + files).cast(pl.UInt32())
        if tables:
            found.append({name: table.with_columns(moved) for name, table in tables.items()})
        files += len(delivery.files)
    return found


def _books(folder: Path, manifest: Manifest, outside: int) -> Books:
    """The books of all deliveries as one."""
    deliveries = manifest.deliveries
    rejects, files = [], 0
    for delivery in deliveries:
        if delivery.rejected:
            table = pl.read_parquet(folder / delivery.rejected, glob=False)
            rejects.append(table.with_columns((pl.col("file_id") + files).cast(pl.UInt32())))
        files += len(delivery.files)
    empty = pl.DataFrame(schema={**REJECT, "file_id": pl.UInt32()})
    all_rejects = pl.concat([empty, *rejects], how="diagonal")
    counts = all_rejects.group_by("reason").len().sort("len", "reason", descending=[True, False])
    return Books(
        files=[FileBooks(**each) for each in _all(deliveries, "files")],
        rejects=[Reject(**each) for each in _all(deliveries, "rejects")][:20],
        by_reason=[RejectCount(reason, rows) for reason, rows in counts.iter_rows()],
        outside=outside,
        all_rejects=all_rejects,
        passed_over=[PassedOver(**each) for each in _all(deliveries, "passed_over")],
        has_sessions=any(delivery.has_sessions for delivery in deliveries),
    )


def _all(deliveries: Iterable[Delivery], name: str) -> Iterable[Any]:
    return (each for delivery in deliveries for each in getattr(delivery, name))


def _excluded(deliveries: Sequence[Delivery]) -> list[Excluded]:
    """What the lines of `[exclude]` left out while files were read, added up."""
    found: dict[tuple[str, str], Excluded] = {}
    for each in _all(deliveries, "excluded"):
        one, key = Excluded(**each), (each["rule"], each["pattern"])
        before = found.get(key, replace(one, sessions=0, events=0))
        found[key] = replace(one, sessions=before.sessions + one.sessions, events=before.events + one.events)
    return list(found.values())


def _span(parts: Sequence[PartFile]) -> Span | None:
    """From the first day of these to their last event."""
    if not parts:
        return None
    first, last = min(part.day for part in parts), max(part.end for part in parts)
    return datetime.fromisoformat(first).replace(tzinfo=UTC), datetime.fromisoformat(last)


def _nothing(books: Books) -> InputError:
    if books.excluded and not books.outside:
        return InputError(
            "input.all_excluded",
            "no session is left when those of [exclude] are taken out",
            remedy="narrow the patterns of [exclude]",
        )
    return outside_period(books.span)
