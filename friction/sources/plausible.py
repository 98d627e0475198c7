"""Plausible: the tables in the archive of its export, sums by day.

Exports   The ZIP named after site and date, or single tables of it (`imported_pages_….csv` and its sisters).
Gives     Of the visits that began on a page how many left after it, of those that saw a page how many ended there, how
          long they stayed and how far they scrolled; by device, browser, system, source and country how many left.
Misses    Every event, and every click. Visitors are not told apart from one day to the next.
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
    day,
    mean,
    of_kind,
    ratio,
    said,
)
from friction.sources.fields import Fields
from friction.sources.seen import SURE, seen
from friction.values import dataclass

TABLES = (
    {"entrances"},
    {"exits"},
    {"visits", "pageviews"},
    {"visit_duration"},
    {"total_time_on_page"},
    {"name", "events"},
)
"""Besides `date` and `visitors`, what the columns of one of the tables hold."""
KINDS = ("device", "browser", "operating_system", "source", "country")
PAGES = ("page", "entry_page", "exit_page")
TABLE_ONLY = frozenset(
    {
        *("date", "hostname", *PAGES, *KINDS, "browser_version", "operating_system_version", "referrer"),
        *("utm_source", "utm_medium", "utm_campaign", "utm_content", "utm_term", "channel", "region", "city"),
        *("name", "link_url", "path", "property", "value", "visitors", "visits", "pageviews", "bounces"),
        *("visit_duration", "entrances", "exits", "events", "total_scroll_depth", "time_on_page"),
        *("total_scroll_depth_visits", "total_time_on_page", "total_time_on_page_visits"),
    }
)
"""Every column that a table of Plausible has."""


@dataclass(frozen=True, kw_only=True)
class Plausible(CountedSource):
    """Tables of Plausible's export, counted by day."""

    name: ClassVar[str] = "plausible"
    fields: ClassVar[Mapping[str, Sequence[str]]] = {
        name: (name.replace("_", " "),)
        for name in (
            *(
                "date",
                "hostname",
                *PAGES,
                *KINDS,
                "visits",
                "bounces",
                "visit_duration",
                "entrances",
                "exits",
            ),
            *(
                "total_scroll_depth",
                "total_scroll_depth_visits",
                "total_time_on_page",
                "total_time_on_page_visits",
            ),
        )
    }

    def sniff(self, file: InputFile) -> float:
        """Sure by a day, visitors, and no column that Plausible has not."""
        looked = seen(file)
        names = set(looked.names)
        is_ours = looked.form == "text" and {"date", "visitors"} <= names <= TABLE_ONLY
        return SURE if is_ours and any(table <= names for table in TABLES) else 0.0

    def filled(self, known: Fields, options: Options, file: InputFile) -> Filled:  # noqa: ARG002 - days have no zone
        """What the table that this is tells, day by day."""
        about = {
            "period_start": day("date"),
            "period_end": day("date"),
            "url": _address(known),
            "dims": _dims(known),
        }
        dated = day("date").is_not_null()
        return aggregates(known, about, [_dated(one, dated) for one in _figures(known)], self.name)


def _dated(one: Figure, dated: pl.Expr) -> Figure:
    """Without its day a figure may be counted twice: it is left out."""
    value = pl.when(dated).then(one.value)
    return Figure(one.measure, one.basis, one.unit, one.of, value, one.denominator)


def _figures(known: Fields) -> list[Figure]:
    """Which of the tables it is, is told by the page or kind of visitor that it has."""
    made = []
    if known.knows("page"):
        made.append(Figure("visits", "page", "count", "visits", amount("visits")))
        depth = mean("total_scroll_depth", "total_scroll_depth_visits")
        made.append(
            Figure("scroll_depth", "page", "pct", "visits", depth, amount("total_scroll_depth_visits"))
        )
        time = mean("total_time_on_page", "total_time_on_page_visits")
        made.append(Figure("time_on_page", "page", "s", "visits", time, amount("total_time_on_page_visits")))
    elif known.knows("entry_page"):
        made.append(
            Figure(
                "bounce",
                "landing_page",
                "share",
                "visits",
                ratio("bounces", "entrances"),
                amount("entrances"),
            )
        )
        time = mean("visit_duration", "entrances")
        made.append(Figure("duration", "landing_page", "s", "visits", time, amount("entrances")))
    elif known.knows("exit_page"):
        made.append(Figure("exit", "page", "count", "visits", amount("exits")))
    else:
        basis = "segment" if any(map(known.knows, KINDS)) else "site"
        made.append(Figure("bounce", basis, "share", "visits", ratio("bounces", "visits"), amount("visits")))
        made.append(Figure("sessions", basis, "count", "visits", amount("visits")))
    return made


def _address(known: Fields) -> pl.Expr:
    """The page with its host, as far as the table says so."""
    page = next((label for label in PAGES if known.knows(label)), None)
    if page is None:
        return pl.lit(None, pl.String())
    return (
        pl.when(said("hostname").is_not_null())
        .then("https://" + said("hostname") + said(page))
        .otherwise(said(page))
    )


def _dims(known: Fields) -> pl.Expr:
    kind = next((label for label in KINDS if known.knows(label)), None)
    if kind is None:
        return pl.lit(None, pl.String())
    name = "os" if kind == "operating_system" else kind
    return of_kind(kind, name)
