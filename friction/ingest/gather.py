"""From readings to one narrow frame: words become codes, rows that cannot be placed are set aside and counted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from datetime import datetime
from typing import Any

import polars as pl

from friction.counting.tables import Counted
from friction.ingest.addresses import Masked
from friction.ingest.collect import Collecting
from friction.ingest.columns import ELEMENT, WORDS, Wanted, narrow, narrowed
from friction.ingest.exclude import NOBODY, Exclusion
from friction.ingest.words import Worded, by_words, words_of
from friction.schema import EVENT, KIND, TS
from friction.sources.base import (
    ALIKE,
    BATCHED,
    OF_FILE,
    REJECT,
    UNREADABLE,
    VERSION,
    LineOf,
    OfWords,
    Reading,
)
from friction.values import dataclass
from friction.voices.tables import Voices

Span = tuple[datetime, datetime]
SEPARATOR = "\x1f"
"""Between the facts of an element while they travel as one word; a control character, so no fact contains it."""
NO_ADDRESS = "\x1e"


@dataclass(frozen=True)
class Pools:
    """The distinct words of every coded column, shared by all files of one analysis.

    A pool forgets its numbering when the last series that uses it goes; `gather` therefore returns frames that hold
    them, and codes are only looked up while those live.
    """

    pools: dict[str, pl.Categories] = field(default_factory=dict)
    addresses: Masked = field(default_factory=Masked)
    """Those of `url`, as they may leave the analysis: begun with as soon as they are known."""

    def afresh(self, column: str) -> pl.Categorical:
        """The same with an empty pool: what the old one holds is no longer used."""
        del self.pools[column]
        return self.dtype(column)

    def dtype(self, column: str) -> pl.Categorical:
        """The type of a coded column."""
        return pl.Categorical(self.pools.setdefault(column, pl.Categories.random()))


@dataclass(frozen=True)
class Gathered:
    """The rows of one file that can be used, and the records that cannot."""

    rows: Any
    """`ts, kind, row_no`, the coded columns as categories, the plain ones; in the order of the file. A frame, or
    what else the `friction.ingest.way` has for one.
    """
    rejects: pl.DataFrame
    total: int
    """Records in the file: accepted and rejected together."""
    accepted: int
    outside: int
    """Accepted rows that lie outside the period asked for; not part of `rows`."""
    span: Span | None = None
    """First and last time (UTC) of the accepted rows, where all of them lie outside the period."""
    line_of: LineOf | None = None
    """Physical lines of records by their number, where the file has lines."""
    unreadable: Mapping[str, int] = field(default_factory=dict)
    """Cells of accepted rows that could not be read and are null, by column of ours; no column without any."""
    batched: int = 0
    """Accepted rows that only have the time of an upload."""
    has_sessions: bool = True
    """The file names sessions."""
    counted: Counted | None = None
    """What a file of counts holds in place of events, within the period asked for."""
    voices: Voices | None = None
    """Likewise answers, tickets, deals and customers."""


def gather(
    reading: Reading,
    want: Wanted,
    pools: Pools,
    since: datetime | None = None,
    until: datetime | None = None,
    exclusion: Exclusion = NOBODY,
    *,
    is_only: bool = True,
) -> Gathered:
    """Collect what is wanted of one file; rows without a readable time or any identity become rejects.

    `is_only`: there is no other file that its rows could repeat.
    """
    events = reading.events if reading.marked is None else reading.marked
    have = set(events.collect_schema())
    have -= {ALIKE} if reading.is_distinct and is_only else set()
    frame = _collected(events, reading, have, want, pools, exclusion)
    usable = frame["ts"].is_not_null() & frame["session_id"].is_not_null()
    unplaced = frame.select("row_no", "ts").filter(~usable)
    if unplaced.height:
        frame = frame.filter(usable)
    rejects = pl.concat([reading.rejects, reasons(unplaced)])
    accepted = frame.height
    total = int(reading.facts.get("records", accepted + rejects.height))
    batched = int(frame[BATCHED].sum()) if BATCHED in frame.columns else 0
    frame, bad = without_marks(frame.drop(BATCHED, strict=False))
    kept = frame.filter(inside_period(since, until)) if since or until else frame
    return Gathered(
        kept,
        rejects,
        total,
        total - rejects.height,
        accepted - kept.height,
        None if kept.height else span_of([frame]),
        reading.line_of,
        bad,
        batched,
        "session_id" in have,
    )


def span_of(frames: Iterable[pl.DataFrame]) -> Span | None:
    """First and last `ts` of all of them; null where there is none."""
    times = [(frame["ts"].min(), frame["ts"].max()) for frame in frames if frame.height]
    return widest(times)  # type: ignore[arg-type]  # no row is without a time here


def widest(spans: Iterable[Span | None]) -> Span | None:
    """The span that holds all of these; null where none is known."""
    known = [span for span in spans if span]
    return (min(first for first, _ in known), max(last for _, last in known)) if known else None


def without_marks(frame: pl.DataFrame) -> tuple[pl.DataFrame, dict[str, int]]:
    """The frame without its marks of unreadable cells, and how many each of them has."""
    marks = [name for name in frame.columns if name.startswith(UNREADABLE)]
    counts = {name.removeprefix(UNREADABLE): int(frame[name].sum()) for name in marks}
    return frame.drop(marks), {name: count for name, count in counts.items() if count}


def _collected(
    events: pl.LazyFrame, reading: Reading, have: set[str], want: Wanted, pools: Pools, exclusion: Exclusion
) -> pl.DataFrame:
    """All columns, those of words by their distinct ones (`friction.ingest.words`)."""
    worded = worded_of(reading, want, have)
    types = events.collect_schema()
    categories = words_of(worded, types, pools.pools)
    columns = expressions(have, want, pools, {one.name for one in worded})
    columns += exclusion.flags(have)
    found = Collecting(
        events, columns, worded, categories, pools.dtype, pools.afresh, pools.addresses, reading.words
    )
    if reading.facts.get("format") == "parquet":
        return found.one_by_one()
    return found.at_once(is_read=reading.is_read)


def worded_of(reading: Reading, want: Wanted, have: set[str]) -> list[Worded]:
    """The wanted columns that follow from words."""
    known = {name: each for name, each in reading.by_word.items() if name in have}
    found = by_words({name: WORDS[name] for name in want.coded}, known, have)
    if "kind" in known:
        found.append(Worded("kind", [_kind_of(known["kind"])], KIND))
    facts = [name for name in want.element if name in have] if want.elements else []
    if facts not in ([], ["target"]) and all(name in known for name in facts):
        found.append(Worded("element", [_element_of({name: known[name] for name in facts}, want.element)]))
    for name in (name for name in want.plain if name in known and EVENT[name] != pl.String()):
        value = narrowed(known[name].made, name)
        found.append(Worded(name, [OfWords(known[name].columns, value)], EVENT[name]))
    return found


def _kind_of(kind: OfWords) -> OfWords:
    """The kind of a row from words; what is none of ours is a custom event."""
    return OfWords(kind.columns, kind.made.cast(KIND, strict=False).fill_null("custom"))


def _element_of(facts: Mapping[str, OfWords], columns: Sequence[str]) -> OfWords:
    """All facts of the row's element as one word."""
    roots = {label: name for each in facts.values() for label, name in each.columns.items()}
    return OfWords(roots, _element({name: each.made for name, each in facts.items()}, columns))


