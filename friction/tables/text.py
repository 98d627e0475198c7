"""Text files brought to plain UTF-8 before anything cuts them into records.

The engines accept UTF-16 as rubbish and lose a whole file over one byte that is not UTF-8; so the encoding
is found here, and what is not plain UTF-8 is rewritten once into a temporary file.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from itertools import chain
from pathlib import Path

from friction.errors import InputError, UsageError
from friction.limits import DEFAULT, Limits
from friction.sources.base import InputFile
from friction.tables.files import BLOCK_BYTES, HEAD_BYTES, temporary, unpacked
from friction.values import dataclass

MARKS = {
    codecs.BOM_UTF32_LE: "utf-32-le",
    codecs.BOM_UTF32_BE: "utf-32-be",
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}
_FALLBACK = "cp1252"
_FEW_LINES = 8
_MOST_HEAD = 1 << 26


@dataclass(frozen=True)
class Text:
    """UTF-8 without a byte order mark, ready for the engines, and the encoding the file had."""

    source: Path
    name: str
    encoding: str = "utf-8"
    limits: Limits = DEFAULT

    def head(self, size: int) -> bytes:
        """The first bytes."""
        with self.source.open("rb") as stream:
            return stream.read(size)

    def first_lines(self) -> str:
        """The beginning, `HEAD_BYTES` or at least a few lines where they are long, without a torn last one."""
        with self.source.open("rb") as stream:
            head = stream.read(HEAD_BYTES)
            while head.count(b"\n") + head.count(b"\r") < _FEW_LINES and len(head) < _MOST_HEAD:
                if not (more := stream.read(HEAD_BYTES)):
                    return decode_line(head)
                head += more
            is_all = not stream.read(1)
        return decode_line(head if is_all else whole_lines(head))


def whole_lines(head: bytes) -> bytes:
    """The beginning of a file without a last line that may go on."""
    return head[: max(head.rfind(b"\n"), head.rfind(b"\r")) + 1] or head


def as_utf8(file: InputFile, said: str | None = None) -> Text:
    """The content as UTF-8, from the encoding that is `said` or found. Bytes that do not fit are only found
    later, by `records.measure`. Raises `UsageError` for an encoding that does not exist.
    """
    word = encoding(file.head) if said is None else _known(said)
    if word is None:
        raise InputError(
            "input.not_a_table",
            "this looks like binary data, not a table of events",
            file=file.name,
            remedy="export the events as CSV with a header line, JSON lines or Parquet",
        )
    text = Text(unpacked(file), file.name, word, file.limits)
    return text if word == "utf-8" else _rewritten(text, _decoded(text))


def _known(said: str) -> str:
    try:
        b" ".decode(said, "replace")
        return codecs.lookup(said).name
    except LookupError:
        remedy = "write it like utf-8, utf-16-le, cp1252 or iso8859-15"
        detail = "the mapping says an encoding that is not known"
        raise UsageError("config.bad_value", detail, remedy=remedy) from None


def encoding(head: bytes) -> str | None:
    """What the first bytes say: a UTF with its mark, UTF-16 by its zeros, else `utf-8`; null for binary
    data.
    """
    for mark, word in MARKS.items():
        if head.startswith(mark):
            return word
    zeros = head.count(0)
    if zeros == 0:
        return "utf-8"
    if head[1::2].count(0) > 0.4 * len(head) and head[::2].count(0) < 0.01 * len(head):
        return "utf-16-le"
    if head[::2].count(0) > 0.4 * len(head) and head[1::2].count(0) < 0.01 * len(head):
        return "utf-16-be"
    return None if zeros > 0.01 * len(head) else "utf-8"


def reencoded(text: Text) -> Text:
    """The same text with every line that is not UTF-8 read as Windows-1252, line by line."""
    fixed = _rewritten(text, _lines(text))
    return replace(fixed, encoding=_FALLBACK)


def decode_line(line: bytes) -> str:
    """One line as text: UTF-8, else Windows-1252, or Latin-1 where it has bytes that Windows leaves out."""
    for word in ("utf-8", _FALLBACK):
        with suppress(UnicodeDecodeError):
            return line.decode(word)
    return line.decode("latin-1")


def _lines(text: Text) -> Iterator[str]:
    with text.source.open("rb") as stream:
        for line in stream:
            yield decode_line(line)


def _decoded(text: Text) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(text.encoding)("replace")
    with text.source.open("rb") as stream:
        while block := stream.read(BLOCK_BYTES):
            yield decoder.decode(block)
    yield decoder.decode(b"", final=True)


def _rewritten(text: Text, pieces: Iterator[str]) -> Text:
    first = next(pieces, "").lstrip("\ufeff")
    return replace(text, source=temporary(piece.encode() for piece in chain([first], pieces)))
