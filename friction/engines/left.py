"""What stays of a shard where it was read: page views and what struck them, asked again for what friction costs."""

from __future__ import annotations

import pickle
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from friction.engines.job import Job
from friction.engines.known import Known
from friction.engines.work import reduced
from friction.order import Ints
from friction.reduce.tables import FRAMES, Tables
from friction.suppress import uses_counted
from friction.values import dataclass


@dataclass(frozen=True)
class Left:
    """What stays of a shard."""

    shard: str
    tables: Tables
    """Numbered in the shard; of `sessions` only the `goal_view`, and nothing but views and what struck them."""

    @classmethod
    def of(cls, path: Path) -> Left:
        """From a file of `leaving`."""
        found: Left = pickle.loads(pickle.loads(path.read_bytes())[1])
        return found


def leaving(path: Path, job: Job, known: Known) -> bytes | None:
    """The tables of a shard: those that will leave it, then those that stay; null where none of its rows counts."""
    found = reduced(path, job, known)
    if found is None:
        return None
    tables, nothing = found.tables, pl.DataFrame()
    few: dict[str, Any] = dict.fromkeys(FRAMES, nothing)
    few |= {name: getattr(tables, name) for name in ("exposures", "uses")}
    few |= {
        "views": tables.views.select("view", "session_id", "page"),
        "sessions": tables.sessions.select("goal_view"),
        "hits": tables.hits.drop("session_id", "is_first", strict=False),
    }
    stays = Left(found.name, tables.changed(**few))
    counted = tables.changed(exposures=nothing, uses=nothing, used=uses_counted(tables))
    leaves = replace(found, tables=counted, lengths=_lengths(stays.tables))
    return pickle.dumps((pickle.dumps(leaves), pickle.dumps(stays)))


def left(path: Path) -> bytes:
    """What leaves of a file of `leaving`."""
    found: bytes = pickle.loads(path.read_bytes())[0]
    return found


def _lengths(tables: Tables) -> Ints:
    """By session, its page views up to the conversion."""
    views, sessions = tables.views, tables.sessions
    goal = sessions["goal_view"].gather(views["session_id"])
    before = goal.is_null() | (views["view"] <= goal)
    return np.bincount(views["session_id"].filter(before).to_numpy(), minlength=sessions.height)
