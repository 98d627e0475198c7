"""ZIP archives, by their directory; where that was cut off, member by member from the front."""

from __future__ import annotations

import zlib
from collections.abc import Generator, Iterator
from contextlib import suppress
from dataclasses import dataclass
from struct import unpack_from
from typing import BinaryIO

from friction.tables.archives.base import PIECE_BYTES, Blocks, Budget, Damaged, Member, label
from friction.tables.archives.directory import LISTED, LOCAL, Entry, directory, wide
from friction.tables.archives.inflate import OPENERS, frame

STORED = 0
METHODS = {8: "deflate", 12: "bz2", 93: "zst", 95: "xz"}


def entries(file: BinaryIO, budget: Budget) -> Iterator[Member]:
    """Every member in the order of the directory. Raises `Damaged` at the end of one that was cut off."""
    found = directory(file, budget)
    if found is None:
        yield from _from_the_front(file, budget)
        return
    for entry in found.entries:
        blocks = _content(_Span(file, entry.offset, found.end(entry)), entry, budget)
        yield Member(entry.name, blocks, entry.reason)


@dataclass
class _Span:
    """Some bytes of the file, read in their order whatever else reads it meanwhile."""

    file: BinaryIO
    at: int
    end: int

    def read(self, size: int) -> bytes:
        if self.at >= self.end:  # archives may say numbers that no file could have
            return b""
        self.file.seek(self.at)
        found = self.file.read(min(size, self.end - self.at))
        self.at += len(found)
        return found


def _content(span: _Span, entry: Entry, budget: Budget) -> Blocks:
    """The content of a listed member, compared with what the directory says of it."""
    head = span.read(30)
    if len(head) < 30 or head[:4] != LOCAL:
        raise Damaged("damaged")
    span.at += sum(unpack_from("<HH", head, 26))
    if span.at + entry.packed > span.end:
        raise Damaged("damaged")
    span.end = span.at + entry.packed
    yield from _checked(_unpacked(span, entry.method, budget), entry)


def _checked(blocks: Generator[bytes, None, bytes], entry: Entry) -> Generator[bytes, None, bytes]:
    """The blocks, up to the size said; raises `Damaged` when size or checksum is another one."""
    size = crc = 0
    while (block := next(blocks, None)) is not None:
        size, crc = size + len(block), zlib.crc32(block, crc)
        if size > entry.size:
            raise Damaged("wrong_size")
        yield block
    if size != entry.size:
        raise Damaged("wrong_size")
    if crc != entry.crc:
        raise Damaged("wrong_checksum")
    return b""


def _unpacked(span: _Span, method: int, budget: Budget) -> Generator[bytes, None, bytes]:
    """What these bytes unpack to; returns those read beyond the end of the compressed content."""
    if method in METHODS:
        return (yield from frame(OPENERS[METHODS[method]](), span.read, b"", budget))
    if method != STORED:
        raise Damaged("unsupported")
    while block := span.read(PIECE_BYTES):
        budget.spend(len(block))
        yield block
    return b""


def _from_the_front(file: BinaryIO, budget: Budget) -> Iterator[Member]:
    """What can be found without a directory; always ends with `Damaged`, since there was more."""
    at = 0
    while (found := _local(file, at)) is not None:
        budget.count()
        blocks = found.blocks(budget)
        yield Member(found.entry.name, blocks, found.entry.reason)
        at = found.after(blocks)
    raise Damaged("cut_off")


@dataclass
class _Local:
    """A member as its local header describes it."""

    entry: Entry
    span: _Span
    is_open: bool
    """Sizes and checksum come after the content, which says itself where it ends."""

    def blocks(self, budget: Budget) -> Blocks:
        content = _unpacked(self.span, self.entry.method, budget)
        return self._until_its_end(content) if self.is_open else _checked(content, self.entry)

    def _until_its_end(self, content: Generator[bytes, None, bytes]) -> Blocks:
        if self.entry.method == STORED:
            raise Damaged("unsupported")
        crc = 0
        try:
            while True:
                block = next(content)
                crc = zlib.crc32(block, crc)
                yield block
        except StopIteration as end:
            self.span.at -= len(end.value)
        word = self.span.read(4)
        word = self.span.read(4) if word == b"PK\x07\x08" else word
        if word != crc.to_bytes(4, "little"):
            raise Damaged("wrong_checksum")

    def after(self, blocks: Blocks) -> int:
        """Where the next local header is to be expected."""
        if not self.is_open:
            return self.span.end
        with suppress(Damaged):
            for _ in blocks:
                pass
        at, words = self.span.at, self.span.read(20)
        return at + (16 if words[16:20] in {LOCAL, LISTED} else 8)


def _local(file: BinaryIO, at: int) -> _Local | None:
    size = file.seek(0, 2)
    span = _Span(file, at, size)
    head = span.read(30)
    if len(head) < 30 or head[:4] != LOCAL:
        return None
    flags, method = unpack_from("<HH", head, 6)
    crc, packed, unpacked, name_length, extra_length = unpack_from("<IIIHH", head, 14)
    name, extra = span.read(name_length), span.read(extra_length)
    unpacked, packed = wide(extra, [unpacked, packed])
    is_open = bool(flags & 8) and not packed
    span.end = size if is_open else min(span.at + packed, size)
    reason = "encrypted" if flags & 1 else "folder" if name.endswith(b"/") else None
    shown = label(name, is_utf8=bool(flags & 0x800))
    return _Local(Entry(shown, reason, method, crc, packed, unpacked, at), span, is_open)
