"""The address as it may be kept: where somebody was, without who they are or what opens their door.

Kept: scheme, host, path, the names of query parameters and the values of a few that say which view of a
page was seen. Masked: path segments that look like an e-mail address, token or number of a person
(`:email`, `:token`, `:number`, `:ip`), and what was searched for (`:text`). Dropped: user and password,
other values, also those of a query whose mark was lost (`/cart&ref=…`, `/cart%3Fref=…`), path parameters
(`;jsessionid=…`), fragments that are no hash route. Ordinary ids (`/product/42`) stay: pages are made of them.
"""

from __future__ import annotations

import re
from urllib.parse import unquote

from friction.privacy.tokens import EMAIL, HARMLESS, NUMBER, PLACEHOLDERS, TEXT, TOKEN, placeholder, words

MAX_LENGTH = 4096
"""Longer addresses are cut at the last delimiter before; no browser sends a meaningful one."""

KEPT_VALUES = words(
    "page p pg paged per_page perpage page_size limit sort sort_by sortby sort_order order order_by"
    " orderby dir direction lang language locale hl tab step view layout mode section currency country"
    " format theme version type status filter category device variant"
)
"""Parameters that say which view of a page was seen, from small vocabularies; `utm_*` is kept as well."""

SEARCH_TEXT = words("q s query search searchterm search_query search_term keyword keywords term text")
"""Parameters with words that a visitor typed: only their class is kept."""

DOORS = words(
    "reset reset-password password-reset resetpassword password passwd verify verification verify-email"
    " confirm confirm-email confirmation activate activation invite invitation invites magic magic-link"
    " token tokens secret key apikey api-key session sessions sid auth oauth otp code unsubscribe unsub"
    " optout share-link reinitialiser mot-de-passe desinscription"
)
"""Segments after which a door is opened: what follows is a token unless it is a plain word."""

SECRET_NAMES = DOORS | words("jsessionid phpsessid user username login email mail e-mail name phone tel")
"""Names of `name=value` segments whose value is a person's or opens a door."""

_OPAQUE = re.compile(r"(?i)(mailto|tel|sms|data|javascript|blob|view-source|file|about|https?(?!://)):")
_ORIGIN = re.compile(r"(?i)([a-z][a-z0-9+.-]*)://([^/?#\\]*)")
_HOST = re.compile(r"(?:[\w.-]{1,253}|\[[0-9a-f:.]+\])(?::\d{0,5})?")
_PLAIN = re.compile(rf"(?:https?://[a-z0-9.-]+(?::\d+)?(?=/|$))?/?(?:{HARMLESS}?(?:/|$))*+")
_DOOR = re.compile("(?i)/(?:" + "|".join(sorted(DOORS)) + ")/")
_WORD = re.compile(r"(?i)(?:[a-z]{1,15}[-_])*[a-z]{1,15}(?:\.[a-z]{2,5})?")
_NAME = re.compile(r"[A-Za-z_$][\w.$\-\[\]]{0,39}", re.ASCII)
_CHOICE = re.compile(r"[\w.,:|-]{1,40}")
_CAMPAIGN = re.compile(r"[\w .,:+|()/-]{1,100}")
_ESCAPED = re.compile(r"(?i)%(?:25)*+(3f|26|3d)")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


def mask_address(url: str) -> str:
    """The address without personal data; any text goes in, and masking twice changes nothing more."""
    address = (url if url.isprintable() else _CONTROL.sub("", url)).strip()
    if len(address) > MAX_LENGTH:
        address = _cut(address)
    if _PLAIN.fullmatch(address) and not _DOOR.search(address):
        return address
    if opaque := _OPAQUE.match(address):
        return _opaque(opaque[1].lower(), address[opaque.end() :])
    rest, _, fragment = address.partition("#")
    return (_origin_and_path(rest) + _route(fragment)).strip()


def _cut(address: str) -> str:
    """The beginning up to the last delimiter, so that no half of a token is left; without one nothing is."""
    ends = [match.start() for match in re.finditer(r"[/?&#]", address[:MAX_LENGTH])]
    return address[: ends[-1]] if ends else TOKEN


