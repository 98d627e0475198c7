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
from dataclasses import replace
from typing import ClassVar

import polars as pl

from friction.errors import InputError
from friction.schema import EVENT
from friction.sources import besides, times
from friction.sources.aliases import ALIASES, normal
from friction.sources.base import InputFile, Options, Reading, Source
from friction.sources.casts import sampled
from friction.sources.generic_plan import ALWAYS, IDENTITIES, Plan
from friction.sources.generic_words import worded
from friction.sources.mapping import Match, match
from friction.tables.delimited import open_delimited
from friction.tables.jsonl import looks_like_json, open_json
from friction.tables.nested import inner_list, open_nested
from friction.tables.parquet import MAGIC, open_parquet
from friction.tables.table import Table
from friction.tables.text import encoding
from friction.values import dataclass

SAMPLING = ("samplerate", "samplingrate", "sessionsamplerate", "sampledshare")
"""Names of columns that say what share of sessions a tool kept."""
_PLAIN = re.compile(r"(?!.*\d{4})[\w$.\- /()\[\]#%*]{1,80}")
"""Names of columns that a message may repeat: data in the place of a header have other characters, or digits."""
_COUNTS = (
    r"(?i)rates?$|count|duration|average|avg|total|bounce|^visits$|^views$|^sessions$|^users$|values$|revenue"
)
OWN_REPORT = frozenset({"rank", "id", "detector", "sessions_affected", "sessions_exposed"})
"""Names in the points that friction writes as CSV or XLSX, perhaps beside the exports."""
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
    plan = Plan(table, found, options)
    columns = plan.columns()
    marks = plan.marks(columns)
    if options.columns is not None:
        columns = {ours: expr for ours, expr in columns.items() if ours in options.columns | ALWAYS}
    more = besides.of_table(table, options, found.positions)
    columns |= {ours: expr for ours, expr in more.items() if ours in EVENT}
    by_word = plan.by_word(columns)
    named = {**columns, **more, **plan.unreadable(columns), **marks}
    asked = [expr.alias(ours) for ours, expr in named.items() if ours not in by_word]
    rows, by_word = worded(table, asked, by_word)
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
        words=table.words,
        is_read=rows.is_read,
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
    if set(names) >= OWN_REPORT:
        raise InputError(
            "input.not_a_table",
            "this is a report of friction, not an export",
            remedy="leave it out; friction compare reads reports as JSON",
        )
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
    if "ts" not in have and (called := _called("ts", names)):
        raise times.unreadable(called)
    if "ts" not in have:
        raise _missing("input.no_time_column", "no column with the time of the event was found", "ts", names)
    if not any(name in have for name in IDENTITIES):
        detail = "no column with a session, visitor or user was found"
        raise _missing("input.no_session_column", detail, "session_id", names)
    if not any(name in have for name in ("kind", "name", "url", "page", "item")):
        raise _missing("input.no_event_column", "no column with a page or an event was found", "url", names)


def _called(ours: str, names: tuple[str, ...]) -> str | None:
    """The first column that has a name of ours, though its values are nothing of the kind."""
    aliases = {normal(alias) for alias in ALIASES[ours]}
    return next((name for name in names if normal(name) in aliases), None)


def _missing(code: str, detail: str, ours: str, names: tuple[str, ...]) -> InputError:
    plain = [name for name in names if _PLAIN.fullmatch(name)]
    shown = ", ".join(plain[:20]) + (" …" if len(plain) > 20 or len(plain) < len(names) else "")
    looked = ", ".join(ALIASES[ours][:6])
    return InputError(
        code, detail, remedy=f'name it in --mapping: {ours} = "…", one of: {shown} (looked for {looked} …)'
    )
