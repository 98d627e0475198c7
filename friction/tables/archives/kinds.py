"""What packed content is, by its first bytes; names say nothing."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from struct import unpack_from

HEAD_BYTES = 1 << 16
"""What `kind` wants to see."""
COMPRESSIONS = ("gz", "bz2", "zst", "xz", "zlib")

SKIPPED = frozenset(bytes([0x50 + low]) + b"\x2a\x4d\x18" for low in range(16))
"""How frames of zstd begin that hold no content: indexes and the like."""
_MAGIC = {b"\x1f\x8b": "gz", b"\x28\xb5\x2f\xfd": "zst", b"\xfd7zXZ\0": "xz", **dict.fromkeys(SKIPPED, "zst")}
_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08PK\x03\x04")
_DOCUMENTS = frozenset({b"[Content_Types].xml", b"xl/workbook.xml"})
"""Members of office files, which are ZIP archives too."""
_MEMBER, _END_OF_MEMBER = b"PK\x03\x04", b"PK\x07\x08"


def kind(head: bytes) -> str | None:
    """`gz`, `bz2`, `zst`, `xz`, `zlib`, `zip` or `tar`; null for everything else, office documents included."""
    for magic, word in _MAGIC.items():
        if head.startswith(magic):
            return word
    if head.startswith(_ZIP):
        return None if is_document(head) else "zip"
    looks: dict[str, Callable[[bytes], bool]] = {"bz2": _is_bzip2, "zlib": _is_zlib, "tar": _is_tar}
    return next((word for word, is_one in looks.items() if is_one(head)), None)


def is_document(head: bytes) -> bool:
    """A ZIP archive that is one document: a workbook, a text, a presentation. One that holds such is none."""
    return any(name in _DOCUMENTS for name in _members(head)) or head[30:38] == b"mimetype"


def _members(head: bytes) -> Iterator[bytes]:
    """Names of the members that begin in these bytes, none of archives inside; all as far as sizes are told."""
    at = 0
    while at >= 0 and head[at : at + 4] == _MEMBER and at + 30 <= len(head):
        packed, _, name, extra = unpack_from("<IIHH", head, at + 18)
        start = at + 30 + name
        yield head[at + 30 : start]
        is_open = head[at + 6] & 8 and not packed
        at = _after_open(head, start) if is_open else start + extra + packed


def _after_open(head: bytes, start: int) -> int:
    """Where the next member begins after one whose size stands behind it; below zero: not in these bytes."""
    end = head.find(_END_OF_MEMBER, start)
    return head.find(_MEMBER, end) if end >= 0 else -1


def _is_bzip2(head: bytes) -> bool:
    return head.startswith(b"BZh") and head[4:10] in {b"1AY&SY", b"\x17\x72\x45\x38\x50\x90"}


def _is_zlib(head: bytes) -> bool:
    """The two bytes are also letters of an ordinary text, so the content must open as well."""
    if head[:2] not in {b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda"}:
        return False
    try:
        return bool(zlib.decompressobj().decompress(head, 64))
    except zlib.error:
        return False


def _is_tar(head: bytes) -> bool:
    return len(head) >= 512 and head[:1] != b"\0" and is_tar_header(head[:512])


def is_tar_header(block: bytes) -> bool:
    """The sum of these 512 bytes is the one that stands in them."""
    try:
        said = int(block[148:156].strip(b" \0") or b"0", 8)
    except ValueError:
        return False
    return said > 0 and said == sum(block) - sum(block[148:156]) + 8 * 32
