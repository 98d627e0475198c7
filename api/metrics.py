"""What the service counts, for Prometheus."""

from __future__ import annotations

import time

import sqlalchemy as sa
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .store import Store, workers
from .store.tables import jobs, scans, schedules

REGISTRY = CollectorRegistry()
REQUESTS = Counter(
    "friction_requests", "Requests by route and status", ["method", "route", "status"], registry=REGISTRY
)
SECONDS = Histogram(
    "friction_request_seconds", "Time to the first byte", ["method", "route"], registry=REGISTRY
)
JOBS = Gauge("friction_jobs", "Jobs by state", ["state"], registry=REGISTRY)
WORKERS = Gauge("friction_workers", "Workers whose lease holds", registry=REGISTRY)

SCANS = Gauge("friction_scans", "Nightly scans by state", ["state"], registry=REGISTRY)
SCANNED = Gauge(
    "friction_scan_last_success_timestamp_seconds", "When a nightly scan last went well", registry=REGISTRY
)
SCAN_SECONDS = Gauge("friction_scan_last_seconds", "How long that scan took", registry=REGISTRY)
LETTERS = Gauge(
    "friction_scan_projects_with_waiting_messages", "Projects with messages that wait", registry=REGISTRY
)

STATES = ("queued", "running", "succeeded", "failed", "cancelled")


def count(store: Store) -> None:
    """Look up what is counted in the store."""
    with store.read() as scope:
        rows = scope.connection.execute(sa.select(jobs.c.state, sa.func.count()).group_by(jobs.c.state)).all()
        WORKERS.set(len(workers.alive(scope)))
        _count_scans(scope.connection)
    found = {str(state): int(number) for state, number in rows}
    for state in STATES:
        JOBS.labels(state).set(found.get(state, 0))


def _count_scans(connection: sa.Connection) -> None:
    counts = connection.execute(sa.select(scans.c.state, sa.func.count()).group_by(scans.c.state)).all()
    found = {str(state): int(number) for state, number in counts}
    for state in STATES[:-1]:
        SCANS.labels(state).set(found.get(state, 0))
    well = sa.select(scans.c.started, scans.c.ended).where(scans.c.state == "succeeded")
    last = connection.execute(well.order_by(scans.c.ended.desc()).limit(1)).first()
    if last is not None:
        SCANNED.set(last.ended.timestamp())
        SCAN_SECONDS.set((last.ended - last.started).total_seconds())
    waiting = sa.select(sa.func.count()).where(schedules.c.letters_due.is_not(None))
    LETTERS.set(connection.execute(waiting).scalar_one())


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
