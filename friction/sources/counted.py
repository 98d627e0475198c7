"""What all exports of counts have in common: they fill a table of sessions or of figures, and no events.

Columns are found by their words alone (`Recording URL`, `recording_url` and `RecordingURL Â®` are one), since people
open such lists in a spreadsheet before they pass them on. Records of which nothing can be used are set aside.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import polars as pl

from friction.counting.tables import AGGREGATE, SESSION, Counted
from friction.errors import InputError
from friction.schema import TS
from friction.sources.base import REJECT, Column, InputFile, Options, Reading, Source
from friction.sources.casts import number
from friction.sources.fields import Fields, found
from friction.sources.generic import open_table
from friction.sources.instants import instants
from friction.tables.table import Table

NOTHING = ("N/A", "n/a", "NA", "-", "–")
"""What lists write where there is nothing."""


def no_events() -> pl.LazyFrame:
    """The events of a file that has none."""
    return pl.LazyFrame(
        schema={"row_no": pl.Int64(), "ts": TS, "session_id": pl.String(), "kind": pl.String()}
    )


def plain(name: str) -> str:
    """The words of a column: lower case, no punctuation, no signs that lost their encoding."""
    return " ".join(re.findall(r"[a-z0-9]+", name.lower()))


@dataclass(frozen=True, kw_only=True)
class CountedSource(Source):
    """One export of counts."""

    fields: ClassVar[Mapping[str, Sequence[str]]] = {}
    """Label → the words of the columns that it may be, the best first."""

    def table(self, file: InputFile, options: Options) -> Table:
        """The file as a table."""
        return open_table(file, options.mapping)

    def filled(self, known: Fields, options: Options, file: InputFile) -> Filled:
        """The rows of this file as one of the two tables."""
        raise NotImplementedError

    def read(self, file: InputFile, options: Options) -> Reading:
        """All counts. Raises `InputError` when nothing in it can be read."""
        try:
            return self._read(file, options)
        except InputError as error:
            error.problem = replace(error.problem, file=file.name)
            raise

    def _read(self, file: InputFile, options: Options) -> Reading:
        table = self.table(file, options)
        words: dict[str, str] = {}
        for name in table.names:
            words.setdefault(plain(name), name)
        names = {label: [words[one] for one in known if one in words] for label, known in self.fields.items()}
        known = found(table, {label: one for label, one in names.items() if one}, frozenset({"start"}))
        filled = self.filled(known, options, file)
        facts: dict[str, Any] = {**table.facts, **filled.facts, "records": filled.records}
        return Reading(
            no_events(),
            pl.concat([filled.torn, filled.unusable]),
            _columns(known),
            facts,
            line_of=table.lines_of,
            counted=filled.counted,
        )


@dataclass(frozen=True)
class Filled:
    """What came out of a file of counts."""

    counted: Counted
    torn: pl.DataFrame
    """Records that could not be cut."""
    unusable: pl.DataFrame
    """Records of which nothing can be used."""
    records: int
    facts: Mapping[str, Any]


@dataclass(frozen=True)
class Figure:
    """One figure that every row (where `when`) has: a value, of how many, in the words of `AGGREGATE`."""

    measure: str
    basis: str
    unit: str
    of: str
    value: pl.Expr
    denominator: pl.Expr | None = None
    when: pl.Expr | None = None


def sessions(
    known: Fields, made: Mapping[str, pl.Expr], source: str, options: Options, **facts: Any
) -> Filled:
    """A list of sessions: expressions over labels by column of `SESSION`; its time stands under `start`."""
    when = instants(known, ("start",), frozenset(), options)
    columns = {"start": when.columns["ts"], **{k: v for k, v in when.columns.items() if k != "ts"}, **made}
    needed = {name for expr in columns.values() for name in expr.meta.root_names()} | {"start"}
    rows, frame = known.read(needed)
    table = frame.select("row_no", *(expr.alias(name) for name, expr in columns.items())).collect()
    table = table.with_columns(source=pl.lit(source))
    usable = table["start"].is_not_null() & table["session_id"].is_not_null()
    no_time = pl.col("start").is_null()
    unusable = table.filter(~usable).select(
        pl.col("row_no").cast(pl.Int64),
        line=pl.lit(None, pl.Int64),
        column=pl.when(no_time).then(pl.lit("start")).otherwise(pl.lit("session_id")),
        reason=pl.when(no_time).then(pl.lit("time_unreadable")).otherwise(pl.lit("no_session")),
    )
    counted = Counted.of(sessions=table.filter(usable).select(n for n in table.columns if n in SESSION))
    records = rows.records if rows.records is not None else table.height + rows.rejects.height
    return Filled(
        counted,
        rows.rejects,
        unusable.match_to_schema(REJECT),
        records,
        {"counts": "sessions", "time": when.form, **facts},
    )


def aggregates(
    known: Fields, about: Mapping[str, pl.Expr], figures: Sequence[Figure], source: str, **facts: Any
) -> Filled:
    """Figures by row: `about` are the columns that all of a row's figures share."""
    exprs = [*about.values()]
    exprs += [e for f in figures for e in (f.value, f.denominator, f.when) if e is not None]
    needed = {name for expr in exprs for name in expr.meta.root_names()} - {"row_no"}
    rows, frame = known.read(needed)
    table = frame.collect()
    parts = [_figure(table, about, figure) for figure in figures]
    long = pl.concat([AGGREGATE.to_frame().drop("file_id", "source"), *parts], how="diagonal_relaxed")
    says = long.filter(pl.col("value").is_not_null())
    silent = table.filter(~pl.col("row_no").is_in(says["row_no"].implode()) & _asked(figures))
    unusable = silent.select(
        pl.col("row_no").cast(pl.Int64),
        line=pl.lit(None, pl.Int64),
        column=pl.lit(None, pl.String()),
        reason=pl.lit("no_figure"),
    )
    counted = Counted.of(aggregates=says.with_columns(source=pl.lit(source)))
    records = rows.records if rows.records is not None else table.height + rows.rejects.height
    return Filled(
        counted, rows.rejects, unusable.match_to_schema(REJECT), records, {"counts": "aggregates", **facts}
    )


