"""The directory at the end of a ZIP archive: who is in it, and whether members share bytes."""

from __future__ import annotations

import stat
from bisect import bisect_right
from collections.abc import Iterator
from struct import unpack_from
from typing import BinaryIO

from friction.errors import InputError
from friction.tables.archives.base import Budget, label
from friction.values import dataclass

END, END64, LOCATOR, LISTED, LOCAL = b"PK\x05\x06", b"PK\x06\x06", b"PK\x06\x07", b"PK\x01\x02", b"PK\x03\x04"
_LONGEST_END = 22 + 0xFFFF
_FULL = 0xFFFFFFFF


@dataclass(frozen=True)
class Entry:
    """One member as the archive describes it; sizes in bytes, `offset` is that of its local header."""

    name: str
    reason: str | None
    """Why it is no file to read: `folder`, `link`, `device`, `encrypted`."""
    method: int
    crc: int
    packed: int
    size: int
    offset: int


@dataclass(frozen=True)
class Directory:
    """All members in the order listed, and where each one's bytes must end at the latest."""

    entries: list[Entry]
    starts: list[int]
    """Offsets of all members, ascending, and that of the directory."""

    def end(self, entry: Entry) -> int:
        """Where the next member or the directory begins."""
        return self.starts[bisect_right(self.starts, entry.offset)]


def directory(file: BinaryIO, budget: Budget) -> Directory | None:
    """What the archive says about itself; null when its end is missing. Raises `InputError` for an overlap."""
    found = _end(file)
    if found is None:
        return None
    start, stop, shift = found
    file.seek(start)
    if stop > start and file.read(4) != LISTED:
        return None
    file.seek(start)
    entries = list(_listed(file, stop - start, shift, budget))
    ordered = sorted(entries, key=lambda entry: entry.offset)
    starts = [*(entry.offset for entry in ordered), start]
    for entry, following in zip(ordered, starts[1:], strict=True):
        # The local header may hold more than this; `zips` looks at it when the member is read.
        if entry.offset < 0 or entry.offset + 30 + entry.packed > following:
            raise InputError(
                "input.overlapping_archive",
                "members of the archive share the same bytes, as in archives made to fill a disk",
                remedy="pack the files again",
                file=budget.file,
            )
    return Directory(entries, starts)


def _end(file: BinaryIO) -> tuple[int, int, int] | None:
    """Where the directory starts and stops, and by how much offsets are to be moved; null without one."""
    size = file.seek(0, 2)
    from_end = min(size, _LONGEST_END + 20)
    file.seek(size - from_end)
    tail = file.read(from_end)
    at = tail.rfind(END)
    while at >= 0 and at + 22 + int.from_bytes(tail[at + 20 : at + 22], "little") > len(tail):
        at = tail.rfind(END, 0, at)
    if at < 0:
        return None
    length, offset = unpack_from("<II", tail, at + 12)
    stop = size - from_end + at
    if tail[max(at - 20, 0) : max(at - 16, 0)] == LOCATOR:
        place = int.from_bytes(tail[at - 12 : at - 4], "little")
        file.seek(min(place, size))
        record = file.read(56)
        if len(record) < 56 or record[:4] != END64:
            return None
        length, offset = unpack_from("<QQ", record, 40)
        stop = place
    start = stop - length
    return (start, stop, start - offset) if start >= 0 else None


def _listed(file: BinaryIO, left: int, shift: int, budget: Budget) -> Iterator[Entry]:
    while left >= 46:
        head = file.read(46)
        if len(head) < 46 or head[:4] != LISTED:
            return
        name_length, extra_length, comment_length = unpack_from("<HHH", head, 28)
        name, extra = file.read(name_length), file.read(extra_length)
        file.seek(comment_length, 1)
        left -= 46 + name_length + extra_length + comment_length
        budget.count()
        yield _entry(head, name, extra, shift)


def _entry(head: bytes, name: bytes, extra: bytes, shift: int) -> Entry:
    flags, method = unpack_from("<HH", head, 8)
    crc, packed, size = unpack_from("<III", head, 16)
    system, (attributes, offset) = head[5], unpack_from("<II", head, 38)
    size, packed, offset = wide(extra, [size, packed, offset])
    mode = attributes >> 16 if system in {3, 19} else 0
    return Entry(
        label(name, is_utf8=bool(flags & 0x800)),
        _reason(name, flags, method, mode),
        method,
        crc,
        packed,
        size,
        offset + shift,
    )


def _reason(name: bytes, flags: int, method: int, mode: int) -> str | None:
    if name.endswith((b"/", b"\\")) or stat.S_ISDIR(mode):
        return "folder"
    if stat.S_ISLNK(mode):
        return "link"
    if stat.S_IFMT(mode) and not stat.S_ISREG(mode):
        return "device"
    return "encrypted" if flags & 0x2041 or method == 99 else None


def wide(extra: bytes, values: list[int]) -> list[int]:
    """These 32-bit values, each full one replaced by its 64-bit form from the extra field."""
    at = 0
    while at + 4 <= len(extra):
        sort, length = unpack_from("<HH", extra, at)
        field = extra[at + 4 : at + 4 + length]
        at += 4 + length
        if sort == 1:
            wides = iter(field[i : i + 8] for i in range(0, len(field) - 7, 8))
            return [
                int.from_bytes(next(wides, b""), "little") if value == _FULL else value for value in values
            ]
    return values
