"""What each detector costs, `python -m tests.bench.detectors FILE ROUNDS`; prints JSON, name → ms.

In one process, on prepared parts: `reduce_part` with the one detector, less `reduce_part` with none. The last
is the line `(none)`: sessions, views and timings, which every analysis needs. Null: not assessable.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from statistics import median

import polars as pl

from friction import detectors, dropoff
from friction.detectors.base import Detector
from friction.detectors.dropoff_spike import DropoffSpike
from friction.goals import parse
from friction.ingest import Ingested, Request, ingest
from friction.ingest.columns import wanted
from friction.ingest.goals import CONVERSION
from friction.pages import PageRules
from friction.part import Part
from friction.reduce import Plan, reduce_part
from friction.sources.base import Options

NONE = "(none)"
Costs = dict[str, float | None]


def costs(path: Path, rounds: int) -> Costs:
    """Milliseconds by detector, each the sum over all parts of the median of `rounds`."""
    chosen = detectors.configure(None, {})
    read = _read(path, chosen)
    asked = [detector for detector in chosen if _answerable(detector, read)]
    plans = {detector.name: Plan([detector]) for detector in asked if not isinstance(detector, DropoffSpike)}
    total, views = dict.fromkeys((NONE, *plans), 0.0), []
    for part in read.events.parts():
        views.append(reduce_part(part, Plan([])).views)
        for name, took in _of_part(part, {NONE: Plan([]), **plans}, rounds).items():
            total[name] += took
    found: Costs = dict.fromkeys(detector.name for detector in chosen)
    found |= {name: took - total[NONE] for name, took in total.items() if name != NONE}
    found |= {d.name: _of_series(d, pl.concat(views), rounds) for d in asked if isinstance(d, DropoffSpike)}
    return {NONE: total[NONE], **found}


def _read(path: Path, chosen: Sequence[Detector]) -> Ingested:
    want = wanted({name for detector in chosen for name in detector.columns})
    request = Request([path], [path.name], Options(columns=want.raw))
    return ingest(request, want, PageRules(), [parse(CONVERSION)], lambda _stage, _share, _rows: None)


def _answerable(detector: Detector, read: Ingested) -> bool:
    one_of = detector.needs_one_of
    return detector.needs <= read.capabilities and bool(not one_of or one_of & read.capabilities)


def _of_part(part: Part, plans: dict[str, Plan], rounds: int) -> dict[str, float]:
    """Medians; the plans take turns, so that what disturbs the machine for a while disturbs all of them."""
    took: dict[str, list[float]] = {name: [] for name in plans}
    for _ in range(rounds):
        for name, plan in plans.items():
            took[name].append(_timed(partial(reduce_part, part, plan)))
    return {name: median(times) for name, times in took.items()}


def _of_series(detector: DropoffSpike, views: pl.DataFrame, rounds: int) -> float:
    return median(_timed(lambda: dropoff.changes(detector, views, "UTC")) for _ in range(rounds))


def _timed(work: Callable[[], object]) -> float:
    """Milliseconds of processor time, all threads: other work disturbs it less than the clock."""
    start = time.process_time()
    work()
    return (time.process_time() - start) * 1_000


if __name__ == "__main__":
    print(json.dumps(costs(Path(sys.argv[1]), int(sys.argv[2]))))
