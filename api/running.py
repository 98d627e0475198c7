"""The two processes: the server with its supervised worker, and a worker."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from . import log
from .folder import DataFolder
from .hooks.reach import Reach
from .jobs.supervisor import supervised
from .service import Bounds, Service

GRACE_S = 5
"""What open requests get when the server is told to end; who follows a job is told to come again."""


def serve(
    data_dir: Path,
    database: str | None,
    host: str,
    port: int,
    jobs: int,
    rate: int,
    allow: Sequence[str] = (),
    *,
    verbose: bool = False,
) -> None:
    """Answer requests until interrupted, with a worker beside."""
    import uvicorn

    from .app import create_app

    log.begin(verbose=verbose)
    service = Service.open(data_dir, database, Bounds(rate=f"{rate}/minute"), Reach.of(allow))
    words = ["--data-dir", str(service.folder.root), "--jobs", str(jobs)]
    words += ["--database", database] if database else []
    words += [word for network in allow for word in ("--webhook-allow", network)]
    words += ["--verbose"] if verbose else []
    with supervised(words, service.forget_worker):
        uvicorn.run(
            create_app(service),
            host=host,
            port=port,
            log_config=None,
            timeout_graceful_shutdown=GRACE_S,
            server_header=False,
        )


def work(
    data_dir: Path,
    database: str | None,
    name: str,
    jobs: int,
    allow: Sequence[str] = (),
    *,
    until_closed: bool = False,
    verbose: bool = False,
) -> None:
    """Carry out jobs until interrupted; with `until_closed`, also until the server that started this one is gone."""
    from .jobs.worker import work

    log.begin(verbose=verbose)
    folder = DataFolder.prepared(data_dir)
    work(
        folder,
        database or folder.store_url,
        database or folder.jobs_url,
        name,
        jobs,
        Reach.of(allow),
        until_closed=until_closed,
    )
