"""Any table of events: CSV, TSV, JSON lines, JSON and Parquet, understood by the names of its columns.

Needs   a time; a session, visitor or user; a page or the name of an event.
Finds   columns by canonical name, alias or the user's own mapping; units and zones of times by their
        values; event words by their parts. A log with items instead of pages gets the synthetic
        addresses `/item/<id>`.
Keeps   nothing that is typed: the text of an input is kept as its length. Columns that are not understood
        are listed and left out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import ClassVar

import polars as pl

from friction.errors import InputError
from friction.schema import EVENT
from friction.sources import besides, times
from friction.sources.aliases import ALIASES, normal, understood
from friction.sources.base import ALIKE, UNREADABLE, InputFile, OfWords, Options, Reading, Source
from friction.sources.casts import (
    alike,
    cast_as,
    identity,
    item_url,
    sampled,
    text,
    truth,
    typed_length,
    typed_value,
    unreadable,
)
from friction.sources.mapping import Match, match
from friction.sources.words import kinds, nav_kind_of, nav_kinds
from friction.tables.delimited import open_delimited
from friction.tables.jsonl import looks_like_json, open_json
from friction.tables.nested import inner_list, open_nested
from friction.tables.parquet import MAGIC, Parquet, open_parquet
from friction.tables.table import Table
from friction.tables.text import encoding

IDENTITIES = ("session_id", "visitor_id", "user_id")
SAMPLING = ("samplerate", "samplingrate", "sessionsamplerate", "sampledshare")
"""Names of columns that say what share of sessions a tool kept."""
PER_VISITOR = ("gasessionid", "sessionnumber", "domainsessionidx")
"""Sessions that are numbered for each visitor."""
ALWAYS = frozenset({"ts", "ts_quality", "tz_assumed", "seq", *IDENTITIES, "kind", "name", "row_no"})
_APART = frozenset({"ts", "kind", "name", "url", "value", "item", "order"})
"""Columns that are made out of several, or mean different things."""
_PLAIN = re.compile(r"(?!.*\d{4})[\w$.\- /()\[\]#%*]{1,80}")
"""Names of columns that a message may repeat: data in the place of a header have other characters, or digits."""
_COUNTS = (
    r"(?i)rates?$|count|duration|average|avg|total|bounce|^visits$|^views$|^sessions$|^users$|values$|revenue"
)


CONTENTSQUARE = frozenset({"errors.message", "errors.error_time"})
"""What is known of the names in its Data Export: lists side by side (`formats.md` §5.3)."""


@dataclass(frozen=True, kw_only=True)
class Generic(Source):
    """Any table with a time, a session or visitor, and a page or event name."""

    name: ClassVar[str] = "generic"

    def sniff(self, file: InputFile) -> float:
        """Never sure: a text is taken when no other source knows it."""
        if file.head.startswith(MAGIC):
            return 0.2
        if looks_like_json(file.head):
            return 0.15
        # Whether it is a table at all is said when it is read, since the user may have said how.
        return 0.0 if encoding(file.head) is None else 0.1

    def read(self, file: InputFile, options: Options) -> Reading:
        """Understand the columns and read them; what is missing is an `InputError` with the way to say it."""
        try:
            return _reading(file, options)
        except InputError as error:
            error.problem = replace(error.problem, file=file.name)
            raise


def _reading(file: InputFile, options: Options) -> Reading:
    table = open_table(file, options.mapping)
    found = match(table.names, table.sample, options.mapping)
    check(found, table)
    plan = _Plan(table, found, options)
    columns = plan.columns()
    marks = plan.marks(columns)
    if options.columns is not None:
        columns = {ours: expr for ours, expr in columns.items() if ours in options.columns | ALWAYS}
    more = besides.of_table(table, options, found.positions)
    columns |= {ours: expr for ours, expr in more.items() if ours in EVENT}
    by_word = plan.by_word(columns)
    words = {name: pl.col(name) for each in by_word.values() for name in each.columns.values()}
    named = {**columns, **more, **plan.unreadable(columns), **marks, **words}
    # Some tables are read at once: they hold words as they stand, and what follows from them is not made twice.
    rows = table.select([expr.alias(ours) for ours, expr in named.items() if ours not in by_word])
    marked = rows.events.with_columns(each.made.alias(ours) for ours, each in by_word.items())
    facts = {**table.facts, **plan.facts}
    if rows.records is not None:
        facts["records"] = rows.records
    if (share := _sampled(table)) is not None:
        facts["sampled"] = share
    columns_found = found.listed(table.names)
    events = marked.select("row_no", *columns)
    return Reading(
        events,
        rows.rejects,
        columns_found,
        facts,
        line_of=table.lines_of,
        marked=marked,
        by_word=by_word,
    )


def _sampled(table: Table) -> float | None:
    """The share of sessions that a column says were kept: of 1, or where it goes beyond that of 100."""
    for at, name in enumerate(table.names):
        if normal(name) in SAMPLING:
            rates = table.sample[:, at].cast(pl.Float64(), strict=False)
            top = rates.max()
            return sampled(rates, 100.0 if isinstance(top, float) and top > 1 else 1.0)
    return None


def open_table(file: InputFile, words: Mapping[str, str] | None = None) -> Table:
    """The file as a table, by its content; `words` are the user's about how it is written (`dialect.KEYS`)."""
    if file.head.startswith(MAGIC):
        return open_parquet(file)
    if not looks_like_json(file.head):
        return open_delimited(file, words)
    name = inner_list(file.head)
    return open_nested(file, name) if name else open_json(file)


