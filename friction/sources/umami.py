"""Umami: the tables in the archive of its export, sums over the period that was shown.

Exports   The ZIP of the page (`pages.csv`, `referrers.csv`, …: columns `x` and `y`), and its expanded metrics as CSV or
          JSON (`name, pageviews, visitors, visits, bounces, totaltime`).
Gives     Of the plain tables how many visitors saw each page; of the expanded ones how many left after it and how long
          they stayed.
Misses    Every event, every click, the period, and in the plain tables all that is friction.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

import polars as pl

from friction.sources.base import InputFile, Options
from friction.sources.counted import (
    CountedSource,
    Figure,
    Filled,
    aggregates,
    amount,
    mean,
    of_kind,
    ratio,
    said,
)
from friction.sources.fields import Fields
from friction.sources.seen import Record, seen
from friction.values import dataclass

PLAIN, EXPANDED = ("x", "y"), {"name", "pageviews", "visitors", "visits", "bounces", "totaltime"}


@dataclass(frozen=True, kw_only=True)
class Umami(CountedSource):
    """Tables of Umami's export, counted by page."""

    name: ClassVar[str] = "umami"
    fields: ClassVar[Mapping[str, Sequence[str]]] = {
        "name": ("name", "x"),
        "visitors": ("visitors", "y"),
        "visits": ("visits",),
        "bounces": ("bounces",),
        "time": ("totaltime",),
    }

    def sniff(self, file: InputFile) -> float:
        """Sure by the names of the expanded metrics; a table of words and their counts is one where it has no more."""
        looked = seen(file)
        if looked.form == "text" and looked.names == PLAIN:
            return 0.9 * bool(looked.surety(_is_count))
        return looked.surety(lambda record: set(record) == EXPANDED)

    def filled(self, known: Fields, options: Options, file: InputFile) -> Filled:  # noqa: ARG002 - it has no times
        """What begins with a slash is a page, all else a kind of visitor."""
        is_page = said("name").str.starts_with("/")
        kind = pl.when(~is_page).then(of_kind("name", "name"))
        about = {"url": pl.when(is_page).then(said("name")), "dims": kind}
        figures = []
        for basis, here in (("page", is_page), ("segment", ~is_page)):
            if known.knows("visits"):
                left = ratio("bounces", "visits")
                figures.append(Figure("bounce", basis, "share", "visits", left, amount("visits"), here))
                stay = mean("time", "visits")
                figures.append(Figure("duration", basis, "s", "visits", stay, amount("visits"), here))
            figures.append(Figure("visitors", basis, "count", "visitors", amount("visitors"), None, here))
        return aggregates(known, about, figures, self.name)


def _is_count(record: Record) -> bool:
    """Words and a whole number; two numbers would be a place on a screen."""
    word, count = str(record.get("x") or ""), str(record.get("y") or "")
    return count.isdecimal() and not word.replace(".", "").replace("-", "").isdecimal()