def _route(fragment: str) -> str:
    """A hash route (`#/cart`, `#!/cart`) with its mark; any other fragment is dropped."""
    route = fragment.removeprefix("!")
    if not route.startswith("/"):
        return ""
    return "#" + fragment[: len(fragment) - len(route)] + _path_and_query(route.partition("#")[0])


def _opaque(scheme: str, rest: str) -> str:
    """What is left of an address without a host: who is written to, local files are personal."""
    if scheme == "mailto":
        return scheme + ":" + EMAIL
    if scheme in {"tel", "sms"}:
        return scheme + ":" + NUMBER
    return scheme + ":" + (rest if scheme == "about" and _WORD.fullmatch(rest) else "")


def _origin_and_path(text: str) -> str:
    origin = _ORIGIN.match(text)
    if origin is None:
        return _path_and_query(text)
    host = origin[2].rpartition("@")[2].lower()
    if host and not _HOST.fullmatch(host):  # a torn row: what stands there is something else
        host = TEXT
    return f"{origin[1].lower()}://{host}" + _path_and_query(text[origin.end() :])


def _path_and_query(text: str) -> str:
    path, mark, query = text.partition("?")
    masked = path if _PLAIN.fullmatch(path) and not _DOOR.search(path) else mask_path(path)
    return f"{masked}?{kept}" if mark and (kept := mask_query(query)) else masked


def mask_path(path: str) -> str:
    """The path with personal segments replaced; segments stay in place."""
    segments = path.split("/")
    before = ""
    for place, segment in enumerate(segments):
        if not _WORD.fullmatch(segment):
            segments[place] = _segment(segment, before)
        before = segments[place].lower()
    return "/".join(segments)


def _segment(segment: str, before: str) -> str:
    segment = segment.partition(";")[0]
    if _WORD.fullmatch(segment) or segment in PLACEHOLDERS or not segment:
        return segment
    name, equals, value = segment.partition("=")
    if before in DOORS or (equals and value and name.lower() in SECRET_NAMES):
        return TOKEN
    if masked := placeholder(decoded(segment)):
        return masked
    kept = _without_values(segment)
    return placeholder(decoded(kept)) or kept


def _without_values(segment: str) -> str:
    """The segment; one with `name=value` in it, however escaped, keeps of it what a query would."""
    plain = _ESCAPED.sub(lambda sign: "=" if sign[1].lower() == "3d" else "&", segment)
    if "=" not in plain:
        return segment
    head, mark, rest = plain.partition("&")
    if "=" in head:
        return mask_query(plain) or TEXT
    return f"{placeholder(decoded(head)) or head}{mark}{mask_query(rest)}"


def mask_query(query: str) -> str:
    """The names of the parameters, each once, and the values that may be kept; the order stays."""
    return "&".join(dict.fromkeys(filter(None, map(_parameter, query.split("&")))))


def _parameter(part: str) -> str:
    name, _, value = part.partition("=")
    if not _NAME.fullmatch(name):
        name = decoded(name)
        if name in PLACEHOLDERS or not name:
            return name
        if not _NAME.fullmatch(name):
            return placeholder(name) or TEXT
    if len(name) > 8 and (masked := placeholder(name)):
        return masked
    known = name.lower()
    if not value or not (known in KEPT_VALUES or known in SEARCH_TEXT or known.startswith("utm_")):
        return name
    return f"{name}={value if value in PLACEHOLDERS else _value(known, value)}"


def _value(name: str, value: str) -> str:
    plain = decoded(value.replace("+", " "))
    if masked := placeholder(plain):
        return masked
    if name.startswith("utm_"):
        return value if _CAMPAIGN.fullmatch(plain) else TEXT
    if plain.isdecimal() and (name in SEARCH_TEXT or len(plain) > 6):
        return NUMBER
    return value if name in KEPT_VALUES and _CHOICE.fullmatch(plain) else TEXT


def decoded(text: str) -> str:
    """Percent-decoded until nothing is left to decode, at most three times; broken UTF-8 is replaced."""
    for _ in range(3):
        if "%" not in text:
            break
        text = unquote(text)
    return text
