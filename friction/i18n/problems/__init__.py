"""Problems in the reader's language.

A problem carries its code, its members (file, line, column, limit) and, as RFC 9457 wants it, English sentences for
what happened and what to do. Here is every sentence that any part of friction can say, with places for what varies;
a sentence is recognised by its fixed words and said in the other language with the same values. One that is not
recognised (a plug-in's, an engine's) stays English. A test reads all errors of the source and fails for a sentence
that is missing here.
"""

from __future__ import annotations

import re
from functools import cache

from friction.i18n.language import DEFAULT, Language
from friction.i18n.problems.access import ACCESS
from friction.i18n.problems.command import COMMAND
from friction.i18n.problems.journey import JOURNEY
from friction.i18n.problems.keeping import KEEPING
from friction.i18n.problems.lake import LAKE
from friction.i18n.problems.nights import NIGHTS
from friction.i18n.problems.places import PLACES
from friction.i18n.problems.reading import READING
from friction.i18n.problems.service import SERVICE
from friction.i18n.problems.settings import SETTINGS

SENTENCES: tuple[str, ...] = (
    *ACCESS,
    *COMMAND,
    *JOURNEY,
    *KEEPING,
    *LAKE,
    *NIGHTS,
    *PLACES,
    *READING,
    *SERVICE,
    *SETTINGS,
)
_HOLE = re.compile(r"\\\{(\w+)\\\}")
_GROUPED = re.compile(r"\d{1,3}(,\d{3})+")
_SIZED = re.compile(r"([\d.]+) (kB|MB|GB|TB|bytes)")
_UNITS = {"fr": {"kB": "ko", "MB": "Mo", "GB": "Go", "TB": "To", "bytes": "octets"}}
_NAMED = {"setting": r"lang|\w+(?:\.[^\s:]+)+", "option": r"--?[a-z][a-z-]*|[A-Z_]+", "size": r"[\d.]+"}
"""A setting is named with its section and an option with its dashes; any other value may be any text."""
DEEPEST, SURE = 3, 6
"""How often a value inside a sentence may be a sentence itself, and how many fixed letters such a one has."""


def say(sentence: str, speak: Language, depth: int = 0) -> str:
    """An English sentence of a problem in this language; unknown ones as they are."""
    if speak.code == DEFAULT:
        return sentence
    for template, recognises in _patterns():
        if (found := recognises.fullmatch(sentence)) and (not depth or _fixed(template) >= SURE):
            values = {name: _value(name, value, speak, depth) for name, value in found.groupdict().items()}
            return speak.text(template, **values)
    return sentence


@cache
def _patterns() -> list[tuple[str, re.Pattern[str]]]:
    """What is said of a setting first, then those with most fixed words: the surest one recognises a sentence."""
    first = tuple(f"{{{name}}}" for name in _NAMED)
    ordered = sorted(SENTENCES, key=lambda template: (not template.startswith(first), -_fixed(template)))
    return [(template, pattern(template)) for template in ordered]


def _fixed(template: str) -> int:
    return len(re.sub(r"\{\w+\}", "", template))


def pattern(template: str) -> re.Pattern[str]:
    """What recognises the sentence."""
    holes = _HOLE.sub(r"(?P<\1>.+?)", re.escape(template))
    for name, named in _NAMED.items():
        holes = holes.replace(f"(?P<{name}>.+?)", f"(?P<{name}>{named})")
    return re.compile(holes, re.DOTALL)


def _value(name: str, value: str, speak: Language, depth: int) -> str:
    if _GROUPED.fullmatch(value):
        return speak.whole(int(value.replace(",", "")))
    if name == "size":
        return speak.decimal(float(value), 4)
    if sized := _SIZED.fullmatch(value):
        return f"{speak.decimal(float(sized[1]), 4)}\N{NO-BREAK SPACE}{_UNITS[speak.code][sized[2]]}"
    return say(value, speak, depth + 1) if depth < DEEPEST else value
