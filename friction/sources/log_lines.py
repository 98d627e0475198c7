"""Lines of web-server logs cut into fields: a pattern for each layout, found by the lines themselves.

A layout is decided once for a file; a line that does not keep to it is a reject. Lines of W3C logs name their own
fields; what begins with `#` there is no record, also where the header comes again after a rotation.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import ClassVar

import numpy as np
import polars as pl

from friction.errors import InputError
from friction.sources.base import REJECT, InputFile
from friction.sources.log_quotes import HOST, IP, SHAPES, cut
from friction.tables.blocks import Block, in_blocks
from friction.tables.nesting import LF
from friction.tables.records import is_utf8
from friction.tables.table import Rows, Table, Then, text_frame, used
from friction.tables.text import Text, as_utf8, reencoded
from friction.values import dataclass

_QUOTED = r'"((?:[^"\\]|\\.)*)"'
_CLF = rf" \S+ (\S+(?: [^\[]+)?) \[([^\]]+)\] {_QUOTED} (\d{{3}}) (\d+|-)"
LAYOUTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "combined with host": (
        rf"^({HOST}) ({IP}){_CLF} {_QUOTED} {_QUOTED}(.*)$",
        ("host", "ip", "user", "clf_time", "request", "status", "bytes", "referer", "agent", "rest"),
    ),
    "combined": (
        rf"^(\S+){_CLF} {_QUOTED} {_QUOTED}(.*)$",
        ("ip", "user", "clf_time", "request", "status", "bytes", "referer", "agent", "rest"),
    ),
    "common with host": (
        rf"^({HOST}) ({IP}){_CLF}( [\d.]+)?$",
        ("host", "ip", "user", "clf_time", "request", "status", "bytes", "rest"),
    ),
    "common": (rf"^(\S+){_CLF}( [\d.]+)?$", ("ip", "user", "clf_time", "request", "status", "bytes", "rest")),
    "load balancer": (
        r"^(?:https?|h2|grpcs|wss?) (\S+) \S+ ([\d.a-f:\[\]]+):\d+ \S+ (-?[\d.]+) (-?[\d.]+) (-?[\d.]+) (\d{3}|-) \S+"
        rf" -?\d+ -?\d+ {_QUOTED} {_QUOTED} .*$",
        ("iso_time", "ip", "took_1", "took_2", "took_3", "status", "request", "agent"),
    ),
}
"""Layout → pattern of a whole line, and the names of its groups. The more telling ones come first."""
W3C = {
    **{
        "c-ip": "ip",
        "cs-username": "user",
        "cs-method": "method",
        "cs-uri-stem": "path",
        "cs-uri-query": "query",
    },
    **{"sc-status": "status", "cs(User-Agent)": "agent", "cs(Referer)": "referer", "cs-host": "host"},
    **{"cs(Host)": "host", "x-host-header": "host", "date": "date", "time": "iso_time", "cs-uri": "path"},
    **{"time-taken": "time_taken", "x-edge-location": "edge", "c-agent": "agent"},
}
"""Names of W3C fields → ours. Incapsula writes them in quotes."""
_BYTES_OF_LINES = 1 << 20
_MORE = "more"
"""The field behind the last one, which no line should have."""


@dataclass(frozen=True)
class LogTable(Table):
    """A log cut by a pattern, or by the delimiter of a W3C log."""

    text: Text
    pattern: str
    groups: tuple[str, ...]
    is_w3c: bool
    delimiter: str = " "
    is_in_blocks: ClassVar[bool] = True

    def select(self, columns: Sequence[pl.Expr]) -> Rows:
        """In blocks, each line looked at once; lines that do not keep to the layout are rejects."""
        return self.told(columns, lambda rows: rows)

    def told(self, columns: Sequence[pl.Expr], then: Then) -> Rows:
        """Likewise, and of each block at once what becomes of it."""

        # Whether a line fits is told by its status.
        needed = {*(self.groups[at] for at in used(columns)), "status"}

        def read(block: bytes) -> Block:
            # Most logs have nothing to strip, and looking for that is far cheaper than stripping every line.
            is_padded = b"\r" in block or b" \n" in block or block.endswith(b" ")
            found = self._records(pl.scan_lines(block, name="words"), is_padded=is_padded)
            frame = self._with_cells(found.collect(engine="in-memory"), needed, has_escapes=b"\\" in block)
            fits = self._fits(frame)
            bad = None
            if not fits.all():
                reason = {"column": pl.lit(None, pl.String()), "reason": pl.lit("not_a_log_line")}
                bad = frame.filter(~fits).select("row_no", "line", **reason).match_to_schema(REJECT)
            rows = self._dated(frame.filter(fits).select("row_no", "cells").unnest("cells"))
            lines = int(np.count_nonzero(np.frombuffer(block, np.uint8) == LF))
            made = then(rows.lazy().select("row_no", *columns)).collect(engine="in-memory")
            return Block(made, frame.height, bad, lines)

        blocks = in_blocks(self.text.source, read)
        rejects = pl.concat([REJECT.to_frame(), *blocks.rejects])
        return Rows(blocks.frame, rejects, blocks.records, is_read=True)

    def _dated(self, cut: pl.DataFrame) -> pl.DataFrame:
        """With the date and the time of day, which a W3C log has in two fields, as one time."""
        if not (self.is_w3c and {"date", "iso_time"} <= set(self.groups)):
            return cut
        date, time = (pl.col(f"c{self.groups.index(name)}") for name in ("date", "iso_time"))
        return cut.with_columns(
            pl.concat_str(date, pl.lit("T"), time, pl.lit("Z")).alias(time.meta.output_name())
        )

    def lines_of(self, rows: Sequence[int]) -> list[int | None]:
        """Physical lines of these records."""
        wanted = pl.DataFrame({"row_no": pl.Series(rows, dtype=pl.Int64())})
        found = self._lines().select("row_no", "line").join(wanted.lazy(), on="row_no", how="semi").collect()
        known = dict(found.iter_rows())
        return [known.get(row) for row in rows]

    def _lines(self) -> pl.LazyFrame:
        """`row_no`, `line`, `words` of every record."""
        return self._records(pl.scan_lines(self.text.source, name="words"))

    def _records(self, lines: pl.LazyFrame, *, is_padded: bool = True) -> pl.LazyFrame:
        """`row_no`, `line`, `words`; neither blank lines nor remarks are records.

        `is_padded`: lines may end in blanks.
        """
        words = pl.col("words").str.strip_chars_end("\r\n ") if is_padded else pl.col("words")
        lines = lines.with_row_index("line", 1).with_columns(words, pl.col("line").cast(pl.Int64()))
        is_record = pl.col("words") != ""
        if self.is_w3c:
            is_record &= ~pl.col("words").str.starts_with("#")
        lines = lines.filter(is_record)
        return lines.with_row_index("row_no", 1).with_columns(pl.col("row_no").cast(pl.Int64()))

    def _fits(self, frame: pl.DataFrame) -> pl.Series:
        """Whether a line keeps to the layout: it has the fields, or the groups of the pattern, of which the status is
        always one.
        """
        if self.is_w3c:
            cells = frame["cells"].struct
            return cells.field(f"c{len(self.groups) - 1}").is_not_null() & cells.field(_MORE).is_null()
        return frame["cells"].struct.field(f"c{self.groups.index('status')}").is_not_null()

    def _with_cells(self, frame: pl.DataFrame, needed: Collection[str], *, has_escapes: bool) -> pl.DataFrame:
        """With the fields as a struct `cells` of `c0`, `c1` …, at least those that are `needed`."""
        names = [f"c{place}" for place in range(len(self.groups))]
        words = pl.col("words")
        if self.is_w3c:
            cells = words.str.split_exact(self.delimiter, len(names)).struct.rename_fields([*names, _MORE])
            return frame.with_columns(cells=cells)
        by_pattern = words.str.extract_groups(self.pattern).struct.rename_fields(names)
        shape = SHAPES.get(str(self.facts["layout"]))
        if shape is None:
            return frame.with_columns(cells=by_pattern)
        fields = {group: name for group, name in zip(self.groups, names, strict=True) if group in needed}
        return cut(frame, shape, fields, by_pattern, has_escapes=has_escapes)


def open_log(file: InputFile) -> LogTable:
    """Understand a log. Raises `InputError` when its lines have no layout that is known."""
    text = as_utf8(file)
    if not is_utf8(text.source):
        text = reencoded(text)
    lines = decoded_lines(text.head(_BYTES_OF_LINES))
    facts = {"format": "log", "encoding": text.encoding}
    if fields := fields_of(lines):
        delimiter = "\t" if any("\t" in line for line in lines if not line.startswith("#")) else " "
        names = tuple(W3C.get(name, name) for name in fields)
        sample = [
            cells for line in lines if len(cells := line.split(delimiter)) == len(names) and line[:1] != "#"
        ]
        if {"date", "iso_time"} <= set(names):
            date, time = names.index("date"), names.index("iso_time")
            sample = [[*row[:time], f"{row[date]}T{row[time]}Z", *row[time + 1 :]] for row in sample]
        facts["layout"] = "W3C, CloudFront" if "x-edge-location" in fields else "W3C"
        return LogTable(names, _frame(sample, len(names)), facts, text, "", names, True, delimiter)
    layout = layout_of(lines)
    if layout is None:
        raise InputError(
            "input.unknown_log",
            "the lines look like a log, but have no layout that is known",
            file=file.name,
            remedy="write the log in the combined format, or export it as JSON lines",
        )
    pattern, groups = LAYOUTS[layout]
    whole = re.compile(pattern)
    found = [match for line in lines if (match := whole.match(line))]
    sample = [list(match.groups()) for match in found]
    return LogTable(
        groups, _frame(sample, len(groups)), {**facts, "layout": layout}, text, pattern, groups, False
    )


def _frame(rows: Sequence[Sequence[str | None]], width: int) -> pl.DataFrame:
    return text_frame(rows, width).with_columns(pl.all().replace("-", None))


def decoded_lines(head: bytes) -> list[str]:
    """Whole lines of the beginning."""
    lines = head.decode("utf-8", "replace").lstrip("\ufeff").splitlines()
    return [line.rstrip() for line in (lines[:-1] if len(head) >= _BYTES_OF_LINES else lines) if line.strip()]


def fields_of(lines: Sequence[str]) -> list[str]:
    """Names of the fields of a W3C log; none for another."""
    header = next((line for line in lines[:20] if line.startswith("#Fields:")), None)
    return [name.strip('"') for name in header.partition(":")[2].split()] if header else []


def layout_of(lines: Sequence[str]) -> str | None:
    """The layout that most lines keep to, at least three of five; null for none."""
    some = lines[:200]
    counts = {
        name: sum(bool(re.match(pattern, line)) for line in some) for name, (pattern, _) in LAYOUTS.items()
    }
    best = max(counts, key=lambda name: counts[name])
    return best if some and counts[best] * 5 >= len(some) * 3 else None
