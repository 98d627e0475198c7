"""What a project settles once: goals, funnels, detectors, pages, who does not count, what is kept, the journey."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from .. import settled
from ..service import Service, ServiceDep
from ..store import settings

router = APIRouter(prefix="/v1/settings", tags=["settings"])


class ProjectSettings(BaseModel):
    """Sections of the configuration, as `friction schema config` describes them; what is left out is by default."""

    model_config = ConfigDict(extra="forbid")

    goals: dict[str, dict[str, Any]] = Field(default={}, description="by name; the first one ranks")
    funnels: dict[str, dict[str, Any]] = Field(default={}, description="by name, each with its steps")
    detectors: dict[str, dict[str, Any]] = Field(default={}, description="thresholds by detector")
    pages: dict[str, Any] = Field(default={}, description="templates, types and main host")
    exclude: dict[str, list[str]] = Field(default={}, description="who does not count")
    privacy: dict[str, list[str]] = Field(default={}, description="columns that are kept besides")
    journey: dict[str, Any] = Field(default={}, description="named segments, and how touches count")
    stages: dict[str, Any] = Field(default={}, description="what puts a session into a stage")


@router.get("")
def show(service: ServiceDep) -> ProjectSettings:
    """What the project has settled."""
    return ProjectSettings.model_validate(saved(service))


@router.put("")
def change(asked: ProjectSettings, service: ServiceDep) -> ProjectSettings:
    """Settle this in the place of what there was; analyses from now on follow it where their request says nothing."""
    keep(service, asked.model_dump(exclude_unset=True))
    return show(service)


def saved(service: Service) -> dict[str, Any]:
    """The sections that were saved."""
    with service.store.read(service.project) as scope:
        return settings.get(scope)


def keep(service: Service, sections: dict[str, Any]) -> None:
    """Save all sections; raises `UsageError` for what cannot be read."""
    kept = settled.checked(sections)
    with service.store.write(service.project) as scope:
        settings.put(scope, kept)
