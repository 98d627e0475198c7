"""From an archive to its files: containers inside containers, up to the limit of nesting."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterator
from itertools import chain
from typing import BinaryIO, cast

from friction.limits import DEFAULT, Limits
from friction.tables.archives import tars, zips
from friction.tables.archives.base import PIECE_BYTES, Blocks, Budget, Damaged, Member, Stream
from friction.tables.archives.inflate import inflated
from friction.tables.archives.kinds import COMPRESSIONS, HEAD_BYTES, kind

SEPARATOR = " › "
IN_MEMORY_BYTES = 1 << 22
"""Archives inside archives that are larger lie in a temporary file while they are read."""
_NOISE = frozenset({"__macosx", ".ds_store", "thumbs.db", "desktop.ini"})


def members(file: BinaryIO, limits: Limits = DEFAULT, name: str | None = None) -> Iterator[Member]:
    """Every file in an archive or compressed file, also those in archives inside it, in their order.

    `file` must be seekable; it is opened whatever it is, and is its own only member when it is no
    container. A member without a name stands for the archive itself, of which something is missing.
    Raises `LimitError`, and `InputError` for an archive whose members share bytes.
    """
    budget = Budget(limits, file.seek(0, io.SEEK_END), name)
    file.seek(0)
    what = kind(file.read(HEAD_BYTES))
    file.seek(0)
    found = _of_zip("", file, budget, 1) if what == "zip" else _leaves("", _pieces(file), budget, 0)
    yield from _or_damage("", found)


def _pieces(file: BinaryIO) -> Blocks:
    while piece := file.read(PIECE_BYTES):
        yield piece


def _or_damage(name: str, found: Iterator[Member]) -> Iterator[Member]:
    """These members; where they break off, one that says so."""
    try:
        yield from found
    except Damaged as damage:
        yield Member(name, reason=damage.reason)


def _leaves(name: str, blocks: Blocks, budget: Budget, depth: int) -> Iterator[Member]:
    """The files that this content is or holds; `depth` containers are around it."""
    head = _head(blocks)
    what, content = kind(head), chain([head], blocks)
    if what is None:
        yield Member(name, content) if head else Member(name, reason="empty")
        return
    if depth >= budget.limits.nesting:
        raise budget.refusal("nesting")
    read = io.BufferedReader(Stream(content), PIECE_BYTES).read
    if what in COMPRESSIONS:
        yield from _leaves(name, inflated(read, what, budget), budget, depth + 1)
    elif what == "tar":
        yield from _of_members(name, tars.entries(read, budget), budget, depth + 1)
    else:
        yield from _of_inner_zip(name, content, budget, depth + 1)


def _of_inner_zip(name: str, content: Blocks, budget: Budget, depth: int) -> Iterator[Member]:
    """Read from a copy, for the directory is at the end; what is there of a damaged one is read all the same."""
    damage: Damaged | None = None
    with tempfile.SpooledTemporaryFile(IN_MEMORY_BYTES) as copy:
        try:
            for block in content:
                copy.write(block)
        except Damaged as found:
            damage = found
        yield from _of_zip(name, cast("BinaryIO", copy), budget, depth)
    if damage is not None:
        raise damage


def _head(blocks: Blocks) -> bytes:
    """The first bytes, enough to tell what they are."""
    head = b""
    while len(head) < HEAD_BYTES and (block := next(blocks, b"")):
        head += block
    return head


def _of_zip(name: str, file: BinaryIO, budget: Budget, depth: int) -> Iterator[Member]:
    return _of_members(name, zips.entries(file, budget), budget, depth)


def _of_members(name: str, found: Iterator[Member], budget: Budget, depth: int) -> Iterator[Member]:
    for member in found:
        inner = SEPARATOR.join(filter(None, (name, member.name or "?")))
        reason = member.reason or ("system_file" if _is_noise(member.name) else None)
        if reason:
            yield Member(inner, reason=reason)
        else:
            yield from _or_damage(inner, _leaves(inner, member.blocks, budget, depth))


def _is_noise(name: str) -> bool:
    """What systems leave in archives, and hidden files, which are not looked for in folders either."""
    parts = name.lower().split("/")
    return bool(_NOISE.intersection(parts)) or any(part.startswith(".") for part in parts)
