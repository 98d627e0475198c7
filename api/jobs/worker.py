"""`friction worker`: the process that carries out jobs. It ends on SIGTERM; what it had begun goes on elsewhere."""

from __future__ import annotations

import os
import signal
import threading
import time
from contextlib import suppress

import sqlalchemy as sa
from dbos import DBOS, DBOSConfig, DBOSPortableJSONSerializer

from friction import isolate
from friction.errors import UsageError

from .. import log
from ..folder import DataFolder
from ..hooks.deliverer import Deliverer
from ..hooks.reach import Reach
from ..nights import line as scans
from ..nights.carrying import Yard
from ..secret import derived
from ..store import Store, workers
from ..store.migrate import is_current
from . import queue, workflow
from .analysis import Bench
from .missed import Missed

POLL_S = 0.1
PER_PROJECT = 2
"""Jobs of one project that are carried out at the same time, on all workers together."""
WAIT_FOR_SCHEMA_S = 60
CALM_S = 4.0
"""Without a job that begins, until a child is made ready for the next one: as long as one job follows the other, the
processor is theirs."""
GRACE_S = 20.0
"""What running jobs get to end by themselves; others go on from where they were, on another worker."""


def work(
    folder: DataFolder,
    store_url: str,
    jobs_url: str,
    name: str,
    at_once: int,
    reach: Reach,
    *,
    until_closed: bool,
) -> None:
    """Carry out jobs until told to end."""
    told = threading.Event()
    if until_closed:
        threading.Thread(target=_until_closed, args=(told,), daemon=True).start()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: told.set())
    store = Store.open(store_url)
    _await_schema(store, told)
    if told.is_set():
        return
    spare = isolate.Spare()
    workflow.furnish(Bench(store, folder, at_once, spare))
    scans.furnish(Yard(store, folder))
    _renew(store, name)
    _launch(jobs_url, name, at_once)
    line = queue.Queue(jobs_url)
    hooks = Deliverer(store, derived(folder, "webhooks"), reach)
    hooks.start()
    _keep(store, line, name, told, spare)
    spare.close()
    hooks.stop()
    _leave(store, name)


def _until_closed(told: threading.Event) -> None:
    with suppress(OSError):
        while os.read(0, 1):
            pass
    told.set()


def _launch(jobs_url: str, name: str, at_once: int) -> None:
    config: DBOSConfig = {
        "name": queue.APPLICATION,
        "system_database_url": jobs_url,
        "application_version": queue.VERSION,
        "executor_id": name,
        "serializer": DBOSPortableJSONSerializer(),
        "log_level": "WARNING",
        "run_migrations": False,
    }
    DBOS(config=config)
    log.tidy()  # the engine has set up a log of its own
    DBOS.launch()
    DBOS.register_queue(
        queue.NAME,
        worker_concurrency=at_once,
        partition_concurrency=PER_PROJECT,
        polling_interval_sec=POLL_S,
        on_conflict="always_update",
    )
    scans.register(POLL_S)


def _await_schema(store: Store, told: threading.Event) -> None:
    """The server makes the tables; a worker that was started first waits for it."""
    deadline = time.monotonic() + WAIT_FOR_SCHEMA_S
    while not told.is_set():
        with suppress(sa.exc.OperationalError):
            if is_current(store):
                return
        if time.monotonic() > deadline:
            raise UsageError(
                "worker.no_server",
                "the database is not that of this version",
                remedy="start the server first",
            )
        told.wait(0.2)


def _keep(store: Store, line: queue.Queue, name: str, told: threading.Event, spare: isolate.Spare) -> None:
    """Renew the lease and sweep until told to end; a database that is away for a while is waited for."""
    missed = Missed(name)
    while not told.wait(workers.RENEW_S):
        if spare.calm_s >= CALM_S:
            spare.prepare()
        with suppress(sa.exc.SQLAlchemyError):
            _renew(store, name)
            queue.sweep(store, line)
            missed.sweep(line)
            scans.sweep(store, line.client)
            scans.deliver()


def _renew(store: Store, name: str) -> None:
    with store.write() as scope:
        workers.renew(scope, name)


def _leave(store: Store, name: str) -> None:
    """Take nothing new, let what runs come to an end, and go. The children of this process go with it."""
    watchdog = threading.Timer(GRACE_S + 5, os._exit, (0,))
    watchdog.daemon = True
    watchdog.start()
    DBOS.destroy(workflow_completion_timeout_sec=int(GRACE_S))
    with suppress(sa.exc.SQLAlchemyError), store.write() as scope:
        workers.release(scope, name)
    os._exit(0)
