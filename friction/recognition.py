"""Why a file was taken for what it is, and what stands in its columns, for a person to agree or object.

Values are shown as they would be kept, masked; nothing of it is written anywhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl

from friction.config import Settings
from friction.errors import InputError
from friction.ingest.books import Books
from friction.matching import LONGEST, VALUES, kept
from friction.sources import recognise, times
from friction.sources.base import InputFile, Source
from friction.sources.generic import Generic
from friction.sources.preset import Preset
from friction.sources.seen import said, seen
from friction.tables.files import unpacked
from friction.tables.inputs import plain_files

FILES, COLUMNS, TOLD, ROWS = 20, 60, 5, 50


def recognition(
    inputs: Sequence[str | Path], names: Sequence[str] | None, settings: Settings, books: Books
) -> list[dict[str, Any]]:
    """By file, at most `FILES`: `source`, `confidence` 0–1 (null for a table of no tool), `told_by` (names that the
    source is known by; none where its form tells), and `columns` with what each is read as (null: not kept) and the
    first values of those that are read: what is not kept is not shown either.
    """
    read = {file.name: file.facts.get("columns", {}) for file in books.files}
    paths = [Path(path) for path in inputs]
    limits = settings.limits.in_force()
    found = plain_files(paths, list(names or [path.name for path in paths]), limits)
    told = []
    for each in found.files[:FILES]:
        try:
            source, sure, file = recognise(each.path, each.name, limits)
        except InputError:
            continue
        # A table of no tool is read by what its columns are called: nothing is surer than they are.
        surety = None if source.name == Generic.name else sure
        said_by = _told(source, file, read.get(each.name, {}))
        told.append({"name": each.name, "source": source.name, "confidence": surety, **said_by})
    return told


def _told(source: Source, file: InputFile, read: Mapping[str, str | None]) -> dict[str, Any]:
    rows = _named(_rows(file), read)
    names = list(dict.fromkeys(name for row in rows for name in row) or read)[:COLUMNS]
    known = set(_known_by(source)) or {name for name, ours in read.items() if ours}
    return {
        "told_by": [name for name in names if name in known][:TOLD],
        "columns": []
        if not read
        else [
            {
                "column": name,
                "read_as": read.get(name),
                "values": _values(rows, name) if read.get(name) else [],
            }
            for name in _flat(rows, names)
        ],
    }


def _named(rows: Sequence[Mapping[str, Any]], read: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    """The rows under names that the reading knows. Without a header their first cells would stand as names: values of
    people, unmasked. None then.
    """
    known = {name.partition(".")[0] for name in read} | set(read)
    return rows if not read or any(name in known for row in rows for name in row) else ()


def _flat(rows: Sequence[Mapping[str, Any]], names: Sequence[str]) -> list[str]:
    """The names, those of an object with its members as `outer.inner`."""
    flat: dict[str, None] = {}
    for name in names:
        inside = [
            f"{name}.{inner}" for row in rows if isinstance(row.get(name), Mapping) for inner in row[name]
        ]
        flat |= dict.fromkeys(inside or [name])
    return list(flat)[:COLUMNS]


def _known_by(source: Source) -> Iterable[str]:
    """Names that this source is known by; of a container the outer one too."""
    if not isinstance(source, Preset):
        return ()
    own = [name for theirs in source.fields.values() for name in theirs]
    return [*own, *(name.partition(".")[0] for name in own)]


def _rows(file: InputFile) -> Sequence[Mapping[str, Any]]:
    """The first records, whatever the form of the file."""
    looked = seen(file)
    if looked.form != "parquet":
        return looked.records[:ROWS]
    return pl.scan_parquet(unpacked(file), glob=False).head(ROWS).collect().to_dicts()


def _values(rows: Sequence[Mapping[str, Any]], name: str) -> list[str]:
    """The first different ones. Whatever looks like a time is shown as it is: that is what one looks for."""
    texts = dict.fromkeys(str(value) for row in rows if (value := said(row, name)) not in (None, ""))
    series = pl.Series(list(texts), dtype=pl.String())
    are_times = bool(len(texts)) and times.plausible(series) >= 0.5
    return [text[:LONGEST] if are_times else kept(text) for text in list(texts)[:VALUES]]
