"""`friction journey`: the customer journey map."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from friction.cli import options as opt
from friction.cli.remarks import partial
from friction.cli.speech import speaking
from friction.cli.voice import Voice, say, show
from friction.cli.work import answer, checked
from friction.errors import EXIT_DONE, EXIT_PARTIAL, InputError
from friction.files import write
from friction.render.journey.forms import BY_SUFFIX, rendered

HELP = """\b
friction journey events.csv --goal event=purchase
friction journey exports/ surveys.csv -o map.svg -o map.drawio
friction journey events.csv --view aida --format md

Draw the customer journey: where visitors are on the way from first contact to recommendation, which channels bring
them, what they meet, how they fare, and where friction costs most; with personas, attribution and an action plan.

Ends with 4 when the map was drawn although a detector failed or too many records were set aside.
"""
Form = Annotated[
    Literal["table", "json", "md", "csv", "figures", "plan", "svg", "drawio", "mermaid", "canvas"],
    typer.Option("--format", help="How the result is printed; figures and plan are CSV."),
]
View = Annotated[
    Literal["customer", "user", "aida", "blueprint"],
    typer.Option(
        "--view", help="The whole relation, the product alone, attention to action, or a service blueprint."
    ),
]
Outputs = Annotated[
    list[Path],
    typer.Option(
        "-o",
        "--output",
        metavar="FILE",
        help="Also write the map to this file, in the form of its suffix; may be repeated.",
    ),
]


def journey(
    inputs: opt.Inputs,
    output: Outputs = [],  # noqa: B006 - typer copies it
    form: Form = "table",
    view: View = "customer",
    goal: opt.Goal = [],  # noqa: B006
    since: opt.Since = None,
    until: opt.Until = None,
    zone: opt.Zone = None,
    config: opt.Config = None,
    mapping: opt.Mapping = None,
    threads: opt.Threads = None,
    memory_limit: opt.Memory = None,
    quiet: opt.Quiet = False,
    verbose: opt.Verbose = False,
) -> int:
    """Analyse, write the maps, print the result."""
    from friction.report import Report

    settings = opt.settings(
        config,
        mapping,
        analysis__journey=True,
        analysis__since=since,
        analysis__until=until,
        limits__memory=memory_limit,
        limits__threads=threads,
        time__zone=zone,
        goals=opt.goals(goal),
    )
    for path in output:
        checked(path, tuple(BY_SUFFIX))
    voice, speak = Voice(quiet, verbose), speaking()
    report = Report.from_json(answer("analyze", voice, inputs, settings))
    if report.journey is None:
        remedy = "give an export of single events"
        raise InputError("input.no_events", "these files hold no single events to be compared", remedy=remedy)
    for path in output:
        write(path, rendered(report, BY_SUFFIX[path.suffix.lower()], speak, view=view))
    if form == "table":
        from friction.render.journey.grid import grid
        from friction.render.journey.text import journey as table

        show(table(report, grid(report, view, speak=speak), speak))
    else:
        say(rendered(report, form, speak, view=view))
    remarks = partial(report, settings.limits.reject_share, speak)
    for remark in remarks:
        voice.remark(remark)
    return EXIT_PARTIAL if remarks else EXIT_DONE
