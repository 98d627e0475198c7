"""Where an address points: its host and the shapes of its path, query and fragment aside.

A hash route counts as path, behind a segment `#` of its own: `/app#/cart` and `/app/#!/cart` are
`/app/#/cart`, and an empty route is the page itself. An address without any slash that is no host and no
file is the screen of an app: its name stays as it is, only its numbers become `:id`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from friction.pages.segments import DAY, YEAR, Shapes

MAX_DEPTH = 12
"""Segments of a template; what lies deeper (crawler traps, relative links gone wild) is written `*`."""

_ORIGIN = re.compile(r"(?i)(?:[a-z][a-z0-9+.-]*:)?//([^/?#\\]*)")
_HOST = re.compile(r"(?i)(?:(?:[a-z0-9_-]+\.)+[a-z]{2,24}|localhost|(?:\d{1,3}\.){3}\d{1,3})(?::\d+)?")
_PAGE_FILE = re.compile(r"(?i).*\.(?:x?html?|php\d?|phtml|aspx?|jspx?|jsf|do|action|cfm|cgi|shtml)")
_NUMBER = re.compile(r"\d+")
_ROUTES = frozenset("/!")


class Place(NamedTuple):
    """Host (`""`: none named) and raw segments; of a screen the whole name and no segments."""

    host: str
    segments: tuple[str, ...]
    screen: str = ""


def place(address: str) -> Place:
    """Split one address. Any text is an address."""
    rest, _, fragment = address.partition("#")
    rest = rest.partition("?")[0].strip()
    host, path = _host(rest)
    segments = path.split("/")
    if fragment[:1] in _ROUTES and (route := fragment.removeprefix("!").partition("?")[0]).strip("/"):
        segments += ["#", *route.split("/")]
    elif not host and rest and "/" not in rest and not _PAGE_FILE.fullmatch(rest):
        return Place("", (), _NUMBER.sub(":id", " ".join(rest.split())))
    return Place(host, tuple(filter(None, segments)))


def _host(text: str) -> tuple[str, str]:
    """Host and path. Without a scheme a first piece is a host if it looks like one and like no file."""
    origin = _ORIGIN.match(text)
    if origin is not None and (text[0] != "/" or _HOST.fullmatch(origin[1])):
        return normal_host(origin[1]), text[origin.end() :]
    first, slash, path = text.partition("/")
    if first and _HOST.fullmatch(first) and not _PAGE_FILE.fullmatch(first):
        return normal_host(first), slash + path
    return "", text


@lru_cache(maxsize=4096)
def normal_host(host: str) -> str:
    """The host as it is compared: lower case, no `www.`, no user, no default port, no final dot."""
    name, _, port = host.rpartition("@")[2].lower().partition(":")
    name = name.removeprefix("www.").rstrip(".")
    return name if port in {"", "80", "443"} else f"{name}:{port}"


def shaped(segments: Sequence[str], shapes: Shapes) -> tuple[str, ...]:
    """The shapes of these segments; year, month and day in a row become one `:date2`, `:date3`."""
    found = list(filter(None, map(shapes.__getitem__, segments)))
    while found and found[-1] == "#":
        found.pop()
    if YEAR in found:
        found = _dates(found)
    return tuple(found) if len(found) <= MAX_DEPTH else (*found[:MAX_DEPTH], "*")


def _dates(shapes: list[str]) -> list[str]:
    found: list[str] = []
    at = 0
    while at < len(shapes):
        taken = 1
        while shapes[at] == YEAR and taken < 3 and shapes[at + taken : at + taken + 1] == [DAY]:
            taken += 1
        found.append(shapes[at] if taken == 1 else f":date{taken}")
        at += taken
    return found
