"""Packed files: damaged, nested, with more in them than they say."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from random import Random

import zstandard

from tests.torture.case import ROWS, Case, rows, text

PLAIN = text(rows()).encode()
FLATTENED = 8_000_000
"""Bytes that the small bombs of the rack inflate to; the great ones are measured on their own."""


def gz(content: bytes) -> bytes:
    """Packed with a fixed time, so that the same content gives the same bytes."""
    return gzip.compress(content, mtime=0)


def cases(chance: Random) -> Iterator[Case]:
    """All of them."""
    zst = zstandard.compress(PLAIN)
    yield Case("gz", gz(PLAIN), ROWS, ROWS)
    yield Case("zst", zst, ROWS, ROWS)
    yield Case("gz_parts", gz(PLAIN[:700]) + gz(PLAIN[700:]), ROWS, ROWS)
    yield Case("zst_parts", zstandard.compress(PLAIN[:700]) + zstandard.compress(PLAIN[700:]), ROWS, ROWS)
    for name, whole in {"gz": gz(PLAIN), "zst": zst, "xz": lzma.compress(PLAIN)}.items():
        for number in range(15):
            at = chance.randrange(1, len(whole))
            yield Case(f"{name}_cut_{number}", whole[:at])
            yield Case(f"{name}_byte_{number}", whole[:at] + bytes([whole[at] ^ 0x55]) + whole[at + 1 :])
        yield Case(f"{name}_rest", whole + b"garbage")
        yield Case(f"{name}_zeros", whole + b"\0" * 1_000)
        yield Case(f"{name}_twice", gz(whole))
        yield Case(f"{name}_magic", whole[:4])
    yield from _others()
    yield from _bombs()
    yield from _archives()


def _others() -> Iterator[Case]:
    yield Case("gz_empty", gz(b""))
    yield Case("gz_noise", gz(Random(3).randbytes(5_000)))
    named = b"\x1f\x8b\x08\x08\0\0\0\0\0\xff" + b"../../etc/cron.d/x\0"
    packer = zlib.compressobj(wbits=-15)
    deflated = packer.compress(PLAIN) + packer.flush()
    yield Case("gz_named", named + deflated + struct.pack("<II", zlib.crc32(PLAIN), len(PLAIN)), ROWS, ROWS)
    yield Case("zlib", zlib.compress(PLAIN))
    yield Case("bz2", bz2.compress(PLAIN))
    yield Case("xz", lzma.compress(PLAIN), ROWS, ROWS)
    yield Case("xz_lzma1", lzma.compress(PLAIN, lzma.FORMAT_ALONE))
    yield Case("zst_skippable", b"\x50\x2a\x4d\x18\x04\0\0\0abcd" + zstandard.compress(PLAIN))
    yield Case("zst_window", b"\x28\xb5\x2f\xfd\x00\xff" + b"\0" * 50)


def _bombs() -> Iterator[Case]:
    one = b"\0" * FLATTENED
    yield Case("bomb_gz", gz(one))
    yield Case("bomb_zst", zstandard.compress(one))
    yield Case("bomb_xz", lzma.compress(one))
    yield Case("bomb_text", gz(PLAIN + b"a" * FLATTENED))
    yield Case("bomb_lines", gz(PLAIN + b"\n" * FLATTENED))
    yield Case("bomb_json", gz(b"[" * FLATTENED))


def _archives() -> Iterator[Case]:
    for name in ("a.csv", "../../a.csv", "/etc/a.csv", "a\x1b[31m.csv", "C:\\a.csv", "-rf", "a" * 300, ""):
        yield Case(f"zip_{name[:12]!r}", _zip({name: PLAIN}))
        yield Case(f"tar_{name[:12]!r}", _tar(name))
    yield Case("zip_empty", _zip({}))
    yield Case("zip_many", _zip({f"{at}.csv": PLAIN for at in range(300)}))
    yield Case("zip_zip", _zip({"a.zip": _zip({"a.csv": PLAIN})}))
    yield Case("zip_bomb", _zip({"a.csv": b"\0" * FLATTENED}))
    whole = _zip({"a.csv": PLAIN})
    yield Case("zip_false_size", whole.replace(struct.pack("<I", len(PLAIN)), struct.pack("<I", 5)))
    yield Case("zip_overlap", _overlapping())
    yield Case("zip_cut", whole[: len(whole) // 2])
    for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE, tarfile.DIRTYPE):
        yield Case(f"tar_type_{kind!r}", _tar("a.csv", kind))
    yield Case("tar_gz", gz(_tar("a.csv")))


def _zip(members: dict[str, bytes]) -> bytes:
    page = io.BytesIO()
    with zipfile.ZipFile(page, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name or "x"), content, zipfile.ZIP_DEFLATED)
    return page.getvalue()


def _tar(name: str, kind: bytes = tarfile.REGTYPE) -> bytes:
    page = io.BytesIO()
    with tarfile.open(fileobj=page, mode="w") as archive:
        member = tarfile.TarInfo(name or "x")
        member.type, member.linkname = kind, "/etc/passwd"
        member.size = len(PLAIN) if kind == tarfile.REGTYPE else 0
        archive.addfile(member, io.BytesIO(PLAIN))
    return page.getvalue()


def _overlapping(members: int = 200) -> bytes:
    """A zip whose members all lie on the same bytes."""
    whole = _zip({"a.csv": PLAIN})
    start = whole.index(b"PK\x01\x02")
    directory = whole[start : whole.index(b"PK\x05\x06")]
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, members, members, len(directory) * members, start, 0)
    return whole[:start] + directory * members + end
