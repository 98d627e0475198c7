"""Files read into events, with all that the settings say of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import polars as pl

from friction import lake
from friction.config import Settings
from friction.counting import Within, tallies
from friction.detectors.base import Detector
from friction.errors import UsageError
from friction.goals import Goal, parse
from friction.ingest import Ingested, Request, ingest
from friction.ingest.columns import EVERYTHING, Wanted, wanted
from friction.ingest.exclude import Exclusion
from friction.ingest.goals import CONVERSION
from friction.ingest.room import way_for
from friction.ingest.way import Way
from friction.journey.asked import journey_columns, journey_conditions
from friction.marks import COLUMNS as MARKED
from friction.pages import PageRules
from friction.privacy.columns import Policy
from friction.sources.base import Options
from friction.tallies import Tally

Progress = Callable[[str, float, int], None]
"""Hears the stage, how much of it is done (0–1), and how many rows it has seen."""
MAX_GOALS = 8


def quiet(_stage: str, _share: float, _rows: int) -> None:
    """No progress."""


def ingested_for(
    inputs: Sequence[str | Path],
    names: Sequence[str] | None,
    settings: Settings,
    chosen: Sequence[Detector] | None,
    progress: Progress,
    kinds: frozenset[str] = frozenset(),
    more: frozenset[str] = frozenset(),
    *,
    segments: bool = True,
    people: bool = True,
) -> Ingested:
    """Read what these detectors need; null: every column there is. `kinds`: of recordings these rows as well. `more`:
    plain columns that the rows are to keep besides. Findings alone need no `segments` of sessions, counts alone no
    `people` either (`friction.ingest.columns.wanted`).

    An input may be a data set of the lake, then it is the only one.
    """
    goals = goals_of(settings)
    want = EVERYTHING
    if chosen is not None:
        want = wanted_for(chosen, settings, more, segments=segments, people=people)
    paths = [Path(path) for path in inputs]
    way = way_for(paths, settings.limits.memory, settings.limits.part_rows, progress)
    kinds = kinds.union(*(detector.kinds for detector in chosen or ()))
    request = request_for(paths, list(names or [path.name for path in paths]), settings, want, kinds, way)
    if any(map(lake.is_dataset, paths)):
        from friction.lake.read import ingested

        return ingested(request, want, page_rules(settings), goals, progress)
    return ingest(request, want, page_rules(settings), goals, progress)


def request_for(
    paths: Sequence[Path],
    names: Sequence[str],
    settings: Settings,
    want: Wanted,
    kinds: frozenset[str],
    way: Way,
) -> Request:
    """What is asked of these files: what is wanted of them, with high-volume `kinds`, as the settings say."""
    since, until = settings.period()
    options = Options(
        kinds=kinds,
        columns=want.raw,
        mapping=settings.mapping,
        tz=settings.time.zone,
        limits=settings.limits.in_force(),
        keep=settings.privacy.keep,
        about=exclusion(settings).about,
    )
    return Request(
        paths,
        names,
        options,
        since,
        until,
        settings.limits.part_rows,
        policy(settings),
        exclusion(settings),
        settings.identity.stitch,
        settings.identity.apart,
        way,
    )


def counts_of(ingested: Ingested, settings: Settings) -> list[Tally]:
    """What the tools counted themselves, in the files that hold no events."""
    if ingested.counted.is_empty:
        return []
    known = ingested.events.words.by_column.get("url", pl.Series(dtype=pl.String()))
    files = ingested.books.files
    within = Within(
        [file.name for file in files],
        page_rules(settings),
        known.drop_nulls().to_list(),
        ingested.events.pages.main_host,
        frozenset(file.source for file in files if file.facts.get("rows_at_limit")),
    )
    return tallies(ingested.counted, within)


def policy(settings: Settings) -> Policy:
    """`[privacy]` as `friction.privacy` wants it."""
    return Policy(settings.privacy.key or "")


def exclusion(settings: Settings) -> Exclusion:
    """`[exclude]` as `friction.ingest` wants it."""
    asked = settings.exclude
    return Exclusion(ips=asked.ips, agents=asked.agents, visitors=asked.visitors, pages=asked.pages)


def page_rules(settings: Settings) -> PageRules:
    """`[pages]` as `friction.pages` wants it."""
    pages = settings.pages
    return PageRules(templates=pages.templates, types=pages.types, main_host=pages.main_host)


def wanted_for(
    chosen: Sequence[Detector],
    settings: Settings,
    more: frozenset[str] = frozenset(),
    *,
    segments: bool = True,
    people: bool = True,
) -> Wanted:
    """What is to be read for these detectors and the journey, `more` besides."""
    columns = {name for detector in chosen for name in detector.columns} | journey_columns(settings)
    columns |= {"response_delay_ms" for detector in chosen if detector.reactions} | MARKED
    of_element = {name: fact for detector in chosen for name, fact in detector.of_element.items()}
    of_name = {name: fact for detector in chosen for name, fact in detector.of_name.items()}
    of_row = {name: asked for detector in chosen for name, asked in detector.of_row.items()}
    of_row |= journey_conditions(settings)
    return wanted(columns, of_element, of_name, of_row, more, segments=segments, people=people)


def goals_of(settings: Settings) -> list[Goal]:
    """What counts as reached; the first one ranks. Raises `UsageError` when there are too many."""
    if len(settings.goals) > MAX_GOALS:
        raise UsageError(
            "goal.too_many",
            f"{len(settings.goals)} goals are given, at most {MAX_GOALS} can be counted",
            remedy="leave the less important ones to another run",
        )
    expressions = [goal.when for goal in settings.goals.values()] or [CONVERSION]
    return [parse(expression) for expression in expressions]
