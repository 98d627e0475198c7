"""What the service counts, for Prometheus."""

from __future__ import annotations

import time

import sqlalchemy as sa
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .store import Store, workers
from .store.tables import jobs

REGISTRY = CollectorRegistry()
REQUESTS = Counter(
    "friction_requests", "Requests by route and status", ["method", "route", "status"], registry=REGISTRY
)
SECONDS = Histogram(
    "friction_request_seconds", "Time to the first byte", ["method", "route"], registry=REGISTRY
)
JOBS = Gauge("friction_jobs", "Jobs by state", ["state"], registry=REGISTRY)
WORKERS = Gauge("friction_workers", "Workers whose lease holds", registry=REGISTRY)

STATES = ("queued", "running", "succeeded", "failed", "cancelled")


def count(store: Store) -> None:
    """Look up what is counted in the store."""
    with store.read() as scope:
        rows = scope.connection.execute(sa.select(jobs.c.state, sa.func.count()).group_by(jobs.c.state)).all()
        WORKERS.set(len(workers.alive(scope)))
    found = {str(state): int(number) for state, number in rows}
    for state in STATES:
        JOBS.labels(state).set(found.get(state, 0))


class Measured:
    """Middleware: every request by the pattern of its route, never by its address."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and note how it was answered."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = time.perf_counter()

        async def noted(message: Message) -> None:
            if message["type"] == "http.response.start":
                route = getattr(scope.get("route"), "path", "none")
                REQUESTS.labels(scope["method"], route, message["status"]).inc()
                SECONDS.labels(scope["method"], route).observe(time.perf_counter() - started)
            await send(message)

        await self.app(scope, receive, noted)
