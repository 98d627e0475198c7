"""`friction serve` and `friction worker`: the service, and more hands for it."""

from __future__ import annotations

import os
import socket
from functools import partial
from importlib import import_module, util
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Any

import typer

from friction.cli import options as opt
from friction.cli.speech import speaking
from friction.cli.voice import Voice
from friction.errors import EXIT_DONE, InternalError, MissingExtra, UsageError

NEEDED = ("fastapi", "uvicorn", "sqlalchemy", "alembic", "dbos", "limits", "prometheus_client", "structlog")
SERVE = """\b
friction serve
friction serve --port 9000 --data-dir /var/lib/friction
friction serve --database postgresql://friction@db/friction
friction serve --host 0.0.0.0 --proxy 10.0.0.2 --public-url https://friction.example.com

Run the service, with one worker beside it. On this machine no login is asked until there is a key; for others it
serves only when there is one (friction keys create). Everything it keeps lies in the data folder, and in PostgreSQL
where that is named; passwords come from PGPASSWORD or ~/.pgpass.
"""
WORKER = """\b
friction worker --data-dir /var/lib/friction --jobs 2

Carry out jobs of a service, besides the worker that friction serve runs itself. It needs the same data folder and
the same database.
"""
Host = Annotated[
    str,
    typer.Option(
        "--host", metavar="ADDRESS", help="Address to listen on; any but this machine's own needs keys."
    ),
]
PublicUrl = Annotated[
    str | None,
    typer.Option("--public-url", metavar="URL", help="Where browsers find it, behind a proxy: https://…"),
]
Proxy = Annotated[
    list[str] | None,
    typer.Option("--proxy", metavar="ADDRESS", help="A proxy in front that may say for whom it asks."),
]
Port = Annotated[int, typer.Option("--port", metavar="N", min=1, max=65535, help="Port to listen on.")]
DataDir = Annotated[
    Path | None,
    typer.Option(
        "--data-dir", metavar="FOLDER", help="Where everything is kept; else ~/.local/share/friction."
    ),
]
Database = Annotated[
    str | None,
    typer.Option("--database", metavar="URL", help="PostgreSQL in the place of a file in the data folder."),
]
Jobs = Annotated[int, typer.Option("--jobs", metavar="N", min=1, max=64, help="Analyses at the same time.")]
Rate = Annotated[
    int, typer.Option("--rate", metavar="N", min=1, help="Requests a minute that one caller may make.")
]
Allow = Annotated[
    list[str] | None,
    typer.Option(
        "--webhook-allow",
        metavar="NETWORK",
        help="Network of this house that webhooks may lead to, like 10.1.0.0/16; else public addresses only.",
    ),
]
Name = Annotated[
    str | None, typer.Option("--name", metavar="NAME", help="Name of this worker; each has its own.")
]

UntilClosed = Annotated[
    bool, typer.Option("--until-closed", hidden=True, help="End when standard input is closed.")
]


def serve(
    host: Host = "127.0.0.1",
    port: Port = 8000,
    data_dir: DataDir = None,
    database: Database = None,
    jobs: Jobs = 1,
    rate: Rate = 600,
    webhook_allow: Allow = None,
    public_url: PublicUrl = None,
    proxy: Proxy = None,
    quiet: opt.Quiet = False,
    verbose: opt.Verbose = False,
) -> int:
    """Serve until interrupted."""
    running = part("running")
    place = f"[{host}]" if ":" in host else host
    said = speaking().text("friction: serving on {address}, Ctrl-C ends it", address=f"http://{place}:{port}")
    running.serve(
        data_folder(data_dir),
        database,
        running.Door(host, port, public_url, tuple(_networks(proxy))),
        jobs,
        rate,
        _networks(webhook_allow),
        ready=partial(Voice(quiet, verbose).remark, said),
        verbose=verbose,
    )
    return EXIT_DONE


def worker(
    data_dir: DataDir = None,
    database: Database = None,
    jobs: Jobs = 1,
    name: Name = None,
    webhook_allow: Allow = None,
    until_closed: UntilClosed = False,
    verbose: opt.Verbose = False,
) -> int:
    """Carry out jobs until interrupted."""
    own = name or f"{socket.gethostname()}-{os.getpid()}"
    networks = _networks(webhook_allow)
    part("running").work(
        data_folder(data_dir), database, own, jobs, networks, until_closed=until_closed, verbose=verbose
    )
    return EXIT_DONE


def _networks(words: list[str] | None) -> list[str]:
    for word in words or []:
        try:
            ip_network(word)
        except ValueError:
            raise UsageError(
                "serve.network",
                f"{word} is no network",
                remedy="write it like 10.1.0.0/16 or 10.1.2.3",
            ) from None
    return words or []


def data_folder(chosen: Path | None) -> Path:
    """The folder that was named, or the usual one."""
    if chosen is not None:
        return chosen
    home = os.environ.get("XDG_DATA_HOME")
    return (Path(home) if home else Path.home() / ".local" / "share") / "friction"


def part(name: str) -> Any:
    """A module of the service: of `friction.server` when installed, of `api` in a checkout."""
    if missing := [name for name in NEEDED if util.find_spec(name) is None]:
        raise MissingExtra(
            "extra.server",
            f"the service needs {', '.join(missing)}",
            remedy="pip install 'friction-analyser[server]'",
        )
    for package in ("friction.server", "api"):
        if util.find_spec(package) is not None:
            return import_module(f"{package}.{name}")
    remedy = "install friction again"
    raise InternalError("internal.no_server", "the service is missing from this installation", remedy=remedy)
