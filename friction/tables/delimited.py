"""Delimited text: cells between commas, semicolons, tabs, bars or whatever the file uses.

Nothing has to be said about a file: encoding, dialect, preamble, header and footnotes are found
(`friction.tables.guess`, `friction.tables.layout`) and stated. A file in which every record is regular
(`friction.tables.records`) is read by Polars, all values as text: lazily, or block by block where more is made of its
rows. Any other is repaired by the tolerant reader, which sets aside exactly the records that are broken.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import ClassVar

import polars as pl

from friction.errors import InputError
from friction.sources.base import InputFile
from friction.tables.batches import in_batches
from friction.tables.blocks import Block, in_blocks
from friction.tables.cut import Cutter
from friction.tables.guess import guess, lines_of
from friction.tables.layout import lay_out
from friction.tables.records import Measure, measure
from friction.tables.table import SAMPLE_BYTES, SAMPLE_PIECES, SAMPLE_ROWS, Rows, Table, Then, text_frame
from friction.tables.tolerant import COPY, Repaired, repaired
from friction.tables.written import Written, first_records, understood
from friction.values import dataclass


@dataclass(frozen=True)
class Delimited(Table):
    """A delimited file with named columns."""

    written: Written
    shape: Measure
    """Of the file, or of its repaired copy."""
    repair: Repaired | None = None
    is_in_blocks: ClassVar[bool] = True

    def select(self, columns: Sequence[pl.Expr]) -> Rows:
        """Lazily; of a file that is not regular the records that are whole, and the others as rejects."""
        frame = in_batches(
            self._scan(self._source), self._source.stat().st_size // max(1, self.shape.records)
        )
        return self._numbered(frame.select("row_no", *columns))

    def told(self, columns: Sequence[pl.Expr], then: Then) -> Rows:
        """Likewise, at once: what follows from a few megabytes of rows costs less than from the engine's morsels."""

        def read(block: bytes) -> Block:
            rows = self._scan(block).select("row_no", *columns).collect(engine="in-memory").rechunk()
            return Block(then(rows.lazy()).collect(engine="in-memory"), rows.height)

        return replace(self._numbered(in_blocks(self._source, read, self.shape.cuts).frame), is_read=True)

    def _numbered(self, frame: pl.LazyFrame) -> Rows:
        """These rows by their places in the file as it was given."""
        if self.repair is None:
            return Rows(frame, records=self.shape.records)
        numbers, rejects = self.repair.numbers, self.repair.rejects
        original = pl.col("row_no").map_batches(
            lambda rows: numbers.gather(rows - 1), return_dtype=pl.Int64(), is_elementwise=True
        )
        return Rows(frame.with_columns(original), rejects, numbers.len() + rejects.height)

    def lines_of(self, rows: Sequence[int]) -> list[int | None]:
        """First physical lines of these records, in any order."""
        if self.repair:
            places = self.repair.numbers.search_sorted(pl.Series(rows, dtype=pl.Int64()))
            return self.repair.lines.gather(places).to_list()
        wanted = {row: place for place, row in enumerate(rows)}
        found: list[int | None] = [None] * len(rows)
        for number, record in enumerate(islice(self.written.body().records(), max(rows, default=0)), start=1):
            if number in wanted:
                found[wanted[number]] = record.line
        return found

    @property
    def _source(self) -> Path:
        return self.repair.path if self.repair else self.written.text.source

    def _scan(self, source: Path | bytes) -> pl.LazyFrame:
        """The whole file, or some records of it."""
        dialect = COPY if self.repair else self.written.dialect
        is_whole = isinstance(source, Path)
        return pl.scan_csv(
            source,
            separator=dialect.delimiter,
            quote_char=dialect.quote,
            has_header=False,
            skip_lines=self.written.layout.body - 1 if is_whole and not self.repair else 0,
            schema={f"c{i}": pl.String() for i in range(len(self.names))},
            n_rows=self.shape.records if is_whole and self.shape.blank_end else None,
            row_index_name="row_no",
            row_index_offset=1,
            glob=False,
        ).with_columns(pl.col("row_no").cast(pl.Int64()))


