"""Drop-off changes through the command line: series with known changes written as an export, and judged as a report.

`python -m tests.truth.dropoffs` prints the table; goals are those of the method's design (one false alarm in 1,000
series-weeks, precision 0.95, recall 0.50, start within six hours). Its seeds were used for nothing else.
"""

from __future__ import annotations

import json
import math
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from tests.series.simulated import FIRST, HOURS, Counts, Planted, World, simulate

PAGES = 40
"""Series in one export."""
WEEKS = HOURS / 168
NEXT = "/next"
"""Where those go who stay: everybody leaves there, so its own series says nothing."""
SEED = 7_700_000
NUISANCES: tuple[dict[str, Any], ...] = (
    {},
    {"season": False},
    {"overdispersion": 0.02},
    {"day_noise": 0.10},
    {"drift": 0.4},
    {"drift": -0.4},
    {"burst": True},
    {"overdispersion": 0.01, "day_noise": 0.05, "drift": 0.2},
)
TRAFFIC = (3.0, 6.0, 12.0, 25.0, 40.0)
"""Views an hour: a few to some dozens."""
RATES = (0.05, 0.1, 0.2, 0.35, 0.5)
LIFTS = {"shift": (1.25, 1.5, 1.75, 2.0), "spike": (2.0, 2.5, 3.0), "fall": (0.5, 0.7)}
SECTIONS = ("shop", "account", "help", "travel", "music", "garden", "office", "kitchen")
STEPS = ("start", "choose", "compare", "order", "pay")
SPIKE_HOURS = (12, 24, 48, 72)


@dataclass(frozen=True)
class Case:
    """One page's series: how it behaves, and what happened to it (null: nothing)."""

    page: str
    world: World
    seed: int
    planted: Planted | None = None

    @property
    def is_rise(self) -> bool:
        return self.planted is not None and self.planted.lift > 1


@dataclass(frozen=True)
class Alarm:
    """A rise that the report tells of: its page, and its first and last hour in the series."""

    page: str
    start: float
    end: float


def null_cases(exports: int) -> Iterator[list[Case]]:
    """Exports in which nothing happens."""
    for export in range(exports):
        yield [
            Case(_page(at), _world(export * PAGES + at), SEED + export * PAGES + at) for at in range(PAGES)
        ]


def changed_cases(exports: int) -> Iterator[list[Case]]:
    """Exports in which something happens on every page: a shift, a spike, on one in eight a fall."""
    for export in range(exports):
        numbers = [50_000 + export * PAGES + at for at in range(PAGES)]
        yield [_changed(_page(at), number) for at, number in enumerate(numbers)]


def _changed(page: str, number: int) -> Case:
    random = np.random.default_rng(SEED + number)
    kind = "fall" if number % 8 == 0 else ("shift", "spike")[number % 2]
    lift, start = float(random.choice(LIFTS[kind])), int(random.integers(400, 1_100))
    hours = int(random.choice(SPIKE_HOURS)) if kind == "spike" else HOURS - start
    world = _world(int(random.integers(0, 10_000)))
    if world.rate * lift > 0.9:
        world = replace(world, rate=0.2)
    return Case(page, world, SEED + number, Planted(start, hours, lift))


