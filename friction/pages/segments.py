"""One segment of a path at a time: is it a word of the site, or the name of one thing among many?

Read off the segment alone: numbers, UUIDs, hashes, random strings (`:id`), slugs with a long number
(`:slug`), dates (`:date`), versions (`:version`), `@names` (`:handle`) and the placeholders of masked
addresses. All else is a word of the site, written in lower case, without accents escaped and without the
endings of page files. What only the neighbours can tell (whether 2024 is a year or an id) is left to
`branches` under a name of its own.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from urllib.parse import unquote

from friction.privacy.tokens import is_random

YEAR, DAY = ":year?", ":day?"
"""A number from 1990 to 2039, and one from 1 to 31 of at most two digits: part of a date, or an id."""

MASKED = {":token": ":id", ":number": ":id", ":ip": ":id", ":text": ":slug"}
"""What a masked segment was, seen as a page: a name of one thing. `:email` stays, it deserves to be seen."""

LONGEST_WORD = 80
"""Characters; a longer segment is the name of one thing."""

_DATE = re.compile(r"(?:19|20)\d\d-(?:0?[1-9]|1[0-2])(?:-(?:0?[1-9]|[12]\d|3[01]))?")
_YEAR = re.compile(r"199\d|20[0-3]\d")
_DAY = re.compile(r"0?[1-9]|[12]\d|3[01]")
_ID = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
    r"|(?=[a-f]*\d)(?=\d*[a-f])[0-9a-f]{8,}"
    r"|[a-z]{1,3}[-_]?\d{4,}|\d+[a-z]?|\d[\d_,-]*\d"
)
_MIXED = re.compile(r"\d[^\W\d]")
_VERSION = re.compile(r"v\d+(?:[._]\d+)*|\d+(?:\.\d+)+|v?\d+\.x")
_LETTERS = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_SLUG = re.compile(r"\d{5,}[-_].*[^\W\d_].*|.*[^\W\d_].*[-_]\d{5,}")
_SHAPES = (
    (":handle", re.compile(r"@.+")),
    (":date", _DATE),
    (":version", _VERSION),
    (":id", _ID),
    (":slug", _SLUG),
)
"""Shapes of segments that are no numbers, the first that fits."""
_FILE = re.compile(r"\.(?:x?html?|php\d?|phtml|aspx?|jspx?|jsf|do|action|cfm|cgi|shtml)$")
_FRONT = frozenset({"", "index", "default", "."})
_PLACEHOLDER = re.compile(r":[A-Za-z_]+")
_SIMPLE = re.compile(r"[\w-]*", re.ASCII)
_UNSAFE = re.compile(r"[\x00-\x1f/?#\ufffd]")


class Shapes(dict[str, str]):
    """Segment as recorded → its shape, `""` for one that says nothing; each segment is judged once."""

    def __init__(self, keep: Iterable[str] = ()) -> None:
        super().__init__()
        self._keep = frozenset(map(plain, keep))

    def __missing__(self, segment: str) -> str:
        word = plain(segment)
        self[segment] = shape = word if word in self._keep else _shape(word, segment)
        return shape


def plain(segment: str) -> str:
    """The segment as words are compared: decoded, composed, lower case, without the ending of a page file."""
    if _SIMPLE.fullmatch(segment):
        return segment.lower()
    text = unquote(segment) if "%" in segment else segment
    if _UNSAFE.search(text):
        text = segment
    return _FILE.sub("", unicodedata.normalize("NFC", text).lower()).strip()


def _shape(word: str, segment: str) -> str:
    if word in _FRONT or (len(word) <= LONGEST_WORD and _LETTERS.fullmatch(word)):
        return "" if word in _FRONT else word
    if word.isdecimal():
        return YEAR if _YEAR.fullmatch(word) else DAY if _DAY.fullmatch(word) else ":id"
    if len(word) > LONGEST_WORD:
        return ":slug"
    if _PLACEHOLDER.fullmatch(word):
        return MASKED.get(word, word)
    for shape, pattern in _SHAPES:
        if pattern.fullmatch(word):
            return shape
    is_code = len(word) >= 10 and segment.isalnum() and _MIXED.search(segment) and is_random(segment, 0.3)
    return ":id" if is_code else word
