"""All commands in the order of the help."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import partial
from typing import Annotated, Any

import typer

from friction.cli import analysis, catalogue, demo, host, reports, tables
from friction.cli import options as opt

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

EVERYWHERE = {"zone": (opt.Zone, None), "quiet": (opt.Quiet, False), "verbose": (opt.Verbose, False)}
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


@app.callback(help=HELP)
def root(
    _version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    """Options without a command; `--version` is answered before this is loaded."""


add("analyze", analysis.analyze, analysis.HELP, "The ranked friction points of an input.")
add("analyse", analysis.analyze, analysis.HELP, "The same as analyze.", hidden=True)
add("demo", demo.demo, demo.DEMO, "Analyse the shipped sample shop.")
add("inspect", tables.inspect, tables.INSPECT, "What a file is and how it would be read.")
add("convert", tables.convert, tables.CONVERT, "Write the event table.")
add("detect", tables.detect, tables.DETECT, "Write raw findings, one row an occurrence.")
add("explain", reports.explain, reports.EXPLAIN, "Why a friction point has its rank.")
add("compare", reports.compare, reports.COMPARE, "What changed between two reports.")
add("schema", catalogue.schema, catalogue.SCHEMA, "JSON Schemas of what goes in and comes out.")
add("serve", host.serve, host.SERVE, "The service on this machine.")
add("doctor", host.doctor, host.DOCTOR, "Whether this machine is ready.")
for word, group in catalogue.GROUPS.items():
    listing = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help=group.help)
    listing.command("list", help=f"All {word} in a sentence each.")(everywhere(group.listed))
    listing.command("show", help=f"Everything about one of the {word}.")(everywhere(group.shown))
    app.add_typer(listing, name=word, short_help=group.short)
