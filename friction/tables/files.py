"""Files as bytes: looked at by content, decompressed as a stream, refused when they are plainly something
else.

The name of a file decides nothing: a picture called `export.csv` is a picture. Compressed input is always
unpacked here, piece by piece, because the engines would inflate it whole in memory.
"""

from __future__ import annotations

import atexit
import gzip
import io
import shutil
import tempfile
import zlib
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import BinaryIO, cast

import zstandard

from friction.errors import InputError
from friction.sources.base import InputFile

HEAD_BYTES = 256 * 1024
BLOCK_BYTES = 1 << 20

COMPRESSIONS = {b"\x1f\x8b": "gz", b"\x28\xb5\x2f\xfd": "zst"}
FOREIGN: tuple[tuple[bytes, str, str], ...] = (
    (b"\x89PNG", "a PNG picture", ""),
    (b"\xff\xd8\xff", "a JPEG picture", ""),
    (b"GIF8", "a GIF picture", ""),
    (b"RIFF", "a media file", ""),
    (b"%PDF", "a PDF document", "export the data behind it as CSV or JSON"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook", "save the sheet as CSV"),
    (b"BZh", "a bzip2 archive", "unpack it first, or use gz or zst"),
    (b"\xfd7zXZ", "an xz archive", "unpack it first, or use gz or zst"),
    (b"7z\xbc\xaf", "a 7z archive", "unpack it first, or use gz or zst"),
    (b"Rar!", "a RAR archive", "unpack it first, or use gz or zst"),
    (b"Obj\x01", "an Avro file", "export as Parquet or JSON lines"),
    (b"ORC", "an ORC file", "export as Parquet or JSON lines"),
    (b"SQLite format 3", "a SQLite database", "export the table of events as CSV"),
    (b"\x7fELF", "a program", ""),
    (b"MZ\x90", "a program", ""),
)


def look(path: Path, name: str) -> InputFile:
    """The file with its compression and first bytes. Raises `InputError`: missing, empty, damaged, not a
    table.
    """
    try:
        with path.open("rb") as stream:
            start = stream.read(8)
    except OSError as error:
        raise InputError("input.not_found", f"cannot open the file: {error.strerror}", file=name) from None
    compression = next((word for magic, word in COMPRESSIONS.items() if start.startswith(magic)), None)
    bare = InputFile(path, name, b"", compression)
    with open_bytes(bare) as stream:
        head = read_some(bare, stream, HEAD_BYTES)
    if not head.strip(b"\xef\xbb\xbf \t\r\n"):
        raise InputError(
            "input.empty", "the file is empty", file=name, remedy="check the export that wrote it"
        )
    refuse_foreign(head, name)
    return InputFile(path, name, head, compression)


def open_bytes(file: InputFile) -> BinaryIO:
    """The content of the file as a readable stream of bytes, decompressed on the way."""
    if file.compression == "gz":
        return cast("BinaryIO", gzip.open(file.path, "rb"))
    raw = file.path.open("rb")
    if file.compression == "zst":
        return cast("BinaryIO", io.BufferedReader(_Zstd(raw)))
    return raw


def read_some(file: InputFile, stream: BinaryIO, size: int) -> bytes:
    """Up to `size` bytes, fewer only at the end of the content. Raises `InputError` when the archive is
    damaged.
    """
    try:
        return stream.read(size)
    except (EOFError, gzip.BadGzipFile, zlib.error, zstandard.ZstdError):
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
        for block in blocks:
            stream.write(block)
    return Path(stream.name)


@cache
def _folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="friction-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def refuse_foreign(head: bytes, name: str) -> None:
    """Raise `InputError` when the first bytes are those of a picture, an archive, a workbook or a program."""
    what, remedy = _foreign(head)
    if what:
        raise InputError(
            "input.not_a_table",
            f"this looks like {what}, not a table of events",
            file=name,
            remedy=remedy or None,
        )


def _foreign(head: bytes) -> tuple[str, str]:
    for magic, what, remedy in FOREIGN:
        if head.startswith(magic):
            return what, remedy
    if head.startswith(b"PK\x03\x04"):
        workbook = b"xl/" in head or b"[Content_Types].xml" in head
        return (
            ("an Excel workbook", "save the sheet as CSV")
            if workbook
            else ("a ZIP archive", "unpack it first")
        )
    if head[257:262] == b"ustar":
        return "a tar archive", "unpack it first"
    if head.lstrip(b"\xef\xbb\xbf \t\r\n")[:15].lower().startswith((b"<!doctype html", b"<html", b"<?xml")):
        return "a web page or XML document", "export the data as CSV or JSON"
    return "", ""


class _Zstd(io.RawIOBase):
    """A zstd stream that says when it was cut off; the library's own reader just ends."""

    def __init__(self, raw: BinaryIO) -> None:
        self._raw = raw
        self._unpack = zstandard.ZstdDecompressor().decompressobj(read_across_frames=False)
        self._ready = b""
        self._begun = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        while not self._ready:
            block = self._unpack.unused_data or self._raw.read(BLOCK_BYTES)
            if not block:
                if self._begun and not self._unpack.eof:
                    raise EOFError("zstd frame cut off")
                return 0
            if self._unpack.eof:
                self._unpack = zstandard.ZstdDecompressor().decompressobj(read_across_frames=False)
            self._begun = True
            self._ready = self._unpack.decompress(block)
        size = min(len(buffer), len(self._ready))
        buffer[:size] = self._ready[:size]
        self._ready = self._ready[size:]
        return size

    def close(self) -> None:
        self._raw.close()
        super().close()
