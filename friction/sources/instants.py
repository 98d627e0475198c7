"""The time of an event where an export gives several: the visitor's own clock first, that of an upload last.

A time that many events share because they were sent together says nothing about their order; rows that have no
better one are marked `batched`.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from friction.errors import InputError
from friction.schema import EVENT
from friction.sources import times
from friction.sources.aliases import understood
from friction.sources.base import Options
from friction.sources.fields import Fields, Opened, Opening
from friction.tables.parquet import Parquet
from friction.values import dataclass

NAMES = ("ts", "ts_quality", "tz_assumed")
PREFIX = "when."


@dataclass(frozen=True)
class Instants:
    """`ts`, `ts_quality` and `tz_assumed` as expressions over labels or an opening, and how times are written."""

    columns: dict[str, pl.Expr]
    form: str
    opening: Opening | None = None
    may_be_batched: bool = False


def instants(known: Fields, labels: Sequence[str], batched: frozenset[str], options: Options) -> Instants:
    """The times of a file. Raises `InputError` when it has none that can be read."""
    there = [label for label in labels if known.knows(label) and known.sampled(label).drop_nulls().len()]
    there = there or [label for label in labels if known.knows(label)][:1]
    if not there:
        raise InputError(
            "input.no_time_column",
            "no column with the time of the event was found",
            remedy='name it in --mapping: ts = "…"',
        )
    clocks = [_clock(known, label, label in batched, options) for label in there]
    may_be = bool(batched.intersection(there))
    if len(clocks) == 1:
        columns = dict(zip(NAMES, clocks[0].columns, strict=True))
        return Instants(columns, clocks[0].form, may_be_batched=may_be)
    opening = Opening(tuple(there), {PREFIX + name: EVENT[name] for name in NAMES}, _first(clocks))
    return Instants({name: pl.col(PREFIX + name) for name in NAMES}, clocks[0].form, opening, may_be)


@dataclass(frozen=True)
class _Clock:
    """One column of times."""

    columns: tuple[pl.Expr, pl.Expr, pl.Expr]
    form: str


def _clock(known: Fields, label: str, is_batched: bool, options: Options) -> _Clock:
    form = _form(known, label, options)
    quality = pl.lit("batched" if is_batched else form.quality, EVENT["ts_quality"])
    word = f"epoch {form.unit}" if form.form == "epoch" else form.form
    return _Clock((form.read(pl.col(label)), quality, _assumed(form, label, options)), word)


def _first(clocks: Sequence[_Clock]) -> Opened:
    """The first time of every row; the others are only looked at where it is missing."""

    def read(columns: Sequence[pl.Series], _: Sequence[str]) -> pl.DataFrame:
        frame = pl.DataFrame(columns)
        best = frame.select(_named(clocks[0]))
        for clock in clocks[1:]:
            left = best[PREFIX + "ts"].is_null().arg_true()
            if not left.len():
                break
            more = frame[left].select(_named(clock))
            best = best.with_columns(best[name].scatter(left, more[name]) for name in best.columns)
        return best

    return read


def _named(clock: _Clock) -> list[pl.Expr]:
    """What one clock says of every row."""
    return [expr.alias(PREFIX + name) for name, expr in zip(NAMES, clock.columns, strict=True)]


def _form(known: Fields, label: str, options: Options) -> times.TimeForm:
    at = known.positions.get(label)
    types = known.table.types if isinstance(known.table, Parquet) else ()
    if types and at is not None and (form := times.native(types[at], options.tz)):
        return form
    name = known.table.names[at] if at is not None else label

    def dates() -> pl.Series:
        return known.read([label])[1].select(pl.col(label).cast(pl.String())).unique().collect()[label]

    said = options.mapping.get("ts_format")
    return times.understand(
        known.sampled(label), name, unit=understood(name).unit, tz=options.tz, said=said, dates=dates
    )


def _assumed(form: times.TimeForm, label: str, options: Options) -> pl.Expr:
    if form.zones == "some":
        return (
            ~pl.col(label).cast(pl.String()).str.contains(times.ZONED)
            if options.tz is None
            else pl.lit(value=False)
        )
    return pl.lit(form.is_assumed)
