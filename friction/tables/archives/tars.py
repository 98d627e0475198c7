"""Tar archives, read once from front to back.

Long names and extended headers are only taken up to `HEADER_BYTES`; links, devices and sparse files are
named and passed over. An archive that ends without its closing zeros was cut off.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from friction.tables.archives.base import BLOCK_BYTES, Blocks, Budget, Damaged, Member, Read, label
from friction.tables.archives.kinds import is_tar_header

RECORD = 512
HEADER_BYTES = 1 << 16
_NOT_FILES = {b"1": "link", b"2": "link", b"3": "device", b"4": "device", b"5": "folder", b"6": "device"}
_FILES = (b"0", b"\0", b"7")


@dataclass
class _Said:
    """What extended headers say about the member that follows."""

    name: bytes | None = None
    size: int | None = None
    is_sparse: bool = False


def entries(read: Read, budget: Budget) -> Iterator[Member]:
    """Every member in its order. Raises `Damaged` where reading cannot go on."""
    said, is_closed = _Said(), False
    while header := _exactly(read, RECORD):
        if not header.strip(b"\0"):
            is_closed = True
            continue
        if not is_tar_header(header):
            raise Damaged("damaged")
        size, sort = _number(header[124:136]), header[156:157]
        is_closed = False
        if sort in {b"L", b"K", b"x"}:
            _listen(said, sort, _header_text(read, size))
            continue
        content = _Content(read, 0 if sort in _NOT_FILES else size if said.size is None else said.size)
        if sort != b"g":
            budget.count()
            yield _member(header, sort, said, content)
            said = _Said()
        for _ in content.blocks:
            pass
    if not is_closed:
        raise Damaged("cut_off")


@dataclass
class _Content:
    """The bytes of one member; whoever reads them last also takes the padding."""

    read: Read
    size: int

    def __post_init__(self) -> None:
        self.blocks = self._given()

    def _given(self) -> Blocks:
        left = self.size
        while left:
            block = self.read(min(left, BLOCK_BYTES))
            if not block:
                raise Damaged("cut_off")
            left -= len(block)
            yield block
        _exactly(self.read, -self.size % RECORD)


def _member(header: bytes, sort: bytes, said: _Said, content: _Content) -> Member:
    name = said.name or _name(header)
    reason = _NOT_FILES.get(sort)
    if reason is None and (sort not in _FILES or said.is_sparse):
        reason = "unsupported"
    if reason is None and name.endswith(b"/"):
        reason = "folder"
    return Member(label(name, is_utf8=True), content.blocks, reason)


def _name(header: bytes) -> bytes:
    name = header[:100].partition(b"\0")[0]
    above = header[345:500].partition(b"\0")[0] if header[257:263] == b"ustar\0" else b""
    return above + b"/" + name if above else name


def _listen(said: _Said, sort: bytes, text: bytes) -> None:
    if sort == b"L":
        said.name = text.partition(b"\0")[0]
    elif sort == b"x":
        facts = dict(_facts(text))
        said.name = facts.get(b"path", said.name)
        said.is_sparse = any(key.startswith(b"GNU.sparse") for key in facts)
        if (size := facts.get(b"size")) is not None:
            said.size = _whole(size, 10)


def _facts(text: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The `length key=value` records of an extended header."""
    while text.strip(b"\0"):
        length = _whole(text.partition(b" ")[0], 10)
        record, text = text[:length], text[length:]
        key, equals, value = record.partition(b" ")[2].partition(b"=")
        if not equals or not value.endswith(b"\n"):
            raise Damaged("damaged")
        yield key, value[:-1]


def _header_text(read: Read, size: int) -> bytes:
    if size > HEADER_BYTES:
        raise Damaged("damaged")
    return _exactly(read, size + -size % RECORD, is_needed=True)[:size]


def _exactly(read: Read, size: int, *, is_needed: bool = False) -> bytes:
    """`size` bytes; none at the end of the archive. Raises `Damaged` when it ends among them."""
    found = b""
    while len(found) < size:
        more = read(size - len(found))
        if not more:
            break
        found += more
    if len(found) < size and (found or is_needed):
        raise Damaged("cut_off")
    return found


def _number(field: bytes) -> int:
    """A size: octal digits, or for large ones a binary number with a mark before it."""
    if field[0] == 0x80:
        return int.from_bytes(field[1:], "big")
    return _whole(field.strip(b" \0") or b"0", 8)


def _whole(digits: bytes, base: int) -> int:
    if not digits.isdigit() or len(digits) > 20:
        raise Damaged("damaged")
    try:
        return int(digits, base)
    except ValueError:
        raise Damaged("damaged") from None
