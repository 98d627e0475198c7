"""Releases and other moments, and what changed about them: the week before held against the days since."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from friction.compare.rates import Counts, contrast
from friction.nightly.book import Book, Mark
from friction.nightly.days import moved
from friction.nightly.life import Life
from friction.nightly.state import stamp
from friction.nightly.update import blind_days
from friction.rank import FALSE_DISCOVERIES, q_values

WEEK, FEWEST = 7, 3
MARGIN = 1.1
SHOWN = ("before", "after", "low", "high")


def noted(book: Book, text: str, at: dt.datetime) -> Book:
    """With this mark; the same one twice is one."""
    mark = Mark(stamp(at), text)
    return replace(book, marks=tuple(sorted({*book.marks, mark}, key=lambda each: (each.at, each.text))))


def listed(book: Book) -> list[dict[str, Any]]:
    """Every mark, the latest first, with the points that are clearly met more or less often since.

    `before`, `after`: shares of sessions in the seven days before and since (its own day belongs to neither), `low`
    and `high`: how many times as often, with 95 % certainty; false ones are held at a tenth of all that are listed.
    """
    return [
        {"at": mark.at, "text": mark.text, "changes": changes(book, mark)} for mark in reversed(book.marks)
    ]


def changes(book: Book, mark: Mark) -> list[dict[str, Any]]:
    """The points that changed about this mark, the clearest first."""
    day = mark.at[:10]
    found = [(life, one) for life in book.lives.values() if (one := _compared(life, book, day))]
    q = q_values([one["p"] for _, one in found])
    clear = [
        {
            "id": life.id,
            "title": life.title,
            **{name: one[name] for name in ("before", "after", "low", "high")},
            "q": each,
        }
        for (life, one), each in zip(found, q, strict=True)
        if each is not None and each <= FALSE_DISCOVERIES
    ]
    return sorted(clear, key=lambda each: (each["q"], each["id"]))


def _compared(life: Life, book: Book, day: str) -> dict[str, float] | None:
    blind = blind_days(book, life.detector)
    before = _counts(life, (moved(day, -step) for step in range(1, WEEK + 1)), blind)
    after = _counts(life, (moved(day, step) for step in range(1, WEEK + 1)), blind)
    if before is None or after is None:
        return None
    one = contrast(before, after)
    ratio = one.ratio()
    rates = (sum(each.k) / sum(each.n) for each in (before, after))
    return {
        **dict(zip(("before", "after"), rates, strict=True)),
        "low": ratio.low,
        "high": ratio.high,
        "p": one.p(MARGIN),
    }


def _counts(life: Life, days: Iterable[str], blind: set[str]) -> Counts | None:
    found = [life.days[day] for day in days if day in life.days and day not in blind and life.days[day][0]]
    return Counts(tuple(n for n, _ in found), tuple(k for _, k in found)) if len(found) >= FEWEST else None
