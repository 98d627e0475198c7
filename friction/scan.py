"""The one flow: files → events → findings → friction points → cost → report.

Also its shorter relatives: `inspect` (what is this file?), `convert` (the event table), `detect` (raw findings).
Programs call `friction.library`, which takes frames too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl

from friction import detectors
from friction.config import Settings
from friction.detectors.base import Detector
from friction.engines.local import mapped
from friction.errors import UsageError
from friction.goals import Goal, parse
from friction.ingest import Ingested, Request, ingest
from friction.ingest.columns import EVERYTHING, wanted
from friction.ingest.events import Slice
from friction.ingest.goals import CONVERSION
from friction.pages import PageRules
from friction.reduce import Plan, Tables, combined, reduce_part
from friction.report import Report
from friction.sources.base import Options
from friction.summary import Analysis, build

Progress = Callable[[str, float], None]
MAX_GOALS = 8
SERIES = ("dropoff_spike",)
"""Detectors of series over time: they have no findings of single sessions."""


def quiet(_stage: str, _share: float) -> None:
    """No progress."""


def analyze(
    inputs: Sequence[str | Path],
    names: Sequence[str] | None = None,
    settings: Settings | None = None,
    *,
    rejects: Path | None = None,
    progress: Progress = quiet,
) -> Report:
    """The ranked report of these files. `names` is what the user calls them; `rejects` takes all rejected records."""
    settings = settings or Settings()
    chosen = _detectors(settings)
    ingested = _ingest(inputs, names, settings, chosen, progress)
    if rejects:
        from friction.export import write_rejects

        write_rejects(ingested, rejects)
    skipped = {
        detector.name: why for detector in chosen if (why := _unassessable(detector, ingested.capabilities))
    }
    running = [
        detector for detector in chosen if detector.name not in skipped and detector.name not in SERIES
    ]
    tables = _reduced(ingested, Plan(running), progress)
    progress("ranking", 0.0)
    return build(Analysis(ingested, _with_visitors(tables), settings, {d.name: d for d in chosen}, skipped))


def _detectors(settings: Settings) -> list[Detector]:
    return detectors.configure(settings.analysis.detectors or None, settings.detectors)


def _ingest(
    inputs: Sequence[str | Path],
    names: Sequence[str] | None,
    settings: Settings,
    chosen: Sequence[Detector] | None,
    progress: Progress,
) -> Ingested:
    """Read what these detectors need; null: every column there is."""
    goals = _goals(settings)
    want = (
        EVERYTHING if chosen is None else wanted({name for detector in chosen for name in detector.columns})
    )
    paths = [Path(path) for path in inputs]
    since, until = settings.period()
    options = Options(
        columns=want.raw,
        mapping=settings.mapping,
        tz=settings.time.zone,
        limits=settings.limits.in_force(),
    )
    names = list(names or [path.name for path in paths])
    request = Request(paths, names, options, since, until, settings.limits.part_rows)
    return ingest(request, want, page_rules(settings), goals, progress)


def page_rules(settings: Settings) -> PageRules:
    """`[pages]` as `friction.pages` wants it."""
    pages = settings.pages
    return PageRules(templates=pages.templates, types=pages.types, main_host=pages.main_host)


def _goals(settings: Settings) -> list[Goal]:
    if len(settings.goals) > MAX_GOALS:
        raise UsageError(
            "goal.too_many",
            f"{len(settings.goals)} goals are given, at most {MAX_GOALS} can be counted",
            remedy="leave the less important ones to another run",
        )
    expressions = [goal.when for goal in settings.goals.values()] or [CONVERSION]
    return [parse(expression) for expression in expressions]


def _unassessable(detector: Detector, capabilities: frozenset[str]) -> str | None:
    """What the input lacks for this detector, as codes; null when it can be asked."""
    lacking = sorted(detector.needs - capabilities)
    if detector.needs_one_of and not detector.needs_one_of & capabilities:
        lacking.append("|".join(sorted(detector.needs_one_of)))
    return f"needs {', '.join(lacking)}" if lacking else None


def _reduced(ingested: Ingested, plan: Plan, progress: Progress) -> Tables:
    """All parts reduced, as many at a time as there are threads, each result on its own and then together."""
    events, found = ingested.events, []

    def work(where: Slice) -> Tables:
        return reduce_part(events.part(where), plan)

    for tables in mapped(work, events.slices, pl.thread_pool_size()):
        found.append(tables)
        progress("detecting", len(found) / len(events.slices))
    return combined(found)


def _with_visitors(tables: Tables) -> Tables:
    """Give every session a `visitor`: its visitor's code, or a number of its own where none is known."""
    from dataclasses import replace

    sessions = tables.sessions
    own = pl.col("session_id").cast(pl.Int64) + (1 << 32)
    known = (
        pl.col("visitor_id").cast(pl.Int64) if "visitor_id" in sessions.columns else pl.lit(None, pl.Int64)
    )
    return replace(tables, sessions=sessions.with_columns(visitor=pl.coalesce(known, own)))


def inspect(inputs: Sequence[str | Path], names: Sequence[str] | None, settings: Settings) -> dict[str, Any]:
    """What the files are, how their columns were understood, and what can be found with them; changes nothing."""
    from friction.inspection import inspection

    chosen = _detectors(settings)
    ingested = _ingest(inputs, names, settings, chosen, quiet)
    tables = _with_visitors(_reduced(ingested, Plan([]), quiet))
    lacking = {detector.name: _unassessable(detector, ingested.capabilities) for detector in chosen}
    return inspection(ingested, tables, lacking, settings.time.zone or "UTC")


def convert(
    inputs: Sequence[str | Path], names: Sequence[str] | None, settings: Settings, output: Path
) -> dict[str, Any]:
    """Write the event table as Parquet; the answer is its books."""
    from friction.export import write_events

    ingested = _ingest(inputs, names, settings, None, quiet)
    return write_events(ingested, output)


def events(
    inputs: Sequence[str | Path], names: Sequence[str] | None, settings: Settings
) -> Iterator[pl.DataFrame]:
    """The event table part by part, for `friction.read`."""
    from friction.export import event_frames

    return event_frames(_ingest(inputs, names, settings, None, quiet))


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

    asked = detectors.configure(
        chosen or None, {**settings.detectors, **_thresholds(chosen, options, settings)}
    )
    events = [detector for detector in asked if detector.name not in SERIES]
    ingested = _ingest(inputs, names, settings, events, quiet)
    lacking = {
        detector.name: why for detector in events if (why := _unassessable(detector, ingested.capabilities))
    }
    running = [detector for detector in events if detector.name not in lacking]
    writer = FindingsWriter(ingested, {detector.name: detector for detector in running})
    _reduced(ingested, Plan(running, keep=writer.keep), quiet)
    counts = writer.write(output)
    return {"findings": counts, "not_assessable": lacking}


def _thresholds(
    chosen: Sequence[str], options: Mapping[str, str], settings: Settings
) -> dict[str, dict[str, Any]]:
    """`--set KEY=VALUE` for the one detector it is meant for; numbers and truths are read as JSON."""
    if not options:
        return {}
    if len(chosen) != 1:
        raise UsageError(
            "usage.wrong",
            "--set needs exactly one --detector that it is for",
            remedy="write it like --detector rage_click --set min_clicks=5",
        )
    return {
        chosen[0]: {**settings.detectors.get(chosen[0], {}), **{k: _value(v) for k, v in options.items()}}
    }


def _value(text: str) -> Any:
    import json

    try:
        return json.loads(text)
    except ValueError:
        return text
