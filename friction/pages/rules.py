"""Patterns that a user writes: `/item/:slug`, `/wiki/*`, `help.example.com/faq/:topic`.

A word stands for itself (letter case, escapes and endings like `.html` aside), `:name` and `*` for any
one segment, a `*` at the end for anything below, at least one segment. A pattern without a host is about
the main one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Self

from friction.pages.places import place
from friction.pages.segments import plain


class Patterns:
    """Patterns in the order in which they are tried, each with what it gives."""

    def __init__(self, patterns: Iterable[str]) -> None:
        self._rules = [(_read(pattern), pattern) for pattern in patterns]

    @classmethod
    def by_value(cls, patterns: Mapping[str, Iterable[str]]) -> Self:
        """Patterns that give the key they stand under."""
        found = cls(())
        found._rules = [(_read(pattern), key) for key, below in patterns.items() for pattern in below]
        return found

    @cached_property
    def _shortest(self) -> int:
        """Segments that any pattern needs."""
        return min(len(pattern) for (_, pattern), _ in self._rules)

    def __bool__(self) -> bool:
        return bool(self._rules)

    def find(self, host: str, segments: Sequence[str]) -> str | None:
        """What the first pattern that fits gives, else null. `host` is empty for the main one."""
        if not self._rules or len(segments) < self._shortest:
            return None
        words = [word for word in map(plain, segments) if word not in {"", "index"}]
        for (front, pattern), given in self._rules:
            if front == host and _fits(pattern, words):
                return given
        return None


def _read(pattern: str) -> tuple[str, tuple[str, ...]]:
    host, segments, screen = place(pattern)
    return host, tuple(map(plain, segments or ((screen,) if screen else ())))


def _fits(pattern: Sequence[str], words: Sequence[str]) -> bool:
    if pattern and pattern[-1] == "*":
        return len(words) >= len(pattern) and _fits(pattern[:-1], words[: len(pattern) - 1])
    return len(pattern) == len(words) and all(
        wanted in {word, "*"} or wanted[:1] == ":" for wanted, word in zip(pattern, words, strict=True)
    )
