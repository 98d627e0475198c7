"""Saved mappings of columns."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from fastapi import APIRouter, Path, Response
from pydantic import BaseModel, ConfigDict, Field

from friction.config import called

from ..errors import missing
from ..service import ServiceDep
from ..store import mappings
from ..store.mappings import SavedMapping

router = APIRouter(prefix="/v1/mappings", tags=["mappings"])

Name = Annotated[str, Path(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$")]


class Columns(BaseModel):
    """Which column of a file is which of ours."""

    model_config = ConfigDict(extra="forbid")

    columns: dict[str, str] = Field(
        description="ours = theirs",
        min_length=1,
        max_length=100,
        examples=[{"ts": "when", "session_id": "visit"}],
    )


class MappingAnswer(BaseModel):
    """A saved mapping."""

    name: str
    columns: dict[str, str]
    created: dt.datetime

    @classmethod
    def of(cls, saved: SavedMapping) -> MappingAnswer:
        """Of its row."""
        return cls(name=saved.name, columns=saved.columns, created=saved.created)


class MappingList(BaseModel):
    """All saved mappings."""

    mappings: list[MappingAnswer]


@router.get("")
def several(service: ServiceDep) -> MappingList:
    """All of them, by name."""
    with service.store.read(service.project) as scope:
        return MappingList(mappings=[MappingAnswer.of(each) for each in mappings.several(scope)])


@router.put("/{name}", responses={201: {"model": MappingAnswer, "description": "A new one"}})
def put(name: Name, given: Columns, response: Response, service: ServiceDep) -> MappingAnswer:
    """Save a mapping, in the place of an older one of this name."""
    called(None, {"mapping": given.columns})
    with service.store.write(service.project) as scope:
        response.status_code = 201 if mappings.put(scope, name, given.columns) else 200
        saved = mappings.get(scope, name)
    assert saved is not None
    return MappingAnswer.of(saved)


@router.get("/{name}")
def show(name: Name, service: ServiceDep) -> MappingAnswer:
    """One mapping."""
    with service.store.read(service.project) as scope:
        saved = mappings.get(scope, name)
    if saved is None:
        raise missing("mapping")
    return MappingAnswer.of(saved)


@router.delete("/{name}", status_code=204)
def remove(name: Name, service: ServiceDep) -> None:
    """Forget it."""
    with service.store.write(service.project) as scope:
        if not mappings.remove(scope, name):
            raise missing("mapping")
