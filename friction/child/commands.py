"""What a plan can ask for. Each command takes the plan and a progress function and returns the bytes of a
JSON file, a long one in pieces.

Everything that loads Polars is imported inside the command that needs it: a plan pays for what it uses.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import orjson

from friction.config import Settings, read
from friction.files import committed, write

FEW_BYTES = 200_000
Plan = dict[str, Any]
Progress = Callable[[str, float, int], None]


def analyze(plan: Plan, progress: Progress) -> Iterator[bytes]:
    """The report; with `rejects`, also every record that was set aside, as a table; with `beside`, also the folder of
    `friction.beside`; with `dataset`, by way of the lake; with `listed`, its list before the rest."""
    from friction.scan import analyze as analysed

    more: dict[str, Any] = {"progress": progress, "listed": _listed(plan, progress), "also": _beside(plan)}
    _load_beforehand(plan)
    plan = _through_lake(plan, progress)
    if not plan.get("rejects"):
        return analysed(*_inputs(plan), _settings(plan), **more).pieces()
    with committed(plan["rejects"]) as rejects:
        report = analysed(*_inputs(plan), _settings(plan), rejects=rejects, **more)
    return report.pieces()


def _listed(plan: Plan, progress: Progress) -> Callable[[Any], None] | None:
    """Writes the report as far as it is, its list complete, and says that the rest follows."""
    if not plan.get("listed"):
        return None

    def put(report: Any) -> None:
        write(plan["listed"], report.pieces())
        progress("completing", 0.0, 0)

    return put


def _load_beforehand(plan: Plan) -> None:
    """The library that tells kinds of visitors apart takes longer to load than to work: a journey has it loaded while
    the engine reads, on the other core. Files as small as `FEW_BYTES` hold too few visitors for it.
    """
    if not plan.get("settings", {}).get("analysis", {}).get("journey"):
        return
    if sum(Path(path).stat().st_size for path in plan["inputs"] if Path(path).is_file()) > FEW_BYTES:
        threading.Thread(target=import_module, args=["sklearn.cluster"], daemon=True).start()


def _through_lake(plan: Plan, progress: Progress) -> Plan:
    """With a `dataset` in the plan its inputs are put there, unless they are, and analysed from there; visitors who
    are to stay `forgotten` are taken out of it first."""
    if not plan.get("dataset"):
        return plan
    from friction import scan
    from friction.lake import is_dataset

    dataset = Path(plan["dataset"])
    if not is_dataset(dataset):
        scan.deliver(*_inputs(plan), _settings(plan), dataset, progress=progress)
    if plan.get("forgotten"):
        from friction.lake.erase import erase as erased

        erased(dataset, plan["forgotten"], scan.policy(_settings(plan)))
    return {**plan, "inputs": [str(dataset)], "names": None}


def _beside(plan: Plan) -> Callable[[Any, Any], None] | None:
    if not plan.get("beside"):
        return None
    from friction.beside.write import write_beside

    names = plan.get("names") or [Path(path).name for path in plan["inputs"]]
    there = {
        path: name for path, name in zip(map(Path, plan["inputs"]), names, strict=True) if path.is_file()
    }
    dataset = Path(plan["dataset"]) if plan.get("dataset") else None

    def write(analysis: Any, report: Any) -> None:
        write_beside(analysis, report, list(there), list(there.values()), Path(plan["beside"]), dataset)

    return write


def keep(plan: Plan, progress: Progress) -> bytes:
    """What an analysis has read straight from its files into the lake, with the recordings `beside` its report."""
    from friction.beside.folder import RECORDINGS
    from friction.lake.recordings import kept

    _through_lake(plan, progress)
    kept(Path(plan["dataset"]), Path(plan["beside"]) / RECORDINGS)
    return _json({})


def inspect(plan: Plan, _: Progress) -> bytes:
    """What the input is and how it would be read."""
    from friction import scan

    return _json(scan.inspect(*_inputs(plan), _settings(plan)))


def matching(plan: Plan, _: Progress) -> bytes:
    """What the columns of tables could be, for a person to say which is which."""
    from friction.matching import matching as matched

    return _json(matched(*_inputs(plan), _settings(plan)))


def privacy(plan: Plan, _: Progress) -> bytes:
    """The first records before and after masking."""
    from friction.preview import preview

    return _json(preview(*_inputs(plan), _settings(plan)))


def who(plan: Plan, _: Progress) -> bytes:
    """The person behind one id, with what joins their ids."""
    from friction import scan
    from friction.summary.who import who as explained

    ingested = scan.ingested_for(*_inputs(plan), _settings(plan), [], scan.quiet)
    return _json(explained(ingested, plan["who"]))


def propose(plan: Plan, _: Progress) -> bytes:
    """What a configuration for the input could say."""
    from friction import scan

    return _json(scan.propose(*_inputs(plan), _settings(plan)))


def convert(plan: Plan, _: Progress) -> bytes:
    """The event table, or the one of counts that `which` names, as `table`; the answer says what is in it."""
    from friction import scan

    with committed(plan["table"]) as table:
        return _json(scan.convert(*_inputs(plan), _settings(plan), table, plan.get("which")))


def deliver(plan: Plan, progress: Progress) -> bytes:
    """Files into a data set of the lake; the answer says what came of it (`friction.lake`)."""
    from friction import scan

    keep_open, dataset = bool(plan.get("keep_open")), Path(plan["dataset"])
    return _json(
        scan.deliver(*_inputs(plan), _settings(plan), dataset, keep_open=keep_open, progress=progress)
    )


def erase(plan: Plan, _: Progress) -> bytes:
    """Visitors out of a data set; the answer says how much went."""
    from friction import scan
    from friction.lake.erase import erase as erased

    return _json(erased(Path(plan["dataset"]), plan["visitors"], scan.policy(_settings(plan))))


def trim(plan: Plan, _: Progress) -> bytes:
    """Days that are kept no longer out of a data set; the answer says how much went."""
    from friction.lake.erase import trim as trimmed

    return _json(trimmed(Path(plan["dataset"]), plan["before"]))


def hours(plan: Plan, _: Progress) -> bytes:
    """Events of a data set by day, kind and hour."""
    from friction.hours import hours as counted

    return _json(counted(Path(plan["dataset"]), plan["zone"], plan["since"], plan["until"]))


def raw(plan: Plan, _: Progress) -> bytes:
    """The input's own table as `table`, repaired and nothing else; the answer says what was found out about it."""
    from friction.raw import write_raw

    inputs, settings = [Path(path) for path in plan["inputs"]], _settings(plan)
    names = plan.get("names") or [path.name for path in inputs]
    with committed(plan["table"]) as table:
        return _json(write_raw(inputs, names, settings.mapping, table, settings.limits.in_force()))


