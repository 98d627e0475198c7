"""The application. `create_app()` puts it together; nothing happens when this module is imported.

It is meant for this machine only: there is no login yet, so `friction serve` binds to the loopback address.
"""

from __future__ import annotations

from fastapi import FastAPI

from friction import __version__

from . import errors
from .limits import BodyLimit
from .routes import analyze, health

MAX_BODY_BYTES = 64 * 2**20


def create_app(*, max_body_bytes: int = MAX_BODY_BYTES) -> FastAPI:
    """The service: health and the analysis of files up to `max_body_bytes`."""
    app = FastAPI(
        title="friction",
        version=__version__,
        openapi_url="/v1/openapi.json",
        docs_url=None,  # the stock pages load scripts from other people's servers
        redoc_url=None,
    )
    app.add_middleware(BodyLimit, max_bytes=max_body_bytes)
    app.include_router(health.router)
    app.include_router(analyze.router)
    errors.install(app)
    return app
