"""A source with known names: says where its fields stand and what they mean; reading is the same for all.

A preset names the fields it wants (`friction.sources.fields`), the times of an event, the best first, and for each
column of the event table an expression over its labels. Columns of which a file has nothing are left out, and so are
those that nobody asked for. The user's mapping beats the preset.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import polars as pl

from friction.errors import InputError
from friction.schema import EVENT
from friction.sources import besides, clocks
from friction.sources.aliases import understood
from friction.sources.base import ALIKE, BATCHED, Column, InputFile, OfWords, Options, Reading, Source
from friction.sources.casts import alike, cast_as, identity, sampled
from friction.sources.fields import Fields, Names, Opening, found
from friction.sources.generic import open_table
from friction.sources.generic_plan import ALWAYS, IDENTITIES
from friction.sources.instants import PREFIX, Instants, instants
from friction.tables.leaves import OtherKeys
from friction.tables.parquet import Parquet
from friction.tables.table import Table

SAID = "mapped."
"""Before the labels of columns that the user's mapping names."""
READ_ANEW = 3
"""So often JSON is read from its beginning when keys turn up that its first lines lack; then all is looked through."""
WORD = "word."
"""Before the labels that others follow from, where they stand beside the columns made of them."""
MADE = "made."
"""Before the names of columns of ours that are ready, while what follows from words is not."""
WORDS = (pl.String, pl.Enum, pl.Boolean)
WORDED = frozenset(
    name
    for name, dtype in EVENT.items()
    if (dtype == pl.String() and name not in {"event_id", "pageview_id", "props"})
    or isinstance(dtype, pl.Boolean | pl.List)
    or name == "kind"
)
"""Columns that have few different values, as those have from which they are made."""
Columns = dict[str, pl.Expr]


@dataclass(frozen=True, kw_only=True)
class Preset(Source):
    """An export whose names are known."""

    fields: ClassVar[Names] = {}
    times: ClassVar[tuple[str, ...]] = ("ts",)
    """Labels of the time of an event, the best first."""
    batched: ClassVar[frozenset[str]] = frozenset()
    """Times of an upload or a collector, which several events share."""
    is_utc: ClassVar[bool] = False
    """Times that name no zone are UTC, as the tool documents; `--tz` is not asked."""
    zone_is_unsure: ClassVar[bool] = False
    """Numbers that look like UTC may count from 1970 in a zone that the file does not name: `--tz` names it."""
    needs: ClassVar[tuple[tuple[str, ...], ...]] = ()
    """Of each group one label must be there."""
    truisms: ClassVar[frozenset[str]] = frozenset({"event"})
    """Labels on which much depends and that alone say nothing."""
    lists: ClassVar[Mapping[str, pl.DataType]] = {}
    """Labels of lists of objects: lists where the format has them, else JSON text."""
    openings: ClassVar[tuple[Opening, ...]] = ()

    def columns(self, known: Fields) -> Columns:
        """Ours → expression over the labels, but for the times."""
        raise NotImplementedError

    def marks(self, known: Fields, made: Columns) -> Columns:  # noqa: ARG002 - for those who need more than the columns
        """`ALIKE` and `VERSION` as expressions over the labels: by default rows with the same id are one event."""
        return {ALIKE: alike(made["event_id"], pl.lit(self.name))} if "event_id" in made else {}

    def kept(self, events: pl.LazyFrame) -> pl.LazyFrame:
        """The rows that are events, of a frame with all labels of `also`."""
        return events

    sample: ClassVar[tuple[str, float]] = ("", 1.0)
    """The label that says what share of sessions the tool kept, and the figure that means all of them."""

    also: ClassVar[frozenset[str]] = frozenset()
    """Labels that `kept` reads."""
    made: ClassVar[frozenset[str]] = frozenset()
    """Labels that `kept` makes."""
    repeated: ClassVar[str] = ""
    """One of these that is a list: a row becomes as many as it has values, with one of them each."""

    def table(self, file: InputFile, options: Options) -> Table:
        """The file as a table."""
        return open_table(file, options.mapping)

    def read(self, file: InputFile, options: Options) -> Reading:
        """All events. Raises `InputError` when the time or every identity is missing."""
        try:
            return self._read(file, options)
        except InputError as error:
            error.problem = replace(error.problem, file=file.name)
            raise

    def _read(self, file: InputFile, options: Options) -> Reading:
        table = self.table(file, options)
        foreseen: frozenset[str] = frozenset()
        for _ in range(READ_ANEW):
            try:
                return self._reading(table, options, foreseen)
            except OtherKeys as more:
                foreseen |= more.keys
        return self._reading(table, options, None)

    def _reading(self, table: Table, options: Options, foreseen: frozenset[str] | None) -> Reading:
        mine = {f"{SAID}{ours}": (theirs,) for ours, theirs in options.mapping.items() if ours in EVENT}
        names = {**self.fields, **mine, **besides.labels(options)}
        known = found(table, names, frozenset({*self.times, f"{SAID}ts"}), self.lists, foreseen)
        self._check(known, mine)
        times_ = (f"{SAID}ts",) if f"{SAID}ts" in mine else self.times
        when = instants(known, times_, self.batched, replace(options, tz="UTC") if self.is_utc else options)
        made = self.columns(known) | _said(known, options.mapping) | when.columns
        more = besides.of_fields(known, options)
        made |= more
        if self.zone_is_unsure and when.form.startswith("epoch"):
            made |= _localised(made["ts"], options.tz)
        wanted = {ours: made[ours] for ours in EVENT if self._is_wanted(ours, made, options)} | more
        marks = self.marks(known, made) | (
            {BATCHED: when.columns["ts_quality"] == "batched"} if when.may_be_batched else {}
        )
        return _Plan(self, known, wanted, marks).reading(when)

    def _is_wanted(self, ours: str, made: Columns, options: Options) -> bool:
        return ours in made and (options.columns is None or ours in options.columns | ALWAYS)

    def _check(self, known: Fields, mine: Names) -> None:
        lacking = [group for group in self.needs if not any(known.knows(label) for label in group)]
        groups = {**self.fields, **mine}
        missing = [label for label in mine if not known.knows(label)]
        for label in [*missing, *(group[0] for group in lacking)]:
            theirs = groups[label][0]
            raise InputError(
                "input.no_such_column",
                f"this looks like an export of {self.name}, but {theirs!r} is missing",
                column=theirs,
                remedy="export it again with all fields, or name the column in --mapping",
            )


