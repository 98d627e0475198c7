"""What leaves a part, and how the tables of several parts become one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from friction.reduce.evidence import best


@dataclass(frozen=True)
class Tables:
    """What leaves a part."""

    sessions: pl.DataFrame
    views: pl.DataFrame
    hits: pl.DataFrame
    sums: pl.DataFrame
    seen: pl.DataFrame
    exposures: pl.DataFrame
    """Views that met a point, of detectors that say so themselves; of the others their hits are."""
    uses: pl.DataFrame
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

    @property
    def met(self) -> pl.DataFrame:
        """`detector, page, target, session_id`: each point and session that met it, once."""
        if not self.hits.width:
            return self.hits
        return self.hits.filter("is_first").select("detector", "page", "target", "session_id")


def combined(tables: Iterable[Tables]) -> Tables:
    """The tables of all parts as one, sessions and views numbered through; the best evidence competes again.

    What adds up is added up on the way: only sessions, views and what struck them grow with the number of parts.
    """
    kept: dict[str, list[pl.DataFrame]] = {name: [] for name in FRAMES}
    failed: dict[str, str] = {}
    sessions = views = 0
    for part in tables:
        for name, frames in kept.items():
            frames.append(_moved(getattr(part, name), sessions, views))
            if name in FOLDED and len(frames) == AT_ONCE:
                frames[:] = [_whole(name, frames)]
        sessions, views = sessions + part.numbered[0], views + part.numbered[1]
        failed = {**part.failed, **failed}
    # One after the other, since each is held twice while it is put into one piece.
    whole = {name: _whole(name, kept.pop(name)).rechunk() for name in FRAMES}
    return Tables(**whole, numbered=(sessions, views), failed=failed)


def gathered(
    parts: Sequence[Mapping[str, pl.DataFrame]], numbered: tuple[int, int], failed: dict[str, str]
) -> Tables:
    """The frames of all parts as one, of sessions and views that are numbered through already."""
    frames = {name: _whole(name, [part[name] for part in parts]) for name in FRAMES}
    return Tables(**frames, numbered=numbered, failed=failed)


def _whole(name: str, frames: Sequence[pl.DataFrame]) -> pl.DataFrame:
    frame = joined(frames)
    if name == "evidence":
        return frame[best(frame)] if frame.width else frame
    return _added(frame) if name in FOLDED else frame


FOLDED = frozenset({"evidence", "sums", "counts", "timings", "fields"})
"""Tables that are smaller together than apart."""
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
