"""The manifest of a data set: which files belong to it, and what every delivery said of itself."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, field, replace
from pathlib import Path
from typing import Any

from friction.errors import InputError
from friction.files import write
from friction.values import dataclass

NAME = "manifest.json"
FORMAT = 1


@dataclass(frozen=True)
class PartFile:
    """One file of events: `path` seen from the data set, the day its sessions started (UTC, ISO 8601)."""

    path: str
    day: str
    delivery: int
    rows: int
    sessions: int
    bytes: int
    end: str
    """Time of its last event (UTC, ISO 8601)."""
    stream: str | None = None
    """It holds nothing but rows of this kind (`mouse_move`, `mutation`) of recordings, read only by who asks."""


@dataclass(frozen=True)
class Delivery:
    """What one delivery said of itself: the books of its files, and what they can tell by their nature."""

    number: int
    """From 1; the G of its files."""
    inputs: list[str]
    """SHA-256 of the files that were given."""
    first_file: int
    """`file_id` of its first file; the ids of a data set are never used again."""
    files: list[dict[str, Any]]
    """`report.FileBooks`."""
    rejects: list[dict[str, Any]] = field(default_factory=list)
    """`report.Reject`: the first ones."""
    passed_over: list[dict[str, Any]] = field(default_factory=list)
    excluded: list[dict[str, Any]] = field(default_factory=list)
    streams: list[str] = field(default_factory=list)
    columns: list[str] = field(default_factory=list)
    """Columns of the event table that any of its rows fills."""
    has_sessions: bool = True
    rejected: str | None = None
    """The file with all rejected records, as positions."""
    tables: dict[str, str] = field(default_factory=dict)
    """Tables that hold no events → file: `sessions` and `aggregates` that tools had counted themselves, `feedback`,
    `tickets`, `deals` and `customers`."""


@dataclass(frozen=True)
class Manifest:
    """A data set as one commit left it."""

    commit: int
    policy: str
    """Version of the masking policy (`friction.privacy.columns`)."""
    visitors: str
    """What an empty id becomes: tells whether two deliveries were hashed with the same key."""
    deliveries: list[Delivery] = field(default_factory=list)
    parts: list[PartFile] = field(default_factory=list)
    index: list[str] = field(default_factory=list)
    """Tables of sessions."""
    open: list[str] = field(default_factory=list)
    """Events of sessions that were not over."""

    @property
    def days(self) -> list[str]:
        """Days on which sessions started, ISO 8601, in order."""
        return sorted({part.day for part in self.parts})

    @property
    def rows(self) -> int:
        """Events in the days; those of open sessions are not among them."""
        return sum(part.rows for part in self.parts)

    @property
    def sessions(self) -> int:
        """Sessions in the days; rows of recordings that are kept apart do not count theirs again."""
        return sum(part.sessions for part in self.parts if part.stream is None)

    @property
    def bytes(self) -> int:
        """Of the events on the disk."""
        return sum(part.bytes for part in self.parts)

    @property
    def sources(self) -> list[str]:
        """The tools that its files come from."""
        return sorted({file["source"] for delivery in self.deliveries for file in delivery.files})

    @property
    def files(self) -> set[str]:
        """Every file that belongs to the data set."""
        named = {*(part.path for part in self.parts), *self.index, *self.open}
        for delivery in self.deliveries:
            named |= {*delivery.tables.values(), *([delivery.rejected] if delivery.rejected else [])}
        return named

    def has(self, inputs: Sequence[str]) -> bool:
        """Whether files with these contents (SHA-256) have been delivered, all of them."""
        return set(inputs) <= {each for delivery in self.deliveries for each in delivery.inputs}

    @classmethod
    def of(cls, folder: Path) -> Manifest | None:
        """The manifest of a data set as it is now; null when there is no data set. Raises `InputError` for one that
        another version wrote.
        """
        try:
            members = json.loads((folder / NAME).read_bytes())
        except (FileNotFoundError, NotADirectoryError):
            return None
        except ValueError:
            members = {}
        if not isinstance(members, dict) or members.pop("format", None) != FORMAT:
            remedy = "send the files once more"
            raise InputError(
                "lake.format", "the data set was written by another version", remedy=remedy, file=folder.name
            )
        members["deliveries"] = [Delivery(**each) for each in members["deliveries"]]
        members["parts"] = [PartFile(**each) for each in members["parts"]]
        return cls(**members)

    def commit_to(self, folder: Path) -> None:
        """Make this the data set: durable, all at once. What no longer belongs to it is removed afterwards."""
        content = json.dumps({"format": FORMAT, **asdict(self)}, indent=1, sort_keys=True) + "\n"
        write(folder / NAME, content.encode())
        self.sweep(folder)

    def sweep(self, folder: Path) -> None:
        """Remove what a commit left behind, or somebody who never came to one; only for who holds the lock."""
        kept = {folder / name for name in self.files}
        for path in sorted(folder.rglob("*.parquet")):
            if path not in kept:
                path.unlink(missing_ok=True)
        for day in folder.glob("day=*"):
            if not any(day.iterdir()):
                day.rmdir()

    def next(self, **changes: Any) -> Manifest:
        """The manifest of the next commit."""
        return replace(self, **{"commit": self.commit + 1, **changes})


def is_dataset(path: str | Path) -> bool:
    """Whether this is the folder of a data set."""
    return (Path(path) / NAME).is_file()


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """The folder of a data set for one writer at a time, made if it is missing; others wait."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    lock = os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            import fcntl

            fcntl.flock(lock, fcntl.LOCK_EX)
        except ImportError:  # a system without locks has one worker
            pass
        yield
    finally:
        os.close(lock)
