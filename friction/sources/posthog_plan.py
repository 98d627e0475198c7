"""What is read of one PostHog file: our columns as expressions over theirs, those that are there and wanted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import polars as pl

from friction.errors import InputError
from friction.schema import EVENT
from friction.sources import times
from friction.sources.aliases import understood
from friction.sources.base import ALIKE, Column, Options
from friction.sources.casts import alike, cast_as, identity, text
from friction.sources.generic_plan import ALWAYS, IDENTITIES
from friction.sources.posthog_columns import FOLDED, PREFIX, Layout, bare, layout
from friction.sources.posthog_elements import NAMES, described, struct_type
from friction.sources.posthog_fields import CHAIN, ELEMENT, FIELDS, columns, elements
from friction.tables.parquet import Parquet
from friction.tables.table import Rows, Table
from friction.values import dataclass

TRUISMS = frozenset({"event", f"{PREFIX}$event_type"})
"""Columns on which much depends and that alone say nothing: a column of ours needs one of its others."""
SAID = "mapped."
"""Before the names of columns that the user's mapping names."""


@dataclass(frozen=True)
class Plan:
    """Ours → expression over the columns of a layout."""

    found: Layout
    form: times.TimeForm
    columns: Mapping[str, pl.Expr]

    def rows(self) -> tuple[Rows, pl.LazyFrame]:
        """What the table gives, and its rows as ours, with `ALIKE`."""
        needed = _roots(self.columns.values()) | {"uuid"}
        facts = tuple(name for name in NAMES if ELEMENT + name in needed)
        needed = {name for name in needed if not name.startswith(ELEMENT)} | set(CHAIN if facts else ())
        raw = sorted(name for name in needed if self.found.knows(name))
        rows = self.found.table.select(self.found.raw(raw))
        nothing = [pl.lit(None, pl.String()).alias(name) for name in sorted(needed.difference(raw))]
        events = self.found.unfolded(rows.events, raw).with_columns(nothing)
        if facts:
            events = events.with_columns(_described(facts)).unnest("element")
        same = alike(identity(pl.col("uuid")), pl.lit("posthog")).alias(ALIKE)
        return rows, events.select("row_no", *(expr.alias(ours) for ours, expr in self.columns.items()), same)

    def listed(self, table: Table) -> tuple[Column, ...]:
        """Every column of the file in its order, with the first of ours that is made of it."""
        ours: dict[int, str] = {}
        for name, expr in self.columns.items():
            for root in _roots([expr]):
                known = CHAIN if root.startswith(ELEMENT) else (root,)
                for one in known:
                    ours.setdefault(self.found.positions.get(one, -1), name)
        return tuple(_column(theirs, ours.get(at)) for at, theirs in enumerate(table.names))


def plan(table: Table, options: Options) -> Plan:
    """Understand the file. Raises `InputError` when time, event or every identity is missing."""
    exprs = [*columns(pl.Series(dtype=pl.String())).values(), *elements(has_chain=False).values()]
    properties = sorted(
        name.removeprefix(PREFIX) for name in _roots(exprs) | set(CHAIN) if name.startswith(PREFIX)
    )
    found = _with_said(layout(table, FIELDS, properties), table, options.mapping)
    _check(found)
    form = _time_form(found, table, options)
    has_chain = any(found.knows(name) for name in CHAIN)
    made = _times(form, options) | columns(_sampled(found, table, "event")) | elements(has_chain=has_chain)
    made |= _said(found, table, options.mapping)
    wanted = (options.columns or frozenset()) | ALWAYS if options.columns is not None else frozenset(EVENT)
    kept = {
        ours: made[ours] for ours in EVENT if ours in made and ours in wanted and _is_there(made[ours], found)
    }
    return Plan(found, form, kept)


def _column(theirs: str, ours: str | None) -> Column:
    if ours is None and bare(theirs) == FOLDED:
        return Column(theirs, None, 1.0, "holds the properties, which are read by their names")
    return Column(theirs, ours, 1.0 if ours else 0.0, "" if ours else "not used")


