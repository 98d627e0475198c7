"""Keys and webhooks as pages: the same calls as under `/v1`. A secret is shown once, on the answer of what made it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from ...hooks import EVENTS
from ...routes import keys, webhooks
from ...routes.keys import CallerDep
from ...service import ServiceDep
from .settings import shown

router = APIRouter(include_in_schema=False)

Text = Annotated[str, Form(max_length=2000)]
SCOPES = ("read", "write", "admin")


@router.get("/settings/keys")
def all_keys(request: Request, service: ServiceDep) -> Response:
    """Every key of the project."""
    return shown(request, service, "keys", keys=keys.several(service).keys, scopes=SCOPES, made=None)


@router.post("/settings/keys")
def make_key(
    request: Request, service: ServiceDep, by: CallerDep, name: Text, scope: Text = "read"
) -> Response:
    """Make one, and show its secret this once."""
    asked = keys.NewKey.model_validate({"name": name, "scope": scope})
    made = keys.make(asked, Response(), service, by)
    return shown(request, service, "keys", keys=keys.several(service).keys, scopes=SCOPES, made=made)


@router.post("/settings/keys/{key_id}/revoke")
def revoke_key(key_id: str, service: ServiceDep) -> RedirectResponse:
    """It opens nothing from now on."""
    keys.revoke(key_id, service)
    return RedirectResponse("/settings/keys", 303)


@router.get("/settings/webhooks")
def all_webhooks(request: Request, service: ServiceDep) -> Response:
    """Every receiver with what it was told last."""
    return _webhooks(request, service)


@router.post("/settings/webhooks")
def add_webhook(
    request: Request, service: ServiceDep, url: Text, events: Annotated[list[str], Form(max_length=20)]
) -> Response:
    """Tell a receiver from now on, and show its secret this once."""
    made = webhooks.add(webhooks.NewWebhook.model_validate({"url": url, "events": events}), service)
    return _webhooks(request, service, made)


@router.post("/settings/webhooks/{webhook_id}/test")
def test_webhook(webhook_id: str, service: ServiceDep) -> RedirectResponse:
    """Send it a message to try."""
    webhooks.test(webhook_id, service)
    return RedirectResponse("/settings/webhooks", 303)


@router.post("/settings/webhooks/{webhook_id}/remove")
def remove_webhook(webhook_id: str, service: ServiceDep) -> RedirectResponse:
    """Tell it nothing any more."""
    webhooks.remove(webhook_id, service)
    return RedirectResponse("/settings/webhooks", 303)


def _webhooks(request: Request, service: ServiceDep, made: webhooks.NewSecret | None = None) -> Response:
    known = webhooks.several(service).webhooks
    last = {
        each.webhook_id: webhooks.deliveries(each.webhook_id, service, limit=3).deliveries for each in known
    }
    return shown(request, service, "webhooks", webhooks=known, last=last, events=EVENTS, made=made)
