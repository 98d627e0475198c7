"""Where a PostHog file keeps what: the fields of an event and its properties, whatever they are called.

An event has a few fields of its own (`event`, `timestamp` …) and many *properties*. Properties are an object
(API pages, JSON lines), a text that holds one (Parquet), or columns of their own, named `properties.$x`,
`*.properties.$x` or just `$x` (CSV from the page). In the frames made here a field has its own name and a
property is `properties.NAME`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import polars as pl
from polars.exceptions import PolarsError

from friction.tables.folded import of_lines, one_by_one
from friction.tables.jsonl import JsonLines
from friction.tables.remembered import Remembered
from friction.tables.table import Table
from friction.values import dataclass

PREFIX = "properties."
FOLDED = "properties"
"""The column that holds all properties as one JSON text."""
OTHER_NAMES = {"uuid": ("id",), "distinct_id": ("person.distinct_id", "properties.distinct_id")}
"""Further names of fields."""


@dataclass(frozen=True)
class Layout:
    """A table, and the position of every known field and property, and of the folded column if any."""

    table: Table
    positions: dict[str, int]

    def knows(self, name: str) -> bool:
        """Whether the file may have this field or property."""
        return name in self.positions or bool(self.inside([name]))

    def inside(self, names: Iterable[str]) -> list[str]:
        """The properties that only the folded column can have."""
        if FOLDED not in self.positions:
            return []
        return [name for name in names if name.startswith(PREFIX) and name not in self.positions]

    def raw(self, names: Sequence[str]) -> list[pl.Expr]:
        """These columns for `Table.select`, each under its name; all but the time are text."""
        inside = self.inside(names)
        wanted = [name for name in names if name not in inside] + [FOLDED] * bool(inside)
        return [self._column(name).alias(name) for name in wanted]

    def unfolded(self, rows: pl.LazyFrame, names: Sequence[str]) -> pl.LazyFrame:
        """`rows` with the properties of the folded column as columns of their own."""
        inside = self.inside(names)
        if not inside:
            return rows
        types = dict.fromkeys(inside, pl.String())
        known = Remembered(lambda texts: unfold(texts, inside).struct.unnest(), types)
        opened = pl.col(FOLDED).map_batches(
            lambda texts: known.of(texts).to_struct(FOLDED),
            return_dtype=pl.Struct(types),
            is_elementwise=True,
        )
        return rows.with_columns(opened).unnest(FOLDED)

    def _column(self, name: str) -> pl.Expr:
        column = pl.col(f"c{self.positions[name]}")
        return column if name == "timestamp" else column.cast(pl.String())


def layout(table: Table, fields: Sequence[str], properties: Sequence[str]) -> Layout:
    """Find these fields and properties. Of JSON the whole file is asked: a sample misses the rare ones."""
    if isinstance(table, JsonLines) and FOLDED not in table.names:
        table = _with_paths(table, fields, properties)
    places = {bare(name): at for at, name in reversed(list(enumerate(table.names)))}
    known = {name: (name, *OTHER_NAMES.get(name, ())) for name in fields}
    known |= {PREFIX + name: (PREFIX + name, name, f"{PREFIX}{name}.0") for name in properties}
    known[FOLDED] = (FOLDED,)
    found = {
        ours: next((places[one] for one in theirs if one in places), None) for ours, theirs in known.items()
    }
    return Layout(table, {ours: at for ours, at in found.items() if at is not None})


def bare(name: str) -> str:
    """A column name without the star that the page puts before all of them."""
    return name.removeprefix("*.")


def unfold(texts: pl.Series, names: Sequence[str]) -> pl.Series:
    """Members of JSON objects as a struct of texts, named `properties.NAME`; null where there is none."""
    keys = [name.removeprefix(PREFIX) for name in names]
    found = of_lines(texts.fill_null("{}"), keys)
    if found is None or found.height != texts.len():
        found = one_by_one(texts, keys)
    return found.rename(dict(zip(keys, names, strict=True))).to_struct(texts.name)


def _with_paths(table: JsonLines, fields: Sequence[str], properties: Sequence[str]) -> JsonLines:
    """The table with paths for what the sample does not show and the file has, however seldom."""
    own = [name for name in fields if not any(other in table.names for other in OTHER_NAMES.get(name, ()))]
    wanted = [*((name,) for name in own), *((FOLDED, name) for name in properties)]
    unseen = [path for path in wanted if ".".join(path) not in table.names]
    found = _mentioned(table, [path[-1] for path in unseen])
    more = [path for path in unseen if path[-1] in found]
    names = (*table.names, *(".".join(path) for path in more))
    return replace(table, names=names, paths=(*table.paths, *more))


def _mentioned(table: JsonLines, names: Sequence[str]) -> set[str]:
    """Which of these names stand in the file at all: empty columns cost as much to read as full ones."""
    quoted = [f'"{name}"' for name in names]
    lines = pl.scan_lines(table.text.source, name="line")
    try:
        words = lines.select(
            pl.col("line").str.extract_many(quoted).explode().drop_nulls().unique()
        ).collect()
    except PolarsError:
        return set(names)
    return {word.strip('"') for word in words["line"]}
