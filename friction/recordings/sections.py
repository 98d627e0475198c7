"""Recordings from stretches that were played one by one, in the order in which they begin.

A recording that lies in several stretches is played again from all of them. That takes another look at these stretches,
as many recordings at a time as fit into `MOST_EVENTS`, so what is in memory does not grow with the file.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from itertools import islice

import polars as pl

from friction.recordings.cells import named
from friction.recordings.containers import Contents, Key
from friction.recordings.rows import framed
from friction.recordings.stretches import Read, stretches
from friction.recordings.told import Ask, Piece, Told, told_of
from friction.values import dataclass

MOST_EVENTS = 500_000
"""Of recordings that are played again together, unless a single one has more."""

Opened = Callable[[], AbstractContextManager[Read]]
"""Opens the file anew."""
Places = dict[Key, list[int]]
"""In which stretches, by their numbers, a recording lies."""


@dataclass(frozen=True)
class Part:
    """One stretch: how many records lie before it, what it tells without its cells, and those as a frame."""

    before: int
    pieces: Sequence[Piece]
    frame: pl.LazyFrame


@dataclass(frozen=True)
class Section:
    """Recordings in a row, the first of which begins with this record."""

    first: int
    pieces: Sequence[Piece]
    frame: pl.LazyFrame


def sections(parts: Sequence[Part], opened: Opened, ask: Ask) -> list[Section]:
    """All recordings of these parts."""
    places: Places = defaultdict(list)
    for number, part in enumerate(parts):
        for piece in part.pieces:
            if _is_shared(piece.key):
                places[piece.key].append(number)
    scattered = {key: numbers for key, numbers in places.items() if len(numbers) > 1}
    found = [section for part in parts for section in _gathered(part, scattered)]
    for keys in _groups(scattered, parts):
        found += _again(keys, scattered, parts, opened, ask)
    return sorted(found, key=lambda section: section.first)


def framed_from(found: Told, ask: Ask, before: int) -> pl.DataFrame:
    """The rows of a stretch that has so many records before it."""
    frame = framed(found.cells, named(ask.columns), sum(piece.rows for piece in found.pieces))
    return frame.with_columns(pl.col("row_no") + before) if before else frame


def _is_shared(key: Key) -> bool:
    """Whether the same key in another stretch means the same recording: wrappers are counted in each anew."""
    return isinstance(key, str) or key == 0


def _gathered(part: Part, scattered: Places) -> Iterator[Section]:
    """The recordings that lie in this part as a whole."""
    start, run = 0, list[Piece]()
    for piece in part.pieces:
        if _is_shared(piece.key) and piece.key in scattered:
            yield from _section(part, run, start)
            start += sum(one.rows for one in run) + piece.rows
            run = []
        else:
            run.append(piece)
    yield from _section(part, run, start)


def _section(part: Part, run: Sequence[Piece], start: int) -> Iterator[Section]:
    if run:
        is_all = len(run) == len(part.pieces)
        frame = part.frame if is_all else part.frame.slice(start, sum(piece.rows for piece in run))
        yield Section(part.before + run[0].first, run, frame)


def _groups(scattered: Places, parts: Sequence[Part]) -> Iterator[set[Key]]:
    """Recordings to be played again together: those that begin next to each other."""
    events: Counter[Key] = Counter()
    for part in parts:
        events.update({piece.key: piece.events for piece in part.pieces if piece.key in scattered})
    group: set[Key] = set()
    held = 0
    for key in scattered:
        if group and held + events[key] > MOST_EVENTS:
            yield group
            group, held = set(), 0
        group.add(key)
        held += events[key]
    if group:
        yield group


def _again(
    keys: set[Key], scattered: Places, parts: Sequence[Part], opened: Opened, ask: Ask
) -> Iterator[Section]:
    """These recordings, played from all stretches in which they lie."""
    needed = {number for key in keys for number in scattered[key]}
    contents = Contents(only=keys)
    with opened() as read:
        for number, stretch in enumerate(islice(stretches(read, ask.depth), max(needed) + 1)):
            if number in needed:
                contents.records = parts[number].before
                for value in stretch.values(ask.depth):
                    contents.take(value)
    found = told_of(contents, contents.keyed, ask)
    frame, start = framed_from(found, ask, 0).lazy(), 0
    for piece in found.pieces:
        yield Section(piece.first, [piece], frame.slice(start, piece.rows))
        start += piece.rows