@dataclass(frozen=True)
class _Plan:
    """What is read of one file."""

    preset: Preset
    known: Fields
    columns: Columns
    marks: Columns

    def reading(self, when: Instants) -> Reading:
        made = {ours: expr for ours, expr in self.columns.items() if self._is_there(expr)}
        marks = {mark: expr for mark, expr in self.marks.items() if self._is_there(expr)}
        needed = _roots([*made.values(), *marks.values()]) | self.preset.also
        frame_labels, opened = set(needed), []
        for opening in self._openings(when):
            if labels := sorted(needed & set(opening.labels)):
                opened.append((opening, labels))
                frame_labels -= set(opening.labels)
        table = self.known.table
        # What blocks are made of is made at once, and words are handed on as numbers.
        pools = {label: _pool() for label in sorted(needed)} if table.is_in_blocks else {}
        told = _Told(self.preset, made, marks, pools)
        rows = self.known.told(frame_labels - {"row_no"} - self.preset.made, opened, told.of)
        marked, by_word = told.marked(rows.events)
        if opened and isinstance(table, Parquet):
            # Of Parquet the columns are collected one by one, which would open the same texts again for each.
            marked = marked.collect().lazy()
        facts: dict[str, Any] = {**table.facts, "time": when.form}
        if rows.records is not None:
            facts["records"] = rows.records
        label, all_ = self.preset.sample
        if (share := sampled(self.known.sampled(label), all_) if label else None) is not None:
            facts["sampled"] = share
        return Reading(
            marked.select("row_no", *made),
            rows.rejects,
            self._listed(when, made),
            facts,
            line_of=table.lines_of,
            marked=marked,
            by_word=by_word,
        )

    def _is_there(self, expr: pl.Expr) -> bool:
        """The file may have something for this column; constants always."""
        telling = _roots([expr]) - self.preset.truisms
        return not telling or any(self._knows(label) for label in telling)

    def _knows(self, label: str) -> bool:
        opening = next((one for one in self.preset.openings if label in one.labels), None)
        if label.startswith(PREFIX) or label in self.preset.made:
            return True
        return any(map(self.known.knows, opening.of)) if opening else self.known.knows(label)

    def _openings(self, when: Instants) -> tuple[Opening, ...]:
        return (*self.preset.openings, *filter(None, (when.opening,)))

    def _listed(self, when: Instants, made: Columns) -> tuple[Column, ...]:
        """Every column of the file in its order, with the first of ours that is made of it."""
        inside = {label: one.of for one in self._openings(when) for label in one.labels}
        ours: dict[int, str] = {}
        for name, expr in ((name, expr) for name, expr in made.items() if name in EVENT):
            for root in sorted(_roots([expr])):
                for label in inside.get(root, (root,)):
                    ours.setdefault(self.known.positions.get(label, -1), name)
        names = enumerate(self.known.table.names)
        return tuple(_column(theirs, ours.get(at), at in self.known.folded) for at, theirs in names)


