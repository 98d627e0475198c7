"""The six counts with friction: detectors as a plug-in would write them, over the parts of an analysis."""

from __future__ import annotations

import json
import sys
from collections import Counter
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import polars as pl

from friction.config import Settings
from friction.detectors.base import Detector, findings, same, span
from friction.ingest import Ingested
from friction.ingest.store import Slice
from friction.order import once
from friction.scan import ingested_for, quiet
from friction.threads import mapped

ANSWERS = ("page_view", "input", "submit", "mutation")
NEAR = 900
"""Square of 30 px."""


def _found(rows: pl.LazyFrame) -> pl.LazyFrame:
    """One finding a row."""
    one = {"start": "ts", "end": "ts", "trigger_row": "row"}
    return findings(
        rows.select(
            *("session_id", "page", "target"),
            **{name: pl.col(column) for name, column in one.items()},
            events=pl.lit(1),
            rows=pl.concat_list("row"),
            severity=pl.lit(0.5),
            aside=pl.lit(None, pl.String()),
        )
    )


@dataclass(frozen=True, kw_only=True)
class Rage(Detector):
    """Three clicks near each other within a second; one finding an episode."""

    name: ClassVar[str] = "six_rage"
    columns: ClassVar[frozenset[str]] = frozenset({"x", "y"})

    def detect(self, events: pl.LazyFrame) -> pl.LazyFrame:
        """The clicks with which an episode begins to be one."""
        clicks = events.filter(pl.col("kind") == "click").with_columns(pl.col("x", "y").cast(pl.Int32))
        first = (pl.col("ts") - pl.col("ts").shift(2)) <= span(1_000)
        hit = same("session_id", by=2) & first & _near(0) & _near(1)
        hits = clicks.with_columns(hit=hit.fill_null(value=False))
        before = pl.col("hit").shift().fill_null(value=False) & same("session_id")
        return _found(hits.filter(pl.col("hit") & ~before.fill_null(value=False)))


def _near(by: int) -> pl.Expr:
    """The click `by` before this one is on the target of the one two before this, or near it."""
    across, down, target = (pl.col(name).shift(by) - pl.col(name).shift(2) for name in ("x", "y", "target"))
    return (target == 0) | (across**2 + down**2 <= NEAR)


@dataclass(frozen=True, kw_only=True)
class Dead(Detector):
    """A click that nothing answers within two seconds."""

    name: ClassVar[str] = "six_dead"

    def detect(self, events: pl.LazyFrame) -> pl.LazyFrame:
        """Each click whose next answer is another session's, too late, or not there."""
        rows = events.filter(pl.col("kind").is_in(("click", *ANSWERS)))
        answers = pl.col("kind") != "click"
        at, session = (pl.when(answers).then(name).shift(-1).backward_fill() for name in ("ts", "session_id"))
        answered = (session == pl.col("session_id")) & (at - pl.col("ts") <= span(2_000))
        rows = rows.with_columns(answered=answered.fill_null(value=False))
        return _found(rows.filter((pl.col("kind") == "click") & ~pl.col("answered")))


@dataclass(frozen=True, kw_only=True)
class Abandoned(Detector):
    """A form with an input and no submit in its session."""

    name: ClassVar[str] = "six_abandoned"
    columns: ClassVar[frozenset[str]] = frozenset({"form"})

    def detect(self, events: pl.LazyFrame) -> pl.LazyFrame:
        """The first row of each."""
        rows = events.filter(pl.col("form").is_not_null() & pl.col("kind").is_in(("input", "submit")))
        by_form = rows.group_by("session_id", "form").agg(
            pl.col("ts", "row", "page", "target").first(),
            sent=(pl.col("kind") == "submit").any(),
            filled=(pl.col("kind") == "input").any(),
        )
        return _found(by_form.filter(pl.col("filled") & ~pl.col("sent")))


@dataclass(frozen=True, kw_only=True)
class Slow(Detector):
    """A page view of more than three seconds."""

    name: ClassVar[str] = "six_slow"
    columns: ClassVar[frozenset[str]] = frozenset({"load_ms"})

    def detect(self, events: pl.LazyFrame) -> pl.LazyFrame:
        """Each of them."""
        return _found(events.filter((pl.col("kind") == "page_view") & (pl.col("load_ms") > 3_000)))


@dataclass(frozen=True, kw_only=True)
class UTurn(Detector):
    """Back where one was within ten seconds."""

    name: ClassVar[str] = "six_uturn"

    def detect(self, events: pl.LazyFrame) -> pl.LazyFrame:
        """The views that were left again."""
        views = events.filter(pl.col("kind") == "page_view")
        left = pl.col("page").shift(-1) == pl.col("page").shift()
        session = pl.col("session_id")
        inside = (session == session.shift()) & (session == session.shift(-1))
        soon = pl.col("ts").shift(-1) - pl.col("ts") <= span(10_000)
        return _found(views.filter(inside & left & (pl.col("page") != pl.col("page").shift()) & soon))


TEMPLATES = tuple(f"/docs/v{number}/guide/:slug" for number in range(4))
"""Of the events of the kit, which friction by itself takes for one page of several versions."""
SIX = (Rage(), Dead(), Abandoned(), Slow(), UTurn())


def counted(ingested: Ingested) -> dict[str, int]:
    """All counts, part by part on all threads."""
    events = ingested.events

    def work(where: Slice) -> dict[str, int]:
        rows = events.part(where).rows
        return {
            each.name.removeprefix("six_"): each.detect(rows.lazy()).select(pl.len()).collect().item()
            for each in SIX
        } | _ways(rows)

    totals: Counter[str] = Counter()
    for found in mapped(work, events.slices, pl.thread_pool_size()):
        totals.update(found)
    return dict(sorted(totals.items()))


def _ways(rows: pl.DataFrame) -> dict[str, int]:
    """The sixth: how visits end, and what they saw. Sessions of a part are numbered from 0, in order."""
    session = rows["session_id"]
    number = int(session[-1]) + 1
    views, clicks = (
        np.bincount(session.filter(rows["kind"] == kind).to_numpy(), minlength=number)
        for kind in ("page_view", "click")
    )
    bounces = np.count_nonzero((views == 1) & (clicks == 0))
    elsewhere = rows["page"].ne_missing(rows["page"].shift()) | session.ne_missing(session.shift())
    seen = once(session.filter(elsewhere).to_numpy(), rows["page"].filter(elsewhere).to_numpy())
    return {"exits": number, "bounces": int(bounces), "visits": len(seen[0])}


def main() -> None:
    """Print the counts of the file that is named."""
    settings = Settings.model_validate({"pages": {"templates": list(TEMPLATES)}})
    ingested = ingested_for([sys.argv[1]], None, settings, SIX, quiet, segments=False, people=False)
    print(json.dumps(counted(ingested)))


if __name__ == "__main__":
    main()
