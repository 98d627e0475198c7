"""A source with known names: says where its fields stand and what they mean; reading is the same for all.

A preset names the fields it wants (`friction.sources.fields`), the times of an event, the best first, and for each
column of the event table an expression over its labels. Columns of which a file has nothing are left out, and so are
those that nobody asked for. The user's mapping beats the preset. How rows become events: `preset_plan`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import ClassVar

import polars as pl

from friction.errors import InputError
from friction.schema import EVENT
from friction.sources import besides, clocks
from friction.sources.aliases import understood
from friction.sources.base import ALIKE, BATCHED, InputFile, Options, Reading, Source
from friction.sources.casts import alike, cast_as, identity
from friction.sources.fields import Fields, Names, Opening, found
from friction.sources.generic import open_table
from friction.sources.generic_plan import ALWAYS, IDENTITIES
from friction.sources.instants import instants
from friction.sources.preset_plan import Plan
from friction.tables.leaves import OtherKeys
from friction.tables.table import Table
from friction.values import dataclass

SAID = "mapped."
"""Before the labels of columns that the user's mapping names."""
READ_ANEW = 3
"""So often JSON is read from its beginning when keys turn up that its first lines lack; then all is looked through."""
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
        return Plan(self, known, wanted, marks).reading(when)

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
