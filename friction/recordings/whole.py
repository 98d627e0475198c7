"""A file of recordings: all its stretches, put together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from itertools import chain, islice

import polars as pl

from friction.recordings import crew
from friction.recordings.rows import frame as empty
from friction.recordings.sections import Opened, Part, framed_from, sections
from friction.recordings.stretches import Stretch, stretches
from friction.recordings.told import Ask, Told, told
from friction.values import dataclass

LEAST_STRETCHES = 3
"""Shorter files are played before another process has started."""
HELD = 32
"""Stretches of a file whose rows are held in memory."""


@dataclass(frozen=True)
class Whole:
    """What a file tells."""

    records: int
    recordings: int
    rejects: list[tuple[int, int | None, str]]
    """`(number of the record, line or null, reason)`."""
    share: float | None
    """`friction.recordings.sentry.kept_share`."""
    facts: Counter[str]
    """Of all recordings together (`friction.recordings.player.Played`)."""
    kinds: frozenset[str]
    events: pl.LazyFrame


Wait = Callable[[pl.DataFrame], pl.LazyFrame]
"""Has rows wait on disk until they are asked for."""


def whole(opened: Opened, ask: Ask, workers: int, wait: Wait = pl.DataFrame.lazy) -> Whole:
    """Read a file, by so many processes side by side where it is long. The number of them changes no row.

    Of a long file most rows `wait`.
    """
    parts: list[Part] = []
    rejects: list[tuple[int, int | None, str]] = []
    shares: list[float] = []
    records = 0
    with opened() as read:
        for found in _told(stretches(read, ask.depth), ask, workers):
            frame = framed_from(found, ask, records)
            parts.append(Part(records, found.pieces, wait(frame) if len(parts) >= HELD else frame.lazy()))
            rejects += [(number + records, line, reason) for number, line, reason in found.rejects]
            shares += [found.share] if found.share is not None else []
            records += found.records
    ordered = sections(parts, opened, ask)
    pieces = [piece for section in ordered for piece in section.pieces]
    return Whole(
        records,
        sum(piece.events > 0 for piece in pieces),
        rejects,
        min(shares, default=None),
        sum((piece.facts for piece in pieces), Counter()),
        frozenset[str]().union(*(piece.kinds for piece in pieces)),
        pl.concat([empty([], ask.columns).lazy(), *(section.frame for section in ordered)]),
    )


def _told(found: Iterator[Stretch], ask: Ask, workers: int) -> Iterator[Told]:
    first = list(islice(found, LEAST_STRETCHES))
    is_long = len(first) == LEAST_STRETCHES
    every = chain(iter(first), found)
    yield from (
        crew.played(every, ask, workers) if is_long and workers > 1 else (told(one, ask) for one in every)
    )