def _figure(table: pl.DataFrame, about: Mapping[str, pl.Expr], figure: Figure) -> pl.DataFrame:
    rows = table if figure.when is None else table.filter(figure.when)
    return rows.select(
        "row_no",
        **about,
        basis=pl.lit(figure.basis),
        measure=pl.lit(figure.measure),
        value=figure.value,
        denominator=pl.lit(None, pl.Float64()) if figure.denominator is None else figure.denominator,
        unit=pl.lit(figure.unit),
        of=pl.lit(figure.of),
    )


def _asked(figures: Sequence[Figure]) -> pl.Expr:
    """Rows of which at least one figure was to be had."""
    return pl.any_horizontal(
        pl.lit(value=True) if f.when is None else f.when.fill_null(value=False) for f in figures
    )


def said(label: str) -> pl.Expr:
    """The text under a label; the words for nothing are null."""
    words = pl.col(label).cast(pl.String()).str.strip_chars()
    return pl.when((words != "") & ~words.is_in(NOTHING)).then(words)


def amount(label: str) -> pl.Expr:
    """The number under a label; null for what is none, below zero or endless."""
    value = number(said(label))
    return pl.when(value.is_finite() & (value >= 0)).then(value)


def whole(label: str) -> pl.Expr:
    """The count under a label."""
    return amount(label).round().cast(pl.Int64(), strict=False)


def ratio(part: str, of: str) -> pl.Expr:
    """One label over another; null where there is nothing to be a part of, or more than all."""
    value = amount(part) / amount(of)
    return pl.when((amount(of) > 0) & (value <= 1)).then(value)


def mean(total: str, of: str) -> pl.Expr:
    """The mean of what stands summed up under a label."""
    return pl.when(amount(of) > 0).then(amount(total) / amount(of))


def day(label: str) -> pl.Expr:
    """The day under a label, written as ISO."""
    return said(label).str.head(10).str.to_date("%Y-%m-%d", strict=False)


def _columns(known: Fields) -> tuple[Column, ...]:
    ours = {at: label for label, at in reversed(list(known.positions.items()))}
    names = enumerate(known.table.names)
    return tuple(
        Column(theirs, ours.get(at), 1.0 if at in ours else 0.0, "" if at in ours else "not used")
        for at, theirs in names
    )
