"""What all presets share: a rule of another tool is a detector that names its tool, what it looks at, and nothing else.

A rule is written as `found(tape)`: the findings as places on a tape (`tape.py`). What a filter asks of an element is
a function of its chain, asked once for each distinct element while the input is read; the answer travels as a number.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from typing import Any, ClassVar

import numpy as np
import polars as pl
from numpy.typing import NDArray

from friction.detectors.base import Detector, findings
from friction.detectors.presets.tape import Longs, Tape
from friction.values import dataclass

Place = int | np.integer[Any]
SEVERITY = 0.5
"""Of every finding of a preset: the tools know no degrees."""


@dataclass(frozen=True)
class Found:
    """One finding, in places on the tape."""

    trigger: Place
    rows: Sequence[Place] | NDArray[np.integer[Any]]
    detail: Mapping[str, Any] = field(default_factory=dict)
    start: Place | None = None
    """Null: the earliest of the rows."""
    end: Place | None = None


@dataclass(frozen=True, kw_only=True)
class Rule(Detector):
    """A rule as a tool applies it. Subclasses say what it needs and write `found`."""

    watches: ClassVar[frozenset[str]]
    """Kinds of rows the rule looks at; every other kind is invisible to it."""
    details: ClassVar[Mapping[str, pl.DataType]] = {}
    """What a finding says besides, with its type."""
    needs = frozenset({"has_clicks", "has_order"})

    def found(self, tape: Tape) -> Iterable[Found]:
        """The findings."""
        raise NotImplementedError

    def single(self, tape: Tape) -> Longs | None:
        """Where every finding is one click and nothing else: their places. Null: `found` says them."""
        del tape
        return None

    def detect(self, events: pl.LazyFrame) -> pl.LazyFrame:
        """The rule's findings, in the order of their triggers; its own numbers behind the common columns."""
        tape = Tape.of(events, self.watches, self.columns | self.facts)
        places = self.single(tape)
        if places is not None:
            return findings(_singles(tape, places))
        return findings(_table(tape, list(self.found(tape)), self.details), *self.details)


def _singles(tape: Tape, places: Longs) -> pl.LazyFrame:
    """One click in five can be dead: their findings are made all at once."""
    chosen = tape.frame.select("session_id", "page", "target", "ts", "row")[places].sort("row")
    return chosen.lazy().select(
        *("session_id", "page", "target"),
        start="ts",
        end="ts",
        events=pl.lit(1, pl.UInt32),
        rows=pl.concat_list("row"),
        trigger_row="row",
        severity=pl.lit(SEVERITY),
        aside=pl.lit(None, pl.String()),
    )


def _table(tape: Tape, found: Sequence[Found], details: Mapping[str, pl.DataType]) -> pl.LazyFrame:
    trigger = pl.Series([each.trigger for each in found], dtype=pl.UInt32())
    rows = [list(each.rows) for each in found]
    lengths = np.array([len(each) for each in rows], dtype=np.int64)
    places = pl.Series([place for each in rows for place in each], dtype=pl.UInt32())
    number = np.repeat(np.arange(len(rows)), lengths)
    listed = pl.DataFrame({"at": number, "row": tape.frame["row"].gather(places)})
    listed = listed.group_by("at", maintain_order=True).agg("row")
    first = [min(each) if one.start is None else one.start for one, each in zip(found, rows, strict=True)]
    last = [max(each) if one.end is None else one.end for one, each in zip(found, rows, strict=True)]
    table = tape.frame.select("session_id", "page", "target").select(pl.all().gather(trigger))
    told = {
        name: pl.Series([one.detail[name] for one in found], dtype=kind) for name, kind in details.items()
    }
    table = table.with_columns(
        start=tape.frame["ts"].gather(pl.Series(first, dtype=pl.UInt32())),
        end=tape.frame["ts"].gather(pl.Series(last, dtype=pl.UInt32())),
        events=pl.Series(lengths, dtype=pl.UInt32()),
        rows=listed["row"].cast(pl.List(pl.UInt32())),
        trigger_row=tape.frame["row"].gather(trigger),
        severity=pl.lit(SEVERITY),
        aside=pl.lit(None, pl.String()),
        **told,
    )
    return table.sort("trigger_row", "start", maintain_order=True).lazy()
