"""`friction detectors`, `sources`, `schema`: what can be found, read and relied on."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from friction.cli import options as opt
from friction.cli.commands import below
from friction.cli.speech import speaking
from friction.cli.voice import Voice, say, show
from friction.cli.work import answer, missed
from friction.errors import EXIT_DONE, UsageError, nearest
from friction.i18n.codes import GROUPS as GROUPS_OF_WORDS
from friction.i18n.language import N_, Language
from friction.values import dataclass

SCHEMA = """\b
friction schema report
friction schema config

Print the JSON Schema of the report, of the configuration file, or of one row of the event table.
"""
Name = Annotated[str, typer.Argument(metavar="NAME", help="A name from the list.")]
OnlyJson = Annotated[Literal["json"], typer.Option("--format", help="How the result is printed.")]
What = Annotated[Literal["report", "config", "event"], typer.Argument(help="Which schema.")]


def schema(what: What, form: OnlyJson = "json") -> int:  # noqa: ARG001 - said for symmetry
    """Print a schema."""
    from friction.render import json

    if what == "event":
        say(answer("event_schema", Voice(quiet=True)))
    elif what == "report":
        from friction.report import json_schema

        say(json.dumps(json_schema()))
    else:
        from friction.config import json_schema as config_schema

        say(json.dumps(config_schema()))
    return EXIT_DONE


def _entries(of: str, config: Path | None = None) -> list[dict[str, Any]]:
    """The catalogue; of detectors with the rules of the configuration."""
    import orjson

    settings = opt.settings(config) if of == "detectors" else None
    entries: list[dict[str, Any]] = orjson.loads(
        answer("catalogue", Voice(quiet=True), settings=settings, of=of)
    )
    return entries


def _sentence(entry: dict[str, Any], speak: Language) -> str:
    """What it is, in this language where it is one of ours."""
    group = "one_liner" if "summary" in entry else "source"
    known = entry["name"] in GROUPS_OF_WORDS[group]
    return (
        speak.word(group, entry["name"]) if known else str(entry.get("summary") or entry.get("title") or "")
    )


@dataclass(frozen=True)
class Catalogue:
    """The two commands of one catalogue."""

    of: str

    def listed(self, form: opt.Form = "table", config: opt.Config = None) -> int:
        """Print all names with a sentence each."""
        from friction.render import json
        from friction.render.tree import entries

        found = _entries(self.of, config)
        if form == "json":
            say(json.dumps(found))
        else:
            show(entries([(each["name"], _sentence(each, speaking())) for each in found]))
        return EXIT_DONE

    def shown(self, name: Name, form: opt.Form = "table", config: opt.Config = None) -> int:
        """Print all that is known of one."""
        from friction.render import json

        found = {entry["name"]: entry for entry in _entries(self.of, config)}
        if self.of == "detectors" and name not in found:
            found = {entry["name"]: entry for entry in _entries("presets")} | found
        if name not in found:
            remedy = nearest(name, found)
            detail = (
                f"there is no detector {name!r}" if self.of == "detectors" else f"there is no source {name!r}"
            )
            raise UsageError("usage.unknown_name", detail, remedy=remedy)
        if form == "json":
            say(json.dumps(found[name]))
        else:
            self._tell(found[name])
        return EXIT_DONE

    def _tell(self, entry: dict[str, Any]) -> None:
        from friction.render.catalogue import detector, preset
        from friction.render.tree import tree

        if self.of == "detectors" and "rules" not in entry:
            show(detector(entry, speaking()))
            return
        text = entry.pop("rule" if self.of == "detectors" else "text", "")
        show(preset(entry, speaking()) if self.of == "detectors" else tree(entry))
        say(f"\n{text}\n" if text else "")


COMPARE = """\b
friction detectors compare events.csv
friction detectors compare recordings/*.json --format json

Let the rules of all tools judge the same input, and say what each finds and how far each two agree.
"""


def compare(
    inputs: opt.Inputs,
    form: opt.Form = "table",
    since: opt.Since = None,
    until: opt.Until = None,
    zone: opt.Zone = None,
    config: opt.Config = None,
    mapping: opt.Mapping = None,
    threads: opt.Threads = None,
    quiet: opt.Quiet = False,
    verbose: opt.Verbose = False,
) -> int:
    """Judge by all presets, print how they differ; the exit code says whether members of an archive are missing."""
    import orjson

    from friction.render.agreement import agreement

    settings = opt.settings(
        config,
        mapping,
        analysis__since=since,
        analysis__until=until,
        limits__threads=threads,
        time__zone=zone,
    )
    voice = Voice(quiet, verbose)
    content = answer("agreement", voice, inputs, settings)
    if form == "json":
        say(content)
    else:
        show(agreement(orjson.loads(content), speaking()))
    return missed(content, voice)


DETECTORS = """\b
friction detectors list
friction detectors show rage_click
friction detectors show posthog
friction detectors compare events.csv

What can be found, and by which rule.
"""
SOURCES = """\b
friction sources list
friction sources show rrweb

Which exports can be read. A file is recognised by its content, never by its name.
"""
_DETECTORS, _SOURCES = Catalogue("detectors"), Catalogue("sources")
GROUPS = {
    "detectors": (
        DETECTORS,
        (
            ("list", _DETECTORS.listed, N_("All detectors in a sentence each."), None),
            ("show", _DETECTORS.shown, N_("Everything about one of the detectors."), None),
            below("compare", compare, COMPARE),
        ),
    ),
    "sources": (
        SOURCES,
        (
            ("list", _SOURCES.listed, N_("All sources in a sentence each."), None),
            ("show", _SOURCES.shown, N_("Everything about one of the sources."), None),
        ),
    ),
}
"""By name: help, and the commands below it with theirs, long and short."""
