"""What leaves a part, and how the tables of several parts become one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import field
from itertools import pairwise
from typing import Any

import numpy as np
import polars as pl

from friction.reduce.evidence import best
from friction.reduce.kept import Frame, Kept, Shelf, piece, whole
from friction.values import dataclass


@dataclass(frozen=True, kw_only=True)
class Tables:
    """What leaves a part. A `Frame` may be kept on disk; each use reads it anew, so ask once, or use `read`."""

    sessions: pl.DataFrame
    views: Frame = Frame()
    hits: Frame = Frame()
    sums: pl.DataFrame
    seen: Frame = Frame()
    exposures: Frame = Frame()
    """Views that met a point, of detectors that say so themselves; of the others their hits are."""
    uses: Frame = Frame()
    evidence: pl.DataFrame
    counts: pl.DataFrame
    fields: pl.DataFrame
    timings: pl.DataFrame
    numbered: tuple[int, int]
    """How many sessions and page views the part numbered; those of `sessions`, and at least those of `views`."""
    failed: dict[str, str]
    signs: pl.DataFrame = field(default_factory=pl.DataFrame)
    """What tells how far visitors are (`friction.journey.signs`)."""
    origins: pl.DataFrame = field(default_factory=pl.DataFrame)
    """Where sessions came from (`friction.journey.origins`); only where it was asked for."""
    answers: pl.DataFrame = field(default_factory=pl.DataFrame)
    """Answers of surveys among the events, likewise."""
    used: pl.DataFrame = field(default_factory=pl.DataFrame)
    """What `uses` come to where these stay elsewhere (`friction.suppress.uses_counted`)."""

    def read(self, table: str, *columns: str) -> pl.DataFrame:
        """These columns of a table; no more of it is read."""
        return whole(vars(self)[table], columns)

    def rows(self, table: str, start: int, rows: int, *columns: str) -> pl.DataFrame:
        """These columns of a range of its rows."""
        return piece(vars(self)[table], start, rows, columns)

    def slices(self, table: str, rows: int, *columns: str) -> Iterator[pl.DataFrame]:
        """These columns of a table, or all, so many rows at a time."""
        held = vars(self)[table]
        for start in range(0, held.height, rows):
            yield piece(held, start, min(rows, held.height - start), columns or None)

    def stretches(self, *columns: str) -> Iterator[pl.DataFrame]:
        """These columns of all page views, about `STRETCH` at a time, of whole sessions; at least one frame."""
        for start, end in pairwise([*self._begins(), self.height("views")]):
            yield self.rows("views", start, end - start, *columns)

    def _begins(self) -> list[int]:
        """Where stretches begin: with the session of every `STRETCH`th page view."""
        begins, own, before = [0], 0, -1
        for at, some in enumerate(self.slices("views", STRETCH, "session_id")):
            session = some["session_id"].to_numpy()
            # The session of the first view may have begun in the slice before.
            own = own if session[0] == before else at * STRETCH
            begins += [own] if own > begins[-1] else []
            last = int(np.searchsorted(session, session[-1]))
            own, before = at * STRETCH + last if last else own, session[-1]
        return begins

    def is_kept(self, table: str) -> bool:
        """Whether it lies elsewhere, so that every use reads it."""
        return not isinstance(vars(self)[table], pl.DataFrame)

    def height(self, table: str) -> int:
        """How many rows a table has."""
        return int(vars(self)[table].height)

    def columns(self, table: str) -> Sequence[str]:
        """The names of its columns."""
        held = vars(self)[table]
        return held.columns if isinstance(held, pl.DataFrame) else list(held.types)

    def changed(self, **frames: pl.DataFrame) -> Tables:
        """With these tables in place of their own; what is kept elsewhere stays there."""
        return Tables(**{**vars(self), **frames})

    @property
    def met(self) -> pl.DataFrame:
        """`detector, page, target, session_id`: each point and session that met it, once."""
        if not self.columns("hits"):
            return self.hits
        found = self.read("hits", "detector", "page", "target", "session_id", "is_first")
        return found.filter("is_first").drop("is_first")


STRETCH = 1_000_000
"""Page views that are looked at together where sessions must be whole."""


def combined(tables: Iterable[Tables], shelf: Shelf | None = None) -> Tables:
    """The tables of all parts as one, sessions and views numbered through; the best evidence competes again.

    What adds up is added up on the way: only sessions, views and what struck them grow with the number of parts. Of
    these all but the sessions go to the `shelf` where there is one.
    """
    kept: dict[str, list[pl.DataFrame]] = {name: [] for name in FRAMES}
    shelved: dict[str, Kept] = {}
    failed: dict[str, str] = {}
    sessions = views = 0
    for part in tables:
        for name, frames in kept.items():
            frame = _moved(getattr(part, name), sessions, views)
            if shelf is None or name not in SHELVED:
                frames.append(frame)
            elif frame.width:
                if name not in shelved:
                    shelved[name] = shelf(name)
                shelved[name].append(frame)
            if name in FOLDED and len(frames) == AT_ONCE:
                frames[:] = [_whole(name, frames)]
        sessions, views = sessions + part.numbered[0], views + part.numbered[1]
        failed = {**part.failed, **failed}
    found: dict[str, Any] = {}
    for name in FRAMES:
        columns = _whole(name, kept.pop(name)).get_columns()
        found[name] = _in_one_piece(columns)
    return Tables(**{**found, **shelved}, numbered=(sessions, views), failed=failed)


def gathered(name: str, frames: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """A table of all parts as one, of sessions and views that are numbered through already."""
    return _in_one_piece(_whole(name, [*frames]).get_columns())


def _in_one_piece(columns: list[pl.Series]) -> pl.DataFrame:
    """One column after the other, which are taken off the list: each is held twice on the way."""
    columns.reverse()
    return pl.DataFrame([columns.pop().rechunk() for _ in range(len(columns))])


def _whole(name: str, frames: Sequence[pl.DataFrame]) -> pl.DataFrame:
    frame = joined(frames)
    if name == "evidence":
        return frame[best(frame)] if frame.width else frame
    return _added(frame) if name in FOLDED else frame


FOLDED = frozenset({"evidence", "sums", "counts", "timings", "fields", "used"})
"""Tables that are smaller together than apart."""
SHELVED = frozenset({"views", "hits", "seen", "exposures", "uses"})
"""Tables of which every row may be as good as an event."""
AT_ONCE = 16
"""Parts whose small tables are put together in one go."""
FRAMES = (
    "sessions",
    "views",
    "hits",
    "sums",
    "seen",
    "exposures",
    "uses",
    "evidence",
    "counts",
    "fields",
    "timings",
    "signs",
    "origins",
    "answers",
    "used",
)
_NUMBERS = {"session_id": 0, "view": 1, "goal_view": 1}


def _moved(frame: pl.DataFrame, sessions: int, views: int) -> pl.DataFrame:
    """Numbers of sessions and views as they are among all parts."""
    by = (sessions, views)
    moved = [name for name in _NUMBERS if name in frame.columns]
    return frame.with_columns((pl.col(name) + by[_NUMBERS[name]]).cast(pl.UInt32) for name in moved)


def joined(frames: Iterable[pl.DataFrame]) -> pl.DataFrame:
    used = [frame for frame in frames if frame.width]
    return pl.concat(used, how="diagonal") if used else pl.DataFrame()


def _added(frame: pl.DataFrame) -> pl.DataFrame:
    """Rows with equal keys as one: the integers `n_…` are added up, the earliest `first` and the last `last` kept."""
    sums = [name for name in frame.columns if name.startswith("n_")]
    spans = {name: _SPAN[name] for name in frame.columns if name in _SPAN}
    keys = [name for name in frame.columns if name not in sums and name not in spans]
    return frame.group_by(keys).agg(pl.col(sums).sum(), *spans.values()).sort(keys) if keys else frame


_SPAN = {"first": pl.col("first").min(), "last": pl.col("last").max()}
