"""Adobe's data feeds: hits without names, whose names stand in a file beside them.

A feed is a table of hits (`hit_data.tsv`) without a header, `column_headers.tsv` with the names on one line, and tables
of names for numbers (`browser.tsv`, `event.tsv` …). They come in one archive or side by side. The hits are written anew
with their header; a tab, a line end or a backslash inside a value, which Adobe writes after a backslash, becomes a
blank or itself. Source: Adobe's reference of data feed contents.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from friction.tables.files import temporary

HEADERS = "column_headers.tsv"
LOOKUPS = frozenset(
    f"{name}.tsv"
    for name in (
        "browser browser_type color_depth connection_type country event javascript_version languages operating_systems "
        "plugins referrer_type resolution search_engines"
    ).split()
)
MARK = b"post_visid_high"
MANY = 100
"""Tabs in the first line from which on a file without a header may be hits."""
BLOCK_BYTES = 1 << 20
_KEPT = b"\0\0"


def header(paths: Sequence[tuple[Path, str]]) -> bytes | None:
    """The names, of the first of these files that holds nothing else; null where there is none."""
    for path, name in paths:
        if name.endswith(HEADERS):
            first = path.read_bytes().strip(b"\r\n")
            if MARK in first and b"\n" not in first:
                return first
    return None


def is_beside(name: str) -> bool:
    """Whether this is, by its name, no table of hits but one of names that comes with it."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1].rsplit(" ", 1)[-1]
    return last.endswith(HEADERS) or last in LOOKUPS


def is_bare(path: Path) -> bool:
    """Whether the first line has as many tabs as hits have, and no names."""
    with path.open("rb") as stream:
        first = stream.readline(1 << 20)
    return first.count(b"\t") > MANY and MARK not in first


def named(path: Path, names: bytes) -> Path:
    """The hits with these names as their first line; where they have fewer fields, with as many names."""
    with path.open("rb") as stream:
        width = stream.readline().count(b"\t") + 1
    return temporary(_blocks(path, b"\t".join(names.split(b"\t")[:width]) + b"\n"))


def _blocks(path: Path, first: bytes) -> Iterator[bytes]:
    yield first
    left = b""
    with path.open("rb") as stream:
        while block := stream.read(BLOCK_BYTES):
            block = left + block
            # What follows a backslash belongs to it, so a block never ends between the two.
            open_ = (len(block) - len(block.rstrip(b"\\"))) % 2
            left = block[len(block) - open_ :]
            yield _plain(block[: len(block) - open_])
    yield left


def _plain(block: bytes) -> bytes:
    if b"\\" not in block:
        return block
    block = block.replace(b"\\\\", _KEPT).replace(b"\\\t", b" ").replace(b"\\\n", b" ")
    return block.replace(_KEPT, b"\\")
