"""A file of recordings in stretches of whole lines, so that only a bounded part of it is in memory at a time.

Files of lines alone can be cut without reading them; any other text is one stretch, however long it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from friction.recordings.values import are_lines, lines, shows_first_line, values

BLOCK_BYTES = 1 << 20
STRETCH_BYTES = 1 << 22
"""A stretch of lines is about this long, unless one of its lines is longer: parsed it takes ten times as much."""

Read = Callable[[int], bytes]
"""Up to so many of the next bytes, fewer only at the end; all that are left when the number is negative."""


class Stretch(NamedTuple):
    """Some lines of a file, `line` being the number of the first of them; 0: the whole file, whatever it holds."""

    data: bytes
    line: int

    def values(self, depth: int) -> Iterator[Any]:
        """Its JSON values; what is torn or nested deeper than `depth` comes as `Torn`."""
        return lines(self.data, depth, self.line) if self.line else values(self.data, depth)


def stretches(read: Read, depth: int) -> Iterator[Stretch]:
    """The whole file, always cut at the same places."""
    rest = read(BLOCK_BYTES)
    while not shows_first_line(rest) and (more := read(len(rest))):
        rest += more
    if not are_lines(rest, depth):
        yield Stretch(rest + read(-1), 0)
        return
    line = 1
    while rest := _filled(rest, read):
        cut = rest.rfind(b"\n") + 1 if len(rest) >= STRETCH_BYTES else 0
        data, rest = rest[: cut or None], rest[cut or len(rest) :]
        yield Stretch(data, line)
        line += data.count(b"\n")


def _filled(rest: bytes, read: Read) -> bytes:
    """With more behind it: a stretch's worth at least, with the end of a line in it, unless the file ends before."""
    while len(rest) < STRETCH_BYTES or b"\n" not in rest:
        more = read(STRETCH_BYTES - len(rest) if len(rest) < STRETCH_BYTES else len(rest))
        if not more:
            break
        rest += more
    return rest
