"""The application. `create_app()` puts it together; nothing happens when this module is imported.

Middleware from the outside: headers of every answer, measures, rate, the gate that lets callers in, the audit trail
of what they do, the size of what they send.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import Depends, FastAPI

from friction import __version__

from . import description, errors, parameters
from .access.gate import Gate
from .access.trail import Trail
from .headers import EveryAnswer
from .limits import BodyLimit, RateLimit
from .live import Live
from .metrics import Measured
from .routes import (
    analyze,
    audit,
    compare,
    erasures,
    export,
    health,
    inspection,
    jobs,
    journey,
    keys,
    live,
    mappings,
    marks,
    points,
    projects,
    reports,
    resumable,
    scans,
    schedule,
    sessions,
    settings,
    shares,
    uploads,
    webhooks,
)
from .service import Service
from .web import faults
from .web import routers as pages

ROUTES = (
    *(health, analyze, resumable, uploads, inspection, reports, points, sessions, shares, journey, live),
    *(compare, jobs, mappings, settings, webhooks, schedule, scans, marks),
    *(keys, projects, audit, erasures, export),
)


def create_app(service: Service) -> FastAPI:
    """The service as an application; it begins to sweep when it starts and closes everything when it ends."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        with service.running():
            try:
                yield
            finally:
                app.state.live.close()

    app = FastAPI(
        title="friction",
        version=__version__,
        summary="Where visitors struggle, and what it costs",
        openapi_url="/v1/openapi.json",
        docs_url=None,  # the stock pages load scripts from other people's servers
        redoc_url=None,
        lifespan=lifespan,
        responses=errors.RESPONSES,
        separate_input_output_schemas=False,
    )
    app.state.service = service
    app.state.live = Live()
    app.add_middleware(
        BodyLimit, upload_bytes=service.bounds.upload_bytes, body_bytes=service.bounds.body_bytes
    )
    app.add_middleware(Trail, service=service)
    app.add_middleware(Gate, service=service, shown=faults.shown)
    app.add_middleware(RateLimit, rate=service.bounds.rate, shown=faults.shown)
    app.add_middleware(Measured)
    app.add_middleware(EveryAnswer)
    for module in ROUTES:
        app.include_router(module.router, dependencies=[Depends(parameters.known_alone)])
    for router in pages():
        app.include_router(router)
    errors.install(app, [route for module in ROUTES for route in module.router.routes])
    faults.install(app)
    description.complete(app)
    return app
