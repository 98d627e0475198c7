"""What all exports of counts have in common: they fill a table of sessions or of figures, and no events.

Columns are found by their words alone (`Recording URL`, `recording_url` and `RecordingURL Â®` are one), since people
open such lists in a spreadsheet before they pass them on. Records of which nothing can be used are set aside.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar

import polars as pl

from friction.counting.tables import AGGREGATE, SESSION, Counted
from friction.errors import InputError
from friction.schema import TS
from friction.sources.base import REJECT, Column, InputFile, Options, Reading, Source
from friction.sources.fields import Fields, found
from friction.sources.generic import open_table
from friction.sources.instants import instants
from friction.sources.posthog_texts import on_distinct
from friction.tables.remembered import of_distinct
from friction.tables.table import Rows, Table
from friction.threads import mapped
from friction.values import dataclass

NOTHING = ("N/A", "n/a", "NA", "-", "–")
"""What lists write where there is nothing."""
BATCH_ROWS = 1 << 16
"""So many rows are worked on at once."""
_NOTHING = AGGREGATE.to_frame()


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

    @property
    def parts(self) -> dict[str, pl.Expr]:
        """What is asked of every row."""
        parts = {"value": self.value, "denominator": self.denominator, "when": self.when}
        return {part: expr for part, expr in parts.items() if expr is not None}


def sessions(
    known: Fields, made: Mapping[str, pl.Expr], source: str, options: Options, **facts: Any
) -> Filled:
    """A list of sessions: expressions over labels by column of `SESSION`; its time stands under `start`."""
    when = instants(known, ("start",), frozenset(), options)
    columns = {"start": when.columns["ts"], **{k: v for k, v in when.columns.items() if k != "ts"}, **made}
    needed = {name for expr in columns.values() for name in expr.meta.root_names()} | {"start"}
    rows, table = _worked_out(known, needed, columns)
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
    asked = {f"{place} {part}": e for place, one in enumerate(figures) for part, e in one.parts.items()}
    exprs = {**about, **asked}
    needed = {name for expr in exprs.values() for name in expr.meta.root_names()} - {"row_no"}
    rows, table = _worked_out(known, needed, exprs)
    parts = [_figure(table, about, place, figure) for place, figure in enumerate(figures)]
    long = pl.concat([_NOTHING.select(parts[0].columns), *parts])
    silent = table.filter(_is_silent(figures))
    unusable = silent.select(
        pl.col("row_no").cast(pl.Int64),
        line=pl.lit(None, pl.Int64),
        column=pl.lit(None, pl.String()),
        reason=pl.lit("no_figure"),
    )
    counted = Counted.of(aggregates=long.with_columns(source=pl.lit(source)))
    records = rows.records if rows.records is not None else table.height + rows.rejects.height
    return Filled(
        counted, rows.rejects, unusable.match_to_schema(REJECT), records, {"counts": "aggregates", **facts}
    )


def _worked_out(
    known: Fields, labels: Iterable[str], columns: Mapping[str, pl.Expr]
) -> tuple[Rows, pl.DataFrame]:
    """What the table gives, and these columns after `row_no`: block by block where it is read so."""
    exprs = [pl.col("row_no"), *(expr.alias(name) for name, expr in columns.items())]
    if known.table.is_in_blocks:
        rows = known.told(labels, (), lambda frame: frame.select(exprs))
        return rows, rows.events.collect()
    rows, frame = known.read(labels)
    return rows, _in_batches(frame, exprs)


def _in_batches(frame: pl.LazyFrame, exprs: Sequence[pl.Expr]) -> pl.DataFrame:
    """Of the few thousand rows that the engine hands on at once, setting up an expression takes longer than its
    work.
    """

    def made(rows: pl.DataFrame) -> pl.DataFrame:
        return rows.rechunk().lazy().select(exprs).collect(engine="in-memory")

    batches = frame.collect_batches(chunk_size=BATCH_ROWS, maintain_order=True)
    nothing = frame.select(exprs).collect_schema().to_frame()
    return pl.concat([nothing, *mapped(made, batches, pl.thread_pool_size())])


def _figure(table: pl.DataFrame, about: Iterable[str], place: int, figure: Figure) -> pl.DataFrame:
    """The rows that say this figure, in columns of `AGGREGATE`."""
    of_all = pl.lit(None, pl.Float64())
    return table.filter(_says(place, figure)).select(
        pl.col("row_no").cast(AGGREGATE["row_no"]),
        *about,
        basis=pl.lit(figure.basis, AGGREGATE["basis"]),
        measure=pl.lit(figure.measure),
        value=pl.col(f"{place} value"),
        denominator=of_all if figure.denominator is None else pl.col(f"{place} denominator"),
        unit=pl.lit(figure.unit, AGGREGATE["unit"]),
        of=pl.lit(figure.of, AGGREGATE["of"]),
    )


def _says(place: int, figure: Figure) -> pl.Expr:
    """Whether a row has this figure."""
    given = pl.col(f"{place} value").is_not_null()
    return given if figure.when is None else given & pl.col(f"{place} when").fill_null(value=False)


def _is_silent(figures: Sequence[Figure]) -> pl.Expr:
    """Rows of which at least one figure was to be had, and none is there."""
    places = list(enumerate(figures))
    asked = [
        pl.lit(value=True) if f.when is None else pl.col(f"{place} when").fill_null(value=False)
        for place, f in places
    ]
    return pl.any_horizontal(asked) & ~pl.any_horizontal(_says(place, f) for place, f in places)


def said(label: str) -> pl.Expr:
    """The text under a label; the words for nothing are null."""
    return on_distinct(pl.col(label).cast(pl.String()), _said, pl.String())


def _said(words: pl.Series) -> pl.Series:
    bare = pl.col("word").str.strip_chars()
    telling = pl.when((bare != "") & ~bare.is_in(NOTHING)).then(bare)
    return words.alias("word").to_frame().select(telling).to_series()


def amount(label: str) -> pl.Expr:
    """The number under a label; null for what is none, below zero or endless."""
    return (
        pl.col(label).cast(pl.String()).map_batches(_amounts, return_dtype=pl.Float64(), is_elementwise=True)
    )


def _amounts(texts: pl.Series) -> pl.Series:
    """Most are plain numbers; only what the engine does not read as it stands is looked at more closely."""
    found = texts.cast(pl.Float64(), strict=False)
    if found.null_count() > texts.null_count():
        left = (found.is_null() & texts.is_not_null()).arg_true()
        found = found.scatter(left, of_distinct(texts.gather(left), _padded))
    sound = found.is_finite() & (found >= 0)
    return found if sound.all() else pl.select(pl.when(sound).then(found)).to_series().alias(texts.name)


def _padded(words: pl.Series) -> pl.Series:
    return words.str.strip_chars().cast(pl.Float64(), strict=False)


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
    return on_distinct(pl.col(label).cast(pl.String()), _days, pl.Date())


def _days(words: pl.Series) -> pl.Series:
    return _said(words).str.head(10).str.to_date("%Y-%m-%d", strict=False)


def clock(label: str, seconds: str = r"\d\d") -> pl.Expr:
    """Seconds of a length like `3:20` or `1:03:20`, null for any other; `seconds`: how these are written."""
    pattern = rf"^(?:(?<h>\d+):)?(?<m>\d+):(?<s>{seconds})$"

    def read(words: pl.Series) -> pl.Series:
        parts = words.str.extract_groups(pattern).struct.unnest()
        h, m, s = (pl.col(name).cast(pl.Float64(), strict=False) for name in "hms")
        return parts.select(h.fill_null(0) * 3_600 + m * 60 + s).to_series()

    return on_distinct(said(label), read, pl.Float64())


def of_kind(label: str, name: str) -> pl.Expr:
    """The kind of visitor under a label, as `dims` hold it; an empty one where the file says none."""

    def written(words: pl.Series) -> pl.Series:
        return words.alias(name).to_frame().select(pl.struct(name).struct.json_encode()).to_series()

    return on_distinct(said(label).fill_null(""), written, pl.String())


def _columns(known: Fields) -> tuple[Column, ...]:
    ours = {at: label for label, at in reversed(list(known.positions.items()))}
    names = enumerate(known.table.names)
    return tuple(
        Column(theirs, ours.get(at), 1.0 if at in ours else 0.0, "" if at in ours else "not used")
        for at, theirs in names
    )