def expressions(have: set[str], want: Wanted, pools: Pools, made: set[str]) -> list[pl.Expr]:
    """The columns that are asked of each cell: all but those that are `made` of words."""
    exprs = [pl.col("ts").cast(TS), pl.col("row_no").cast(pl.UInt32)]
    if "kind" not in made:
        kind = pl.col("kind").cast(KIND, strict=False).fill_null("custom")
        exprs.append(kind if "kind" in have else _custom())
    if "seq" in have:
        exprs.append(pl.col("seq").cast(pl.Int32))
    for name in (name for name in want.coded if name not in made):
        if sources := [source for source in WORDS[name] if source in have]:
            exprs.append(pl.coalesce(sources).cast(pools.dtype(name)).alias(name))
    facts = {name: pl.col(name) for name in want.element if name in have} if want.elements else {}
    if "element" not in made and facts and list(facts) != ["target"]:
        exprs.append(_element(facts, want.element).cast(pools.dtype("element")).alias("element"))
    exprs += [narrow(name) for name in want.plain if name in have and name not in made]
    if OF_FILE in have:
        exprs.append(pl.col(OF_FILE).alias("file_id"))
    marks = (ALIKE, VERSION, BATCHED, *(UNREADABLE + name for name in want.plain))
    return exprs + [pl.col(mark) for mark in marks if mark in have]


def _custom() -> pl.Expr:
    return pl.lit("custom", KIND).alias("kind")


def _element(facts: Mapping[str, pl.Expr], columns: Sequence[str]) -> pl.Expr:
    """All facts of the row's element as one word; null where the row has none."""
    texts = [_text(name, facts[name]) if name in facts else pl.lit(_nothing(name)) for name in columns]
    known = [facts[name].is_not_null() for name in columns if name in facts]
    return pl.when(pl.any_horizontal(known)).then(pl.concat_str(texts, separator=SEPARATOR))


def _text(name: str, fact: pl.Expr) -> pl.Expr:
    text = fact.list.join(" ") if name == "el_classes" else fact.cast(pl.String)
    return text.fill_null(_nothing(name))


def _nothing(name: str) -> str:
    """What stands for null while it travels: an address may be empty and yet be there."""
    return NO_ADDRESS if name == "el_href" else ""


def element_frame(words: pl.Series, columns: Sequence[str] = ELEMENT) -> pl.DataFrame:
    """The facts of distinct elements as columns again; an empty text is null, but for an empty address."""
    parts = words.str.split(SEPARATOR).list.to_struct(fields=list(columns)).struct.unnest()
    frame = parts.with_columns(pl.when(pl.col(name) != _nothing(name)).then(name) for name in columns)
    flags = [pl.col(name) == "true" for name in ("el_interactive", "el_disabled")]
    return frame.with_columns(*flags, pl.col("el_classes").str.split(" "))


def inside_period(since: datetime | None, until: datetime | None) -> pl.Expr:
    """Whether a row lies within the period asked for."""
    inside = pl.lit(value=True)
    if since:
        inside &= pl.col("ts") >= since
    if until:
        inside &= pl.col("ts") < until
    return inside


def reasons(unplaced: pl.DataFrame) -> pl.DataFrame:
    """Rejects for rows without a readable time or any identity."""
    no_time = pl.col("ts").is_null()
    return unplaced.select(
        pl.col("row_no").cast(pl.Int64),
        line=pl.lit(None, pl.Int64),
        column=pl.when(no_time).then(pl.lit("ts")).otherwise(pl.lit("session_id")),
        reason=pl.when(no_time).then(pl.lit("time_unreadable")).otherwise(pl.lit("no_session")),
    ).match_to_schema(REJECT)
