"""Is the service there, is it ready, and what has it done?"""

from __future__ import annotations

import sqlalchemy as sa
from fastapi import APIRouter, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from pydantic import BaseModel

from friction import __version__

from ..errors import Refused
from ..metrics import REGISTRY, count
from ..service import ServiceDep
from ..store import workers

router = APIRouter(tags=["health"])


class Health(BaseModel):
    """The service answers; its version."""

    status: str = "ok"
    version: str = __version__


class Readiness(BaseModel):
    """The service can take and carry out work."""

    status: str = "ready"
    workers: int


@router.get("/healthz")
async def healthz() -> Health:
    """The process is up and answers."""
    return Health()


@router.get("/readyz")
def readyz(service: ServiceDep) -> Readiness:
    """The store answers and a worker is there; 503 while one of them is not."""
    try:
        with service.store.read() as scope:
            alive = len(workers.alive(scope))
    except sa.exc.SQLAlchemyError:
        alive = -1
    if alive < 1:
        why = "no worker is running" if alive == 0 else "the database does not answer"
        again = {"Retry-After": "5"}
        raise Refused(503, "service.not_ready", why, headers=again, remedy="try again in 5 seconds")
    return Readiness(workers=alive)


@router.get("/metrics", response_class=Response, responses={200: {"content": {"text/plain": {}}}})
def metrics(service: ServiceDep) -> Response:
    """Requests, jobs and workers, for Prometheus."""
    count(service.store)
    return Response(generate_latest(REGISTRY), media_type=CONTENT_TYPE_LATEST)
