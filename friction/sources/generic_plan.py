"""The expressions that make our columns from those of a table of events, once it is known which is which."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

import polars as pl

from friction.schema import EVENT
from friction.sources import day_times, times
from friction.sources.aliases import normal, understood
from friction.sources.base import ALIKE, UNREADABLE, OfWords, Options
from friction.sources.casts import (
    alike,
    cast_as,
    french_number,
    identity,
    is_french,
    item_url,
    number,
    text,
    truth,
    typed_length,
    typed_value,
    unreadable,
)
from friction.sources.mapping import NO, Match
from friction.sources.words import kinds, nav_kind_of, nav_kinds
from friction.tables.parquet import Parquet
from friction.tables.table import Table
from friction.values import dataclass

IDENTITIES = ("session_id", "visitor_id", "user_id")
PER_VISITOR = ("gasessionid", "sessionnumber", "domainsessionidx")
"""Sessions that are numbered for each visitor."""
ALWAYS = frozenset({"ts", "ts_quality", "tz_assumed", "seq", *IDENTITIES, "kind", "name", "row_no"})
_APART = frozenset({"ts", "kind", "name", "url", "value", "item", "order", "clock"})
"""Columns that are made out of several, or mean different things."""


@dataclass(frozen=True)
class Plan:
    """The expressions that make our columns from theirs."""

    table: Table
    found: Match
    options: Options
    facts: dict[str, object] = field(default_factory=dict)

    def columns(self) -> dict[str, pl.Expr]:
        """Ours → expression, in the order of the event table."""
        made = self._times() | self._plain() | self._events() | self._pages()
        return {ours: made[ours] for ours in EVENT if ours in made}

    def marks(self, columns: Mapping[str, pl.Expr]) -> dict[str, pl.Expr]:
        """What an id means is not known, so it counts for one time, session or visitor, and event."""
        if "event_id" not in columns:
            return {}
        others = [columns[name] for name in ("ts", *IDENTITIES, "name", "url") if name in columns]
        return {ALIKE: alike(columns["event_id"], *others)}

    def unreadable(self, columns: Mapping[str, pl.Expr]) -> dict[str, pl.Expr]:
        """For those of `columns` that only change their type, whether that failed."""
        return {
            UNREADABLE + ours: unreadable(
                self._column(ours), value, self._sampled(ours), is_float=EVENT[ours].is_float()
            )
            for ours, value in columns.items()
            if ours in self.found.positions and ours not in ALWAYS | _APART and self._is_changed(ours)
        }

    def by_word(self, columns: Mapping[str, pl.Expr]) -> dict[str, OfWords]:
        """Those of `columns` that are made of one column of text."""
        made = {ours: expr for ours, expr in columns.items() if EVENT[ours] == pl.String() or ours == "kind"}
        roots = {ours: set(expr.meta.root_names()) for ours, expr in made.items()}
        return {
            ours: OfWords({name: name}, expr)
            for ours, expr in made.items()
            if len(roots[ours]) == 1 and self._is_text(name := next(iter(roots[ours])))
        }

    def _is_text(self, column: str) -> bool:
        table = self.table
        return not isinstance(table, Parquet) or table.types[int(column[1:])] == pl.String()

    def _is_changed(self, ours: str) -> bool:
        """From text to another type: a text is never unreadable, and what is typed already was read by others."""
        table = self.table
        if isinstance(table, Parquet) and table.types[self.found.positions[ours]] != pl.String():
            return False
        return not isinstance(EVENT[ours], (pl.String, pl.List))

    def _column(self, ours: str) -> pl.Expr:
        return pl.col(f"c{self.found.positions[ours]}")

    def _sampled(self, ours: str) -> pl.Series:
        return self.table.sample[:, self.found.positions[ours]]

    def _times(self) -> dict[str, pl.Expr]:
        form = self._time_form()
        self.facts["time"] = form.form if form.form != "epoch" else f"epoch {form.unit}"
        for note in form.notes:
            self.found.noted("ts", note)
        if form.is_assumed:
            self.found.noted("ts", "no zone given: read as UTC")
        assumed = pl.lit(form.is_assumed)
        if form.zones == "some":
            assumed = (
                ~self._instant().str.contains(times.ZONED) if self.options.tz is None else pl.lit(value=False)
            )
        quality = pl.lit(form.quality, EVENT["ts_quality"])
        return {"ts": form.read(self._instant()), "ts_quality": quality, "tz_assumed": assumed}

    def _instant(self) -> pl.Expr:
        """The column of times; where the time of day has its own, both together."""
        ts = self._column("ts")
        return day_times.together(ts, self._column("clock")) if "clock" in self.found.positions else ts

    def _time_form(self) -> times.TimeForm:
        position = self.found.positions["ts"]
        has_clock = "clock" in self.found.positions
        if (
            not has_clock
            and isinstance(self.table, Parquet)
            and (form := times.native(self.table.types[position], self.options.tz))
        ):
            return form
        name = self.table.names[position]

        def dates() -> pl.Series:
            return self.table.select([self._instant().alias("d")]).events.select("d").unique().collect()["d"]

        unit, said = understood(name).unit, self.options.mapping.get("ts_format")
        sampled = self.table.sample.select(self._instant()).to_series()
        return times.understand(sampled, name, unit=unit, tz=self.options.tz, said=said, dates=dates)

    def _plain(self) -> dict[str, pl.Expr]:
        """Columns that only change their type."""
        return {ours: self._cast(ours) for ours in self.found.positions if ours not in _APART}

    def _cast(self, ours: str) -> pl.Expr:
        column, theirs = self._column(ours), self.table.names[self.found.positions[ours]]
        if ours == "session_id" and normal(theirs) in PER_VISITOR and "visitor_id" in self.found.positions:
            self.found.noted(ours, "with the visitor before it, since the number is only unique for one")
            return identity(self._column("visitor_id")) + "." + identity(column)
        if ours in IDENTITIES:
            return identity(column)
        if ours == "returning" and normal(theirs) == "isnew":
            return ~truth(column)
        expr, note = cast_as(ours, column, self._sampled(ours), understood(theirs))
        if note:
            self.found.noted(ours, note)
        return expr

    def _events(self) -> dict[str, pl.Expr]:
        """`kind`, `name`, and what depends on the kind: the value, its length, going back."""
        have = self.found.positions
        word = next((ours for ours in ("kind", "name") if ours in have), None)
        if word is None:
            kind = pl.lit("page_view", EVENT["kind"])
            if "order" in have:
                bought = ~text(self._column("order")).str.to_lowercase().is_in(NO)
                kind = (
                    pl.when(bought.fill_null(value=False))
                    .then(pl.lit("conversion", EVENT["kind"]))
                    .otherwise(kind)
                )
            return {"kind": kind, **self._values(kind)}
        kind = kinds(self._column(word), self._sampled(word))
        made = {
            "kind": kind,
            "name": text(self._column("name" if "name" in have else word)),
            **self._values(kind),
        }
        if "nav_kind" not in have and any(
            nav_kind_of(word) for word in self._sampled(word).drop_nulls().unique()
        ):
            made["nav_kind"] = nav_kinds(self._column(word), self._sampled(word))
        return made

    def _values(self, kind: pl.Expr) -> dict[str, pl.Expr]:
        if "value" not in self.found.positions:
            return {}
        column = self._column("value")
        amount = french_number(column) if is_french(self._sampled("value")) else number(column)
        made = {"value": typed_value(amount, kind)}
        if "value_len" not in self.found.positions:
            made["value_len"] = typed_length(column, amount, kind)
            self.found.noted("value", "a number; of what is typed only the length")
        return made

    def _pages(self) -> dict[str, pl.Expr]:
        have = self.found.positions
        if "url" in have:
            return {"url": text(self._column("url"))}
        if "item" in have and "page" not in have:
            self.found.noted("item", "synthetic address /item/<id>")
            return {"url": item_url(self._column("item"))}
        return {}
