"""The signature of a message, after Standard Webhooks (https://www.standardwebhooks.com): symmetric, version 1."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Sequence

PREFIX = "whsec_"


def secret(key: bytes, webhook_id: str, generation: int) -> bytes:
    """The secret of a webhook. It is derived from the service's own and stored nowhere."""
    return hmac.new(key, f"{webhook_id}.{generation}".encode(), hashlib.sha256).digest()


def shown(secret: bytes) -> str:
    """A secret as its receiver gets it, once."""
    return PREFIX + base64.b64encode(secret).decode()


def headers(message_id: str, moment: int, body: bytes, secrets: Sequence[bytes]) -> dict[str, str]:
    """The three headers of one attempt at `moment` (seconds), signed by each of the secrets that are in force."""
    signed = f"{message_id}.{moment}.".encode() + body
    marks = [base64.b64encode(hmac.new(each, signed, hashlib.sha256).digest()).decode() for each in secrets]
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(moment),
        "webhook-signature": " ".join(f"v1,{mark}" for mark in marks),
    }
