"""Files turned into tables: the event table, a data set of the lake, raw findings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import polars as pl

from friction.config import Settings
from friction.ingest import Ingested
from friction.ingest.store import Slice
from friction.reduce import Plan, find, glance_of
from friction.scan.asked import SERIES, detectors_named, unassessable
from friction.scan.reading import Progress, ingested_for, policy, quiet
from friction.threads import mapped


def convert(
    inputs: Sequence[str | Path],
    names: Sequence[str] | None,
    settings: Settings,
    output: Path,
    which: str | None = None,
) -> dict[str, Any]:
    """Write a table as Parquet: the events, or `which` of `events`, `sessions`, `aggregates` and the tables of
    `friction.voices`; the answer is its books. Without events, what the tools counted or customers said is written.
    Raises `InputError` when there is no such table.
    """
    from friction.export import write_counted, write_events

    ingested = ingested_for(inputs, names, settings, None, quiet)
    which = which or ("events" if ingested.has_events else None)
    return write_events(ingested, output) if which == "events" else write_counted(ingested, which, output)


def deliver(
    inputs: Sequence[str | Path],
    names: Sequence[str] | None,
    settings: Settings,
    dataset: Path,
    *,
    keep_open: bool = False,
    progress: Progress = quiet,
) -> dict[str, Any]:
    """Put files into a data set of the lake (`friction.lake`), whole; what came of it.

    All that later decides what is looked at is left to the analyses: period, goals, detectors, excluded pages. What
    needs the files themselves is done now: mapping, zone, privacy, limits, and who is excluded.
    """
    from friction.lake.placed import STREAMS
    from friction.lake.write import ROWS, append

    asked, called = [Path(path) for path in inputs], names or [Path(path).name for path in inputs]
    analysis = settings.analysis.model_copy(update={"since": None, "until": None})
    exclude = settings.exclude.model_copy(update={"pages": ()})
    limits = settings.limits.model_copy(update={"part_rows": min(settings.limits.part_rows or ROWS, ROWS)})
    whole = settings.model_copy(update={"analysis": analysis, "exclude": exclude, "limits": limits})

    def read(which: Sequence[int]) -> Ingested:
        files, theirs = [asked[at] for at in which], [called[at] for at in which]
        return ingested_for(files, theirs, whole, None, progress, frozenset(STREAMS))

    return append(dataset, asked, read, policy(settings), keep_open=keep_open)


def events(
    inputs: Sequence[str | Path], names: Sequence[str] | None, settings: Settings
) -> Iterator[pl.DataFrame]:
    """The event table part by part, for `friction.read`."""
    from friction.export import event_frames

    return event_frames(ingested_for(inputs, names, settings, None, quiet))


def detect(
    inputs: Sequence[str | Path],
    names: Sequence[str] | None,
    settings: Settings,
    chosen: Sequence[str],
    options: Mapping[str, str],
    output: Path,
) -> dict[str, Any]:
    """Write every finding that counts, one row each (`contract.md` §2, "Findings table"); the answer counts them."""
    from friction.export import FindingsWriter

    asked = detectors_named(chosen, options, settings)
    events = [detector for detector in asked if detector.name not in SERIES]
    ingested = ingested_for(inputs, names, settings, events, quiet, segments=False)
    lacking = {detector.name: why for detector in events if (why := unassessable(detector, ingested))}
    running = [detector for detector in events if detector.name not in lacking]
    writer = FindingsWriter(ingested, {detector.name: detector for detector in running})
    failed = _looked_for(ingested, Plan(running, keep=writer.keep))
    counts = writer.write(output)
    answer: dict[str, Any] = {"findings": counts, "not_assessable": lacking}
    if settings.analysis.preset is not None:
        answer["preset"] = next((detector.label for detector in asked), None)
    if failed:
        answer["failed"] = failed
    if passed := ingested.books.passed_over:
        answer["passed_over"] = [asdict(each) for each in passed]
    return answer


def _looked_for(ingested: Ingested, plan: Plan) -> dict[str, str]:
    """All parts looked through for findings, as many at a time as there are threads; why those failed that did."""
    events, glance, failed = ingested.events, glance_of(plan.detectors), dict[str, str]()

    def work(where: Slice) -> dict[str, str]:
        return find(events.part(where, glance), plan)

    for each in mapped(work, events.slices, pl.thread_pool_size()):
        failed = {**each, **failed}
    return failed
