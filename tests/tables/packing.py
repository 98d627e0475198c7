"""Archives made byte by byte, so that they can also say what is not true."""

from __future__ import annotations

import io
import struct
import tarfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

STORED, DEFLATED = 0, 8
OPEN_SIZES, ENCRYPTED, UTF8 = 8, 1, 0x800


@lru_cache(maxsize=4)
def deflated(content: bytes) -> bytes:
    """Without a head of its own; a member is asked for it several times."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(content) + packer.flush()


@dataclass(frozen=True)
class Packed:
    """One member of a ZIP archive as its headers describe it; null: the truth."""

    name: bytes
    content: bytes = b""
    method: int = DEFLATED
    flags: int = 0
    mode: int = 0
    size: int | None = None
    crc: int | None = None
    wide: bool = False
    """Sizes and place are in the 64-bit extra field."""

    @property
    def data(self) -> bytes:
        if self.method != DEFLATED:
            return self.content
        return deflated(self.content)

    @property
    def said(self) -> tuple[int, int, int]:
        """Checksum, packed size, size."""
        crc = zlib.crc32(self.content) if self.crc is None else self.crc
        return crc, len(self.data), len(self.content) if self.size is None else self.size

    def local(self) -> bytes:
        crc, packed, size = self.said
        is_open = bool(self.flags & OPEN_SIZES)
        extra = struct.pack("<HHQQ", 1, 16, size, packed) if self.wide else b""
        words = (0, 0, 0) if is_open else (crc, *(0xFFFFFFFF,) * 2) if self.wide else (crc, packed, size)
        head = struct.pack(
            "<4sHHHHHIIIHH", b"PK\3\4", 20, self.flags, self.method, 0, 0, *words, len(self.name), len(extra)
        )
        after = struct.pack("<4sIII", b"PK\7\x08", crc, packed, size) if is_open else b""
        return head + self.name + extra + self.data + after

    def listed(self, offset: int) -> bytes:
        crc, packed, size = self.said
        extra = struct.pack("<HHQQQ", 1, 24, size, packed, offset) if self.wide else b""
        words = (crc, 0xFFFFFFFF, 0xFFFFFFFF) if self.wide else (crc, packed, size)
        place = 0xFFFFFFFF if self.wide else offset
        lengths = (len(self.name), len(extra), 0, 0, 0)
        made = (b"PK\1\2", 20, 3, 20, self.flags, self.method, 0, 0, *words, *lengths, self.mode << 16, place)
        head = struct.pack("<4sBBHHHHHIIIHHHHHII", *made)
        return head + self.name + extra


def zipped(members: Sequence[Packed], *, wide: bool = False) -> bytes:
    """A ZIP archive of these; `wide` writes the 64-bit end record."""
    body, listing = b"", b""
    for member in members:
        listing += member.listed(len(body))
        body += member.local()
    return body + listing + ending(len(members), len(listing), len(body), wide=wide)


def ending(count: int, length: int, start: int, *, wide: bool = False) -> bytes:
    """What closes a ZIP archive whose directory has `count` members and `length` bytes."""
    if not wide:
        return struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, count % 65536, count % 65536, length, start, 0)
    record = struct.pack("<4sQHHIIQQQQ", b"PK\6\6", 44, 45, 45, 0, 0, count, count, length, start)
    locator = struct.pack("<4sIQI", b"PK\6\7", 0, start + length, 1)
    return (
        record + locator + struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, *(0xFFFF,) * 2, *(0xFFFFFFFF,) * 2, 0)
    )


def overlapping(members: int, content: bytes) -> bytes:
    """A ZIP archive whose members all lie on the same bytes."""
    one = Packed(b"a.csv", content)
    listing = one.listed(0) * members
    return one.local() + listing + ending(members, len(listing), len(one.local()))


def inside(depth: int, content: bytes) -> bytes:
    """Like an archive that contains itself, as far as anyone looks: ZIP in ZIP, `depth` times."""
    for _ in range(depth):
        content = zipped([Packed(b"again.zip", content)])
    return content


def tarred(members: Sequence[tuple[str, bytes, bytes]], form: int = tarfile.PAX_FORMAT) -> bytes:
    """A tar archive of (name, content, type)."""
    page = io.BytesIO()
    with tarfile.open(fileobj=page, mode="w", format=form) as archive:
        for name, content, sort in members:
            member = tarfile.TarInfo(name)
            member.type, member.linkname = sort, "/etc/passwd"
            member.size = len(content) if sort == tarfile.REGTYPE else 0
            archive.addfile(member, io.BytesIO(content))
    return page.getvalue()
