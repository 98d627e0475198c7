"""The one flow: files → events → findings → friction points → cost → report.

Also its shorter relatives: `inspect` (what is this file?), `convert` (the event table), `detect` (raw findings).
Programs call `friction.library`, which takes frames too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import polars as pl

from friction import detectors, lake
from friction.config import Settings
from friction.config.values import json_or_text
from friction.counting import Within, tallies
from friction.detectors import presets
from friction.detectors.base import Detector
from friction.engines.local import mapped
from friction.errors import InputError, UsageError
from friction.goals import Goal, parse
from friction.ingest import Ingested, Request, ingest
from friction.ingest.columns import EVERYTHING, Wanted, wanted
from friction.ingest.exclude import Exclusion
from friction.ingest.goals import CONVERSION
from friction.ingest.room import way_for
from friction.ingest.store import Slice
from friction.isolate import memory
from friction.marks import COLUMNS as MARKED
from friction.marks import Beside
from friction.pages import PageRules
from friction.privacy.columns import Policy
from friction.reduce import Plan, Tables, combined, reduce_part
from friction.report import Report
from friction.rules import detectors_of
from friction.sources.base import Options
from friction.summary import Analysis, build
from friction.summary.bare import bare
from friction.summary.journey import journey_columns, journey_conditions, with_journey, with_signs
from friction.summary.people import with_people
from friction.summary.reached import Reached, both
from friction.suppress import usual
from friction.tallies import Tally

SPOTS = frozenset({"x", "y", "page_x", "page_y", "scroll_x", "scroll_y", "viewport_w"})
"""What says where a click fell (`friction.beside.spots`)."""
Progress = Callable[[str, float, int], None]
"""Hears the stage, how much of it is done (0–1), and how many rows it has seen."""
MAX_GOALS = 8
SERIES = ("dropoff_spike",)
"""Detectors of series over time: they have no findings of single sessions."""


def quiet(_stage: str, _share: float, _rows: int) -> None:
    """No progress."""


def analyze(
    inputs: Sequence[str | Path],
    names: Sequence[str] | None = None,
    settings: Settings | None = None,
    *,
    rejects: Path | None = None,
    progress: Progress = quiet,
    also: Callable[[Analysis, Report], None] | None = None,
) -> Report:
    """The ranked report of these files. `names` is what the user calls them; `rejects` takes all rejected records.

    `also` hears in the end what the report was made of, where there were events.
    """
    settings = settings or Settings()
    chosen = _detectors(settings)
    more = SPOTS if also is not None else frozenset[str]()
    ingested = ingested_for(inputs, names, settings, chosen, progress, more=more)
    if rejects:
        from friction.export import write_rejects

        write_rejects(ingested, rejects)
    skipped = {detector.name: why for detector in chosen if (why := unassessable(detector, ingested))}
    running = [
        detector for detector in chosen if detector.name not in skipped and detector.name not in SERIES
    ]
    counted = counts_of(ingested, settings)
    asked = {detector.name: detector for detector in chosen}
    if not ingested.has_events:
        return replace(bare(ingested, settings, asked, skipped), counted=counted)
    beside = Beside(ingested, running)
    ingested, signs = with_signs(ingested, settings)
    reached = Reached(running)
    watch = both(beside.watch if beside.is_needed else None, reached.watch if reached.detector else None)
    plan = Plan(running, watch=watch, signs=signs, origins=settings.analysis.journey)
    tables = usual(_reduced(ingested, plan, progress), running, ingested.capabilities)
    progress("ranking", 0.0, 0)
    analysed = Analysis(ingested, with_people(tables, ingested), settings, asked, skipped)
    report = with_journey(build(analysed), analysed)
    report = replace(report, counted=counted, marks=beside.marks(asked, skipped))
    report = replace(report, funnels=[*reached.funnels(tables.sessions, settings), *report.funnels])
    if also is not None:
        also(analysed, report)
    return report


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


def analysis(
    inputs: Sequence[str | Path],
    names: Sequence[str] | None = None,
    settings: Settings | None = None,
    progress: Progress = quiet,
) -> Analysis:
    """All that a report of these files is built from. Raises `InputError` for files without single events."""
    settings = settings or Settings()
    chosen = _detectors(settings)
    ingested = ingested_for(inputs, names, settings, chosen, progress)
    if not ingested.has_events:
        remedy = "give an export of single events"
        raise InputError("input.no_events", "these files hold no single events to be compared", remedy=remedy)
    skipped = {detector.name: why for detector in chosen if (why := unassessable(detector, ingested))}
    running = [each for each in chosen if each.name not in {*skipped, *SERIES}]
    tables = _reduced(ingested, Plan(running), progress)
    progress("ranking", 0.0, 0)
    return Analysis(ingested, with_people(tables, ingested), settings, {d.name: d for d in chosen}, skipped)


def _detectors(settings: Settings) -> list[Detector]:
    """The detectors asked for; with a preset its rules, besides friction's own for what the tool has none for."""
    names, preset = settings.analysis.detectors or None, settings.analysis.preset
    if preset is None:
        return detectors.configure(names, _options(settings), detectors_of(settings.rules))
    theirs = presets.rules(preset, names)
    if names:
        return list(theirs)
    replaced = {rule.name for rule in theirs}
    every = detectors.configure(None, _options(settings), detectors_of(settings.rules))
    ours = [one for one in every if one.name not in replaced]
    return [*theirs, *ours]


