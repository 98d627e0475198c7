"""`friction convert --raw`: a table as it was read, its dialect repaired, and nothing else done to it.

Records keep the cells they have, also where these are more or fewer than the header's: what becomes of them
is for the analysis to say. Lines before the table and footnotes are no records; the answer counts them.
Nothing is mapped, masked or made harmless, so this is for the command line alone.
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import Any

import polars as pl

from friction.errors import InputError, UsageError
from friction.limits import DEFAULT, Limits
from friction.sources.base import InputFile
from friction.sources.generic import open_table
from friction.tables.cut import Record
from friction.tables.files import look
from friction.tables.jsonl import looks_like_json
from friction.tables.parquet import MAGIC
from friction.tables.written import understood

_LINES = 10_000


def write_raw(
    inputs: Sequence[Path],
    names: Sequence[str],
    words: Mapping[str, str],
    output: Path,
    limits: Limits = DEFAULT,
) -> dict[str, Any]:
    """Write the one input as CSV in UTF-8; the answer is what was found out about it. Raises `InputError` when it is
    no table, `UsageError` for several inputs. An empty file is an empty table.
    """
    if len(inputs) != 1:
        raise UsageError(
            "usage.wrong",
            f"--raw writes one table, but there are {len(inputs)} inputs",
            remedy="give one file",
        )
    try:
        file = look(inputs[0], names[0], limits)
    except InputError as error:
        if error.problem.code != "input.empty":
            raise
        output.write_bytes(b"")
        return {"file": names[0], "records": 0, "facts": {"format": "csv"}}
    return {"file": names[0], **_written(file, words, output)}


def _written(file: InputFile, words: Mapping[str, str], output: Path) -> dict[str, Any]:
    if file.head.startswith(MAGIC) or looks_like_json(file.head):
        return _typed(file, output)
    written, shape = understood(file, words)
    layout = written.layout
    if layout.top < layout.line:
        layout = replace(layout, line=layout.top, headers=(), body=layout.top)
        written = replace(written, layout=layout)
    body, counts = written.body(), Counter[str]()
    with output.open("w", encoding="utf-8", newline="") as stream:
        for block in _blocks(chain(layout.headers, _counted(body.records(), layout.width, counts))):
            stream.write(block)
    facts = written.facts(footnotes=body.footnotes, mended=body.mended, nuls=shape.nuls)
    return {"records": counts.pop("records", 0), **dict(sorted(counts.items())), "facts": facts}


def _counted(records: Iterable[Record], width: int, counts: Counter[str]) -> Iterator[list[str]]:
    for record in records:
        counts["records"] += 1
        counts["unclosed_quote"] += not record.sound
        counts["too_few_cells"] += len(record.cells) < width
        counts["too_many_cells"] += len(record.cells) > width
        yield record.cells


def _blocks(rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Rows as CSV, many lines at a time."""
    block = io.StringIO()
    for number, cells in enumerate(rows, start=1):
        block.write(line(cells))
        if number % _LINES == 0:
            yield block.getvalue()
            block = io.StringIO()
    yield block.getvalue()


def line(cells: Sequence[str]) -> str:
    """The cells as one record, quoted only where they must be."""
    if cells == [""]:
        return '""\n'
    return ",".join(map(_cell, cells)) + "\n"


def _cell(cell: str) -> str:
    if "," in cell or '"' in cell or "\n" in cell or "\r" in cell:
        return '"' + cell.replace('"', '""') + '"'
    return cell


def _typed(file: InputFile, output: Path) -> dict[str, Any]:
    """A table of JSON or Parquet: the leaves of its records as text."""
    table = open_table(file)
    rows = table.select([pl.col(f"c{place}") for place in range(len(table.names))])
    frame = rows.events.drop("row_no").collect()
    with output.open("w", encoding="utf-8", newline="") as stream:
        stream.write(line(table.names))
        stream.write(frame.write_csv(include_header=False))
    return {"records": frame.height, "rejected": rows.rejects.height, "facts": dict(table.facts)}