def detect(plan: Plan, _: Progress) -> bytes:
    """Raw findings as `table`; the answer says how many there are."""
    from friction import scan

    chosen, options = plan["detectors"], plan.get("options", {})
    with committed(plan["table"]) as table:
        return _json(scan.detect(*_inputs(plan), _settings(plan), chosen, options, table))


def flatten(plan: Plan, _: Progress) -> bytes:
    """The rows of the table of a lake in the folder `root` as Parquet in `table`."""
    from friction.places import delta, iceberg

    kind = {"delta": delta, "iceberg": iceberg}[plan["lake"]]
    with committed(plan["table"]) as table:
        kind.write(Path(plan["root"]), table, plan["name"])
    return _json({})


def agreement(plan: Plan, progress: Progress) -> bytes:
    """What the rules of all presets find, and how far they agree."""
    from friction.agreement import compare

    return _json(compare(*_inputs(plan), _settings(plan), progress))


def compare(plan: Plan, progress: Progress) -> bytes:
    """Two reports of one input: before and after `at`, or of the values of `by`."""
    from friction import sides

    files, settings = _inputs(plan), _settings(plan)
    if plan.get("at"):
        found = sides.periods(*files, settings, plan["at"], progress)
    else:
        found = sides.variants(*files, settings, plan["by"], plan["control"], plan["share"], progress)
    about = {"names": found.names, "sample": found.sample}
    return orjson.dumps(
        {"old": orjson.Fragment(found.old.to_json()), "new": orjson.Fragment(found.new.to_json()), **about}
    )


def changes(plan: Plan, _: Progress) -> bytes:
    """Where a series of rates or values changed."""
    from friction.changes import changes as found

    settings, path = _settings(plan), Path(plan["inputs"][0])
    name = (plan.get("names") or [path.name])[0]
    return _json(found(path, name, settings.mapping, settings.time.zone, settings.limits.in_force()))


def render(plan: Plan, _: Progress) -> bytes:
    """A report that exists already, in the `form` and `lang` of the plan."""
    from friction.i18n import language
    from friction.render.forms import rendered
    from friction.report import Report

    report = Report.from_json(Path(plan["inputs"][0]).read_bytes())
    return rendered(report, plan["form"], language(plan["lang"]))


def catalogue(plan: Plan, _: Progress) -> bytes:
    """All detectors, presets or sources with what their docstrings say."""
    if plan["of"] == "sources":
        from friction import sources

        return _json(sources.catalogue())
    from friction import detectors
    from friction.detectors import presets
    from friction.rules import detectors_of

    if plan["of"] == "presets":
        return _json(presets.catalogue())
    return _json(detectors.catalogue(detectors_of(_settings(plan).rules)))


def event_schema(_plan: Plan, _: Progress) -> bytes:
    """JSON Schema of one row of the event table."""
    from friction.child.event_schema import json_schema

    return _json(json_schema())


def environment(_plan: Plan, _: Progress) -> bytes:
    """Whether the engine loads and works in a process like this one."""
    import polars as pl

    total = pl.LazyFrame({"n": [1, 2, 3]}).select(pl.col("n").sum()).collect().item()
    return _json({"version": pl.__version__, "threads": pl.thread_pool_size(), "works": total == 6})


COMMANDS: dict[str, Callable[[Plan, Progress], bytes | Iterator[bytes]]] = {
    "agreement": agreement,
    "analyze": analyze,
    "catalogue": catalogue,
    "changes": changes,
    "compare": compare,
    "convert": convert,
    "deliver": deliver,
    "detect": detect,
    "environment": environment,
    "erase": erase,
    "event_schema": event_schema,
    "flatten": flatten,
    "hours": hours,
    "inspect": inspect,
    "keep": keep,
    "matching": matching,
    "privacy": privacy,
    "who": who,
    "propose": propose,
    "raw": raw,
    "render": render,
    "trim": trim,
}


def _inputs(plan: Plan) -> tuple[list[str], list[str] | None]:
    """The files and their names; raises `LimitError` when they plainly need more memory than there is."""
    from friction.ingest.forecast import refuse_hopeless

    refuse_hopeless(plan)
    return plan["inputs"], plan.get("names")


def _settings(plan: Plan) -> Settings:
    """The settings; the ceiling that this process has is theirs where they name none."""
    settings = read(plan.get("settings", {}), "the plan")
    ceiling = plan.get("bounds", {}).get("memory")
    if ceiling is None or settings.limits.memory is not None:
        return settings
    limits = settings.limits.model_copy(update={"memory": ceiling})
    return settings.model_copy(update={"limits": limits})


def _json(value: object) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
