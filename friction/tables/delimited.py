"""Comma, semicolon, tab and bar separated text.

A file in which every record is regular (`friction.tables.records`) is scanned lazily by Polars, all values
as text. Any other goes through the tolerant reader, which sets aside exactly the records that are broken.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from friction.errors import InputError
from friction.sources.base import InputFile
from friction.tables.files import HEAD_BYTES
from friction.tables.records import Measure, measure
from friction.tables.table import SAMPLE_BYTES, SAMPLE_PIECES, SAMPLE_ROWS, Rows, Table, text_frame
from friction.tables.text import Text, as_utf8, decode_line, reencoded
from friction.tables.tolerant import Repaired, repaired

_DATA = r"^\s*-?\d[\d.,:]*\s*$|://|@\w|\d{4}-\d\d-\d\d|\d+/\w+/\d{4}|\d+\.\d+\.\d+\.\d+|^.{81}"
"""Numbers, addresses, times and long texts are no names of columns."""
DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}


@dataclass(frozen=True)
class Delimited(Table):
    """A delimited file with a header line."""

    path: Path
    """Regular in any case: the file itself, or its repaired copy."""
    delimiter: str
    shape: Measure
    repair: Repaired | None = None

    def select(self, columns: Sequence[pl.Expr]) -> Rows:
        """Lazily; of a file that is not regular the records that are whole, and the others as rejects."""
        if self.repair is None:
            return Rows(self._scan().select("row_no", *columns), records=self.shape.records - 1)
        numbers, rejects = self.repair.numbers, self.repair.rejects
        original = pl.col("row_no").map_batches(
            lambda rows: numbers.gather(rows - 1), return_dtype=pl.Int64(), is_elementwise=True
        )
        frame = self._scan().with_columns(original).select("row_no", *columns)
        return Rows(frame, rejects, numbers.len() + rejects.height)

    def _scan(self) -> pl.LazyFrame:
        return pl.scan_csv(
            self.path,
            separator=self.delimiter,
            has_header=False,
            skip_rows=1,
            schema={f"c{i}": pl.String() for i in range(len(self.names))},
            n_rows=self.shape.records - 1 if self.shape.blank_end else None,
            row_index_name="row_no",
            row_index_offset=1,
            glob=False,
        ).with_columns(pl.col("row_no").cast(pl.Int64()))


def open_delimited(file: InputFile) -> Delimited:
    """Find encoding, delimiter and header, and measure the file. Raises `InputError` for no table."""
    text = as_utf8(file)
    delimiter, header = _header(text)
    shape = measure(text.source, delimiter, len(header))
    if not shape.utf8:
        text = reencoded(text)
        delimiter, header = _header(text)
        shape = measure(text.source, delimiter, len(header))
    repair = None if shape.regular else repaired(text, delimiter, len(header))
    path = repair.path if repair else text.source
    if repair:
        shape = measure(path, delimiter, len(header))
    sample = _sample(path, delimiter, len(header))
    if sample.is_empty():
        raise _without_rows(file, repair)
    facts = {"format": "csv", "delimiter": DELIMITERS[delimiter], "encoding": text.encoding}
    return Delimited(named(header), sample, facts, path, delimiter, shape, repair)


def _header(text: Text) -> tuple[str, list[str]]:
    """Delimiter and header cells. Raises `InputError` when there are none."""
    delimiter, header = dialect(decode_line(text.head(HEAD_BYTES)))
    if len(header) < 2:
        raise InputError(
            "input.not_a_table",
            "no column separator (comma, semicolon, tab or bar) was found in the first line",
            file=text.name,
            remedy="export the events as CSV with a header line, JSON lines or Parquet",
        )
    # Data in place of names must never travel on as names: they are shown in messages and reports.
    if any(re.search(_DATA, cell) for cell in header):
        raise InputError(
            "input.no_header",
            "the first line holds values, not the names of columns",
            file=text.name,
            line=1,
            remedy="put a header line before it, such as: session_id,ts,event,url",
        )
    return delimiter, header


def _without_rows(file: InputFile, repair: Repaired | None) -> InputError:
    if repair and repair.rejects.height:
        remedy = "write the file again with one record a line and the same columns in each"
        return InputError(
            "input.no_rows", "no record has as many cells as the header", file=file.name, remedy=remedy
        )
    return InputError("input.no_rows", "the file has a header but no records", file=file.name)


def dialect(text: str) -> tuple[str, list[str]]:
    """The delimiter that cuts the first lines most regularly, then into most cells, and the header's
    cells.
    """
    best = (0.0, 0, ",", [text.split("\n", maxsplit=1)[0].strip()])
    for delimiter in DELIMITERS:
        rows = _first_rows(text, delimiter)
        if not rows or len(rows[0]) < 2:
            continue
        share = sum(len(row) == len(rows[0]) for row in rows) / len(rows)
        best = max(best, (round(share, 2), len(rows[0]), delimiter, rows[0]), key=lambda found: found[:2])
    return best[2], best[3]


def _first_rows(text: str, delimiter: str, most: int = 200) -> list[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    rows: list[list[str]] = []
    try:
        for row in reader:
            if row:
                rows.append(row)
            if len(rows) >= most:
                return rows
    except csv.Error:
        return rows
    return rows[:-1] if len(rows) > 2 and not text.endswith(("\n", "\r")) and len(text) > 1000 else rows


def named(header: Sequence[str]) -> tuple[str, ...]:
    """Column names without blanks around them; missing ones get their number, repeated ones a count."""
    seen: Counter[str] = Counter()
    names = []
    for position, cell in enumerate(header, start=1):
        name = cell.strip().lstrip("\ufeff").strip() or f"column {position}"
        seen[name] += 1
        names.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return tuple(names)


def _sample(path: Path, delimiter: str, width: int) -> pl.DataFrame:
    """Rows of the right width from several places of the file; the whole file when it is small."""
    rows: list[list[str]] = []
    for number, piece in enumerate(pieces(path)):
        found = _first_rows(piece, delimiter, SAMPLE_ROWS)
        rows += [row for row in (found[1:] if number == 0 else found) if len(row) == width]
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
