"""What of a page's own words may leave a recording.

Typed values never do: only their length. Texts and attributes of elements are the site's words, but a
greeting or a row of orders holds a visitor's: runs of four and more digits and e-mail addresses are masked
in all of them.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

TEXT_LIMIT = 100
ATTRIBUTE_LIMIT = 200
MESSAGE_LIMIT = 300

_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}")
_DIGITS = re.compile(r"\d(?:[ .,-]?\d){3,}")
_VALUE = re.compile(r"=[^&#;]*")
_CREDENTIALS = re.compile(r"^(\w+:)?//[^/@?#]*@")
_IN_TEXT = re.compile(r"\b\w+://[^\s\"'<>()]+")


def masked(text: str, limit: int = TEXT_LIMIT) -> str | None:
    """`text` in one line, without e-mail addresses and long numbers, cut; null when nothing is left."""
    return _masked(text[: 4 * limit], limit) if text else None


@lru_cache(8_192)
def _masked(text: str, limit: int) -> str | None:
    """A page says the same again and again, so most texts are looked through once."""
    head = " ".join(text.split())
    if "@" in head:
        head = _EMAIL.sub("@", head)
    return _DIGITS.sub("#", head)[:limit] or None


def masked_href(address: str) -> str:
    """An address with its path, and the names but not the values of its query and fragment."""
    address = address.strip()
    if not address:
        return ""
    scheme = address[:11].partition(":")[0].lower()
    if scheme in {"mailto", "tel", "sms", "data", "blob"}:
        return f"{scheme}:"
    if scheme == "javascript":
        return address[:30]
    cut = min((at for at in (address.find("?"), address.find("#")) if at >= 0), default=len(address))
    path = _CREDENTIALS.sub(r"\1//", address[:cut])
    return (_EMAIL.sub("@", path) + _EMAIL.sub("@", _VALUE.sub("=", address[cut:])))[:ATTRIBUTE_LIMIT]


def masked_message(text: str) -> str | None:
    """An error message: masked like a text, and the addresses in it like addresses."""
    bounded = text[: 4 * MESSAGE_LIMIT]
    return masked(_IN_TEXT.sub(lambda found: masked_href(found.group()), bounded), MESSAGE_LIMIT)


def words(value: Any) -> str:
    """Whatever stands in a free-form place, as text: a string as it is, anything else not at all."""
    return value if isinstance(value, str) else ""
