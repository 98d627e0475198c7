"""`friction convert --raw`: a table as it was read, its dialect repaired, and nothing else done to it.

Records keep the cells they have, also where these are more or fewer than the header's: what becomes of them
is for the analysis to say. Lines before the table and footnotes are no records; the answer counts them.
Files of an archive become one table when they have the same columns, as parts of one export have.
Nothing is mapped, masked or made harmless, so this is for the command line alone.
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import polars as pl

from friction.errors import InputError, UsageError
from friction.limits import DEFAULT, Limits
from friction.sources.base import InputFile
from friction.sources.generic import open_table
from friction.tables.cut import Record
from friction.tables.files import look
from friction.tables.inputs import Inputs, PlainFile, plain_files
from friction.tables.jsonl import looks_like_json
from friction.tables.parquet import MAGIC, named_damage
from friction.tables.written import Written, understood

_LINES = 10_000


@dataclass(frozen=True)
class Raw:
    """One table, not yet read: its header rows and a way to its records as text."""

    name: str
    names: tuple[str, ...]
    headers: Sequence[Sequence[str]]
    records: Iterator[str]
    """CSV, many records at a time."""
    counts: Counter[str]
    """What was counted so far."""
    facts: Callable[[], Mapping[str, Any]]
    """What was found out about the file; complete when the records were read."""


@dataclass
class _Written:
    """What was written so far."""

    first: Raw | None = None
    files: list[dict[str, Any]] = field(default_factory=list)


def write_raw(
    inputs: Sequence[Path],
    names: Sequence[str],
    words: Mapping[str, str],
    output: Path,
    limits: Limits = DEFAULT,
) -> dict[str, Any]:
    """Write the one input as CSV in UTF-8; the answer is what was found out about it. Raises `InputError` when it is
    no table, `UsageError` for several inputs or several tables of an archive. An empty file is an empty table.
    """
    if len(inputs) != 1:
        raise UsageError(
            "usage.wrong",
            f"--raw writes one table, but there are {len(inputs)} inputs",
            remedy="give one file",
        )
    found = plain_files(inputs, names[:1], limits)
    if not any(file.archive for file in found.files):
        return _single(found.files[0], words, output, limits)
    return {"archive": names[0], **_together(found, words, output, limits)}


def _single(file: PlainFile, words: Mapping[str, str], output: Path, limits: Limits) -> dict[str, Any]:
    with output.open("w", encoding="utf-8", newline="") as stream:
        try:
            table = _opened(file, words, limits)
        except InputError as error:
            if error.problem.code != "input.empty":
                raise
            return {"file": file.name, "records": 0, "facts": {"format": "csv"}}
        return _copied(table, stream, with_headers=True)


def _together(found: Inputs, words: Mapping[str, str], output: Path, limits: Limits) -> dict[str, Any]:
    """All files of an archive as one table; those that are none are passed over and said."""
    written, fault = _Written(), None
    with output.open("w", encoding="utf-8", newline="") as stream:
        for file in found.files:
            try:
                table = _opened(file, words, limits)
            except InputError as error:
                fault = fault or error
                found.pass_over(str(file.archive), file.name, error.problem.code)
                continue
            first = written.first = written.first or table
            if table.names != first.names:
                raise _unlike(first, table)
            written.files.append(_copied(table, stream, with_headers=table is first))
    if fault is not None and not written.files:
        raise fault
    records = sum(each["records"] for each in written.files)
    missed = [asdict(passed) for passed in found.passed_over]
    return {"records": records, "files": written.files, "passed_over": missed}


def _unlike(first: Raw, other: Raw) -> UsageError:
    return UsageError(
        "usage.wrong",
        f"--raw writes one table, but {first.name} and {other.name} have different columns",
        remedy="unpack the archive and convert its files one by one",
        file=other.name,
    )


def _copied(table: Raw, stream: io.TextIOWrapper, *, with_headers: bool) -> dict[str, Any]:
    """Write the table; what was counted in it and found out about it."""
    stream.writelines(line(cells) for cells in (table.headers if with_headers else ()))
    for block in table.records:
        stream.write(block)
    counts = Counter(table.counts)
    return {
        "file": table.name,
        "records": counts.pop("records", 0),
        **dict(sorted(counts.items())),
        "facts": dict(table.facts()),
    }


def _opened(plain: PlainFile, words: Mapping[str, str], limits: Limits) -> Raw:
    file = look(plain.path, plain.name, limits)
    if file.head.startswith(MAGIC) or looks_like_json(file.head):
        return _typed(file)
    written, shape = understood(file, words)
    names, whole, counts = written.names, _whole(written), Counter[str]()
    body = whole.body()
    records = _blocks(_counted(body.records(), body.layout.width, counts, file))

    def facts() -> Mapping[str, Any]:
        return whole.facts(footnotes=body.footnotes, mended=body.mended, nuls=shape.nuls)

    return Raw(file.name, names, body.layout.headers, records, counts, facts)


def _whole(written: Written) -> Written:
    """From the first table of the file on, whose rows are then all records."""
    layout = written.layout
    if layout.top == layout.line:
        return written
    return replace(written, layout=replace(layout, line=layout.top, headers=(), body=layout.top))


def _counted(
    records: Iterable[Record], width: int, counts: Counter[str], file: InputFile
) -> Iterator[list[str]]:
    for record in records:
        counts["records"] += 1
        if counts["records"] > file.limits.rows:
            raise file.limits.refusal("rows", file=file.name)
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


def _typed(file: InputFile) -> Raw:
    """A table of JSON or Parquet: the leaves of its records as text."""
    with named_damage(file):
        table = open_table(file)
    counts = Counter[str]()

    def records() -> Iterator[str]:
        with named_damage(file):
            rows = table.select([pl.col(f"c{place}") for place in range(len(table.names))])
            frame = rows.events.drop("row_no").collect()
        counts.update(records=frame.height, rejected=rows.rejects.height)
        if frame.height > file.limits.rows:
            raise file.limits.refusal("rows", file=file.name)
        yield frame.write_csv(include_header=False)

    return Raw(file.name, table.names, [table.names], records(), counts, lambda: table.facts)
