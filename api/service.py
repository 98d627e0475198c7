"""The running service: its folder, store and line of jobs, and what it allows. One object, made at the start."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated, cast

import sqlalchemy as sa
from fastapi import Depends, Request

from friction.errors import FrictionError

from . import retention
from .access.caller import caller
from .access.oidc import Provider
from .folder import DataFolder
from .hooks.reach import Reach
from .jobs.queue import Queue, prepare, sweep
from .store import Store, projects, workers
from .store.migrate import upgrade

LOG = logging.getLogger("friction.service")
SWEEP_S = 15.0
GIB = 2**30


@dataclass(frozen=True)
class Bounds:
    """What the service accepts; each has its own error. `friction serve --rate` sets the rate, the others are fixed."""

    upload_bytes: int = 16 * GIB
    """Of one upload."""
    body_bytes: int = 1 << 20
    """Of a request that is no upload."""
    waiting_jobs: int = 1000
    """Jobs of a project that are not over."""
    free_disk: int = GIB // 4
    """Bytes that uploads leave free."""
    wait_s: float = 60.0
    """How long a request may wait for its report."""
    rate: str = "600/minute"
    """Requests of one caller."""


@dataclass
class Service:
    """Everything a request needs."""

    folder: DataFolder
    store: Store
    queue: Queue
    project: str
    """The project this is asked for: that of the caller, and the local one where no login is asked."""
    bounds: Bounds = field(default_factory=Bounds)
    reach: Reach = field(default_factory=Reach)
    """Where webhooks may lead."""
    is_local: bool = True
    """Whether it listens on this machine only; anywhere else nobody comes in without a key."""
    public_url: str | None = None
    """Under which address browsers reach it, where that is another than the one it listens on."""
    provider: Provider | None = None
    """Where people can log in, besides with a key."""
    _over: threading.Event = field(default_factory=threading.Event)

    @classmethod
    def open(
        cls,
        data_dir: Path,
        database: str | None = None,
        bounds: Bounds | None = None,
        reach: Reach | None = None,
    ) -> Service:
        """Prepare folder and databases; raises `UsageError` when one of them cannot be used."""
        folder = DataFolder.prepared(data_dir)
        store = Store.open(database or folder.store_url)
        upgrade(store)
        jobs_url = database or folder.jobs_url
        prepare(jobs_url)
        line = Queue(jobs_url)
        return cls(folder, store, line, projects.local(store), bounds or Bounds(), reach or Reach())

    def of(self, project: str) -> Service:
        """The same service as one project sees it."""
        return replace(self, project=project)

    @contextmanager
    def running(self) -> Iterator[None]:
        """Sweep now and then while the block runs, and close everything at its end."""
        sweeper = threading.Thread(target=self._keep, name="sweep", daemon=True)
        sweeper.start()
        try:
            yield
        finally:
            self._over.set()
            sweeper.join(timeout=5)
            self.queue.close()
            self.store.close()

    def forget_worker(self, name: str) -> None:
        """A worker has ended: what it had begun is free for others at once."""
        with suppress(sa.exc.SQLAlchemyError):
            self.queue.take_over(name)
            with self.store.write() as scope:
                workers.release(scope, name)

    def _keep(self) -> None:
        while True:
            # A database that is away for a while is no reason to stop; requests say so meanwhile.
            with suppress(sa.exc.SQLAlchemyError, OSError):
                sweep(self.store, self.queue)
                self._retain()
            if self._over.wait(SWEEP_S):
                return

    def _retain(self) -> None:
        """What the settings say; while their file cannot be read nothing is removed, and the next turn asks again."""
        try:
            retention.apply(self.store, self.folder)
        except FrictionError as fault:
            LOG.warning("nothing is removed: %s", fault)


def service(request: Request) -> Service:
    """The service that answers this request, as the project of its caller sees it."""
    return cast(Service, request.app.state.service).of(caller(request).project)


ServiceDep = Annotated[Service, Depends(service)]
