"""Keys: who may come in, and what they may do."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request

from ..access.caller import Caller, caller
from ..access.gate import too_little
from ..clock import now
from ..errors import Refused, missing
from ..service import Service, ServiceDep
from ..store import keys, logins, projects
from ..store.keys import SCOPES, Key
from .moments import Moment

router = APIRouter(prefix="/v1/keys", tags=["access"])

Scope = Literal["read", "write", "admin", "operator"]
PERSON = r"^[^@\s]{1,64}@[^@\s]{1,255}$"


def calling(request: Request) -> Caller:
    """Who makes this request."""
    return caller(request)


CallerDep = Annotated[Caller, Depends(calling)]


class NewKey(BaseModel):
    """A key that is to be made."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(min_length=1, max_length=100, description="who or what it is for", examples=["nightly"])
    scope: Scope = "read"
    expires: Moment | None = Field(default=None, description="null: never")
    person: str | None = Field(
        default=None,
        pattern=PERSON,
        max_length=320,
        description="the address of a person who logs in at the provider; then there is no secret",
    )
    project_id: str | None = Field(
        default=None, description="for operators: of another project", max_length=32
    )


class KeyAnswer(BaseModel):
    """A key without its secret. `used` is its last use, to the minute."""

    key_id: str
    project_id: str
    name: str
    scope: Scope
    person: str | None
    created: dt.datetime
    expires: dt.datetime | None
    used: dt.datetime | None
    revoked: dt.datetime | None

    @classmethod
    def of(cls, key: Key) -> KeyAnswer:
        """Of its row."""
        shown = {name: getattr(key, name) for name in cls.model_fields if name != "key_id"}
        return cls.model_validate({"key_id": key.id, **shown})


class MadeKey(KeyAnswer):
    """A new key; its secret is told this once and kept nowhere."""

    secret: str | None


class KeyList(BaseModel):
    """All keys of the project, the newest first."""

    keys: list[KeyAnswer]


@router.get("")
def several(service: ServiceDep) -> KeyList:
    """All of them, with their last use; those that were revoked too."""
    with service.store.read(service.project) as scope:
        return KeyList(keys=[KeyAnswer.of(key) for key in keys.several(scope)])


@router.post("", status_code=201)
def make(asked: NewKey, response: Response, service: ServiceDep, by: CallerDep) -> MadeKey:
    """Make a key. From the first one on, every request needs one, also on the machine of the service itself."""
    if not by.may(asked.scope):
        raise too_little(asked.scope)
    if asked.expires is not None and asked.expires <= now():
        remedy = "give a time to come, or null"
        raise Refused(422, "request.invalid", "the key would have expired already", remedy=remedy)
    with service.store.write(_project(service, by, asked.project_id)) as scope:
        key, secret = keys.make(scope, asked.name, asked.scope, asked.expires, asked.person)
    response.headers["Location"] = f"{router.prefix}/{key.id}"
    return MadeKey(**KeyAnswer.of(key).model_dump(), secret=secret)


def _project(service: Service, by: Caller, asked: str | None) -> str:
    """The project a key is for: the caller's own, and for operators any."""
    if asked is None or asked == service.project:
        return service.project
    with service.store.read() as scope:
        if not by.may(SCOPES[-1]) or projects.get(scope, asked) is None:
            raise missing("project")
    return asked


@router.get("/{key_id}")
def show(key_id: str, service: ServiceDep) -> KeyAnswer:
    """One key."""
    with service.store.read(service.project) as scope:
        return KeyAnswer.of(_found(keys.get(scope, key_id)))


@router.delete("/{key_id}")
def revoke(key_id: str, service: ServiceDep) -> KeyAnswer:
    """Revoke it: it opens nothing from now on, and browsers that were logged in with it are logged out."""
    with service.store.write(service.project) as scope:
        keys.revoke(scope, key_id)
        logins.end_all(scope, key_id)
        return KeyAnswer.of(_found(keys.get(scope, key_id)))


def _found(key: Key | None) -> Key:
    if key is None:
        raise missing("key")
    return key
