"""Logging in at a provider of OpenID Connect: the code flow with PKCE, state and nonce.

Who comes in is decided here and not there: the provider says which address belongs to whom, and has it verified; a key
of this service for that address (`friction keys create … --person`) says what the person may do. What went wrong is
in the log; the person is told that it did not work, nothing more.
"""

from __future__ import annotations

import logging
import os
import secrets
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from friction.errors import UsageError

from ..errors import Refused

LOG = logging.getLogger("friction.login")
VARIABLES = ("FRICTION_OIDC_ISSUER", "FRICTION_OIDC_CLIENT_ID", "FRICTION_OIDC_CLIENT_SECRET")
NAME = "FRICTION_OIDC_NAME"
TIMEOUT_S = 10.0
LEEWAY_S = 60
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
"""Signatures that need the provider's private key; never `none`, and none that our own secret would make."""


@dataclass(frozen=True)
class Pending:
    """A login that has begun: what only this browser and we know, kept in a cookie until it comes back."""

    state: str
    nonce: str
    verifier: str

    @classmethod
    def begun(cls) -> Pending:
        """A new one."""
        return cls(*(secrets.token_urlsafe(32) for _ in range(3)))

    @classmethod
    def of(cls, cookie: str | None) -> Pending | None:
        """What the cookie holds; null for anything else."""
        parts = (cookie or "").split(".")
        return cls(*parts) if len(parts) == 3 and all(len(part) == 43 for part in parts) else None

    def kept(self) -> str:
        """As the cookie holds it."""
        return ".".join((self.state, self.nonce, self.verifier))


@dataclass(frozen=True)
class Provider:
    """Where people log in. `name` is what the button says."""

    issuer: str
    client_id: str
    client_secret: str
    name: str

    @classmethod
    def from_environment(cls) -> Provider | None:
        """The one that the environment names; null without one. Raises `UsageError` when it is half named."""
        told = [os.environ.get(name, "") for name in VARIABLES]
        if not any(told):
            return None
        if not all(told) or not _is_safe(told[0]):
            raise UsageError(
                "serve.login_provider",
                "the login provider is not fully described",
                remedy=f"set {', '.join(VARIABLES)}; the issuer begins with https://",
            )
        issuer, client, secret = told
        return cls(issuer, client, secret, os.environ.get(NAME) or urlsplit(issuer).netloc)

    def address(self, pending: Pending, back: str) -> str:
        """Where the browser goes to log in; it comes back to `back`."""
        with self._client(back) as client:
            place = self._metadata()["authorization_endpoint"]
            url, _ = client.create_authorization_url(
                place, state=pending.state, nonce=pending.nonce, code_verifier=pending.verifier
            )
        return str(url)

    def person(self, pending: Pending, back: str, came: str) -> str:
        """The verified address of who came back with the address `came`. Raises `Refused` for everything else."""
        from authlib.integrations.base_client import OAuthError
        from httpx2 import HTTPError
        from joserfc.errors import JoseError

        try:
            with self._client(back) as client:
                metadata = self._metadata()
                token = client.fetch_token(
                    metadata["token_endpoint"],
                    authorization_response=came,
                    state=pending.state,
                    code_verifier=pending.verifier,
                )
                claims = self._claims(token, metadata, _fetched(metadata["jwks_uri"]), pending)
        except (OAuthError, HTTPError, JoseError, KeyError, ValueError) as fault:
            LOG.warning("a login at the provider failed: %s", type(fault).__name__)
            raise not_logged_in() from None
        if not claims.get("email") or claims.get("email_verified") is not True:
            LOG.warning("the provider does not vouch for the address of who logged in")
            raise not_logged_in()
        return str(claims["email"])

    def _client(self, back: str) -> Any:
        from authlib.integrations.httpx_client import OAuth2Client

        return OAuth2Client(
            self.client_id,
            self.client_secret,
            scope="openid email",
            redirect_uri=back,
            code_challenge_method="S256",
            timeout=TIMEOUT_S,
        )

    def _metadata(self) -> dict[str, Any]:
        found = _fetched(self.issuer.rstrip("/") + "/.well-known/openid-configuration")
        if found.get("issuer") != self.issuer:
            LOG.warning("the provider calls itself %r", found.get("issuer"))
            raise not_logged_in()
        return found

    def _claims(
        self, token: dict[str, Any], metadata: dict[str, Any], keys: dict[str, Any], pending: Pending
    ) -> dict[str, Any]:
        """What the provider has signed about who logged in: for us, now, and for this login."""
        from authlib.oidc.core import CodeIDToken
        from joserfc import jwt
        from joserfc.jwk import KeySet

        offered = metadata.get("id_token_signing_alg_values_supported") or ["RS256"]
        allowed = [name for name in offered if name in ALGORITHMS]
        signed = jwt.decode(token["id_token"], KeySet.import_key_set(keys), algorithms=allowed)  # type: ignore[arg-type]
        expected = {
            "iss": {"essential": True, "value": self.issuer},
            "aud": {"essential": True, "value": self.client_id},
            "nonce": {"essential": True, "value": pending.nonce},
        }
        known = {
            "nonce": pending.nonce,
            "client_id": self.client_id,
            "access_token": token.get("access_token"),
        }
        claims = CodeIDToken(signed.claims, signed.header, expected, known)
        claims.validate(leeway=LEEWAY_S)
        return dict(claims)


def not_logged_in() -> Refused:
    """The login did not work; why is for the log."""
    remedy = "begin again, or ask who runs the service whether there is a key for your address"
    return Refused(403, "access.not_logged_in", "logging in did not work", remedy=remedy)


def _is_safe(issuer: str) -> bool:
    """Whether what is said there cannot be read or changed on the way."""
    parts = urlsplit(issuer)
    return parts.scheme == "https" or (
        parts.scheme == "http" and parts.hostname in ("127.0.0.1", "::1", "localhost")
    )


def _fetched(url: str) -> dict[str, Any]:
    import httpx2

    try:
        answer = httpx2.get(url, timeout=TIMEOUT_S)
        answer.raise_for_status()
        found: dict[str, Any] = answer.json()
    except (httpx2.HTTPError, ValueError) as fault:
        LOG.warning("the login provider does not answer: %s", type(fault).__name__)
        raise Refused(
            503,
            "access.provider_away",
            "the login provider does not answer",
            headers={"Retry-After": "30"},
            remedy="try again in 30 seconds, or log in with a key",
        ) from None
    return found
