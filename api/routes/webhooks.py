"""Webhooks: which systems are told what, and what became of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from .. import paging
from ..errors import Refused, missing
from ..hooks import EVENTS, TEST, signing
from ..hooks.reach import Unreachable, target
from ..secret import derived
from ..service import Service, ServiceDep
from ..store import hooks
from ..store.hooks import Webhook
from ..store.scope import Scope
from ..store.tables import hook_deliveries, hook_messages

router = APIRouter(prefix="/v1/webhooks", tags=["webhooks"])

MOST = 50
"""Webhooks of a project."""
Event = Literal[
    "report.ready",
    "point.new",
    "point.worse",
    "point.better",
    "point.regressed",
    "point.fixed",
    "scan.failed",
    "session.friction",
]
Url = Annotated[
    str,
    Field(description="public https address", max_length=2000, examples=["https://example.com/friction"]),
]
Names = Annotated[list[Annotated[str, Field(max_length=200)]], Field(max_length=100)]
Events = Annotated[list[Event], Field(min_length=1, max_length=20, description="what it hears")]


class Only(BaseModel):
    """Of `session.friction`: only these friction points, detectors and segments of visitors; what is named must all
    fit. Segments are those of `journey.segments` in the settings of the project.
    """

    model_config = ConfigDict(extra="forbid")

    points: Names = []
    detectors: Names = []
    segments: Names = []


class NewWebhook(BaseModel):
    """A receiver."""

    model_config = ConfigDict(extra="forbid")

    url: Url
    events: Events = ["report.ready"]
    only: Only | None = None


class WebhookChange(BaseModel):
    """What is to be different; what is left out stays."""

    model_config = ConfigDict(extra="forbid")

    url: Url | None = None
    events: Events | None = None
    only: Only | None = None
    state: Literal["active", "paused"] | None = None


class WebhookAnswer(BaseModel):
    """A receiver. `state`: active, paused, or failing when nothing reached it for three days; messages wait then."""

    webhook_id: str
    url: str
    events: list[str]
    only: Only | None
    state: str
    created: dt.datetime

    @classmethod
    def of(cls, webhook: Webhook, **more: Any) -> WebhookAnswer:
        """Of its row."""
        shown = {name: getattr(webhook, name) for name in ("url", "events", "only", "state", "created")}
        return cls(webhook_id=webhook.id, **shown, **more)


class NewSecret(WebhookAnswer):
    """With the secret that signs its messages; it is never shown again."""

    secret: str


class WebhookList(BaseModel):
    """All receivers; `events` are those that can be heard, with their meaning."""

    webhooks: list[WebhookAnswer]
    events: dict[str, str]


class DeliveryAnswer(BaseModel):
    """One message. `state`: waiting, delivered, given_up; `status` and `fault` are of the last attempt."""

    message_id: str
    type: str
    state: str
    attempts: int
    status: int | None
    fault: str | None
    due: dt.datetime | None
    ended: dt.datetime | None
    created: dt.datetime


class DeliveryPage(BaseModel):
    """Messages, the newest first; `next` is null on the last page."""

    deliveries: list[DeliveryAnswer]
    next: str | None


class MessageAnswer(BaseModel):
    """A message that waits now."""

    message_id: str


@router.get("")
def several(service: ServiceDep) -> WebhookList:
    """All of them."""
    with service.store.read(service.project) as scope:
        return WebhookList(webhooks=[WebhookAnswer.of(each) for each in hooks.several(scope)], events=EVENTS)


@router.post("", status_code=201)
def add(given: NewWebhook, service: ServiceDep) -> NewSecret:
    """Tell a receiver. Its address must be public and https; the secret in the answer is shown this once."""
    _check(service, given.url)
    with service.store.write(service.project) as scope:
        if len(hooks.several(scope)) >= MOST:
            raise Refused(409, "webhook.too_many", f"there are {MOST} webhooks", remedy="remove one first")
        webhook = hooks.add(
            scope, given.url, given.events, None if given.only is None else given.only.model_dump()
        )
    return _with_secret(service, webhook)


@router.get("/{webhook_id}")
def show(webhook_id: str, service: ServiceDep) -> WebhookAnswer:
    """One of them."""
    with service.store.read(service.project) as scope:
        return WebhookAnswer.of(_found(scope, webhook_id))


@router.patch("/{webhook_id}")
def change(webhook_id: str, given: WebhookChange, service: ServiceDep) -> WebhookAnswer:
    """Change or pause it. Made active, it gets what has waited meanwhile."""
    values = given.model_dump(exclude_none=True)
    if given.url is not None:
        _check(service, given.url)
    with service.store.write(service.project) as scope:
        _found(scope, webhook_id)
        if values:
            hooks.change(scope, webhook_id, values)
        return WebhookAnswer.of(_found(scope, webhook_id))


@router.delete("/{webhook_id}", status_code=204)
def remove(webhook_id: str, service: ServiceDep) -> None:
    """Tell it nothing any more."""
    with service.store.write(service.project) as scope:
        if not hooks.remove(scope, webhook_id):
            raise missing("webhook")


@router.post("/{webhook_id}/secret")
def renew(webhook_id: str, service: ServiceDep) -> NewSecret:
    """A new secret. For 24 hours messages are signed by the old one as well."""
    with service.store.write(service.project) as scope:
        hooks.renew(scope, webhook_id)
        webhook = _found(scope, webhook_id)
    return _with_secret(service, webhook)


@router.post("/{webhook_id}/test", status_code=202)
def test(webhook_id: str, service: ServiceDep) -> MessageAnswer:
    """Send it a message of type `webhook.test`."""
    with service.store.write(service.project) as scope:
        told = hooks.tell(scope, TEST, {"webhook_id": webhook_id}, to=[_found(scope, webhook_id)])
    assert told is not None
    return MessageAnswer(message_id=told)


@router.get("/{webhook_id}/deliveries")
def deliveries(
    webhook_id: str,
    service: ServiceDep,
    state: Annotated[
        list[Literal["waiting", "delivered", "given_up"]], Query(description="only in these states")
    ] = [],  # noqa: B006
    limit: paging.Limit = 50,
    cursor: paging.Cursor = None,
) -> DeliveryPage:
    """What it was told in the last 30 days, and what became of it."""
    key = paging.decoded(cursor, (str, str))
    with service.store.read(service.project) as scope:
        _found(scope, webhook_id)
        found = _page(scope, webhook_id, state, limit + 1, key)
    more = None
    if len(found) > limit:
        more = paging.encoded(found[limit - 1].created.isoformat(), found[limit - 1].message_id)
    return DeliveryPage(deliveries=found[:limit], next=more)


@router.post("/{webhook_id}/deliveries/{message_id}/replay", status_code=202)
def replay(webhook_id: str, message_id: str, service: ServiceDep) -> MessageAnswer:
    """Send a message once more, under the id it had."""
    with service.store.write(service.project) as scope:
        _found(scope, webhook_id)
        if not hooks.again(scope, webhook_id, message_id):
            raise missing("webhook")
    return MessageAnswer(message_id=message_id)


def _page(
    scope: Scope, webhook_id: str, states: Sequence[str], limit: int, key: list[Any] | None
) -> list[DeliveryAnswer]:
    message = hook_messages
    chosen = scope.all(hook_deliveries).add_columns(message.c.type, message.c.created)
    chosen = chosen.join(message, message.c.id == hook_deliveries.c.message_id)
    chosen = chosen.where(hook_deliveries.c.webhook_id == webhook_id)
    if states:
        chosen = chosen.where(hook_deliveries.c.state.in_(states))
    if key is not None:
        chosen = chosen.where(paging.after(message.c.created, message.c.id, key))
    chosen = chosen.order_by(message.c.created.desc(), message.c.id.desc()).limit(limit)
    return [DeliveryAnswer(**_shown(row)) for row in scope.rows(chosen)]


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in DeliveryAnswer.model_fields}


def _found(scope: Scope, webhook_id: str) -> Webhook:
    webhook = hooks.get(scope, webhook_id)
    if webhook is None:
        raise missing("webhook")
    return webhook


def _with_secret(service: Service, webhook: Webhook) -> NewSecret:
    secret = signing.secret(derived(service.folder, "webhooks"), webhook.id, webhook.generation)
    return NewSecret(**WebhookAnswer.of(webhook).model_dump(), secret=signing.shown(secret))


def _check(service: Service, url: str) -> None:
    """Refuse what can be seen to be wrong now; every attempt checks again."""
    try:
        at = target(url)
        if service.reach.is_refused(at):
            raise Unreachable("the address is none that may be sent to")
    except Unreachable as fault:
        remedy = "give a public https address on port 443 or 8443; an operator can allow others"
        raise Refused(422, "webhook.address", str(fault), remedy=remedy) from None
