"""What every worker is told before it sees an event: plain words, small enough to travel with each piece of work."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields
from functools import cached_property
from pathlib import Path
from typing import Protocol, TypeVar

from friction.config import Settings
from friction.detectors.base import Detector
from friction.ingest import Request
from friction.ingest.columns import Wanted
from friction.ingest.way import MEMORY
from friction.scan.asked import detectors_for
from friction.scan.reading import request_for, wanted_for
from friction.values import dataclass

Result = TypeVar("Result")
FORM = b"PAR1"
"""How a shard begins: it is a Parquet file."""
FRICTION, GENERIC = "friction", "generic"
"""How it is read: as the event table, or as any table whose columns a mapping names."""


class Shards(Protocol):
    """All events, cut into shards of whole sessions that lie where workers reach them."""

    def each(self, work: Callable[[Path], Result]) -> Iterator[Result]:
        """What `work` says of each shard, a Parquet file to it; in any order, and nothing of shards without rows.

        `work` and what it says are pickled. It may be run twice on a shard: only one of its answers counts.
        """

    def in_turn(self, work: Callable[[Path], Result]) -> Iterator[Result]:
        """The same, for little work with large answers: of these no more than one is here at a time."""

    def left(self, work: Callable[[Path], bytes | None]) -> Shards:
        """What `work` says of each shard, left where workers reach it: as shards again, a file of these bytes each;
        without those of which it says nothing.
        """

    def hand(self, told: Mapping[str, bytes]) -> Handed:
        """What is told of each shard by name, ready to travel with pieces of work."""


class Handed(Protocol):
    """What a worker is told of its shard alone."""

    def of(self, shard: str) -> bytes:
        """By the name of the shard."""


@dataclass(frozen=True)
class Along:
    """It travels with every piece of work."""

    told: Mapping[str, bytes]

    def of(self, shard: str) -> bytes:
        """By the name of the shard."""
        return self.told[shard]


@dataclass(frozen=True)
class Job:
    """One analysis."""

    settings: str
    """As JSON, without what only the driver needs: keys, places, addresses."""
    name: str
    """What the user calls the events."""
    source: str = FRICTION
    has_rows: bool = False
    """Events bear the number that they had in a file."""
    keys: tuple[str, ...] = ()
    """Columns, by the names they have, of which the first that says anything says whose session an event is."""

    @classmethod
    def of(cls, settings: Settings, name: str, source: str = FRICTION, *, has_rows: bool = False) -> Job:
        """Tell no worker who may read what, or under which key people are hashed: that is done where results meet."""
        privacy = settings.privacy.model_copy(update={"key": None, "key_file": None})
        told = settings.model_copy(update={"privacy": privacy, "notify": {}, "sources": {}})
        return cls(told.model_dump_json(), name, source, has_rows)

    @cached_property
    def asked(self) -> Settings:
        """The settings again."""
        return Settings.model_validate_json(self.settings)

    @cached_property
    def chosen(self) -> list[Detector]:
        """The detectors asked for."""
        return detectors_for(self.asked)

    @property
    def detectors(self) -> Mapping[str, Detector]:
        """The same by name."""
        return {each.name: each for each in self.chosen}

    @cached_property
    def want(self) -> Wanted:
        """The columns that they need."""
        return wanted_for(self.chosen, self.asked)

    def request(self, path: Path, want: Wanted) -> Request:
        """How a shard is read: in memory, as one file."""
        kinds = frozenset[str]().union(*(detector.kinds for detector in self.chosen))
        return request_for([path], [self.name], self.asked, want, kinds, MEMORY)

    def __getstate__(self) -> dict[str, object]:
        return {each.name: getattr(self, each.name) for each in fields(self)}
