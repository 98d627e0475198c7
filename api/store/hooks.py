"""Webhooks, what they are told, and how far each message has come."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from ..clock import new_id, now
from .scope import Scope
from .tables import hook_deliveries, hook_messages, webhooks

LEASE = dt.timedelta(minutes=1)
"""An attempt is over by then; a worker that was lost in the middle of one leaves it to others."""
KEPT = dt.timedelta(days=30)
"""How long a message can be sent again."""


@dataclass(frozen=True)
class Webhook:
    """A receiver. `events` are the types it hears, `only` what of live sessions; `generation` counts its secrets,
    `renewed` is the last change.
    """

    id: str
    project_id: str
    url: str
    events: list[str]
    only: dict[str, list[str]] | None
    state: str
    generation: int
    renewed: dt.datetime | None
    created: dt.datetime


@dataclass(frozen=True)
class Delivery:
    """One message for one webhook; `status` and `fault` are of the last attempt, `due` is the next."""

    message_id: str
    webhook_id: str
    project_id: str
    state: str
    attempts: int
    status: int | None
    fault: str | None
    due: dt.datetime | None
    ended: dt.datetime | None


@dataclass(frozen=True)
class Message:
    """What was told, byte for byte."""

    id: str
    project_id: str
    type: str
    body: str
    created: dt.datetime


def add(
    scope: Scope, url: str, events: Sequence[str], only: Mapping[str, Sequence[str]] | None = None
) -> Webhook:
    """A new receiver."""
    made = new_id("hook")
    row = {"id": made, "url": url, "events": sorted(set(events)), "only": only and dict(only)}
    scope.add(webhooks, {**row, "state": "active", "generation": 1, "renewed": None, "created": now()})
    found = get(scope, made)
    assert found is not None
    return found


def get(scope: Scope, webhook_id: str) -> Webhook | None:
    """The webhook; null when there is none in this project."""
    row = scope.first(scope.all(webhooks).where(webhooks.c.id == webhook_id))
    return None if row is None else Webhook(**row)


def several(scope: Scope) -> list[Webhook]:
    """All of them, the oldest first."""
    return [
        Webhook(**row) for row in scope.rows(scope.all(webhooks).order_by(webhooks.c.created, webhooks.c.id))
    ]


def change(scope: Scope, webhook_id: str, values: Mapping[str, Any]) -> bool:
    """Change it; false when there is none."""
    return scope.run(scope.change(webhooks).where(webhooks.c.id == webhook_id).values(**values)) == 1


def renew(scope: Scope, webhook_id: str) -> bool:
    """Give it the next secret; false when there is none."""
    return change(scope, webhook_id, {"generation": webhooks.c.generation + 1, "renewed": now()})


def remove(scope: Scope, webhook_id: str) -> bool:
    """Forget it and what it was still to hear; false when there is none."""
    scope.run(scope.remove(hook_deliveries).where(hook_deliveries.c.webhook_id == webhook_id))
    return scope.run(scope.remove(webhooks).where(webhooks.c.id == webhook_id)) == 1


def tell(scope: Scope, kind: str, data: Mapping[str, Any], to: Sequence[Webhook] | None = None) -> str | None:
    """Put a message in line for those who hear its type (or for `to`), in the caller's transaction.

    The message's id; null when nobody hears.
    """
    hearing = [each for each in several(scope) if kind in each.events] if to is None else list(to)
    if not hearing:
        return None
    made, moment = new_id("msg"), now()
    content = {"type": kind, "timestamp": moment.isoformat(timespec="milliseconds"), "data": dict(data)}
    body = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    scope.add(hook_messages, {"id": made, "type": kind, "body": body, "created": moment})
    start = {"message_id": made, "state": "waiting", "attempts": 0, "due": moment}
    scope.add(hook_deliveries, *({**start, "webhook_id": each.id} for each in hearing))
    return made


def message(scope: Scope, message_id: str) -> Message | None:
    """What was told; null when it is no longer kept."""
    row = scope.first(scope.all(hook_messages).where(hook_messages.c.id == message_id))
    return None if row is None else Message(**row)


def is_due(scope: Scope) -> bool:
    """Whether an attempt is due."""
    return scope.first(_due(scope).limit(1)) is not None


def take(scope: Scope, at_most: int) -> list[Delivery]:
    """Attempts that are due and nobody else makes, taken on for `LEASE`. Webhooks that are not active wait."""
    until = now() + LEASE
    found = [Delivery(**row) for row in scope.rows(_due(scope).limit(at_most))]
    return [each for each in found if _move(scope, each, {"due": until})]


def settle(scope: Scope, taken: Delivery, values: Mapping[str, Any]) -> None:
    """Write down what came of an attempt."""
    scope.run(_this(scope, taken).where(hook_deliveries.c.state == "waiting").values(**values))


def again(scope: Scope, webhook_id: str, message_id: str) -> bool:
    """Send a message once more; false when it is not kept or was never for this webhook."""
    moment = now()
    this = (hook_deliveries.c.webhook_id == webhook_id, hook_deliveries.c.message_id == message_id)
    fresh = {"state": "waiting", "attempts": 0, "due": moment, "ended": None}
    return scope.run(scope.change(hook_deliveries).where(*this).values(**fresh)) == 1


def forget_old(scope: Scope) -> int:
    """Remove the messages that are kept no longer; how many."""
    old = sa.select(hook_messages.c.id).where(hook_messages.c.created < now() - KEPT)
    scope.run(scope.remove(hook_deliveries).where(hook_deliveries.c.message_id.in_(old)))
    return scope.run(scope.remove(hook_messages).where(hook_messages.c.id.in_(old)))


def _due(scope: Scope) -> sa.Select[Any]:
    due = scope.all(hook_deliveries).join(webhooks, webhooks.c.id == hook_deliveries.c.webhook_id)
    due = due.where(hook_deliveries.c.state == "waiting", hook_deliveries.c.due <= now())
    return due.where(webhooks.c.state == "active").order_by(hook_deliveries.c.due)


def _move(scope: Scope, seen: Delivery, values: Mapping[str, Any]) -> bool:
    """Change it as it was seen; false when somebody else was quicker."""
    return scope.run(_this(scope, seen).where(hook_deliveries.c.due == seen.due).values(**values)) == 1


def _this(scope: Scope, one: Delivery) -> sa.Update:
    this = (hook_deliveries.c.message_id == one.message_id, hook_deliveries.c.webhook_id == one.webhook_id)
    return scope.change(hook_deliveries).where(*this)
