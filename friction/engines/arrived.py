"""What came of a shard: its tables wait on the disk of the driver until those of all have come."""

from __future__ import annotations

import pickle
from pathlib import Path

import numpy as np
import polars as pl

from friction.engines.work import Shard
from friction.order import Ints
from friction.reduce.tables import Tables
from friction.values import dataclass


@dataclass(frozen=True)
class Arrived:
    """A shard whose tables lie in a file, and what sessions and page views of all shards are numbered by."""

    name: str
    path: Path
    names: pl.Series
    """Of each session before cutting, by key, as it stands."""
    opened: pl.Series
    """Its first event."""
    people: dict[str, pl.Series]
    """The words of `visitor_id` and `user_id`, by code."""
    pieces: pl.DataFrame
    """`key, piece` of each session."""
    views: Ints
    """By session, of how many page views some table knows the number."""
    lengths: Ints
    """By session, its page views up to the conversion."""

    @classmethod
    def of(cls, shard: Shard, path: Path) -> Arrived:
        """`path` is where the file goes."""
        tables = shard.tables
        path.write_bytes(pickle.dumps(tables))
        views = np.bincount(numbered_in(tables)["session_id"].to_numpy(), minlength=tables.sessions.height)
        own = tables.sessions.select("key", "piece")
        return cls(shard.name, path, shard.names, shard.opened, shard.people, own, views, shard.lengths)

    def tables(self) -> Tables:
        """All its tables; the file is gone with that."""
        found: Tables = pickle.loads(self.path.read_bytes())
        self.path.unlink()
        return found


def numbered_in(tables: Tables) -> pl.DataFrame:
    """`session_id, view` of each page view that some table names, in order; machines have no others than goals."""
    told = [tables.views.select("session_id", "view")] if tables.views.width else []
    if "goal_view" in tables.sessions.columns:
        goals = tables.sessions.select("session_id", pl.col("goal_view").alias("view"))
        told.append(goals.drop_nulls())
    every = pl.concat([pl.DataFrame(schema=_NUMBERED), *told])
    return every.unique().sort("session_id", "view")


_NUMBERED = dict.fromkeys(("session_id", "view"), pl.UInt32())
