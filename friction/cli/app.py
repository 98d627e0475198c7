"""All commands in the order of the help."""

from __future__ import annotations

import inspect
import os
from collections.abc import Callable
from functools import partial
from typing import Annotated, Any

import typer

from friction.cli import (
    access,
    analysis,
    annotate,
    begin,
    catalogue,
    comparison,
    completion,
    demo,
    host,
    journey,
    keeping,
    nightly,
    points,
    reports,
    series,
    service,
    tables,
)
from friction.cli import options as opt
from friction.cli.helped import localise
from friction.cli.speech import speaking

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)

HELP = """\b
friction demo
friction analyze events.csv --goal event=purchase -o report.json
friction inspect export.json

Finds where visitors struggle on a website or app, and ranks each place by what it costs.
"""

EVERYWHERE = {
    "lang": (opt.Lang, None),
    "zone": (opt.Zone, None),
    "quiet": (opt.Quiet, False),
    "verbose": (opt.Verbose, False),
}
"""Options that every command takes, also one that has no use for them: a script can add them to any line."""


def everywhere(command: Callable[..., int]) -> Callable[..., int]:
    """The command, with those options of `EVERYWHERE` that it does not name itself taken and dropped."""
    own = inspect.signature(command, eval_str=True)
    parameter = partial(inspect.Parameter, kind=inspect.Parameter.KEYWORD_ONLY)
    added = [
        parameter(name, annotation=annotation, default=default)
        for name, (annotation, default) in EVERYWHERE.items()
        if name not in own.parameters
    ]

    def taking(**given: Any) -> int:
        return command(**{name: value for name, value in given.items() if name in own.parameters})

    taking.__signature__ = own.replace(  # type: ignore[attr-defined]
        parameters=[*own.parameters.values(), *added]
    )
    taking.__doc__ = command.__doc__
    return taking


def add(name: str, command: Callable[..., int], long: str, short: str, *, hidden: bool = False) -> None:
    """One command of the list."""
    app.command(name, help=long, short_help=short, hidden=hidden)(everywhere(command))


def command() -> Any:
    """All of them, with help in the language of this run."""
    from typer.main import get_command

    found = get_command(app)
    if speaking().code != "en":
        localise(found, speaking())
    if any(name.endswith("_COMPLETE") and name.startswith("_FRICTION") for name in os.environ):
        completion.prepare()
    return found


@app.callback(help=HELP)
def root(
    _version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
    _lang: opt.Lang = None,
) -> None:
    """Options without a command; `--version` and `--lang` are heard before this is loaded."""


add("analyze", analysis.analyze, analysis.HELP, "The ranked friction points of an input.")
add("analyse", analysis.analyze, analysis.HELP, "The same as analyze.", hidden=True)
add("demo", demo.demo, demo.DEMO, "Analyse the shipped sample shop.")
add("inspect", tables.inspect, tables.INSPECT, "What a file is and how it would be read.")
add("init", begin.init, begin.INIT, "A commented friction.toml, proposed from an input.")
add("convert", tables.convert, tables.CONVERT, "Write the event table.")
add("detect", tables.detect, tables.DETECT, "Write raw findings, one row an occurrence.")
add("explain", reports.explain, reports.EXPLAIN, "Why a friction point has its rank.")
add("render", reports.render, reports.RENDER, "A report in another form: page, Markdown, CSV, text.")
add("compare", comparison.compare, comparison.HELP, "What changed: two reports, periods or variants.")
add("changes", series.changes, series.CHANGES, "When one series changed.")
add("scan", nightly.scan, nightly.SCAN, "What is new or worse since the last night.")
add(
    "points", points.points, points.POINTS, "What nightly scans know of each point, mute it, say whose it is."
)
add("annotate", annotate.annotate, annotate.ANNOTATE, "Note a release, or what changed about one.")
add("journey", journey.journey, journey.HELP, "The customer journey: stages, channels, personas, the map.")
add("completion", completion.completion, completion.HELP, "Completion for bash, zsh, fish and PowerShell.")
add("schema", catalogue.schema, catalogue.SCHEMA, "JSON Schemas of what goes in and comes out.")
add("serve", service.serve, service.SERVE, "The service on this machine.")
add("worker", service.worker, service.WORKER, "One more worker of a service.")
add("backup", keeping.backup, keeping.BACKUP, "Everything a service keeps, as one file.")
add("restore", keeping.restore, keeping.RESTORE, "A backup brought back.")
add("doctor", host.doctor, host.DOCTOR, "Whether this machine is ready.")
for word, group in catalogue.GROUPS.items():
    listing = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help=group.help)
    listing.command("list", help=group.list_help)(everywhere(group.listed))
    listing.command("show", help=group.show_help)(everywhere(group.shown))
    if word == "detectors":
        listing.command("compare", help=catalogue.COMPARE)(everywhere(catalogue.compare))
    app.add_typer(listing, name=word, short_help=group.short)


def gather(word: str, long: str, *commands: tuple[str, Callable[..., int], str], short: str) -> None:
    """Commands that share their first word."""
    gathered = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help=long)
    for verb, carried_out, explained in commands:
        said = " ".join(explained.split("\n\n")[1].split())
        gathered.command(verb, help=explained, short_help=said)(everywhere(carried_out))
    app.add_typer(gathered, name=word, short_help=short)


gather(
    "keys",
    access.KEYS,
    ("create", access.create, access.CREATE),
    ("list", access.listed, access.LIST),
    ("revoke", access.revoke, access.REVOKE),
    short="Keys of a service: who may come in.",
)
gather(
    "projects",
    access.PROJECTS,
    ("create", access.create_project, access.NEW_PROJECT),
    ("list", access.listed_projects, access.PROJECT_LIST),
    ("export", access.export_project, access.EXPORT),
    short="Projects of a service: who sees what.",
)
