"""The one flow: files → events → findings → friction points → cost → report.

Also its shorter relatives: `inspect` (what is this file?), `convert` (the event table), `detect` (raw findings).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import polars as pl

from friction import detectors
from friction.config import Settings
from friction.detectors.base import Detector
from friction.errors import UsageError
from friction.goals import Goal, parse
from friction.ingest import Ingested, Request, ingest
from friction.ingest.columns import wanted
from friction.ingest.goals import CONVERSION
from friction.pages import PageRules
from friction.reduce import Plan, Tables, combined, reduce_part
from friction.report import Report
from friction.sources.base import Options
from friction.summary import Analysis, build

Progress = Callable[[str, float], None]
MAX_GOALS = 8


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
        write_rejects(ingested, rejects)
    skipped = {detector.name: why for detector in chosen if (why := _unassessable(detector, ingested.capabilities))}
    running = [detector for detector in chosen if detector.name not in skipped and hasattr(detector, "detect")]
    tables = _reduced(ingested, Plan(running), progress)
    progress("ranking", 0.0)
    return build(Analysis(ingested, _with_visitors(tables), settings, {d.name: d for d in chosen}, skipped))


def _detectors(settings: Settings) -> list[Detector]:
    return detectors.configure(settings.analysis.detectors or None, settings.detectors)


def _ingest(
    inputs: Sequence[str | Path],
    names: Sequence[str] | None,
    settings: Settings,
    chosen: Sequence[Detector],
    progress: Progress,
) -> Ingested:
    goals = _goals(settings)
    columns = {column for detector in chosen for column in detector.columns}
    want = wanted(columns, names=True, revenue=True)
    paths = [Path(path) for path in inputs]
    since, until = settings.period()
    options = Options(columns=want.raw, mapping=settings.mapping, tz=settings.time.zone)
    request = Request(paths, list(names or [path.name for path in paths]), options, since, until)
    return ingest(request, want, page_rules(settings), goals, progress)


def page_rules(settings: Settings) -> PageRules:
    """`[pages]` as `friction.pages` wants it."""
    pages = settings.pages
    return PageRules(templates=pages.templates, types=pages.types, main_host=pages.main_host)


def _goals(settings: Settings) -> list[Goal]:
    if len(settings.goals) > MAX_GOALS:
        raise UsageError("goal.too_many", f"{len(settings.goals)} goals are given, at most {MAX_GOALS} can be counted")
    expressions = [goal.when for goal in settings.goals.values()] or [CONVERSION]
    return [parse(expression) for expression in expressions]


def _unassessable(detector: Detector, capabilities: frozenset[str]) -> str | None:
    """What the input lacks for this detector, as codes; null when it can be asked."""
    lacking = sorted(detector.needs - capabilities)
    if detector.needs_one_of and not detector.needs_one_of & capabilities:
        lacking.append("|".join(sorted(detector.needs_one_of)))
    return f"needs {', '.join(lacking)}" if lacking else None


def _reduced(ingested: Ingested, plan: Plan, progress: Progress) -> Tables:
    total, done, found = ingested.events.rows.height, 0, []
    for part in ingested.events.parts():
        found.append(reduce_part(part, plan))
        done += part.height
        progress("detecting", done / total)
    return combined(found)


def _with_visitors(tables: Tables) -> Tables:
    """Give every session a `visitor`: its visitor's code, or a number of its own where none is known."""
    from dataclasses import replace

    sessions = tables.sessions
    own = pl.col("session_id").cast(pl.Int64) + (1 << 32)
    known = pl.col("visitor_id").cast(pl.Int64) if "visitor_id" in sessions.columns else pl.lit(None, pl.Int64)
    return replace(tables, sessions=sessions.with_columns(visitor=pl.coalesce(known, own)))


def write_rejects(ingested: Ingested, path: Path) -> None:
    """Every rejected record: file, number, line, column and reason; never its contents."""
    files = pl.Series([file.name for file in ingested.books.files])
    table = ingested.books.all_rejects
    table.select(file=files.gather(table["file_id"]), row_no="row_no", line="line", column="column", reason="reason").write_csv(path)


def inspect(inputs: Sequence[str | Path], names: Sequence[str] | None, settings: Settings) -> dict[str, Any]:
    """What each file is, how its columns were understood, and what it can tell; changes nothing."""
    from friction.inspection import inspection

    return inspection(inputs, names, settings)
