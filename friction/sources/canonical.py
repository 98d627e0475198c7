"""Our own Parquet: the event table as `friction convert` wrote it, read back without loss."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import polars as pl

from friction.counting.tables import AGGREGATE, SESSION, Counted
from friction.schema import EVENT, KIND, TS
from friction.sources.base import ALIKE, Column, InputFile, Options, Reading, Source
from friction.sources.casts import alike
from friction.sources.counted import no_events
from friction.tables.files import unpacked
from friction.tables.parquet import MAGIC, read_schema
from friction.values import dataclass

MARKS = frozenset({"ts", "session_id", "kind"})
"""Columns every event table has; the type of `kind`, our list of words, is what no other file has by chance."""
PLACES = frozenset({"seq", "row_no"})


@dataclass(frozen=True, kw_only=True)
class Canonical(Source):
    """The event table of friction itself."""

    name: ClassVar[str] = "friction"

    def sniff(self, file: InputFile) -> float:
        """Sure when every column is one of ours in our type, and time, session and kind are there."""
        if not file.head.startswith(MAGIC) or file.compression:
            return 0.0
        schema = read_schema(file.path, file.name)
        if _counts(schema):
            return 1.0
        is_ours = set(schema) >= MARKS and schema["ts"] == TS and schema["kind"] == KIND
        return 1.0 if is_ours and all(EVENT.get(name) == dtype for name, dtype in schema.items()) else 0.0

    def read(self, file: InputFile, options: Options) -> Reading:
        """All columns, or the wanted ones; `row_no` is the one that was written, else counted from 1."""
        source = unpacked(file)
        if which := _counts(read_schema(source, file.name)):
            table = pl.read_parquet(source, glob=False)
            counted = Counted.of(**{which: table})
            return Reading(
                no_events(),
                facts={"format": "parquet", "counts": which, "records": table.height},
                counted=counted,
            )
        names = [name for name in read_schema(source, file.name) if name in EVENT]
        columns = tuple(Column(name, name, 1.0, "the canonical name") for name in names)
        if options.columns is not None:
            names = [name for name in names if name in options.columns | MARKS | PLACES | {"event_id"}]
        events = pl.scan_parquet(source, glob=False).select(names)
        if "row_no" not in names:
            events = events.with_row_index("row_no", 1)
        return Reading(
            events, columns=columns, facts={"format": "parquet"}, marked=_marked(events), is_distinct=True
        )


def _marked(events: pl.LazyFrame) -> pl.LazyFrame | None:
    """The events, told from those of other files by id, time, session and kind."""
    ids = ("event_id", "ts", "session_id", "kind")
    if not {*ids} <= set(events.collect_schema()):
        return None
    return events.with_columns(alike(*(pl.col(name).cast(pl.String()) for name in ids)).alias(ALIKE))


def _counts(schema: Mapping[str, pl.DataType]) -> str | None:
    """Which table of counts this is, as `friction convert` writes them; null for none."""
    tables = {"sessions": SESSION, "aggregates": AGGREGATE}
    return next(
        (
            name
            for name, known in tables.items()
            if dict(schema) == {k: v for k, v in known.items() if k != "file_id"}
        ),
        None,
    )
