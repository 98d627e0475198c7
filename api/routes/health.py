"""Is the service there?"""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import BaseModel

from friction import __version__

router = APIRouter(tags=["health"])


class Health(BaseModel):
    """The service answers; its version."""

    status: str = "ok"
    version: str = __version__


@router.get("/healthz")
def healthz() -> Health:
    """The process is up and answers."""
    return Health()
