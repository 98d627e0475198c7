"""The calls: each names its options, turns data into files, and hands them to the one flow (`friction.scan`)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from friction import isolate as isolation
from friction import report as values
from friction import scan
from friction.cli.inputs import Inputs
from friction.config import Settings
from friction.errors import InputError, InternalError
from friction.i18n import DEFAULT
from friction.library import tables
from friction.library.data import Data, files
from friction.library.options import Columns, Config, Moment, Place, settings
from friction.library.report import Report, spoken

if TYPE_CHECKING:
    from friction.engines.executor import Executor

Several = Data | Iterable[Data]


def analyze(
    *data: Several,
    goal: str | Sequence[str] = (),
    funnel: str | Sequence[str] = (),
    detectors: str | Sequence[str] = (),
    mapping: Columns | None = None,
    since: Moment | None = None,
    until: Moment | None = None,
    tz: str | None = None,
    config: Config | None = None,
    preset: str | None = None,
    lang: str = DEFAULT,
    isolate: bool = False,
    executor: Executor | None = None,
) -> Report:
    """The ranked friction points of these data: what `friction analyze` finds in the same rows.

    `goal` says what counts as a conversion, like `event=purchase`; the first of several ranks. `funnel`: steps in the
    order in which people pass them, like `"/cart > /checkout > event=purchase"`. `detectors`: only these. `mapping`:
    columns of the event table and their names in the data, where the guess is wrong. `tz`: zone of days, and of times
    that have none; null is UTC. `preset`: the rules of another tool instead of friction's own. `lang`: what the report
    shows itself in, `en` or `fr`; never a part of the result. `executor`: who does the work on tables in Parquet, all
    of one kind, instead of this process; anything whose `map` is that of `concurrent.futures`.

    Raises `UsageError` for a wrong option, `InputError` for data that cannot be used.
    """
    code = spoken(lang).code
    known = settings(config, mapping, tz, (since, until), detectors, goal, preset, funnel)
    with files(data, known) as found:
        if isolate:
            return Report(_apart(found, known), code)
        if executor is not None:
            return Report.from_json(_spread(found, known, executor).to_json(), code)
        # Its figures as a file has them, so that a report is the same before and after it was written.
        return Report.from_json(scan.analyze(found.paths, found.names, known).to_json(), code)


def read(
    *data: Several,
    columns: Sequence[str] | None = None,
    mapping: Columns | None = None,
    since: Moment | None = None,
    until: Moment | None = None,
    tz: str | None = None,
    config: Config | None = None,
) -> pl.DataFrame:
    """The event table: one row an event, sorted by `session_id, ts, seq`; of what was typed only the length.

    `columns`: exactly these of `friction schema event`, null where the data do not say; by default every one that has
    a value. `analyze` takes the table again and finds the same in it.
    """
    known = settings(config, mapping, tz, (since, until))
    wanted = None if columns is None else tables.known_columns(columns)
    with files(data, known) as found:
        return tables.events(scan.events(found.paths, found.names, known), wanted)


def detect(
    *data: Several,
    detectors: str | Sequence[str] = (),
    mapping: Columns | None = None,
    since: Moment | None = None,
    until: Moment | None = None,
    tz: str | None = None,
    config: Config | None = None,
    preset: str | None = None,
) -> pl.DataFrame:
    """Every single finding, one row each with the rows of the input that show it; nothing is ranked.

    Thresholds go into `config`: `{"detectors": {"rage_click": {"min_clicks": 3}}}`. Raises `InputError` when a detector
    that was asked for by name cannot work with these data, since no row would look like no friction.
    """
    known = settings(config, mapping, tz, (since, until), detectors, preset=preset)
    with files(data, known) as found, isolation.workspace() as folder:
        output = folder / "findings.parquet"
        asked = known.analysis.detectors
        _refuse_silence(scan.detect(found.paths, found.names, known, asked, {}, output), asked)
        return pl.read_parquet(output)


def inspect(
    *data: Several, mapping: Columns | None = None, tz: str | None = None, config: Config | None = None
) -> dict[str, Any]:
    """What the data are, how their columns were understood, and what can be found with them."""
    known = settings(config, mapping, tz)
    with files(data, known) as found:
        return scan.inspect(found.paths, found.names, known)


def convert(
    *data: Several,
    output: Place,
    mapping: Columns | None = None,
    since: Moment | None = None,
    until: Moment | None = None,
    tz: str | None = None,
    config: Config | None = None,
) -> dict[str, Any]:
    """Write the event table as Parquet, also one that is larger than memory; the answer says what is in it."""
    from friction.files import committed

    known = settings(config, mapping, tz, (since, until))
    with files(data, known) as found, committed(Path(output)) as part:
        return scan.convert(found.paths, found.names, known, part)


def load(path: Place, lang: str = DEFAULT) -> Report:
    """A report that was written as JSON. Raises `InputError` when it is missing or none."""
    try:
        return Report.from_json(Path(path).read_bytes(), lang)
    except OSError:
        remedy = 'write one with report.save("report.json") or friction analyze … -o report.json'
        raise InputError(
            "input.missing", f"there is no report {path}", file=str(path), remedy=remedy
        ) from None


def _refuse_silence(answer: Mapping[str, Any], asked: Sequence[str]) -> None:
    for name in asked:
        if why := answer["not_assessable"].get(name):
            raise InputError(
                "detector.not_assessable",
                f"{name} cannot work with these data: it {why}",
                remedy="friction.inspect says what the data hold",
            )
    if failed := answer.get("failed"):
        raise InternalError(
            "detector.failed", f"failed: {', '.join(sorted(failed))}", remedy="please report it with the data"
        )


def _spread(found: Inputs, known: Settings, executor: Executor) -> values.Report:
    """The report as the workers of an executor find it."""
    from friction.engines.executor import analyze as spread

    with isolation.workspace() as folder:
        return spread([Path(path) for path in found.paths], found.names[0], known, executor, folder)


def _apart(found: Inputs, known: Settings) -> values.Report:
    """The report as a process of its own finds it, within all bounds."""
    plan = {
        "command": "analyze",
        "inputs": found.paths,
        "names": found.names,
        "settings": known.model_dump(mode="json"),
        "output": "answer.json",
    }
    return values.Report.from_json(isolation.run(plan).read_bytes())
