"""CSS selectors in settings: `tag`, `.class`, `#id`, `[attr]`, `[attr=value]`, combinations and lists of them."""

from __future__ import annotations

import re

from friction.elements.chain import Element
from friction.errors import UsageError

_TOKEN = re.compile(
    r"\#(?P<id>[\w-]+)|\.(?P<cls>[\w-]+)|(?P<tag>\*|[A-Za-z][\w-]*)"
    r"|\[\s*(?P<attr>[\w:.-]+)\s*(?:=\s*(?P<value>\"[^\"]*\"|'[^']*'|[^\]\s]*)\s*)?\]"
)
_BETWEEN_SELECTORS = re.compile(r",(?![^\[]*\])")


class Selectors:
    """A list of selectors, comma-separated; empty matches nothing. A wrong one is a `UsageError`."""

    def __init__(self, text: str) -> None:
        parts = (part.strip() for part in _BETWEEN_SELECTORS.split(text))
        self._all = [_compound(part) for part in parts if part]

    def match(self, element: Element) -> bool:
        """Whether any of them fits the element itself."""
        return any(all(_fits(element, test) for test in tests) for tests in self._all)


Test = tuple[str, str, str | None]


def _compound(text: str) -> list[Test]:
    tests: list[Test] = []
    at = 0
    while at < len(text):
        token = _TOKEN.match(text, at)
        if token is None or (token["tag"] and at):
            raise UsageError(
                "config.bad_value",
                f"{text!r} is no selector that can be used here",
                remedy="write tag, .class, #id, [attr], [attr=value], joined without blanks",
            )
        kind = token.lastgroup or ""
        if token["attr"]:
            value = token["value"]
            tests.append(("attr", token["attr"].lower(), None if value is None else value.strip("\"'")))
        else:
            tests.append((kind, token[kind], None))
        at = token.end()
    return tests


def _fits(element: Element, test: Test) -> bool:
    kind, name, value = test
    if kind == "tag":
        return name in {"*", element.tag} or name.lower() == element.tag
    if kind == "cls":
        return name in element.classes
    if kind == "id":
        return element.value("id") == name
    return element.has(name) and (value is None or element.value(name) == value)
