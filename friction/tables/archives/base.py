"""What all kinds of archives share: members, damage, and the account of what was unpacked."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from friction.errors import LimitError
from friction.limits import RATIO_FROM_BYTES, Limits

BLOCK_BYTES = 1 << 20
"""The most that is unpacked at once."""
PIECE_BYTES = 1 << 16
"""What is read of packed content at once."""
LABEL_LENGTH = 120

Blocks = Iterator[bytes]
Read = Callable[[int], bytes]
"""Up to so many bytes; none at the end."""

_UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff0-\uffff\ud800-\udfff]"
)


class Damaged(Exception):
    """Packed content that is not what it should be; `reason` says in which way.

    `cut_off`, `damaged`, `wrong_size`, `wrong_checksum`, `unsupported`, `encrypted`.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Member:
    """One file of an archive. Its content can be read once, before the next member is asked for.

    Reading `blocks` raises `Damaged` when the content is not what the archive says, and `LimitError`.
    """

    name: str
    """A label, made harmless; empty for the archive itself."""
    blocks: Blocks = field(default_factory=lambda: iter(()))
    reason: str | None = None
    """Why the content is not given: as in `Damaged`, or `folder`, `link`, `device`, `system_file`, `empty`."""


@dataclass
class Budget:
    """What one input may still unpack to; all its containers draw on it."""

    limits: Limits
    packed: int
    """Bytes of the input as it lies there."""
    file: str | None = None
    unpacked: int = 0
    members: int = 0

    def spend(self, size: int) -> None:
        """Account for `size` unpacked bytes. Raises `LimitError` when they are too many."""
        self.unpacked += size
        if self.unpacked > self.limits.inflated_size:
            raise self.refusal("inflated_size")
        if self.unpacked > RATIO_FROM_BYTES and self.unpacked > self.limits.ratio * self.packed:
            raise self.refusal("ratio")

    def count(self, members: int = 1) -> None:
        """Account for members, of whatever kind. Raises `LimitError` when they are too many."""
        self.members += members
        if self.members > self.limits.members:
            raise self.refusal("members")

    def refusal(self, name: str) -> LimitError:
        """The error for going beyond this limit."""
        return self.limits.refusal(name, file=self.file)


class Stream(io.RawIOBase):
    """Blocks as a readable stream, with the file that is closed together with it."""

    def __init__(self, blocks: Blocks, source: BinaryIO | None = None) -> None:
        self._blocks = blocks
        self._source = source
        self._ready = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        while not self._ready:
            block = next(self._blocks, None)
            if block is None:
                return 0
            self._ready = memoryview(block)
        size = min(len(buffer), len(self._ready))
        buffer[:size] = self._ready[:size]
        self._ready = self._ready[size:]
        return size

    def close(self) -> None:
        if self._source is not None:
            self._source.close()
        super().close()


def label(name: bytes, *, is_utf8: bool = False) -> str:
    """A name from inside as words to show: no way up or out, nothing that steers a terminal, not too long."""
    try:
        text = name.decode()
    except UnicodeDecodeError:
        text = name.decode("utf-8" if is_utf8 else "cp437", "replace")
    text = _UNSEEN.sub("?", text.replace("\\", "/"))
    text = "/".join(part for part in text.split("/") if part.strip() not in {"", ".", ".."})
    return text if len(text) <= LABEL_LENGTH else "…" + text[1 - LABEL_LENGTH :]
