"""Collects the rows of a recording in blocks, and joins them to one table."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import polars as pl
from numpy.typing import NDArray

from friction.schema import EVENT, KINDS, TS
from friction.testing.shop.chance import Bools, Chance, Floats, Ints
from friction.testing.shop.elements import CATALOGUE

Cells = NDArray[np.generic] | str | int | float | bool


@dataclass(frozen=True)
class Burst:
    """Clicks that follow one another: the view of each, when it comes, and its number in the burst."""

    view: Ints
    at: Ints
    number: Ints


def burst(view: Ints, start: Ints, clicks: Ints, gap: Ints) -> Burst:
    """`clicks` clicks from `start` (ms) on, `gap` ms apart, for each of `view`."""
    number = np.arange(int(clicks.sum())) - np.repeat(np.cumsum(clicks) - clicks, clicks)
    return Burst(np.repeat(view, clicks), np.repeat(start, clicks) + number * np.repeat(gap, clicks), number)


@dataclass
class Rows:
    """Rows so far; a row belongs to a view, by the view's number."""

    blocks: list[pl.DataFrame] = field(default_factory=list)

    def add(self, kind: str, view: Ints, at: Ints, element: str | Ints | None = None, **cells: Cells) -> None:
        """Add rows of one kind at the times `at` (ms); `cells` are further event columns, or one value."""
        code = CATALOGUE.codes[element] if isinstance(element, str) else element
        self.blocks.append(
            pl.DataFrame({"view": view, "at": at})
            .with_columns(
                pl.lit(KINDS.index(kind), pl.UInt8()).alias("kind"),
                pl.lit(code).cast(pl.UInt32()).alias("element"),
                *(_cells(name, value) for name, value in cells.items()),
            )
        )  # fmt: skip

    def joined(self, chance: Chance, on_mobile: Bools) -> pl.DataFrame:
        """All rows, with their elements' facts and where the pointer was.

        Besides event columns there are `view`, `at` (ms) and `order`; `on_mobile` is by view.
        """
        rows = pl.concat(self.blocks, how="diagonal").with_row_index("order")
        facts = CATALOGUE.table().select(pl.all().gather(rows["element"]))
        x, y = _pointer(rows["element"].fill_null(0).to_numpy(), rows["view"].to_numpy(), chance, on_mobile)
        pointed = pl.col("kind").is_in([KINDS.index(kind) for kind in ("click", "dblclick")])
        return rows.hstack(facts).with_columns(
            pl.when(pointed).then(pl.Series(values)).cast(pl.Float32()).alias(name)
            for name, values in (("x", x), ("y", y))
        )


def _cells(name: str, value: Cells) -> pl.Expr:
    column = pl.lit(pl.Series(value)) if isinstance(value, np.ndarray) else pl.lit(value)
    return column.cast(EVENT[name]).alias(name)


def _pointer(element: Ints, view: Ints, chance: Chance, on_mobile: Bools) -> tuple[Floats, Floats]:
    """Whole pixels near the element; a view's clicks on one element lie close together."""
    places = np.array([item.at for item in CATALOGUE.elements.values()], dtype=np.float64)[element]
    place = view * 64 + element
    row = np.arange(len(view))
    x = places[:, 0] + chance.between(-14, 15, "pointer x", place) + chance.between(-2, 3, "jitter x", row)
    y = places[:, 1] + chance.between(-6, 7, "pointer y", place) + chance.between(-2, 3, "jitter y", row)
    across: Floats = np.where(on_mobile[view], x * 0.3, x).round()
    return across, y


def instants(milliseconds: pl.Expr) -> pl.Expr:
    """Milliseconds since 1970 as the event table's time."""
    return (milliseconds * 1000).cast(pl.Int64()).cast(TS)