def _world(number: int) -> World:
    """Every combination of traffic, rate and nuisance in turn."""
    traffic, rest = TRAFFIC[number % 5], number // 5
    return World(n=traffic, rate=RATES[rest % 5], **NUISANCES[rest // 5 % len(NUISANCES)])


def _page(at: int) -> str:
    """A plain word in one of eight sections, so that none looks like a name or an id."""
    return f"/{SECTIONS[at // 5]}/{STEPS[at % 5]}"


def export(cases: Sequence[Case]) -> pl.DataFrame:
    """One session a view of the page; those who stay are on the next page ten seconds later."""
    return pl.concat(_visits(case) for case in cases)


def _visits(case: Case) -> pl.DataFrame:
    views, exits = simulate(case.world, case.seed, case.planted)
    random = np.random.default_rng(case.seed + 1)
    opened = _instants(views, random)
    number = np.arange(len(opened)) - np.repeat(np.cumsum(views) - views, views)
    stays = number >= np.repeat(exits, views)
    name = pl.Series(np.arange(len(opened))).cast(pl.String())
    visits = pl.DataFrame(
        {"session_id": case.page + "-" + name, "ts": opened, "event": "page_view", "url": case.page}
    )
    later = visits.filter(stays).with_columns(ts=pl.col("ts") + 10_000, url=pl.lit(NEXT))
    return pl.concat([visits, later])


def _instants(views: Counts, random: np.random.Generator) -> Counts:
    """Milliseconds since the epoch of every view, anywhere in its hour but its last minute."""
    hour = np.repeat(FIRST + np.arange(HOURS), views)
    return hour * 3_600_000 + random.integers(0, 3_540_000, len(hour))


def alarms(path: Path) -> list[Alarm]:
    """What `friction analyze` says of this export."""
    report = path.with_suffix(".json")
    command = [sys.executable, "-m", "friction", "analyze", str(path), "--format", "json", "-o", str(report)]
    subprocess.run([*command, "--detector", "dropoff_spike"], check=True, capture_output=True)
    points = json.loads(report.read_bytes())["points"]
    return [
        Alarm(point["page"], _hour(change["start"]), _hour(change["end"]))
        for point in points
        for change in point["facts"]["changes"]
        if change["kind"] != "fall"
    ]


def _hour(instant: str | None) -> float:
    if instant is None:
        return float(HOURS)
    return datetime.fromisoformat(instant).astimezone(UTC).timestamp() / 3_600 - FIRST


@dataclass(frozen=True)
class Score:
    """Alarms of some exports against what was planted in them."""

    series: int
    true: int
    false: int
    planted: int
    found: int
    start_errors: tuple[float, ...]
    seconds: float

    def __add__(self, other: Score) -> Score:
        figures = (getattr(self, name) + getattr(other, name) for name in self.__dataclass_fields__)
        return Score(*figures)


def scored(cases: Sequence[Case]) -> Score:
    """One export written, analysed and judged."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "export.parquet"
        export(cases).write_parquet(path)
        began = time.perf_counter()
        told = alarms(path)
        seconds = time.perf_counter() - began
    by_page = {case.page: case for case in cases}
    right = [alarm for alarm in told if _meets(alarm, by_page[alarm.page])]
    first = {
        page: min((a for a in right if a.page == page), key=lambda a: a.start)
        for page in {a.page for a in right}
    }
    errors = [abs(alarm.start - _planted(by_page[page]).start) for page, alarm in first.items()]
    return Score(
        series=len(cases),
        true=len(right),
        false=len(told) - len(right),
        planted=sum(case.is_rise for case in cases),
        found=len(first),
        start_errors=tuple(errors),
        seconds=seconds,
    )


def _planted(case: Case) -> Planted:
    assert case.planted
    return case.planted


def _meets(alarm: Alarm, case: Case) -> bool:
    """The alarm overlaps a rise that was planted."""
    if not case.is_rise:
        return False
    planted = _planted(case)
    return alarm.start < planted.start + planted.hours and planted.start < alarm.end


NOTHING = Score(0, 0, 0, 0, 0, (), 0.0)


def main(null_exports: int = 20, changed_exports: int = 10) -> None:
    """Print the table."""
    quiet = sum((scored(cases) for cases in null_cases(null_exports)), NOTHING)
    changed = sum((scored(cases) for cases in changed_cases(changed_exports)), NOTHING)
    weeks = quiet.series * WEEKS
    errors = np.median(changed.start_errors) if changed.start_errors else math.nan
    print(
        f"nothing happens    {quiet.series} series, {weeks:.0f} series-weeks: {quiet.false} alarms, "
        f"{quiet.false / weeks * 1_000:.2f} per 1,000 series-weeks (at most 1)"
    )
    print(
        f"something happens  {changed.series} series, {changed.planted} rises: "
        f"precision {changed.true / max(1, changed.true + changed.false):.3f} (at least 0.95), "
        f"recall {changed.found / changed.planted:.3f} (at least 0.50), "
        f"median error of the start {errors:.1f} h (at most 6)"
    )
    print(
        f"time               {changed.seconds / changed_exports:.1f} s for 40 series of 8 weeks, reading included"
    )


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:]))
