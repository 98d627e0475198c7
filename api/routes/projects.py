"""Projects: what belongs together and is seen by the same people."""

from __future__ import annotations

import datetime as dt

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field

from ..errors import Refused, missing
from ..service import ServiceDep
from ..store import projects
from ..store.projects import Project
from .keys import CallerDep

router = APIRouter(prefix="/v1/projects", tags=["access"])


class NewProject(BaseModel):
    """A project that is to be made."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$", examples=["shop"])


class ProjectAnswer(BaseModel):
    """One project."""

    project_id: str
    name: str
    created: dt.datetime | None

    @classmethod
    def of(cls, project: Project) -> ProjectAnswer:
        """Of its row."""
        return cls(project_id=project.id, name=project.name, created=project.created)


class ProjectList(BaseModel):
    """Projects by name."""

    projects: list[ProjectAnswer]


@router.get("")
def several(service: ServiceDep, by: CallerDep) -> ProjectList:
    """The caller's project; for operators all of them."""
    with service.store.read() as scope:
        found = [each for each in projects.several(scope) if by.may("operator") or each.id == service.project]
    return ProjectList(projects=[ProjectAnswer.of(each) for each in found])


@router.post("", status_code=201)
def make(asked: NewProject, response: Response, service: ServiceDep) -> ProjectAnswer:
    """Make a project; nobody can come in to it before `POST /v1/keys` has made a key with its `project_id`."""
    with service.store.write() as scope:
        made = projects.make(scope, asked.name)
    if made is None:
        raise Refused(409, "project.exists", "there is a project of this name", remedy="choose another name")
    response.headers["Location"] = f"{router.prefix}/{made.id}"
    return ProjectAnswer.of(made)


@router.get("/{project_id}")
def show(project_id: str, service: ServiceDep, by: CallerDep) -> ProjectAnswer:
    """One project."""
    with service.store.read() as scope:
        found = projects.get(scope, project_id)
    if found is None or not (by.may("operator") or found.id == service.project):
        raise missing("project")
    return ProjectAnswer.of(found)
