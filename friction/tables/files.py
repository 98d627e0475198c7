"""Files as bytes: looked at by content, decompressed as a stream, refused when they are plainly something
else.

The name of a file decides nothing: a picture called `export.csv` is a picture. Compressed input is always
unpacked here, piece by piece, because the engines would inflate it whole in memory.
"""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import BinaryIO, cast

from friction import scratch
from friction.errors import InputError
from friction.limits import DEFAULT, Limits
from friction.sources.base import InputFile
from friction.tables.archives import COMPRESSIONS, Budget, Damaged, inflated, kind
from friction.tables.archives.base import Stream
from friction.tables.archives.kinds import is_document

HEAD_BYTES = 256 * 1024
BLOCK_BYTES = 1 << 20

FOREIGN: tuple[tuple[bytes, str, str], ...] = (
    (b"\x89PNG", "a PNG picture", ""),
    (b"\xff\xd8\xff", "a JPEG picture", ""),
    (b"GIF8", "a GIF picture", ""),
    (b"RIFF", "a media file", ""),
    (b"%PDF", "a PDF document", "export the data behind it as CSV or JSON"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook or one with a password", "save the sheet as CSV"),
    (b"7z\xbc\xaf", "a 7z archive", "unpack it first, or use gz, xz or zst"),
    (b"Rar!", "a RAR archive", "unpack it first, or use gz, xz or zst"),
    (b"Obj\x01", "an Avro file", "export as Parquet or JSON lines"),
    (b"ORC", "an ORC file", "export as Parquet or JSON lines"),
    (b"SQLite format 3", "a SQLite database", "export the table of events as CSV"),
    (b"\x7fELF", "a program", ""),
    (b"MZ\x90", "a program", ""),
)


def look(path: Path, name: str, limits: Limits = DEFAULT) -> InputFile:
    """The file with its compression and first bytes. Raises `InputError`: missing, empty, damaged, not a
    table; `LimitError`: larger than it may be.
    """
    try:
        with path.open("rb") as stream:
            start = stream.read(HEAD_BYTES)
    except OSError as error:
        remedy = "check the name and who may read it"
        detail = f"cannot open the file: {error.strerror}"
        raise InputError("input.not_found", detail, file=name, remedy=remedy) from None
    if path.stat().st_size > limits.size:
        raise limits.refusal("size", file=name)
    what = kind(start)
    bare = InputFile(path, name, start, what if what in COMPRESSIONS else None, limits)
    file = replace(bare, head=_head(bare)) if bare.compression else bare
    if not file.head.strip(b"\xef\xbb\xbf \t\r\n"):
        raise InputError(
            "input.empty", "the file is empty", file=name, remedy="check the export that wrote it"
        )
    refuse_foreign(file.head, name)
    return file


def _head(file: InputFile) -> bytes:
    with open_bytes(file) as stream:
        return read_some(file, stream, HEAD_BYTES)


def open_bytes(file: InputFile) -> BinaryIO:
    """The content of the file as a readable stream of bytes, decompressed on the way, within its limits."""
    raw = file.path.open("rb")
    if file.compression is None:
        return raw
    budget = Budget(file.limits, file.path.stat().st_size, file.name)
    return cast("BinaryIO", io.BufferedReader(Stream(inflated(raw.read, file.compression, budget), raw)))


def read_some(file: InputFile, stream: BinaryIO, size: int) -> bytes:
    """Up to `size` bytes, fewer only at the end of the content. Raises `InputError` when the archive is
    damaged, `LimitError` when it is larger than it may be.
    """
    try:
        return stream.read(size)
    except Damaged:
        raise InputError(
            "input.damaged_archive",
            f"the {file.compression} file ends too early or is damaged",
            file=file.name,
            remedy="download or compress it again",
        ) from None


def unpacked(file: InputFile) -> Path:
    """A path that engines can map: the file's own, or for compressed content that of a temporary copy."""
    if file.compression is None:
        return file.path
    with open_bytes(file) as stream:
        return temporary(_blocks(file, stream))


def _blocks(file: InputFile, stream: BinaryIO) -> Iterator[bytes]:
    while block := read_some(file, stream, BLOCK_BYTES):
        yield block


def temporary(blocks: Iterable[bytes]) -> Path:
    """A new file with this content, gone when the process ends: lazy frames read it at a time of their
    own.
    """
    with tempfile.NamedTemporaryFile(dir=_folder(), delete=False) as stream:
        try:
            for block in blocks:
                stream.write(block)
        except BaseException:
            Path(stream.name).unlink()
            raise
    return Path(stream.name)


@cache
def _folder() -> Path:
    return scratch.made_for_good()


def refuse_foreign(head: bytes, name: str) -> None:
    """Raise `InputError` when the first bytes are those of a picture, an archive, a workbook or a program."""
    what, remedy = _foreign(head)
    if what:
        raise InputError(
            "input.not_a_table",
            f"this looks like {what}, not a table of events",
            file=name,
            remedy=remedy or "give the export of events itself: CSV, JSON lines or Parquet",
        )


def _foreign(head: bytes) -> tuple[str, str]:
    for magic, what, remedy in FOREIGN:
        if head.startswith(magic):
            return what, remedy
    if head.startswith(b"PK\x03\x04") and is_document(head):
        return "a text document or another office file", "save what it holds as CSV"
    if kind(head) in {"zip", "tar"}:
        return "an archive", "unpack it first"
    if head.lstrip(b"\xef\xbb\xbf \t\r\n")[:15].lower().startswith((b"<!doctype html", b"<html", b"<?xml")):
        return "a web page or XML document", "export the data as CSV or JSON"
    return "", ""
