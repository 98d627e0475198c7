"""The one secret of a service, and the keys derived from it. It lies in no database and in no backup of one."""

from __future__ import annotations

import os
import secrets
from hashlib import blake2b
from pathlib import Path

from friction.errors import UsageError

from .folder import DataFolder

VARIABLE = "FRICTION_SECRET_KEY"
"""Where several machines share a service, each gets the same secret here."""
SHORTEST = 32
"""Characters of a secret that is told by hand."""


def derived(folder: DataFolder, purpose: str) -> bytes:
    """32 bytes for one purpose; knowing those of one tells nothing about another.

    Raises `UsageError` when the variable holds too short a secret, or the file cannot be read.
    """
    return blake2b(purpose.encode(), key=blake2b(_master(folder)).digest(), digest_size=32).digest()


def _master(folder: DataFolder) -> bytes:
    told = os.environ.get(VARIABLE)
    if told is None:
        return _kept(folder.root / "secret.key")
    if len(told) < SHORTEST:
        raise UsageError(
            "serve.short_secret",
            f"the secret in {VARIABLE} is too short to be one",
            remedy=f"give at least {SHORTEST} random characters",
        )
    return told.encode()


def _kept(path: Path) -> bytes:
    """The secret in the data folder, made when it is asked for first; of two who make it, one wins."""
    if not path.exists():
        fresh = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_urlsafe(48))
        try:
            os.link(fresh, path)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return path.read_bytes()