def _roots(exprs: Iterable[pl.Expr]) -> set[str]:
    return {name for expr in exprs for name in expr.meta.root_names()}


def _is_there(expr: pl.Expr, found: Layout) -> bool:
    """The file may have something for this column; constants always."""
    roots = _roots([expr])
    telling = roots - TRUISMS
    return not telling or any(name.startswith(ELEMENT) or found.knows(name) for name in telling)


def _check(found: Layout) -> None:
    lacking = next((name for name in ("timestamp", "event") if not found.knows(name)), None)
    if lacking is None and not any(found.knows(name) for name in ("distinct_id", f"{PREFIX}$session_id")):
        lacking = "distinct_id"
    if lacking is not None:
        raise InputError(
            "input.no_such_column",
            f"these look like events of PostHog, but the column {lacking!r} is missing",
            column=lacking,
            remedy="export them again with event, distinct_id, timestamp and all properties",
        )


def _sampled(found: Layout, table: Table, name: str) -> pl.Series:
    """Sampled values of a column; empty where the sample does not show it."""
    at = found.positions.get(name, table.sample.width)
    return table.sample[:, at] if at < table.sample.width else pl.Series(dtype=pl.String())


def _time_form(found: Layout, table: Table, options: Options) -> times.TimeForm:
    at = found.positions["timestamp"]
    if isinstance(table, Parquet) and (form := times.native(table.types[at], options.tz)):
        return form

    def dates() -> pl.Series:
        return table.select([pl.col(f"c{at}").alias("d")]).events.select("d").unique().collect()["d"]

    sample, said = _sampled(found, table, "timestamp"), options.mapping.get("ts_format")
    return times.understand(sample, table.names[at], unit=None, tz=options.tz, said=said, dates=dates)


def _times(form: times.TimeForm, options: Options) -> dict[str, pl.Expr]:
    column = pl.col("timestamp")
    assumed = pl.lit(form.is_assumed)
    if form.zones == "some":
        assumed = ~column.str.contains(times.ZONED) if options.tz is None else pl.lit(value=False)
    return {
        "ts": form.read(column),
        "ts_quality": pl.lit(form.quality, EVENT["ts_quality"]),
        "tz_assumed": assumed,
    }


def _described(facts: Sequence[str]) -> pl.Expr:
    """The facts of every row's element as one struct."""
    chain = pl.coalesce([text(pl.col(name)) for name in CHAIN])
    dtype = struct_type(facts, ELEMENT)
    return chain.map_batches(
        lambda chains: described(chains, facts, ELEMENT), return_dtype=dtype, is_elementwise=True
    ).alias("element")


def _with_said(found: Layout, table: Table, said: Mapping[str, str]) -> Layout:
    """The layout with the columns that the user's mapping names. Raises `InputError` for a missing one."""
    positions = dict(found.positions)
    for ours, theirs in said.items():
        if ours not in EVENT or found.inside([theirs]):
            continue
        if theirs not in table.names:
            detail = f"the mapping says {ours} = {theirs!r}, but the file has no such column"
            remedy = "friction inspect lists the columns of a file"
            raise InputError("input.no_such_column", detail, column=theirs, remedy=remedy)
        positions["timestamp" if ours == "ts" else SAID + ours] = table.names.index(theirs)
    return replace(found, positions=positions)


def _said(found: Layout, table: Table, said: Mapping[str, str]) -> dict[str, pl.Expr]:
    """Columns by the user's own word."""
    made = {}
    for ours, theirs in said.items():
        if ours not in EVENT or ours == "ts":
            continue
        name = SAID + ours if SAID + ours in found.positions else theirs
        column = pl.col(name)
        sample = _sampled(found, table, name)
        made[ours] = (
            identity(column) if ours in IDENTITIES else cast_as(ours, column, sample, understood(theirs))[0]
        )
    return made
