"""Funnel drop-off: a session that comes as far as one step and not to the next.

Finds     A session that reached a step of a funnel after those before it, and never the
          one that follows. It stands on the page where that step was seen last.
Matters   It says at which step most of those who had come so far are lost.
Misleads  Every funnel loses people at every step; who is lost at the first was often
          never on the way. Who goes another way counts as lost. It says where people
          stop, not why. Leaving is part of its definition, so it is an outcome and never
          held against a page as a cause.
Defaults  The funnels of `--funnel` or `[funnels.NAME]`; asked for without any, a product,
          the cart, the checkout and the goal, by the kinds of pages. Steps count in their
          order, others may lie between them, within one session.
Sources   The usual definition of web analytics (closed funnel, first step needed).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

import polars as pl

from friction.detectors.base import REASON, Detector, findings, no_target
from friction.detectors.look_alike import VIEWS
from friction.goals import Goal, parse
from friction.values import dataclass

USUAL = ("product", "cart", "checkout", "goal")
"""The funnel where none is given."""
COLUMN = "asked_funnel_dropoff"


@dataclass(frozen=True, kw_only=True)
class FunnelDropoff(Detector):
    name: ClassVar[str] = "funnel_dropoff"
    needs: ClassVar[frozenset[str]] = frozenset({"has_page_views"})
    columns: ClassVar[frozenset[str]] = frozenset({"page_type", "goals"})
    outcome: ClassVar[bool] = True
    costed: ClassVar[bool] = False
    opt_in: ClassVar[bool] = True

    funnels: tuple[tuple[str, ...], ...] = ()
    """Steps of each funnel, as `--funnel` or `[funnels.NAME]` name them. Empty: the usual way to a
    purchase."""

    @property
    def of_row(self) -> Mapping[str, Sequence[Sequence[Goal]]]:
        """A bit for every step of every funnel, one after the other."""
        steps = [step for funnel in self.funnels for step in funnel]
        return {COLUMN: [[parse(step)] for step in steps]} if steps else {}

    @property
    def ways(self) -> tuple[tuple[str, ...], ...]:
        """The funnels in force, by the names of their steps."""
        return self.funnels or (USUAL,)

    def detect(self, events: pl.LazyFrame) -> pl.LazyFrame:
        """One finding a session and funnel that was begun and not finished: its step (`here`) and the next (`to`)."""
        rows = self._rows(events)
        first, found = 0, [self._nothing(rows)]
        for number, way in enumerate(self.ways):
            places = _places(rows, first, len(way))
            found += [self._lost(rows, places, number, first, at) for at in range(len(way) - 1)]
            first += len(way)
        return findings(pl.concat(found).sort("trigger_row", "funnel").lazy(), "funnel", "step", "here", "to")

    def reached(self, events: pl.LazyFrame) -> list[list[int]]:
        """By funnel, how many sessions came to each step."""
        rows, first, counts = self._rows(events), 0, []
        for way in self.ways:
            places = _places(rows, first, len(way))
            counts.append([int(places[f"at{step}"].is_not_null().sum()) for step in range(len(way))])
            first += len(way)
        return counts

    def _rows(self, events: pl.LazyFrame) -> pl.DataFrame:
        """The rows that are a step of any funnel, numbered, with their `bits`."""
        bits = pl.col(COLUMN).cast(pl.UInt32) if self.funnels else _usual()
        kept = ("session_id", "page", "target", "ts", "row")
        rows = events.select(*kept, bits=bits.fill_null(0)).filter(pl.col("bits") != 0)
        return rows.collect().with_row_index("place")

    def _lost(
        self, rows: pl.DataFrame, places: pl.DataFrame, number: int, first: int, at: int
    ) -> pl.DataFrame:
        """Those who came to step `at` and not to the next, where they were at it last."""
        stopped = places.filter(pl.col(f"at{at}").is_not_null() & pl.col(f"at{at + 1}").is_null())
        here = rows.filter(_has(first + at)).join(
            stopped.select("session_id", since=f"at{at}"), on="session_id"
        )
        last = here.filter(pl.col("place") >= pl.col("since")).sort("place")
        last = last.unique("session_id", keep="last", maintain_order=True)
        way = self.ways[number]
        return last.select(
            "session_id",
            "page",
            target=no_target(),
            start="ts",
            end="ts",
            events=pl.lit(1),
            rows=pl.concat_list("row"),
            trigger_row="row",
            severity=pl.lit(0.3 + 0.5 * (at + 1) / len(way)),
            aside=pl.lit(None, REASON),
            funnel=pl.lit(number + 1, pl.UInt32),
            step=pl.lit(at + 1, pl.UInt32),
            here=pl.lit(way[at]),
            to=pl.lit(way[at + 1]),
        )

    def _nothing(self, rows: pl.DataFrame) -> pl.DataFrame:
        none = _places(rows.clear(), 0, 2)
        return self._lost(rows.clear(), none, 0, 0, 0)


def _usual() -> pl.Expr:
    """Bits of the usual funnel."""
    kind, type_ = pl.col("kind"), pl.col("page_type")
    opens = kind.is_in(VIEWS)
    bought = (kind == "conversion") | (pl.col("goals") > 0).fill_null(value=False)
    asked = [
        opens & (type_ == "product").fill_null(value=False),
        (opens & (type_ == "cart").fill_null(value=False)) | (kind == "add_to_cart"),
        opens & (type_ == "checkout").fill_null(value=False),
        bought,
    ]
    return pl.sum_horizontal(each.cast(pl.UInt32) * (1 << bit) for bit, each in enumerate(asked)).cast(
        pl.UInt32
    )


def _has(bit: int) -> pl.Expr:
    return (pl.col("bits") & pl.lit(1 << bit, pl.UInt32)) != 0


def _places(rows: pl.DataFrame, first: int, steps: int) -> pl.DataFrame:
    """`session_id, at0 …`: the place of the row at which each step was reached, after the step before."""
    found = rows.filter(_has(first)).group_by("session_id").agg(at0=pl.col("place").min())
    for step in range(1, steps):
        before = found.select("session_id", before=f"at{step - 1}").drop_nulls("before")
        later = rows.filter(_has(first + step)).join(before, on="session_id")
        next_ = later.filter(pl.col("place") > pl.col("before"))
        reached = next_.group_by("session_id").agg(pl.col("place").min().alias(f"at{step}"))
        found = found.join(reached, on="session_id", how="left")
    return found