def open_delimited(file: InputFile, words: Mapping[str, str] | None = None) -> Delimited:
    """Find out how the file is written; `words` are the user's, which beat every guess. Raises `InputError` for
    no table, `UsageError` for impossible words.
    """
    written, shape = understood(file, words or {})
    _refuse(written, is_said="header" in (words or {}))
    names, nuls = written.names, shape.nuls
    repair = None if shape.regular else repaired(written.body(), len(names))
    if repair:
        shape = measure(repair.path, COPY.delimiter, len(names))
    sample = _sample(written, repair)
    if sample.is_empty():
        raise _without_rows(file, repair)
    mends = {"footnotes": repair.footnotes, "mended": repair.mended} if repair else {}
    facts = written.facts(**mends, nuls=nuls)
    return Delimited(names, sample, facts, written, shape, repair)


def _refuse(written: Written, *, is_said: bool) -> None:
    """Raise `InputError` when this cannot be a table of events with names."""
    name = written.text.name
    if len(written.names) < 2:
        raise InputError(
            "input.not_a_table",
            "no column separator (comma, semicolon, tab, bar …) was found in the first lines",
            file=name,
            remedy="export the events as CSV with a header line, JSON lines or Parquet",
        )
    # Data in place of names must never travel on as names: they are shown in messages and reports.
    if not written.layout.headers and not is_said:
        raise InputError(
            "input.no_header",
            "the first line holds values, not the names of columns",
            file=name,
            line=written.layout.line,
            remedy="put a header line before it, such as: session_id,ts,event,url; "
            'or say header = "none" in --mapping',
        )


def _without_rows(file: InputFile, repair: Repaired | None) -> InputError:
    if repair and repair.rejects.height:
        remedy = "write the file again with one record a line and the same columns in each"
        return InputError(
            "input.no_rows", "no record has as many cells as the header", file=file.name, remedy=remedy
        )
    remedy = "check the period and the filters of the export"
    return InputError("input.no_rows", "the file has a header but no records", file=file.name, remedy=remedy)


def dialect(text: str) -> tuple[str, list[str]]:
    """The delimiter of the beginning of a file, and the cells of its first row, which may be the header."""
    found = guess(text)
    layout = lay_out(first_records(text, found))
    return found.delimiter, list(layout.names or layout.first)


def _sample(written: Written, repair: Repaired | None) -> pl.DataFrame:
    """Rows of the right width from several places of the file; the whole file when it is small."""
    width = len(written.names)
    cutter = Cutter(COPY if repair else written.dialect, width)
    rows: list[list[str]] = []
    for number, piece in enumerate(pieces(repair.path if repair else written.text.source)):
        lines = lines_of(piece)
        lines.skip(0 if repair or number else written.layout.body - 1)
        found = (record.cells for record in cutter.records(lines))
        rows += islice((cells for cells in found if len(cells) == width), SAMPLE_ROWS)
    return text_frame(rows, width)


def pieces(source: Path) -> list[str]:
    """Whole lines from evenly spaced places, the first from the start."""
    found = []
    with source.open("rb") as stream:
        size = stream.seek(0, io.SEEK_END)
        if size <= SAMPLE_PIECES * SAMPLE_BYTES:
            stream.seek(0)
            return [stream.read().decode("utf-8", "replace")]
        for number in range(SAMPLE_PIECES):
            stream.seek(number * (size - SAMPLE_BYTES) // (SAMPLE_PIECES - 1))
            piece = stream.read(SAMPLE_BYTES)
            start = piece.find(b"\n") + 1 if number else 0
            found.append(piece[start : piece.rfind(b"\n") + 1].decode("utf-8", "replace"))
    return found