def check(found: Match, table: Table) -> None:
    """Raise `InputError` when the minimum is missing: a time, an identity, a page or event."""
    have, names = found.positions, table.names
    if "ts" not in have and set(names) >= CONTENTSQUARE:
        raise InputError(
            "input.no_time_column",
            "this looks like the Data Export of Contentsquare, whose columns of time and page are not documented",
            remedy="export the tables of Data Connect, or name the columns in --mapping: "
            'ts = "…", session_id = "…", url = "…"',
        )
    if "ts" not in have and sum(bool(re.search(_COUNTS, name)) for name in names) >= 3:
        raise InputError(
            "input.aggregate",
            "this file has no time column and several columns of rates or counts: it sums up sessions, "
            "so the order of events is gone",
            remedy="export the single events: one row an event, with a time and a session",
        )
    if "ts" not in have:
        raise _missing("input.no_time_column", "no column with the time of the event was found", "ts", names)
    if not any(name in have for name in IDENTITIES):
        detail = "no column with a session, visitor or user was found"
        raise _missing("input.no_session_column", detail, "session_id", names)
    if not any(name in have for name in ("kind", "name", "url", "page", "item")):
        raise _missing("input.no_event_column", "no column with a page or an event was found", "url", names)


def _missing(code: str, detail: str, ours: str, names: tuple[str, ...]) -> InputError:
    plain = [name for name in names if _PLAIN.fullmatch(name)]
    shown = ", ".join(plain[:20]) + (" …" if len(plain) > 20 or len(plain) < len(names) else "")
    looked = ", ".join(ALIASES[ours][:6])
    return InputError(
        code, detail, remedy=f'name it in --mapping: {ours} = "…", one of: {shown} (looked for {looked} …)'
    )


@dataclass(frozen=True)
class _Plan:
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
                ~self._column("ts").str.contains(times.ZONED)
                if self.options.tz is None
                else pl.lit(value=False)
            )
        quality = pl.lit(form.quality, EVENT["ts_quality"])
        return {"ts": form.read(self._column("ts")), "ts_quality": quality, "tz_assumed": assumed}

    def _time_form(self) -> times.TimeForm:
        position = self.found.positions["ts"]
        if isinstance(self.table, Parquet) and (
            form := times.native(self.table.types[position], self.options.tz)
        ):
            return form
        name = self.table.names[position]

        def dates() -> pl.Series:
            return (
                self.table.select([pl.col(f"c{position}").alias("d")])
                .events.select("d")
                .unique()
                .collect()["d"]
            )

        unit, said = understood(name).unit, self.options.mapping.get("ts_format")
        return times.understand(
            self._sampled("ts"), name, unit=unit, tz=self.options.tz, said=said, dates=dates
        )

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
                bought = (
                    text(self._column("order"))
                    .str.to_lowercase()
                    .is_in(["0", "false", "no", "n", "f"])
                    .not_()
                )
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
        made = {"value": typed_value(column, kind)}
        if "value_len" not in self.found.positions:
            made["value_len"] = typed_length(column, kind)
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
