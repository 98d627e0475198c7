"""The beginning of a file as every sniffer sees it: its form, its columns and its first records, read once.

A record is a mapping whatever the file is: an object of JSON, the cells of a row under the names of the header, or
the columns of a Parquet file (without values). So one rule about names recognises an export in every container.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

import polars as pl

from friction.recordings.values import Torn, first_values
from friction.sources.base import InputFile
from friction.tables.files import unpacked
from friction.tables.guess import guess
from friction.tables.jsonl import ENVELOPES, looks_like_json
from friction.tables.layout import lay_out
from friction.tables.parquet import MAGIC, read_schema
from friction.tables.text import decode_line, encoding, whole_lines
from friction.tables.written import first_records

SNIFFED = 128 * 1024
SEEN = 200
"""Records that are looked at."""
SURE = 0.96
Record = Mapping[str, Any]


@dataclass(frozen=True, eq=False)
class Seen:
    """What the first bytes of a file hold; what its form has not is empty. Each look is its own key for caches."""

    form: Literal["parquet", "json", "text", "binary"]
    names: tuple[str, ...] = ()
    """Of the columns of a table."""
    records: tuple[Record, ...] = ()
    documents: tuple[Any, ...] = ()
    """Values of a JSON file as they stand, without any envelope taken off."""
    lines: tuple[str, ...] = ()
    """Whole lines of a text."""

    def surety(self, rule: Callable[[Record], bool]) -> float:
        """`SURE` when more than half of the records at the start obey the rule, else 0."""
        return SURE if sum(map(rule, self.records)) * 2 > len(self.records) else 0.0

    def has(self, *names: str) -> float:
        """`SURE` when more than half of the records have all these names; inner ones are `outer.inner`."""
        return self.surety(lambda record: all(has(record, name) for name in names))


@lru_cache(maxsize=2)
def seen(file: InputFile) -> Seen:
    """Look at the beginning of a file. Raises `InputError` for a Parquet file without a readable end."""
    if file.head.startswith(MAGIC):
        schema = read_schema(unpacked(file), file.name)
        return Seen("parquet", tuple(schema), ({name: _shape(dtype) for name, dtype in schema.items()},))
    word = encoding(file.head)
    if looks_like_json(file.head):
        documents = first_values(file.head[:SNIFFED])
        plain = tuple(one.value if isinstance(one, Torn) else one for one in documents)
        records = tuple(record for _, record in zip(range(SEEN), _records(plain), strict=False))
        return Seen("json", (), records, plain, _lines(file.head, word or "utf-8"))
    if word is None:
        return Seen("binary")
    return _table(file.head, word)


def has(record: Record, name: str) -> bool:
    """The record has this name, even if nothing stands there."""
    if name in record:
        return True
    outer, dot, inner = name.partition(".")
    value = record.get(outer) if dot else None
    return isinstance(value, Mapping) and has(value, inner)


def said(record: Record, name: str) -> Any:
    """The plain value at this name, null for none; an object or list, which says no word, is an empty text."""
    if name in record:
        value = record[name]
        return "" if isinstance(value, (Mapping, list)) else value
    outer, dot, inner = name.partition(".")
    value = record.get(outer) if dot else None
    return said(value, inner) if isinstance(value, Mapping) else None


def _table(head: bytes, word: str) -> Seen:
    head = whole_lines(head)
    text = head.decode(word, "replace") if word != "utf-8" else decode_line(head)
    found = guess(text)
    rows = first_records(text, found)
    layout = lay_out(rows)
    names = tuple(name.strip() for name in layout.names or layout.first)
    body = [row.cells for row in rows if row.line >= layout.body][:SEEN]
    records: list[Record] = [dict(zip(names, cells, strict=False)) for cells in body]
    return Seen("text", names, tuple(records or [dict.fromkeys(names)]), (), _lines(head, word))


def _lines(head: bytes, word: str) -> tuple[str, ...]:
    text = head[:SNIFFED].decode(word, "replace") if word != "utf-8" else decode_line(head[:SNIFFED])
    lines = text.lstrip("\ufeff").splitlines()
    return tuple(lines[:-1] if len(lines) > 1 and len(head) >= SNIFFED else lines)[:SEEN]


def _shape(dtype: pl.DataType) -> Any:
    """A column without values: the names of its fields."""
    return {field.name: None for field in dtype.fields} if isinstance(dtype, pl.Struct) else None


def _records(value: Any, depth: int = 0) -> Iterator[Record]:
    """What may be records, inside lists and envelopes."""
    if isinstance(value, list | tuple) and depth < 4:
        for part in value:
            yield from _records(part, depth + 1)
    elif isinstance(value, dict):
        inside = next((value[key] for key in ENVELOPES if isinstance(value.get(key), list)), None)
        if inside is None or len(value) > 8 or "event" in value:
            yield value
        else:
            yield from _records(inside, depth + 1)
