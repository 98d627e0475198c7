"""Compressed bytes → bytes, a bounded block at a time, whatever the compression claims.

Every opener gives at most `BLOCK_BYTES` a step. For zstd the library has no such bound, since one byte can
stand for 128 KiB; so its frames are cut here into their own blocks, of which none can be larger than that.
"""

from __future__ import annotations

import bz2
import lzma
import zlib
from collections.abc import Callable, Generator
from typing import Literal, Protocol

import zstandard

from friction.tables.archives.base import BLOCK_BYTES, PIECE_BYTES, Blocks, Budget, Damaged, Read
from friction.tables.archives.kinds import SKIPPED

WINDOW_BYTES = 1 << 27
"""The memory that a frame of zstd or xz may ask for; `zstd` itself refuses more unless told otherwise, and the
strongest packing of `xz` asks for half of it."""


class Opener(Protocol):
    """One frame of compressed content."""

    is_done: bool
    is_hungry: bool
    """Nothing more comes out before more is put in."""

    @property
    def rest(self) -> bytes:
        """What was put in beyond the end of the frame."""

    def step(self, data: bytes) -> bytes:
        """Put `data` in and take out at most a block."""


class Flate:
    """Deflate, bare or inside gzip or zlib."""

    def __init__(self, window: int) -> None:
        self._opener = zlib.decompressobj(window)
        self.is_done = self.is_hungry = False

    @property
    def rest(self) -> bytes:
        return self._opener.unused_data

    def step(self, data: bytes) -> bytes:
        waiting = self._opener.unconsumed_tail
        out = self._opener.decompress(waiting + data if waiting else data, BLOCK_BYTES)
        self.is_done = self._opener.eof
        self.is_hungry = not self._opener.unconsumed_tail and len(out) < BLOCK_BYTES
        return out


class Bzip2:
    """One bzip2 stream."""

    def __init__(self) -> None:
        self._opener = bz2.BZ2Decompressor()
        self.is_done = self.is_hungry = False

    @property
    def rest(self) -> bytes:
        return self._opener.unused_data

    def step(self, data: bytes) -> bytes:
        out = self._opener.decompress(data, BLOCK_BYTES)
        self.is_done, self.is_hungry = self._opener.eof, self._opener.needs_input
        return out


class Xz:
    """One xz stream."""

    def __init__(self) -> None:
        self._opener = lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=WINDOW_BYTES)
        self.is_done = self.is_hungry = False

    @property
    def rest(self) -> bytes:
        return self._opener.unused_data

    def step(self, data: bytes) -> bytes:
        out = self._opener.decompress(data, BLOCK_BYTES)
        self.is_done, self.is_hungry = self._opener.eof, self._opener.needs_input
        return out


class Zstd:
    """One zstd frame: its header, its blocks one by one, its checksum."""

    def __init__(self) -> None:
        self._opener = zstandard.ZstdDecompressor(max_window_size=WINDOW_BYTES).decompressobj()
        self._stage: Literal["header", "block", "checksum"] = "header"
        self._has_checksum = False
        self._ready = b""
        self._at = 0
        self.is_done = self.is_hungry = False

    @property
    def rest(self) -> bytes:
        return self._ready[self._at :]

    def step(self, data: bytes) -> bytes:
        if data:
            self._ready, self._at = self._ready[self._at :] + data, 0
        size = self._size()
        self.is_hungry = self._at + size > len(self._ready)
        if self.is_hungry:
            return b""
        piece = self._ready[self._at : self._at + size]
        self._at += size
        self._advance(piece)
        return self._opener.decompress(piece)

    def _size(self) -> int:
        """Bytes of the next piece as far as its first bytes say; without them, how many those are."""
        start = self._ready[self._at : self._at + 5]
        if self._stage == "checksum":
            return 4
        if self._stage == "block":
            word = int.from_bytes(start[:3], "little")
            return 3 + (1 if word >> 1 & 3 == 1 else word >> 3) if len(start) > 2 else 3
        if len(start) < 5:
            return 5
        flags = start[4]
        is_single = flags >> 5 & 1
        return 6 - is_single + (0, 1, 2, 4)[flags & 3] + (is_single, 2, 4, 8)[flags >> 6]

    def _advance(self, piece: bytes) -> None:
        """What comes after `piece`."""
        if self._stage == "header":
            self._stage, self._has_checksum = "block", bool(piece[4] & 4)
        elif self._stage == "checksum" or (piece[0] & 1 and not self._has_checksum):
            self.is_done = True
        elif piece[0] & 1:
            self._stage = "checksum"


OPENERS: dict[str, Callable[[], Opener]] = {
    "gz": lambda: Flate(16 + zlib.MAX_WBITS),
    "zlib": lambda: Flate(zlib.MAX_WBITS),
    "deflate": lambda: Flate(-zlib.MAX_WBITS),
    "bz2": Bzip2,
    "zst": Zstd,
    "xz": Xz,
}
_STARTS = {"gz": b"\x1f\x8b", "bz2": b"BZh", "zst": b"\x28\xb5\x2f\xfd", "xz": b"\xfd7zXZ\0", "zlib": b"x"}
_PADDED = ("gz", "xz")
"""Zeros may follow a frame."""


def frame(opener: Opener, read: Read, data: bytes, budget: Budget) -> Generator[bytes, None, bytes]:
    """The content of one frame that begins with `data`; returns what was read beyond it.

    Raises `Damaged` when it is, or ends too early.
    """
    while True:
        try:
            out = opener.step(data)
        except (zlib.error, lzma.LZMAError, OSError, EOFError, zstandard.ZstdError):
            raise Damaged("damaged") from None
        if out:
            budget.spend(len(out))
            yield out
        if opener.is_done:
            return opener.rest
        data = read(PIECE_BYTES) if opener.is_hungry else b""
        if opener.is_hungry and not data:
            raise Damaged("cut_off")


def inflated(read: Read, kind: str, budget: Budget) -> Blocks:
    """The content of compressed bytes, all frames of it. Raises `Damaged` and `LimitError`."""
    data = _next_frame(read(PIECE_BYTES), read, kind)
    while data:
        data = yield from frame(OPENERS[kind](), read, data, budget)
        data = _next_frame(data, read, kind)


def _next_frame(data: bytes, read: Read, kind: str) -> bytes:
    """What follows a frame: the start of another one, or nothing."""
    while True:
        data = data.lstrip(b"\0") if kind in _PADDED else data
        if len(data) < 8 and (more := read(PIECE_BYTES)):
            data += more
        elif data[:4] in SKIPPED and kind == "zst":
            data = _skipped(data, read)
        elif data and not data.startswith(_STARTS[kind]):
            raise Damaged("damaged")
        else:
            return data


def _skipped(data: bytes, read: Read) -> bytes:
    left = 8 + int.from_bytes(data[4:8], "little")
    while left > len(data):
        left -= len(data)
        data = read(PIECE_BYTES)
        if not data:
            raise Damaged("cut_off")
    return data[left:]
