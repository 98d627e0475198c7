"""How look-alikes are written: the same bytes every time."""

from __future__ import annotations

import csv
import gzip
import io
import json
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import polars as pl

Files = dict[str, bytes]
"""Name of a file → its content."""


def json_lines(rows: Iterable[Mapping[str, Any]]) -> bytes:
    """One object a line."""
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()


def document(value: Any) -> bytes:
    """One JSON document, written for reading."""
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()


def table(rows: Sequence[Mapping[str, Any]], names: Sequence[str], delimiter: str = ",") -> bytes:
    """A table with a header; objects and lists as JSON text, yes and no in lower case."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter, lineterminator="\n")
    writer.writerow(names)
    writer.writerows([_cell(row.get(name)) for name in names] for row in rows)
    return text.getvalue().encode()


def _cell(value: Any) -> Any:
    if isinstance(value, bool):
        return str(value).lower()
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else value


def parquet(frame: pl.DataFrame) -> bytes:
    """A Parquet file."""
    stream = io.BytesIO()
    frame.write_parquet(stream)
    return stream.getvalue()


def gzipped(content: bytes) -> bytes:
    """The content packed, without a time."""
    return gzip.compress(content, mtime=0)


def zipped(members: Mapping[str, bytes]) -> bytes:
    """An archive of these members, without times."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    return stream.getvalue()