def _options(settings: Settings) -> dict[str, dict[str, Any]]:
    """`[detectors.NAME]`, with the funnels there are: who gives some, looks for what drops off in them."""
    found: dict[str, dict[str, Any]] = {name: dict(own) for name, own in settings.detectors.items()}
    if settings.funnels:
        steps = [list(funnel.steps) for funnel in settings.funnels.values()]
        found["funnel_dropoff"] = {"enabled": True, "funnels": steps, **found.get("funnel_dropoff", {})}
    return found


def ingested_for(
    inputs: Sequence[str | Path],
    names: Sequence[str] | None,
    settings: Settings,
    chosen: Sequence[Detector] | None,
    progress: Progress,
    kinds: frozenset[str] = frozenset(),
    more: frozenset[str] = frozenset(),
) -> Ingested:
    """Read what these detectors need; null: every column there is. `kinds`: of recordings these rows as well. `more`:
    plain columns that the rows are to keep besides.

    An input may be a data set of the lake, then it is the only one.
    """
    goals = _goals(settings)
    want = EVERYTHING if chosen is None else _wanted(chosen, settings, more)
    paths = [Path(path) for path in inputs]
    since, until = settings.period()
    options = Options(
        kinds=kinds.union(*(detector.kinds for detector in chosen or ())),
        columns=want.raw,
        mapping=settings.mapping,
        tz=settings.time.zone,
        limits=settings.limits.in_force(),
        keep=settings.privacy.keep,
        about=exclusion(settings).about,
    )
    names = list(names or [path.name for path in paths])
    request = Request(
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
        way_for(paths, settings.limits.memory or memory.ceiling(), settings.limits.part_rows, progress),
    )
    if any(map(lake.is_dataset, paths)):
        from friction.lake.read import ingested

        return ingested(request, want, page_rules(settings), goals, progress)
    return ingest(request, want, page_rules(settings), goals, progress)


def _wanted(chosen: Sequence[Detector], settings: Settings, more: frozenset[str]) -> Wanted:
    columns = {name for detector in chosen for name in detector.columns} | journey_columns(settings)
    columns |= {"response_delay_ms" for detector in chosen if detector.reactions} | MARKED
    of_element = {name: fact for detector in chosen for name, fact in detector.of_element.items()}
    of_name = {name: fact for detector in chosen for name, fact in detector.of_name.items()}
    of_row = {name: asked for detector in chosen for name, asked in detector.of_row.items()}
    of_row |= journey_conditions(settings)
    return wanted(columns, of_element, of_name, of_row, more)


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


def _goals(settings: Settings) -> list[Goal]:
    if len(settings.goals) > MAX_GOALS:
        raise UsageError(
            "goal.too_many",
            f"{len(settings.goals)} goals are given, at most {MAX_GOALS} can be counted",
            remedy="leave the less important ones to another run",
        )
    expressions = [goal.when for goal in settings.goals.values()] or [CONVERSION]
    return [parse(expression) for expression in expressions]


def unassessable(detector: Detector, ingested: Ingested) -> str | None:
    """What the input lacks for this detector, as codes; null when it can be asked."""
    if not detector.is_published:
        return "unpublished"
    have = ingested.capabilities | ingested.at_hand
    reactions = detector.reactions
    if "mutation" in reactions - have and "response_delay_ms" in have:
        # The source has summed up all reactions in one figure, which says nothing to a rule that asks for kinds.
        reactions = frozenset({"mutation"})
    if detector.preset and "few_rows" in have:
        have |= {"has_order"}
    alternatives = [frozenset(column.split("|")) for column in sorted(detector.filled)]
    alternatives += [each for each in (detector.needs_one_of, reactions) if each]
    lacking = [
        *sorted(detector.needs - have),
        *("|".join(sorted(each)) for each in alternatives if not each & have),
    ]
    lacking = [detector.described_by if each in detector.facts else each for each in lacking]
    return f"needs {', '.join(lacking)}" if lacking else None


