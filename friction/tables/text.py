"""Text files brought to plain UTF-8 before anything cuts them into records.

The engines accept UTF-16 as rubbish and lose a whole file over one byte that is not UTF-8; so the encoding
is found here, and what is not plain UTF-8 is rewritten once into a temporary file.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from friction.errors import InputError
from friction.sources.base import InputFile
from friction.tables.files import BLOCK_BYTES, temporary, unpacked

MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
_FALLBACK = "cp1252"


@dataclass(frozen=True)
class Text:
    """UTF-8 without a byte order mark, ready for the engines, and the encoding the file had."""

    source: Path
    name: str
    encoding: str = "utf-8"

    def head(self, size: int) -> bytes:
        """The first bytes."""
        with self.source.open("rb") as stream:
            return stream.read(size)


def as_utf8(file: InputFile) -> Text:
    """The content as UTF-8; bytes that are neither are only found later, by `records.measure`."""
    word = encoding(file.head)
    if word is None:
        raise InputError(
            "input.not_a_table", "this looks like binary data, not a table of events", file=file.name
        )
    text = Text(unpacked(file), file.name, word)
    return text if word == "utf-8" else _rewritten(text, _decoded(text))


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
    return Text(fixed.source, text.name, _FALLBACK)


def decode_line(line: bytes) -> str:
    """One line as text: UTF-8, else Windows-1252, in which every byte is given some character."""
    try:
        return line.decode()
    except UnicodeDecodeError:
        return line.decode(_FALLBACK, "replace")


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
    return Text(temporary(piece.encode() for piece in chain([first], pieces)), text.name, text.encoding)
