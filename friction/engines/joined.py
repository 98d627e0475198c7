"""The tables of all shards as one: sessions, page views and people numbered as one machine would number them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import polars as pl

from friction.engines.shard import PEOPLE
from friction.engines.work import Shard
from friction.order import Ints
from friction.reduce.tables import FOLDED, FRAMES, Tables, gathered

SESSIONS, VIEWS = ("session_id",), ("view", "goal_view")
"""Columns with numbers of sessions and of page views."""
ORDER = ("detector", "page", "target", "session_id", "view")
"""Of rows in tables that have no order of their own."""


@dataclass(frozen=True)
class Joined:
    """All shards."""

    tables: Tables
    names: pl.Series
    """Of each session before cutting, by key, as it stands."""
    people: dict[str, pl.Series]
    """The words of `visitor_id` and `user_id`, by code."""
    sessions: dict[str, pl.Series]
    """By shard the number of each of its sessions."""
    lengths: Ints
    """By session, its page views up to the conversion."""


def joined(shards: list[Shard]) -> Joined:
    """One analysis of them; the order of shards does not matter. The list is emptied: nothing is held twice."""
    keys, names = _keys(shards)
    people = {name: _words(shards, name) for name in PEOPLE if any(name in one.people for one in shards)}
    sessions = _sessions(shards, keys)
    views = _views(shards, sessions)
    parts, numbers, failed = [], [], dict[str, str]()
    for one, key, session, view in zip(shards, keys, sessions, views, strict=True):
        codes = {name: _codes(people[name], words) for name, words in one.people.items()}
        numbers.append(
            {"key": key, **dict.fromkeys(SESSIONS, session), **dict.fromkeys(VIEWS, view), **codes}
        )
        parts.append({name: getattr(one.tables, name) for name in FRAMES})
        failed = {**one.tables.failed, **failed}
    numbered = (sum(each.len() for each in sessions), sum(each.drop_nulls().len() for each in views))
    lengths = np.zeros(numbered[0], np.int64)
    for one, session in zip(shards, sessions, strict=True):
        lengths[session.to_numpy()] = one.lengths
    places = {one.name: session for one, session in zip(shards, sessions, strict=True)}
    del one
    shards.clear()
    frames = {}
    for name in FRAMES:
        mine = (_renumbered(part.pop(name), known) for part, known in zip(parts, numbers, strict=True))
        frames[name] = _ordered(name, gathered(name, mine))
    return Joined(Tables(**frames, numbered=numbered, failed=failed), names, people, places, lengths)


def _keys(shards: Sequence[Shard]) -> tuple[list[pl.Series], pl.Series]:
    """By shard the key of each session, in the order of their first events, then of their names; the names by key."""
    every = _together(pl.DataFrame({"name": one.names, "opened": one.opened}) for one in shards)
    return _places(every, "opened", "name"), every.sort("opened", "name")["name"]


def _sessions(shards: Sequence[Shard], keys: Sequence[pl.Series]) -> list[pl.Series]:
    """By shard the number of each piece of a session."""
    own = (one.tables.sessions.select("key", "piece") for one in shards)
    pieces = (each.with_columns(key=key.gather(each["key"])) for each, key in zip(own, keys, strict=True))
    return _places(_together(pieces), "key", "piece")


def _views(shards: Sequence[Shard], sessions: Sequence[pl.Series]) -> list[pl.Series]:
    """By shard the number of each page view that some table names; null for others."""
    frames = []
    for one, number in zip(shards, sessions, strict=True):
        told = [one.tables.views.select("view", "session_id")] if one.tables.views.width else []
        if "goal_view" in one.tables.sessions.columns:
            goals = one.tables.sessions.select(pl.col("goal_view").alias("view"), "session_id")
            told.append(goals.drop_nulls())
        named = pl.concat(told).unique() if told else pl.DataFrame()
        frames.append(named.with_columns(session_id=number.gather(named["session_id"])))
    every = _together(frames)
    places = _places(every, "session_id", "view")
    found = []
    for one, named, place in zip(shards, frames, places, strict=True):
        numbers = pl.repeat(None, one.tables.numbered[1], dtype=pl.UInt32, eager=True)
        found.append(numbers.scatter(named["view"], place))
    return found


def _together(frames: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """All rows with `shard`, the number of the one they come from."""
    return pl.concat(frame.with_columns(shard=pl.lit(at, pl.UInt32)) for at, frame in enumerate(frames))


def _places(every: pl.DataFrame, *by: str) -> list[pl.Series]:
    """By shard the place of each of its rows among all in this order."""
    placed = every.with_row_index("at").sort(*by).with_row_index("place").sort("at")
    shard = every["shard"].to_numpy()
    ends = np.searchsorted(shard, np.arange(int(shard.max(initial=0)) + 2)).tolist()
    return [placed["place"][a:b] for a, b in pairwise(ends)]


def _words(shards: Sequence[Shard], name: str) -> pl.Series:
    return pl.concat(one.people[name] for one in shards if name in one.people).unique().sort()


def _codes(every: pl.Series, words: pl.Series) -> pl.Series:
    """The code among all, by the code in the shard."""
    known = pl.DataFrame({"word": every}).with_row_index("code")
    found = pl.DataFrame({"word": words}).join(known, on="word", how="left", maintain_order="left")
    return found["code"]


def _renumbered(frame: pl.DataFrame, numbers: Mapping[str, pl.Series]) -> pl.DataFrame:
    named = [name for name in numbers if name in frame.columns]
    return frame.with_columns(numbers[name].gather(frame[name]).alias(name) for name in named)


def _ordered(name: str, frame: pl.DataFrame) -> pl.DataFrame:
    """The same whatever the shards were."""
    if name in FOLDED:
        return frame
    own = {"sessions": ["session_id"], "views": ["view"]}
    by = own.get(name) or [each for each in ORDER if each in frame.columns]
    return frame.sort(by, maintain_order=True) if by else frame