def _reduced(ingested: Ingested, plan: Plan, progress: Progress) -> Tables:
    """All parts reduced, as many at a time as there are threads, each result on its own and then together."""
    events, found = ingested.events, []

    def work(where: Slice) -> Tables:
        return reduce_part(events.part(where), plan)

    for tables in mapped(work, events.slices, pl.thread_pool_size()):
        found.append(tables)
        share = len(found) / len(events.slices)
        progress("detecting", share, round(share * events.height))
    return combined(found)


def inspect(inputs: Sequence[str | Path], names: Sequence[str] | None, settings: Settings) -> dict[str, Any]:
    """What the files are, how their columns were understood, and what can be found with them; changes nothing."""
    from friction.inspection import inspection, tallied, without_events
    from friction.recognition import recognition

    chosen = _detectors(settings)
    ingested = ingested_for(inputs, names, settings, chosen, quiet)
    lacking = {detector.name: unassessable(detector, ingested) for detector in chosen}
    more: dict[str, Any] = {"counted": tallied(found)} if (found := counts_of(ingested, settings)) else {}
    more["recognition"] = recognition(inputs, names, settings, ingested.books)
    if not ingested.has_events:
        return without_events(ingested, lacking) | more
    tables = with_people(_reduced(ingested, Plan([]), quiet), ingested)
    return inspection(ingested, tables, lacking, settings.time.zone or "UTC") | more


def propose(inputs: Sequence[str | Path], names: Sequence[str] | None, settings: Settings) -> dict[str, Any]:
    """What a configuration for these files could say (`friction.summary.proposals`)."""
    from friction.summary.funnel import common
    from friction.summary.proposals import proposals

    ingested = ingested_for(inputs, names, settings, [], quiet)
    found = proposals(ingested.events)
    if found.goals:
        events = replace(ingested.events, goals=(parse(found.goals[0].definition),))
        tables = with_people(_reduced(replace(ingested, events=events), Plan([]), quiet), ingested)
        pages = common(tables.sessions, tables.views)
        found = replace(found, steps=[events.words.word("page", page) or "" for page in pages])
    return asdict(found)


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

    asked = _asked(chosen, options, settings)
    events = [detector for detector in asked if detector.name not in SERIES]
    ingested = ingested_for(inputs, names, settings, events, quiet)
    lacking = {detector.name: why for detector in events if (why := unassessable(detector, ingested))}
    running = [detector for detector in events if detector.name not in lacking]
    writer = FindingsWriter(ingested, {detector.name: detector for detector in running})
    failed = _reduced(ingested, Plan(running, keep=writer.keep), quiet).failed
    counts = writer.write(output)
    answer: dict[str, Any] = {"findings": counts, "not_assessable": lacking}
    if settings.analysis.preset is not None:
        answer["preset"] = next((detector.label for detector in asked), None)
    if failed:
        answer["failed"] = failed
    if passed := ingested.books.passed_over:
        answer["passed_over"] = [asdict(each) for each in passed]
    return answer


def _asked(chosen: Sequence[str], options: Mapping[str, str], settings: Settings) -> Sequence[Detector]:
    """The detectors with their thresholds; of a preset its rules alone, with the tool's own names for what is set."""
    if settings.analysis.preset is None:
        own = detectors_of(settings.rules)
        known = _options(settings)
        options_of = _thresholds(chosen, options, known)
        return detectors.configure(chosen or None, {**known, **options_of}, own)
    return presets.rules(settings.analysis.preset, chosen or None, _thresholds(chosen, options, {}))


def _thresholds(
    chosen: Sequence[str], options: Mapping[str, str], configured: Mapping[str, Mapping[str, Any]]
) -> dict[str, dict[str, Any]]:
    """`--set DETECTOR.KEY=VALUE`, or `KEY=VALUE` for the one detector asked for; values are read as JSON or text."""
    found: dict[str, dict[str, Any]] = {}
    for key, text in options.items():
        name, _, option = key.rpartition(".")
        if not name and len(chosen) != 1:
            raise UsageError(
                "usage.wrong",
                "--set needs exactly one --detector that it is for",
                remedy="write it like --detector rage_click --set min_clicks=5, or --set rage_click.min_clicks=5",
            )
        name = name or chosen[0]
        found.setdefault(name, dict(configured.get(name, {})))[option] = json_or_text(text)
    return found
