"""The event table, written or part by part."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import polars as pl
from polars.io.plugins import register_io_source

from friction.errors import InputError
from friction.export.cells import file_id_of, first_of, lists_masked, mapped, rejected
from friction.ingest import Ingested
from friction.ingest.context import FIRST
from friction.schema import EVENT, conform
from friction.summary.called import SessionNames


def write_events(ingested: Ingested, output: Path) -> dict[str, Any]:
    """The event table as Parquet, part by part; the answer says what is in it."""
    written = {"events": 0, "sessions": 0}

    def frames() -> Iterator[pl.DataFrame]:
        for rows in event_frames(ingested):
            written["events"] += rows.height
            written["sessions"] += rows["session_id"].n_unique()
            yield rows

    _sink(frames(), EVENT, output)
    return {
        **written,
        "files": [file.name for file in ingested.books.files],
        "rejected": rejected(ingested),
        "passed_over": [asdict(passed) for passed in ingested.books.passed_over],
    }


def event_frames(ingested: Ingested, *, whole: bool = False) -> Iterator[pl.DataFrame]:
    """The event table part by part; a session lies in one part, with its rows in order. Raises `InputError` when the
    input holds what tools have counted and no event.

    `whole`: sessions that were cut keep the name they share, and columns that the input lacks are left out.
    """
    if not ingested.has_events:
        raise InputError(
            "input.no_events",
            "the input holds no events: the tool has counted already",
            remedy="friction analyze shows what it counted, friction convert writes it as a table",
        )
    for part in ingested.events.parts():
        rows = _event_rows(part.rows, ingested, whole=whole)
        yield rows if whole else conform(rows.lazy()).collect()


def _event_rows(part: pl.DataFrame, ingested: Ingested, *, whole: bool) -> pl.DataFrame:
    """A part in the words of the event table, with those of its columns that there are."""
    sources = pl.Series([file.source for file in ingested.books.files], dtype=EVENT["source"])
    file_id = file_id_of(part)
    first = part["session_id"] - part.select(first_of("session_id", "key")).to_series()
    piece = first * 0 + 1 if whole else first + 1
    name = SessionNames(ingested.events.names, part["key"], piece).every()
    order = part.select(pl.int_range(pl.len()) - _first_place()).to_series()
    decoded = ingested.events.words.decode(part.drop("session_id"))
    decoded = decoded.with_columns(name.alias("session_id"), order.alias("seq"), file_id=file_id)
    decoded = decoded.with_columns(sources.gather(file_id).alias("source"))
    # A row that does not say where it is gets its page anew when the table is read: as an address it would count.
    placed = pl.col("url").is_not_null() if "url" in decoded.columns else pl.lit(value=False)
    decoded = decoded.with_columns(pl.when(placed).then("page").alias("page"))
    decoded = decoded.with_columns(_masked(decoded, ingested))
    cut = part["key"].is_in(part["key"].filter(first > 0).unique().implode())
    decoded = decoded.with_columns(_repeated(name, decoded, cut, ingested) for name in _said_once(ingested))
    return decoded.select(
        pl.col(column).cast(dtype, strict=False)
        for column, dtype in EVENT.items()
        if column in decoded.columns
    )


def _masked(rows: pl.DataFrame, ingested: Ingested) -> list[pl.Series]:
    """The columns that no dictionary has masked already."""
    words, found = ingested.events.words.by_column, []
    for column in (name for name in rows.columns if name not in words):
        dtype, rule = rows.schema[column], ingested.events.policy.rule(column)
        if dtype == pl.String() and rule is not None:
            found.append(mapped(rows[column], rule))
        elif dtype == pl.List(pl.String()):
            found.append(lists_masked(rows[column]))
    return found


def _said_once(ingested: Ingested) -> list[str]:
    """Columns that may be said once for a session, and hold for all pieces that it is cut into."""
    events = ingested.events
    return [name for name in FIRST if name in events.context.columns and name not in events.own]


def _repeated(name: str, rows: pl.DataFrame, cut: pl.Series, ingested: Ingested) -> pl.Series:
    """A column in which all pieces of a session that was cut, from now on sessions of their own, say what it said."""
    events = ingested.events
    said = events.words.by_column[name].gather(events.context[name].gather(rows["key"]))
    return rows[name].zip_with(~(cut & rows[name].is_null()), said.alias(name))


def _first_place() -> pl.Expr:
    new = pl.col("session_id").ne_missing(pl.col("session_id").shift())
    return pl.when(new).then(pl.int_range(pl.len())).forward_fill()


def _sink(frames: Iterator[pl.DataFrame], schema: pl.Schema, output: Path) -> None:
    """Write frames as one Parquet file without holding them together."""

    def source(
        with_columns: list[str] | None, predicate: pl.Expr | None, n_rows: int | None, batch_size: int | None
    ) -> Iterator[pl.DataFrame]:
        del with_columns, predicate, n_rows, batch_size
        yield from frames

    register_io_source(source, schema=schema, is_pure=False).sink_parquet(output, maintain_order=True)
