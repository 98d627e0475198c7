"""The folder in which `friction scan` keeps what it knows.

state.json    everything that is remembered; its rename commits a scan
lake/         the masked events, by day
reports/      a report a night
spool/        what is fetched, until it is in the lake
lock          held while a scan runs
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from friction.errors import UsageError
from friction.files import write
from friction.nightly.state import State, as_json, from_json


@dataclass
class Desk:
    """The folder at `root`, which is private (0700)."""

    root: Path

    @property
    def dataset(self) -> Path:
        """The events."""
        return self.root / "lake" / "events"

    def report(self, night: str) -> Path:
        """The report of a night."""
        return self.root / "reports" / f"{night}.json"

    def forgotten(self) -> list[str]:
        """Visitors who stay out when their data come again, as keyed hashes."""
        return []

    def spool(self, source: str) -> Path:
        """An empty folder for what is fetched from a source; the last scan's is gone."""
        folder = self.root / "spool" / source
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True, mode=0o700)
        return folder

    def load(self) -> State:
        """What is remembered; raises `InputError` when it cannot be read."""
        path = self.root / "state.json"
        return from_json(path.read_bytes()) if path.is_file() else State()

    def save(self, state: State) -> None:
        """Remember this from now on, whole or not at all."""
        write(self.root / "state.json", as_json(state))

    @contextmanager
    def alone(self) -> Iterator[None]:
        """No other scan of this folder runs meanwhile. Raises `UsageError` while one does."""
        import fcntl

        for place in (self.root, self.root / "lake", self.root / "reports"):
            place.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(self.root / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise UsageError(
                    "scan.running",
                    "another scan of this folder is running",
                    remedy="wait until it has ended",
                    file=str(self.root),
                ) from None
            yield
        finally:
            shutil.rmtree(self.root / "spool", ignore_errors=True)
            with suppress(OSError):
                os.close(descriptor)
