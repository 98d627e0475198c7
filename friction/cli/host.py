"""`friction serve` and `friction doctor`: this machine."""

from __future__ import annotations

from importlib import import_module, util
from typing import Annotated, Any

import typer

from friction.cli import options as opt
from friction.cli.speech import speaking
from friction.cli.voice import Voice, say, show
from friction.errors import EXIT_DONE, EXIT_GATE, InternalError, MissingExtra, UsageError

LOOPBACK = ("127.0.0.1", "::1", "localhost")
SERVE = """\b
friction serve
friction serve --port 9000

Run the service for programs and people on this machine: POST /v1/analyze takes a file and answers the report.
"""
DOCTOR = """\b
friction doctor
friction doctor --format json

Say whether everything is there that friction needs. Ends with 1 when something is missing.
"""
Host = Annotated[
    str, typer.Option("--host", metavar="ADDRESS", help="Address to listen on; this machine only.")
]
Port = Annotated[int, typer.Option("--port", metavar="N", min=1, max=65535, help="Port to listen on.")]


def serve(
    host: Host = "127.0.0.1", port: Port = 8000, quiet: opt.Quiet = False, verbose: opt.Verbose = False
) -> int:
    """Serve until interrupted."""
    if host not in LOOPBACK:
        raise UsageError(
            "serve.host_refused",
            f"{host} can be reached by others, and there is no login yet",
            remedy=f"use one of {', '.join(LOOPBACK)}",
        )
    server = find_server()
    import uvicorn

    place = f"[{host}]" if ":" in host else host
    address = f"http://{place}:{port}"
    said = speaking().text("friction: serving on {address}, Ctrl-C ends it", address=address)
    Voice(quiet, verbose).remark(said)
    uvicorn.run(server.create_app(), host=host, port=port, log_level="info" if verbose else "warning")
    return EXIT_DONE


def find_server() -> Any:
    """The module of the service: `friction.server` when installed, `api` in a checkout."""
    if missing := [name for name in ("fastapi", "uvicorn") if util.find_spec(name) is None]:
        raise MissingExtra(
            "extra.server",
            f"the service needs {', '.join(missing)}",
            remedy="pip install 'friction-analyser[server]'",
        )
    for name in ("friction.server", "api"):
        if util.find_spec(name) is not None:
            return import_module(f"{name}.app")
    remedy = "install friction again"
    raise InternalError("internal.no_server", "the service is missing from this installation", remedy=remedy)


def doctor(form: opt.Form = "table", verbose: opt.Verbose = False) -> int:
    """Check, print, and let the exit code say whether all is well."""
    from friction.cli.work import answer
    from friction.doctor import examine
    from friction.render import json
    from friction.render.answers import checks as rendered

    checks = examine(lambda: answer("environment", Voice(quiet=True, verbose=verbose)))
    if form == "json":
        say(json.dumps({"ready": all(check.verdict != "bad" for check in checks), "checks": checks}))
    else:
        show(rendered([(check.verdict, check.name, check.detail) for check in checks], speaking()))
    return EXIT_GATE if any(check.verdict == "bad" for check in checks) else EXIT_DONE
