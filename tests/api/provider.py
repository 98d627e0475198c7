"""A login provider for tests: a small OpenID Connect server on loopback, with its own keys and all checks of the
code flow with PKCE. It logs in whoever it was told to, without asking."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, SECRET = "friction", "secret-of-the-client"


class OpenId(ThreadingHTTPServer):
    """`claims` of who logs in; what else it should do wrong is set by the tests."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.key = RSAKey.generate_key(2048, {"kid": "1"}, private=True)
        self.signs_with = self.key
        self.header: dict[str, str] = {"alg": "RS256", "kid": "1"}
        self.claims: dict[str, Any] = {"email": "ada@example.com", "email_verified": True}
        self.codes: dict[str, dict[str, str]] = {}
        self.asked: list[str] = []

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def log_in(self, query: dict[str, str]) -> str:
        """The address that the browser is sent back to."""
        assert query["response_type"] == "code"
        assert query["client_id"] == CLIENT
        assert query["code_challenge_method"] == "S256"
        assert "openid" in query["scope"].split()
        code = secrets.token_urlsafe(16)
        self.codes[code] = query
        return f"{query['redirect_uri']}?{urlencode({'code': code, 'state': query['state']})}"

    def exchange(self, form: dict[str, str], authorization: str) -> dict[str, Any] | None:
        """The tokens for a code, once; null for anything that does not fit."""
        begun = self.codes.pop(form.get("code", ""), None)
        basic = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        if begun is None or authorization != f"Basic {basic}":
            return None
        challenge = base64.urlsafe_b64encode(hashlib.sha256(form["code_verifier"].encode()).digest())
        if challenge.decode().rstrip("=") != begun["code_challenge"]:
            return None
        if form["redirect_uri"] != begun["redirect_uri"]:
            return None
        moment = int(time.time())
        usual = {"iss": self.issuer, "aud": CLIENT, "sub": "1", "iat": moment, "exp": moment + 300}
        told = {**usual, "nonce": begun["nonce"], **self.claims}
        token = jwt.encode(self.header, {k: v for k, v in told.items() if v is not None}, self.signs_with)
        return {"access_token": "a", "token_type": "Bearer", "expires_in": 300, "id_token": token}


class Handler(BaseHTTPRequestHandler):
    server: OpenId

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        self.server.asked.append(parts.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if parts.path == "/.well-known/openid-configuration":
            issuer = self.server.issuer
            self._answer(
                {
                    "issuer": issuer,
                    "authorization_endpoint": f"{issuer}/authorize",
                    "token_endpoint": f"{issuer}/token",
                    "jwks_uri": f"{issuer}/jwks",
                    "id_token_signing_alg_values_supported": ["RS256", "HS256", "none"],
                }
            )
        elif parts.path == "/jwks":
            self._answer({"keys": [self.server.key.as_dict(private=False)]})
        elif parts.path == "/authorize":
            self.send_response(302)
            self.send_header("Location", self.server.log_in(query))
            self.end_headers()
        else:
            self._answer({"error": "not_found"}, 404)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"])).decode()
        form = {name: values[0] for name, values in parse_qs(body).items()}
        tokens = self.server.exchange(form, self.headers.get("authorization", ""))
        self._answer(tokens or {"error": "invalid_grant"}, 200 if tokens else 400)

    def _answer(self, content: dict[str, Any], status: int = 200) -> None:
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def providing() -> Iterator[OpenId]:
    """A running provider."""
    server = OpenId()
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
