"""Ids of visitors and sessions as they may be kept.

A visitor is a keyed hash: the same everywhere under one key, nobody's without it, and nobody's ever when the key is
destroyed. A session keeps the id by which its tool finds it, unless that is made of its visitor's or names a person.
"""

from __future__ import annotations

import re
from base64 import b32encode
from collections.abc import Container
from functools import lru_cache
from hashlib import blake2b

from friction.privacy.tokens import EMAIL, IP, NUMBER, placeholder

MARK = "v_"
_HASHED = re.compile(rf"{MARK}[a-z2-7]{{26}}")
_ADDRESS = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")


@lru_cache(4)
def _key(key: str) -> bytes:
    return blake2b(key.encode(), digest_size=32, person=b"friction").digest()


def visitor(raw: str, key: str) -> str:
    """The visitor with this id (16 bytes of keyed BLAKE2b); one that is hashed already stays as it is.

    An e-mail address is the same in capitals and with blanks around it.
    """
    if _HASHED.fullmatch(raw):
        return raw
    if "@" in raw and _ADDRESS.fullmatch(bare := raw.strip()):
        raw = bare.lower()
    return (
        MARK + b32encode(blake2b(raw.encode(), digest_size=16, key=_key(key)).digest()).decode().lower()[:26]
    )


def session(raw: str, key: str, visitors: Container[str]) -> str:
    """The session with this id: a visitor's or what names a person is hashed, and so is a visitor's part of it."""
    if raw in visitors or names_person(raw):
        return visitor(raw, key)
    whose, point, which = raw.rpartition(".")
    return f"{visitor(whose, key)}.{which}" if point and whose in visitors else raw


def names_person(raw: str) -> bool:
    """Whether the id is an e-mail address, a telephone number or an IP address instead of a number of a tool."""
    if raw.isalnum():
        return False
    found = placeholder(raw)
    return found in {EMAIL, IP} or (found == NUMBER and bool(re.search(r"[+ ()-]", raw)))
