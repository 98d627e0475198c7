"""The tables of all shards as one: sessions, page views and people numbered as one machine would number them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

import numpy as np
import polars as pl

from friction.engines.arrived import Arrived, numbered_in
from friction.engines.gathering import Gathering
from friction.engines.shard import PEOPLE
from friction.order import Ints, changed
from friction.reduce.kept import Shelf
from friction.reduce.tables import FRAMES, Tables
from friction.values import dataclass

SESSIONS, VIEWS = ("session_id",), ("view", "goal_view")
"""Columns with numbers of sessions and of page views."""


@dataclass(frozen=True)
class Joined:
    """All shards."""

    tables: Tables
    """Those that grow with the rows lie on the shelf."""
    names: pl.Series
    """Of each session before cutting, by key, as it stands."""
    people: dict[str, pl.Series]
    """The words of `visitor_id` and `user_id`, by code."""
    sessions: dict[str, pl.Series]
    """By shard the number of each of its sessions."""
    lengths: Ints
    """By session, its page views up to the conversion."""


def joined(shards: Sequence[Arrived], shelf: Shelf) -> Joined:
    """One analysis of them; the order of shards does not matter."""
    keys, names = _keys(shards)
    people = {name: _words(shards, name) for name in PEOPLE if any(name in one.people for one in shards)}
    sessions = _sessions(shards, keys)
    views = _by_session([one.views for one in shards], sessions)
    first, numbered = np.cumsum(views) - views, (len(views), int(views.sum()))
    gathering, failed = Gathering(shelf, numbered[1]), dict[str, str]()
    for one, key, session in zip(shards, keys, sessions, strict=True):
        tables = one.tables()
        codes = {name: _codes(people[name], words) for name, words in one.people.items()}
        view = _views(tables, first[session.to_numpy()])
        numbers = {"key": key, **dict.fromkeys(SESSIONS, session), **dict.fromkeys(VIEWS, view), **codes}
        for name in FRAMES:
            gathering.take(name, _renumbered(getattr(tables, name), numbers))
        failed = {**tables.failed, **failed}
    return Joined(
        Tables(**gathering.tables(), numbered=numbered, failed=failed),
        names,
        people,
        {one.name: session for one, session in zip(shards, sessions, strict=True)},
        _by_session([one.lengths for one in shards], sessions),
    )


def _keys(shards: Sequence[Arrived]) -> tuple[list[pl.Series], pl.Series]:
    """By shard the key of each session, in the order of their first events, then of their names; the names by key."""
    every = _together(pl.DataFrame({"name": one.names, "opened": one.opened}) for one in shards)
    return _places(every, "opened", "name"), every.sort("opened", "name")["name"]


def _sessions(shards: Sequence[Arrived], keys: Sequence[pl.Series]) -> list[pl.Series]:
    """By shard the number of each piece of a session."""
    both = zip(shards, keys, strict=True)
    pieces = (one.pieces.with_columns(key=key.gather(one.pieces["key"])) for one, key in both)
    return _places(_together(pieces), "key", "piece")


def _by_session(values: Sequence[Ints], sessions: Sequence[pl.Series]) -> Ints:
    """What shards say of their sessions, by the numbers of these among all."""
    found = np.zeros(sum(map(len, values)), np.int64)
    for mine, session in zip(values, sessions, strict=True):
        found[session.to_numpy()] = mine
    return found


def _views(tables: Tables, first: Ints) -> pl.Series:
    """The number of each page view that some table names, null for others; `first`: by session, of its first one."""
    named = numbered_in(tables)
    session = named["session_id"].to_numpy()
    begins = np.flatnonzero(changed(session))
    place = np.arange(len(session)) - np.repeat(begins, np.diff(begins, append=len(session)))
    numbers = pl.repeat(None, tables.numbered[1], dtype=pl.UInt32, eager=True)
    return numbers.scatter(named["view"], (first[session] + place).astype(np.uint32))


def _together(frames: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """All rows with `shard`, the number of the one they come from."""
    return pl.concat(frame.with_columns(shard=pl.lit(at, pl.UInt32)) for at, frame in enumerate(frames))


def _places(every: pl.DataFrame, *by: str) -> list[pl.Series]:
    """By shard the place of each of its rows among all in this order."""
    placed = every.with_row_index("at").sort(*by).with_row_index("place").sort("at")
    shard = every["shard"].to_numpy()
    ends = np.searchsorted(shard, np.arange(int(shard.max(initial=0)) + 2)).tolist()
    return [placed["place"][a:b] for a, b in pairwise(ends)]


def _words(shards: Sequence[Arrived], name: str) -> pl.Series:
    return pl.concat(one.people[name] for one in shards if name in one.people).unique().sort()


def _codes(every: pl.Series, words: pl.Series) -> pl.Series:
    """The code among all, by the code in the shard."""
    known = pl.DataFrame({"word": every}).with_row_index("code")
    found = pl.DataFrame({"word": words}).join(known, on="word", how="left", maintain_order="left")
    return found["code"]


def _renumbered(frame: pl.DataFrame, numbers: Mapping[str, pl.Series]) -> pl.DataFrame:
    named = [name for name in numbers if name in frame.columns]
    return frame.with_columns(numbers[name].gather(frame[name]).alias(name) for name in named)
