"""`friction serve` and `friction worker`: the service, and more hands for it."""

from __future__ import annotations

import os
import socket
from importlib import import_module, util
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Any

import typer

from friction.cli import options as opt
from friction.cli.speech import speaking
from friction.cli.voice import Voice
from friction.errors import EXIT_DONE, InternalError, MissingExtra, UsageError

LOOPBACK = ("127.0.0.1", "::1", "localhost")
NEEDED = ("fastapi", "uvicorn", "sqlalchemy", "alembic", "dbos", "limits", "prometheus_client", "structlog")
SERVE = """\b
friction serve
friction serve --port 9000 --data-dir /var/lib/friction
friction serve --database postgresql://friction@db/friction

Run the service for programs and people on this machine, with one worker beside it. Everything it keeps lies in the
data folder, and in PostgreSQL where that is named; passwords come from PGPASSWORD or ~/.pgpass.
"""
WORKER = """\b
friction worker --data-dir /var/lib/friction --jobs 2

Carry out jobs of a service, besides the worker that friction serve runs itself. It needs the same data folder and
the same database.
"""
Host = Annotated[
    str, typer.Option("--host", metavar="ADDRESS", help="Address to listen on; this machine only.")
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
    quiet: opt.Quiet = False,
    verbose: opt.Verbose = False,
) -> int:
    """Serve until interrupted."""
    if host not in LOOPBACK:
        raise UsageError(
            "serve.host_refused",
            f"{host} can be reached by others, and there is no login yet",
            remedy=f"use one of {', '.join(LOOPBACK)}",
        )
    running = part("running")
    place = f"[{host}]" if ":" in host else host
    said = speaking().text("friction: serving on {address}, Ctrl-C ends it", address=f"http://{place}:{port}")
    Voice(quiet, verbose).remark(said)
    running.serve(
        _folder(data_dir), database, host, port, jobs, rate, _networks(webhook_allow), verbose=verbose
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
        _folder(data_dir), database, own, jobs, networks, until_closed=until_closed, verbose=verbose
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


def _folder(chosen: Path | None) -> Path:
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
