"""Sessions that do not count: the own people, tests, monitoring. Taken out before anything is worked out, and counted.

A session goes as a whole, as soon as one of its events fits a line of `[exclude]`. Where no session is named, that is
all a visitor ever did.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fnmatch import translate
from functools import cached_property
from ipaddress import ip_address, ip_network

import polars as pl

from friction.report import Excluded
from friction.sources.base import ABOUT

Fits = Callable[[str], int | None]
FLAG = "excluded "
"""Before the rule and the number of its line: whether an event fits, decided while its file is read."""


@dataclass(frozen=True)
class Exclusion:
    """`[exclude]`."""

    ips: tuple[str, ...] = ()
    agents: tuple[str, ...] = ()
    visitors: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()

    @cached_property
    def is_empty(self) -> bool:
        return not (self.ips or self.agents or self.visitors or self.pages)

    @property
    def about(self) -> frozenset[str]:
        """What files have to be asked for besides their events."""
        return frozenset(what for what, lines in (("ip", self.ips), ("agent", self.agents)) if lines)

    def flags(self, have: set[str]) -> list[pl.Expr]:
        """What has to be asked of a file's own frame, since nothing of it is kept: one number a row, that of the first
        line that fits (null: none), for each rule whose column is there.
        """
        found = []
        for rule, columns, fits in (
            ("ips", [ABOUT["ip"]], self._network),
            ("agents", [ABOUT["agent"]], self._agent),
            ("visitors", ["visitor_id", "user_id", "session_id"], self._visitor),
        ):
            for column in columns:
                if getattr(self, rule) and column in have:
                    found.append(_asked(pl.col(column), fits).alias(f"{FLAG}{rule} {column}"))
        return found

    def _network(self, text: str) -> int | None:
        try:
            address = ip_address(text.strip().strip("[]"))
        except ValueError:
            return None
        networks = map(ip_network, self.ips)
        return next((number for number, network in enumerate(networks) if address in network), None)

    def _agent(self, text: str) -> int | None:
        return first_fit(self.agents, text)

    def _visitor(self, text: str) -> int | None:
        return first_fit(self.visitors, text)


NOBODY = Exclusion()
"""Everybody counts."""


def first_fit(patterns: Sequence[str], text: str) -> int | None:
    """The number of the first pattern that the whole text fits, without regard to case."""
    return next(
        (at for at, each in enumerate(patterns) if re.match(translate(each.lower()), text.lower())), None
    )


def without(rows: pl.DataFrame, exclusion: Exclusion) -> tuple[pl.DataFrame, list[Excluded]]:
    """The rows whose sessions count, without the marks of reading, and what was left out by each line."""
    marks = [name for name in rows.columns if name.startswith(FLAG)]
    bare = rows.drop(marks)
    if exclusion.is_empty:
        return bare, []
    session, gone = rows["session_id"].to_physical(), pl.Series([], dtype=pl.UInt32)
    sizes = session.value_counts(name="events")
    counted = []
    for rule, number, fitting in _lines(rows, marks, exclusion):
        fresh = session.filter(fitting).unique()
        fresh = fresh.filter(~fresh.is_in(gone.implode()))
        gone = pl.concat([gone, fresh.cast(pl.UInt32)])
        events = int(sizes.filter(pl.col("session_id").is_in(fresh.implode()))["events"].sum())
        counted.append(Excluded(rule, getattr(exclusion, rule)[number], fresh.len(), events))  # type: ignore[arg-type]
    return (bare.filter(~session.is_in(gone.implode())) if gone.len() else bare), counted


def _lines(
    rows: pl.DataFrame, marks: Sequence[str], exclusion: Exclusion
) -> Iterator[tuple[str, int, pl.Series]]:
    """Each line of the configuration with the rows that fit it; a line that fits none as well."""
    nowhere = pl.repeat(False, rows.height, dtype=pl.Boolean(), eager=True)
    for rule in ("ips", "agents", "visitors"):
        asked = [rows[mark] for mark in marks if mark.startswith(f"{FLAG}{rule} ")]
        for number in range(len(getattr(exclusion, rule))):
            fitting = nowhere
            for column in asked:
                fitting |= (column == number).fill_null(value=False)
            yield rule, number, fitting
    if exclusion.pages:
        seen = nowhere.cast(pl.Int16()).replace(0, None)
        if "url" in rows.columns:
            seen = _asked_series(rows["url"].cast(pl.String), lambda url: first_fit(exclusion.pages, url))
        for number in range(len(exclusion.pages)):
            yield "pages", number, (seen == number).fill_null(value=False)


def _asked(column: pl.Expr, fits: Fits) -> pl.Expr:
    return column.cast(pl.String).map_batches(
        lambda values: _asked_series(values, fits), return_dtype=pl.Int16(), is_elementwise=True
    )


def _asked_series(values: pl.Series, fits: Fits) -> pl.Series:
    """The number of the line that each text fits, each distinct one asked once."""
    distinct = values.unique().drop_nulls()
    numbers = pl.Series([fits(each) for each in distinct], dtype=pl.Int16())
    return values.replace_strict(distinct, numbers, default=None, return_dtype=pl.Int16())
