"""Sessions that do not count: the own people, tests, monitoring. Taken out before anything is worked out, and counted.

A session goes as a whole, as soon as one of its events fits a line of `[exclude]`. Where no session is named, that is
all a visitor ever did.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from fnmatch import translate
from functools import cached_property
from ipaddress import ip_address, ip_network
from typing import Literal

import polars as pl

from friction.report import Excluded
from friction.sources.base import ABOUT
from friction.values import dataclass

Fits = Callable[[str], int | None]
FLAG = "excluded "
"""Before the rule and the number of its line: whether an event fits, decided while its file is read."""

RULES: tuple[Literal["ips", "agents", "visitors", "pages"], ...] = ("ips", "agents", "visitors", "pages")


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

    def fitting(self, rows: pl.DataFrame) -> pl.DataFrame:
        """`session_id` by number in the pool and the marks, also of pages, of the rows that fit any line."""
        marks = [rows[name] for name in marked(rows.columns)]
        if self.pages and "url" in rows.columns:
            seen = _asked_series(rows["url"].cast(pl.String), lambda url: first_fit(self.pages, url))
            marks.append(seen.alias(f"{FLAG}pages url"))
        told = pl.DataFrame([rows["session_id"].to_physical().cast(pl.UInt32), *marks])
        return told.filter(pl.any_horizontal(pl.lit(value=False), pl.exclude("session_id").is_not_null()))

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
    bare = rows.drop(marked(rows.columns))
    if exclusion.is_empty:
        return bare, []
    session = rows["session_id"].to_physical()
    gone, counted = left_out(exclusion.fitting(rows), session.value_counts(name="events"), exclusion)
    return (bare.filter(~session.is_in(gone.implode())) if gone.len() else bare), counted


def marked(columns: Sequence[str]) -> list[str]:
    """The marks of reading among these columns."""
    return [name for name in columns if name.startswith(FLAG)]


def left_out(
    told: pl.DataFrame, sizes: pl.DataFrame, exclusion: Exclusion
) -> tuple[pl.Series, list[Excluded]]:
    """The sessions that do not count, by number in the pool, and what each line of the configuration left out.

    `told` is what `Exclusion.fitting` says of all rows, `sizes` the `events` of each `session_id`.
    """
    gone, counted = pl.Series([], dtype=pl.UInt32), []
    for rule in RULES:
        columns = [name for name in told.columns if name.startswith(f"{FLAG}{rule} ")]
        for number, line in enumerate(getattr(exclusion, rule)):
            fits = pl.any_horizontal(pl.lit(value=False), *(pl.col(name) == number for name in columns))
            fresh = told.filter(fits)["session_id"].unique()
            fresh = fresh.filter(~fresh.is_in(gone.implode()))
            gone = pl.concat([gone, fresh])
            events = int(sizes.filter(pl.col("session_id").is_in(fresh.implode()))["events"].sum())
            counted.append(Excluded(rule, line, fresh.len(), events))
    return gone, counted


def _asked(column: pl.Expr, fits: Fits) -> pl.Expr:
    return column.cast(pl.String).map_batches(
        lambda values: _asked_series(values, fits), return_dtype=pl.Int16(), is_elementwise=True
    )


def _asked_series(values: pl.Series, fits: Fits) -> pl.Series:
    """The number of the line that each text fits, each distinct one asked once."""
    distinct = values.unique().drop_nulls()
    numbers = pl.Series([fits(each) for each in distinct], dtype=pl.Int16())
    return values.replace_strict(distinct, numbers, default=None, return_dtype=pl.Int16())