@dataclass(frozen=True)
class _Told:
    """What is made of rows: first, all that follows from no words, and the words; then what follows from these."""

    preset: Preset
    made: Columns
    marks: Columns
    pools: Mapping[str, pl.Categorical]
    """For words by their labels; those without one stay texts."""

    def of(self, frame: pl.LazyFrame) -> pl.LazyFrame:
        """The first part, of rows each by itself."""
        frame = self.preset.kept(frame)
        types, repeated = frame.collect_schema(), self.preset.repeated
        if repeated:
            types = frame.explode(repeated).collect_schema()
        by_word = _by_word(self.made, types)
        plain = {name: expr for name, expr in (self.made | self.marks).items() if name not in by_word}
        labels = {label for each in by_word.values() for label in each.columns}
        made = {MADE + name: expr for name, expr in plain.items()}
        made |= {WORD + label: self._word(label, types[label]) for label in sorted(labels)}
        return _repeated(frame, made, repeated) if repeated else _selected(frame, made)

    def _word(self, label: str, dtype: pl.DataType) -> pl.Expr:
        word = pl.col(label)
        return word.cast(self.pools[label]) if label in self.pools and dtype == pl.String() else word

    def marked(self, frame: pl.LazyFrame) -> tuple[pl.LazyFrame, dict[str, OfWords]]:
        """The second part, and which columns follow from words."""
        types = frame.collect_schema()
        words = {name.removeprefix(WORD): name for name in types if name.startswith(WORD)}
        texts = frame.with_columns(
            _as_text(pl.col(name), types[name]).alias(label) for label, name in words.items()
        )
        by_word = {
            ours: OfWords({label: words[label] for label in sorted(_roots([expr]))}, expr)
            for ours, expr in self.made.items()
            if MADE + ours not in types
        }
        return texts.select(
            "row_no",
            *(
                (expr if name in by_word else pl.col(MADE + name)).alias(name)
                for name, expr in (self.made | self.marks).items()
            ),
            *words.values(),
        ), by_word


def _selected(frame: pl.LazyFrame, made: Columns) -> pl.LazyFrame:
    return frame.select("row_no", *(expr.alias(name) for name, expr in made.items()))


def _repeated(frame: pl.LazyFrame, made: Columns, repeated: str) -> pl.LazyFrame:
    """The columns of every value in the lists `repeated`. What does not follow from these is made once a list."""
    late = {name: expr for name, expr in made.items() if repeated in _roots([expr])}
    once = {name: expr for name, expr in made.items() if name not in late}
    kept = {label: pl.col(label) for label in sorted({repeated, *_roots(late.values())})}
    rows = _selected(frame, once | kept).explode(repeated)
    return _selected(rows, {name: late.get(name, pl.col(name)) for name in made})


def _as_text(word: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    return word.cast(pl.String()) if isinstance(dtype, pl.Categorical) else word


def _pool() -> pl.Categorical:
    return pl.Categorical(pl.Categories.random())


def _by_word(made: Columns, types: Mapping[str, pl.DataType]) -> dict[str, OfWords]:
    """Those of `made` that follow from labels of few different words."""
    found = {}
    for ours, expr in made.items():
        roots = sorted(_roots([expr])) if ours in WORDED else []
        if roots and all(isinstance(types[label], WORDS) for label in roots):
            found[ours] = OfWords({label: WORD + label for label in roots}, expr)
    return found


def _column(theirs: str, ours: str | None, is_folded: bool) -> Column:
    if ours is None and is_folded:
        return Column(theirs, None, 1.0, "its members are read by their names")
    return Column(theirs, ours, 1.0 if ours else 0.0, "" if ours else "not used")


def _roots(exprs: Iterable[pl.Expr]) -> set[str]:
    return {name for expr in exprs for name in expr.meta.root_names()}


def _localised(ts: pl.Expr, tz: str | None) -> Columns:
    """Times that were read as UTC, in the zone that they were written in."""
    if tz is None:
        return {"tz_assumed": pl.lit(value=True)}
    return {"ts": clocks.localised(ts.dt.replace_time_zone(None), tz), "tz_assumed": pl.lit(value=False)}


def _said(known: Fields, mapping: Mapping[str, str]) -> Columns:
    """Columns by the user's own word."""
    made = {}
    for ours, theirs in mapping.items():
        if ours in EVENT and ours != "ts":
            label = SAID + ours
            column, sample = pl.col(label), known.sampled(label)
            made[ours] = (
                identity(column)
                if ours in IDENTITIES
                else cast_as(ours, column, sample, understood(theirs))[0]
            )
    return made
