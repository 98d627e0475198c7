"""The two processes: the server with its supervised worker, and a worker."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from friction.errors import UsageError

from . import log
from .access.gate import is_loopback
from .access.oidc import Provider
from .folder import DataFolder
from .hooks.reach import Reach
from .jobs.supervisor import supervised
from .service import Bounds, Service
from .store import Store, keys

WARM_AFTER_S = 3.0
"""Whoever asks at once needs the processor for the answer."""
GRACE_S = 5
"""What open requests get when the server is told to end; who follows a job is told to come again."""


@dataclass(frozen=True)
class Door:
    """Where the server listens, under which address browsers know it, and which proxies may say for whom they ask."""

    host: str
    port: int
    public_url: str | None = None
    proxies: tuple[str, ...] = ()


def serve(
    data_dir: Path,
    database: str | None,
    door: Door,
    jobs: int,
    rate: int,
    allow: Sequence[str] = (),
    *,
    ready: Callable[[], None],
    verbose: bool = False,
) -> None:
    """Answer requests until interrupted, with a worker beside; `ready` is called before the first.

    Raises `UsageError` when others than this machine could come in and there is no key to ask for.
    """
    import uvicorn

    from .app import create_app

    log.begin(verbose=verbose)
    service = Service.open(data_dir, database, Bounds(rate=f"{rate}/minute"), Reach.of(allow))
    service = replace(
        service,
        is_local=is_loopback(door.host),
        public_url=door.public_url,
        provider=Provider.from_environment(),
    )
    if not service.is_local:
        require_key(service.store)
    words = ["--data-dir", str(service.folder.root), "--jobs", str(jobs)]
    words += ["--database", database] if database else []
    words += [word for network in allow for word in ("--webhook-allow", network)]
    words += ["--verbose"] if verbose else []
    ready()
    threading.Thread(target=warm, name="warm", daemon=True).start()
    with supervised(words, service.forget_worker):
        uvicorn.run(
            create_app(service),
            host=door.host,
            port=door.port,
            # without this anybody on this machine could give any address as theirs
            proxy_headers=bool(door.proxies),
            forwarded_allow_ips=list(door.proxies),
            log_config=None,
            timeout_graceful_shutdown=GRACE_S,
            server_header=False,
        )


def warm() -> None:
    """Compile the templates before somebody waits for a page: the first one would take as long as ten others."""
    from .web.frame import templates
    from .web.reading import adapter

    time.sleep(WARM_AFTER_S)
    adapter()
    environment = templates()
    for name in environment.list_templates(extensions=["jinja"]):
        environment.get_template(name)


def require_key(store: Store) -> None:
    """Raise `UsageError` unless there is a key that somebody could come in with."""
    with store.read() as scope:
        if keys.is_any_valid(scope):
            return
    raise UsageError(
        "serve.no_key",
        "others could reach the service, and there is no key to ask them for",
        remedy="make one first: friction keys create NAME --scope operator",
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
