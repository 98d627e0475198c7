"""A delimited text and how it is written, before anything is expected of it: dialect, layout, column names.

Everything is found from its first records; the independent look (`friction.tables.records`) then says whether the
whole file keeps to it.
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any

from friction.sources.base import InputFile
from friction.tables.cut import Cutter, Record
from friction.tables.dialect import Dialect, delimiter_of, header_of, said
from friction.tables.guess import guess, lines_of, usual_width
from friction.tables.layout import Layout, is_lone, lay_out
from friction.tables.lengths import refuse_long_lines
from friction.tables.records import Measure, measure
from friction.tables.text import Text, as_utf8, reencoded
from friction.tables.tolerant import Body
from friction.values import dataclass

HEAD_RECORDS = 256
TAIL_BYTES = 4096


@dataclass(frozen=True)
class Written:
    """A delimited text and how it is written."""

    text: Text
    dialect: Dialect
    layout: Layout
    ends: str

    def body(self) -> Body:
        """Its records, read tolerantly."""
        return Body(self.text, self.dialect, self.layout)

    @property
    def names(self) -> tuple[str, ...]:
        """Of the columns; without a header they are numbered."""
        names, width = self.layout.names, self.layout.width
        if len(names) > width and not any(names[width:]):
            names = names[:width]
        return named(names or ("",) * width)

    def measured(self) -> Measure:
        """The independent look; what only the tolerant reader can read is not regular."""
        dialect, skip = self.dialect, self.layout.body - 1
        if not dialect.is_plain or self.ends == "CR" or len(self.names) < 2:
            return replace(measure(self.text.source, ",", 2), regular=False)
        shape = measure(self.text.source, dialect.delimiter, len(self.names), quote=dialect.quote, skip=skip)
        return replace(shape, regular=shape.regular and not self._ends_in_remarks())

    def _ends_in_remarks(self) -> bool:
        with self.text.source.open("rb") as stream:
            stream.seek(max(0, stream.seek(0, io.SEEK_END) - TAIL_BYTES))
            last = stream.read().decode("utf-8", "replace").rstrip("\r\n").rpartition("\n")[2]
        return is_lone(last.rstrip("\r").split(self.dialect.delimiter), self.layout.width)

    def facts(self, *, footnotes: int = 0, mended: int = 0, nuls: int = 0) -> dict[str, Any]:
        """What was found out, for `inspect` and the report; of what is unusual only what there is."""
        facts: dict[str, Any] = {"format": "csv", **self.dialect.facts(), "encoding": self.text.encoding}
        if self.layout.width < 2:
            facts["delimiter"] = "none"
        facts |= {"line_ends": self.ends, "header_line": self.layout.line if self.layout.headers else None}
        unusual = {
            "header_rows": len(self.layout.headers) if len(self.layout.headers) > 1 else 0,
            "lines_before_table": self.layout.line - 1,
            "footnotes": footnotes,
            "mended_records": mended,
            "nuls_left_out": nuls,
        }
        return facts | {name: count for name, count in unusual.items() if count}


def understood(file: InputFile, words: Mapping[str, str]) -> tuple[Written, Measure]:
    """The text as UTF-8 with its dialect and layout, and the independent look at it."""
    text = as_utf8(file, words.get("encoding"))
    refuse_long_lines(text.source, text.name, file.limits)
    written = _written(text, words)
    if written.layout.width > file.limits.columns:
        raise file.limits.refusal("columns", file=file.name)
    shape = written.measured()
    if not shape.utf8:
        written = _written(reencoded(text), words)
        shape = written.measured()
    return written, shape


def _written(text: Text, words: Mapping[str, str]) -> Written:
    head = text.first_lines()
    dialect = said(guess(head, delimiter_of(words["delimiter"]) if "delimiter" in words else None), words)
    return Written(text, dialect, lay_out(first_records(head, dialect), header_of(words)), line_ends(head))


def first_records(head: str, dialect: Dialect) -> list[Record]:
    """The first records, cut a second time when their usual width is known."""
    width = usual_width(list(islice(Cutter(dialect).records(lines_of(head)), HEAD_RECORDS)))
    return list(islice(Cutter(dialect, width).records(lines_of(head)), HEAD_RECORDS))


def line_ends(text: str) -> str:
    """`LF`, `CRLF`, `CR`, or `mixed`; line ends inside quotes count as well."""
    both = text.count("\r\n")
    counts = {"LF": text.count("\n") - both, "CRLF": both, "CR": text.count("\r") - both}
    used = [name for name, count in counts.items() if count]
    return used[0] if len(used) == 1 else "mixed" if used else "LF"


def named(header: Sequence[str]) -> tuple[str, ...]:
    """Column names without blanks around them; missing ones get their number, repeated ones a count."""
    seen: Counter[str] = Counter()
    names = []
    for position, cell in enumerate(header, start=1):
        name = cell.strip().lstrip("\ufeff").strip() or f"column {position}"
        seen[name] += 1
        names.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return tuple(names)
