"""What a stretch of a file tells: its recordings, played, as cells of the event table.

A recording may go on in another stretch. Then nothing that was played here of it counts: whoever puts the stretches
together sees its key twice and plays it again as a whole (`friction.recordings.whole`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any, NamedTuple

from friction.recordings.cells import Cells, cells, named
from friction.recordings.containers import Contents, Key, Recording
from friction.recordings.player import play
from friction.recordings.sentry import kept_share
from friction.recordings.stretches import Stretch
from friction.values import dataclass


class Ask(NamedTuple):
    """What is wanted of a file: the depth of JSON that is read, kinds of many rows, columns (null: all)."""

    depth: int
    kinds: frozenset[str]
    columns: frozenset[str] | None
    is_deep: bool
    """With attributes and ancestors of elements."""


class Piece(NamedTuple):
    """One recording of a stretch."""

    key: Key
    first: int
    """The number of its first record, counted from the beginning of the stretch."""
    events: int
    rows: int
    facts: Counter[str]
    kinds: frozenset[str]
    """Of its rows."""


@dataclass(frozen=True)
class Told:
    """What one stretch tells; numbers of records and `row_no` count from its beginning."""

    records: int
    rejects: list[tuple[int, int | None, str]]
    share: float | None
    """`friction.recordings.sentry.kept_share`."""
    pieces: list[Piece]
    cells: dict[str, Cells]
    """Of all pieces, one after the other."""


def told(stretch: Stretch, ask: Ask) -> Told:
    """Play what lies in this stretch."""
    contents = Contents()
    for value in stretch.values(ask.depth):
        contents.take(value)
    return told_of(contents, contents.keyed, ask)


def told_of(contents: Contents, recordings: dict[Key, Recording], ask: Ask) -> Told:
    """Play these recordings; their events are gone afterwards."""
    share = kept_share(recordings.values())
    rows: list[dict[str, Any]] = []
    pieces = []
    for key, one in recordings.items():
        played = play(one, ask.kinds, is_deep=ask.is_deep)
        pieces.append(
            Piece(key, one.first, len(one.events), len(played.rows), played.facts, _kinds(played.rows))
        )
        one.events.clear()
        rows += played.rows
    return Told(contents.records, contents.rejects, share, pieces, cells(rows, named(ask.columns)))


def _kinds(rows: Iterable[dict[str, Any]]) -> frozenset[str]:
    return frozenset(row["kind"] for row in rows)
