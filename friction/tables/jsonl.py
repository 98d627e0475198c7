"""JSON lines, and JSON documents that hold a list of objects.

Columns are the leaves of the objects, named by their path (`context.page.url`), as the sampled lines show
them. Polars reads every leaf as text, which keeps numbers, lists and mixed types. When it stumbles over one
line it gives up on the whole file; then the lines are checked one by one, and it reads a copy without the
bad ones.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from itertools import islice
from pathlib import Path
from typing import Any, ClassVar

import polars as pl
from polars.exceptions import PolarsError

from friction.errors import InputError
from friction.limits import Limits
from friction.sources.base import REJECT, InputFile
from friction.tables.blocks import BLOCK_BYTES, Block, Blocks, in_blocks
from friction.tables.decoded import lines_of
from friction.tables.delimited import pieces
from friction.tables.ends import Ends, key_of
from friction.tables.files import temporary
from friction.tables.leaves import Leaves, Path_, are_texts
from friction.tables.lengths import refuse_long_lines
from friction.tables.nesting import Look, TooDeep, is_deeper, refuse_deep
from friction.tables.runs import Run, run_of
from friction.tables.shredded import TRIES, Shredder
from friction.tables.table import SAMPLE_ROWS, Rows, Table, Then, text_frame, used
from friction.tables.text import Text, as_utf8, decode_line
from friction.tables.values import dumped, loaded
from friction.values import dataclass

Unwrap = Callable[[Any], "list[Any] | None"]
ENVELOPES = ("events", "results", "data", "rows", "hits", "records", "items")
LOOKED_AT = 40
"""So many lines from each of several places show how lines are alike."""
LONG_LINES = 50
"""Lines that the columns are taken from where a line is longer than the pieces that are sampled."""


class OtherRows(Exception):
    """The engine makes more or fewer rows of a text than it has lines."""


@dataclass(frozen=True)
class JsonLines(Table):
    """One JSON object a line."""

    text: Text
    paths: tuple[Path_, ...]
    has_lines: bool
    """False when the lines are ours (rewritten from a list), so that numbering them would mean nothing."""
    depth: int
    """Lines nested deeper never reach the engine."""
    lists: Mapping[int, pl.DataType] = field(default_factory=dict)
    """Positions of columns that are read as lists, with their types."""
    listed: frozenset[int] = frozenset()
    """Positions of columns that are lists of texts wherever the sample shows them."""
    texts: frozenset[int] = frozenset()
    """Positions of those of `lists` that may come as JSON texts as well."""
    is_in_blocks: ClassVar[bool] = True
    watched: frozenset[str] = frozenset()
    """Keys that no line is expected to have: reading raises `OtherKeys` where one does."""

    def nested(self, types: Mapping[int, pl.DataType]) -> JsonLines:
        """Read these columns as the lists they are; what does not fit is null."""
        return replace(self, lists=dict(types))

    def select(self, columns: Sequence[pl.Expr]) -> Rows:
        """Read at once, keeping only what is asked for; without the bad lines when there are some."""
        return self.told(columns, lambda rows: rows)

    def told(self, columns: Sequence[pl.Expr], then: Then) -> Rows:
        """Likewise, and of each block at once what becomes of it."""
        blocks = self._read(self.text.source, columns, then, self.depth if self.has_lines else None)
        if blocks is not None:
            return Rows(blocks.frame, records=blocks.records, is_read=True)
        for is_plain in (True, False):
            path, numbers, bad = self._without_bad_lines(is_plain=is_plain)
            blocks = self._read(path, columns, then, None)
            if blocks is not None and blocks.records == numbers.len():
                frame = blocks.frame.with_columns(pl.lit(numbers).gather(pl.col("row_no") - 1))
                return Rows(frame, bad, numbers.len() + bad.height, is_read=True)
        raise InputError(
            "input.unreadable",
            "the lines are JSON that cannot be read",
            file=self.text.name,
            remedy="write each event as a flat JSON object on one line",
        )

    def lines_of(self, rows: Sequence[int]) -> list[int | None]:
        """Physical lines of these records; null when the lines are ours."""
        wanted, last = dict.fromkeys(rows), max(rows, default=0)
        for number, line_number, _ in _lines(self.text) if self.has_lines else ():
            if number in wanted:
                wanted[number] = line_number
            if number >= last:
                break
        return [wanted[row] for row in rows]

    def _read(self, path: Path, columns: Sequence[pl.Expr], then: Then, depth: int | None) -> Blocks | None:
        """These expressions of all lines; null when the engine fails or makes another number of rows of them, or would
        be given a line that is too deep.
        """
        positions = used(columns)
        lists, runs = self._lists_of(columns), self._runs(positions)
        # Of several blocks as many are read at once as there are threads.
        threads = 1 if path.stat().st_size > BLOCK_BYTES else None
        leaves = Leaves(self.paths, positions, lists, self.listed, self.watched, runs, threads)
        shredder, ends = Shredder(leaves, depth), Ends(leaves, depth, self._key(path))
        is_flat = leaves.are_flat

        def read(block: bytes) -> Block:
            lines = None if is_flat and not ends.key else lines_of(block)
            try:
                frame = shredder.read(lines)
                frame = ends.read(lines) if frame is None else frame
                if frame is not None:
                    return made(frame, frame.height)
            except PolarsError:
                shredder.failed = ends.failed = TRIES
            look = Look(depth)
            if lines is None:
                look.take(block)
            elif depth is not None:
                refuse_deep(lines, depth)
            count = look.lines if lines is None else lines.len()
            try:
                return made(leaves.read(block, lines), count)
            except PolarsError:
                if not leaves.runs:
                    raise
            leaves.runs = {}
            return made(leaves.read(block, lines), count)

        def made(frame: pl.DataFrame, count: int) -> Block:
            if frame.height != count:
                raise OtherRows
            # In one piece: what looks at distinct words would else do so for each few thousand rows.
            rows = then(frame.rechunk().lazy().select("row_no", *columns))
            return Block(rows.collect(engine="in-memory"), count)

        try:
            return in_blocks(path, read)
        except (PolarsError, TooDeep, OtherRows):
            return None

    def _key(self, path: Path) -> str | None:
        """The key from which on lines are alike, where the file is large."""
        if path.stat().st_size <= BLOCK_BYTES:
            return None
        return key_of([line for piece in pieces(path) for line in piece.splitlines()[:LOOKED_AT]])

    def _lists_of(self, columns: Sequence[pl.Expr]) -> dict[int, pl.DataType]:
        return {at: self.lists[at] for at in used(columns) if at in self.lists}

    def _runs(self, positions: Sequence[int]) -> dict[int, Run]:
        """How the lists of `texts` are cut out of the lines, as far as they can be."""
        wanted = [at for at in positions if at in self.texts and len(self.paths[at]) == 1]
        lines = self.text.first_lines().splitlines() if wanted else []
        found = {at: run_of(lines, self.paths[at][0]) for at in wanted}
        return {at: run for at, run in found.items() if run is not None}

    def _without_bad_lines(self, *, is_plain: bool) -> tuple[Path, pl.Series, pl.DataFrame]:
        """A copy of the objects, as they are or written anew, their record numbers, and the rejects."""
        numbers: list[int] = []
        rejects: list[tuple[int, int | None, None, str]] = []

        def good() -> Iterator[bytes]:
            for number, line_number, line in _lines(self.text):
                value = loaded(line, self.depth)
                whole = dumped(value)
                if isinstance(value, dict) and whole is not None:
                    numbers.append(number)
                    yield line if is_plain else whole + b"\n"
                else:
                    reason = "too_deep" if is_deeper(line, self.depth) else _fault(value)
                    rejects.append((number, line_number if self.has_lines else None, None, reason))

        path = temporary(good())
        return path, pl.Series("row_no", numbers, pl.Int64()), pl.DataFrame(rejects, REJECT, orient="row")


def open_json(file: InputFile, unwrap: Unwrap | None = None) -> JsonLines:
    """Understand a JSON file. Raises `InputError` when it is neither lines of objects nor a list of them.

    `unwrap` gives the records of a document, null where it is none, instead of the usual envelopes.
    """
    text = as_utf8(file)
    unwrap = unwrap or _unwrapped
    is_lines = _is_lines(text.head(len(file.head)), unwrap)
    if is_lines:
        refuse_long_lines(text.source, text.name, file.limits)
    else:
        text = _as_lines(text, file.limits, unwrap)
    depth = file.limits.depth
    values = _sampled(text, depth)
    paths = tuple(dict.fromkeys(path for value in values for path in _paths(value)))
    # A name may hold a plain value in one line and an object in another: then it is kept whole, as text.
    known = frozenset(paths)
    paths = tuple(path for path in paths if not any(path[:i] in known for i in range(1, len(path))))
    if len(paths) > file.limits.columns:
        raise file.limits.refusal("columns", file=file.name)
    sample = text_frame([[_text(value, path) for path in paths] for value in values], len(paths))
    facts = {"format": "jsonl" if is_lines else "json", "encoding": text.encoding}
    names = tuple(".".join(path) for path in paths)
    listed = frozenset(at for at in range(len(paths)) if are_texts(sample[:, at]))
    return JsonLines(names, sample, facts, text, paths, is_lines, depth, listed=listed)


def looks_like_json(head: bytes) -> bool:
    """The first character that counts opens an object or a list; or one of the first lines is a whole object."""
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if start[:1] in {b"{", b"["}:
        return True
    return any(isinstance(loaded(line), dict) for line in start.split(b"\n", 5)[:5] if line[:1] == b"{")


def _is_lines(head: bytes, unwrap: Unwrap) -> bool:
    """Several lines, at least half of them an object each; or a single line that is one, and nothing
    after it.
    """
    lines = [line for line in head.split(b"\n") if line.strip()]
    begins = [line for line in lines[:50] if line.lstrip()[:1] == b"{" and line.rstrip()[-1:] == b"}"]
    if len(lines) > 1:
        return len(begins) * 2 >= len(lines[:50])
    value = loaded(head)
    return isinstance(value, dict) and unwrap(value) is None


def _as_lines(text: Text, limits: Limits, unwrap: Unwrap) -> Text:
    """The objects of a list, or of a list in a known envelope, one a line in a temporary file."""
    content = text.source.read_bytes()
    if is_deeper(content, limits.depth):
        raise limits.refusal("depth", file=text.name)
    objects = unwrap(loaded(content, limits.depth))
    del content
    if objects is None:
        refuse_long_lines(text.source, text.name, limits)  # of lines the first may have hidden the others
        raise InputError(
            "input.not_a_table",
            "this JSON is neither a list of objects nor one object a line, or it is torn",
            file=text.name,
            remedy="export the events as JSON lines: one event a line",
        )
    # What is too deep to be written stays a record, and one that is no object.
    lines = ((dumped(value) or b"[]") + b"\n" for value in objects)
    return Text(temporary(lines), text.name, text.encoding)


def _unwrapped(value: Any) -> list[Any] | None:
    """The list itself, or the one under a known envelope, at most two levels down."""
    for _ in range(3):
        if isinstance(value, list):
            return value if any(isinstance(item, dict) for item in value) else None
        if not isinstance(value, dict):
            return None
        value = next((value[key] for key in ENVELOPES if isinstance(value.get(key), (list, dict))), None)
    return None


def _sampled(text: Text, depth: int) -> list[dict[str, Any]]:
    values = (
        loaded(line.encode(), depth)
        for piece in pieces(text.source)
        for line in piece.split("\n")[:SAMPLE_ROWS]
    )
    found = [value for value in values if isinstance(value, dict)]
    if not found:  # lines longer than a piece
        every = (loaded(line, depth) for _, _, line in _lines(text))
        found = list(islice((value for value in every if isinstance(value, dict)), LONG_LINES))
    if not found:
        remedy = "write one JSON object a line, with the time and the session of an event"
        raise InputError("input.no_rows", "no line is a JSON object", file=text.name, remedy=remedy)
    return found


def _paths(value: Mapping[str, Any], above: Path_ = ()) -> Iterator[Path_]:
    for key, item in value.items():
        if isinstance(item, dict) and item and len(above) < 3:
            yield from _paths(item, (*above, key))
        elif item is not None and item != {}:
            yield (*above, key)


def _lines(text: Text) -> Iterator[tuple[int, int, bytes]]:
    """Record number, physical line and content of every line that is not blank, as UTF-8 with a line end."""
    number = 0
    with text.source.open("rb") as stream:
        for line_number, line in enumerate(stream, start=1):
            if line.strip():
                number += 1
                yield number, line_number, decode_line(line).rstrip("\r\n").encode() + b"\n"


def _text(value: Any, path: Path_) -> str | None:
    """The value at this path as text; objects and lists as JSON."""
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    if value is None or isinstance(value, str):
        return value
    whole = dumped(value)
    return None if whole is None else whole.decode()


def _fault(value: Any) -> str:
    """Why a line is no record."""
    if isinstance(value, dict):
        return "too_deep"
    return "not_json" if value is None else "not_an_object"
