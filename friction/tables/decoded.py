"""Lines of JSON objects with lists inside, parsed by the engine's decoder of texts, a cache's worth of lines at a time.

The engine's reader of JSON lines takes five times as long for a list of objects, or gives it as a text that would be
parsed once more. The decoder knows no leaf that is a text here and a list there, so whatever it stumbles over is left
to the reader. For lines without lists the reader is the quicker one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

import polars as pl
from polars.exceptions import PolarsError

PIECE_BYTES, PIECE_LINES = 512 * 1024, 4_000
"""The most that is parsed at once."""


def decoded(block: bytes, dtype: pl.Struct) -> pl.Series | None:
    """The objects of these lines as structs of `dtype`, one a line; null where a line is anything else, is blank or
    holds what does not fit.
    """
    lines = lines_of(block)
    return None if lines is None else parsed(lines, dtype, len(block), pl.thread_pool_size())


def lines_of(block: bytes) -> pl.Series | None:
    """The lines, where each may be an object; null where one is blank or anything else."""
    try:
        # Blank lines at the end are none; taking them off costs a copy, so it is done where there are any.
        text = block if block.endswith((b"}", b"}\n")) else block.rstrip(b"\r\n ")
        lines = pl.scan_lines(text, name="line").collect(engine="in-memory")["line"]
    except PolarsError:
        return None
    if are_objects(lines):
        return lines
    lines = lines.str.strip_chars("\r ")
    return lines if are_objects(lines) else None


def are_objects(texts: pl.Series) -> bool:
    """Whether each text may be an object."""
    return not texts.null_count() and (texts.str.starts_with("{") & texts.str.ends_with("}")).all()


def parsed(lines: pl.Series, dtype: pl.Struct, size: int, threads: int) -> pl.Series | None:
    """The objects of lines of `size` bytes; null where one holds what does not fit."""
    spans = _spans(lines, threads)
    step = max(1, min(PIECE_LINES, PIECE_BYTES * lines.len() // max(1, size)))
    try:
        if len(spans) == 1:
            return pl.concat(_parsed(lines, step, dtype))
        with ThreadPoolExecutor(len(spans)) as pool:
            return pl.concat(pool.map(lambda span: pl.concat(_parsed(span, step, dtype)), spans))
    except PolarsError:
        return None


def _spans(lines: pl.Series, count: int) -> Sequence[pl.Series]:
    size = max(1, -(-lines.len() // count))
    return [lines.slice(start, size) for start in range(0, max(1, lines.len()), size)]


def _parsed(lines: pl.Series, step: int, dtype: pl.Struct) -> Iterator[pl.Series]:
    for start in range(0, max(1, lines.len()), step):
        piece = lines.slice(start, step)
        found = piece.str.json_decode(dtype)
        # The decoder sees one list, so that lines which are torn in the middle can make another number of objects.
        if found.len() != piece.len() or found.null_count():
            raise PolarsError("other objects than lines")
        yield found


def of_texts(texts: pl.Series, dtype: pl.DataType) -> pl.Series:
    """Values of `dtype` of their JSON texts; null where one is no JSON or something else."""
    try:
        return texts.str.json_decode(dtype)
    except PolarsError:
        if texts.len() == 1:
            return pl.Series(texts.name, [None], dtype)
        half = texts.len() // 2
        return pl.concat([of_texts(texts.head(half), dtype), of_texts(texts.slice(half), dtype)])
