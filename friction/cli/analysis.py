"""`friction analyze`: the ranked report."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from friction.cli import gates
from friction.cli import options as opt
from friction.cli.remarks import partial
from friction.cli.speech import speaking
from friction.cli.voice import Voice, has_dots, say, show
from friction.cli.work import answer, checked
from friction.errors import EXIT_DONE, EXIT_GATE, EXIT_PARTIAL
from friction.files import write
from friction.render.forms import BY_SUFFIX, rendered

if TYPE_CHECKING:
    from friction.config import Settings
    from friction.report import Report

SUFFIXES = tuple(BY_SUFFIX)
Form = Annotated[
    Literal["table", "json", "md", "csv"], typer.Option("--format", help="How the result is printed.")
]
Outputs = Annotated[
    list[Path],
    typer.Option(
        "-o",
        "--output",
        metavar="FILE",
        help="Also write the report to this file, in the format of its suffix; may be repeated.",
    ),
]
Journey = Annotated[
    bool, typer.Option("--journey", help="Also the customer journey, with its map, personas and action plan.")
]
Rejects = Annotated[
    Path | None,
    typer.Option("--rejects", metavar="FILE", help="Write every record that was set aside, as CSV."),
]

HELP = """\b
friction analyze events.csv --goal event=purchase
friction analyze exports/ recordings/*.json.gz -o report.html -o points.csv
friction analyze events.csv --set rage_click.min_clicks=5
zcat events.jsonl.gz | friction analyze - --format json
friction analyze events.csv --baseline main.json --fail-on new:high --fail-on worse:10%

Read exports of analytics tools and rank the places where visitors struggle by what they cost.

Ends with 4 when the report was written although a detector failed or too many records were set aside,
and with 1 when a rule of --fail-on tripped.
"""


def analyze(
    inputs: opt.Inputs,
    output: Outputs = [],  # noqa: B006 - typer copies it
    form: Form = "table",
    goal: opt.Goal = [],  # noqa: B006
    funnel: opt.Funnel = [],  # noqa: B006
    detector: opt.Detector = [],  # noqa: B006
    set_: opt.Set = [],  # noqa: B006
    journey: Journey = False,
    preset: opt.Preset = None,
    since: opt.Since = None,
    until: opt.Until = None,
    top: opt.Top = None,
    zone: opt.Zone = None,
    config: opt.Config = None,
    mapping: opt.Mapping = None,
    rejects: Rejects = None,
    fail_on: gates.FailOn = [],  # noqa: B006
    baseline: gates.Baseline = None,
    junit: gates.JUnit = None,
    summary: gates.Summary = None,
    threads: opt.Threads = None,
    memory_limit: opt.Memory = None,
    quiet: opt.Quiet = False,
    verbose: opt.Verbose = False,
) -> int:
    """Analyse, write the files, print the result."""
    rules = gates.Gates(fail_on, baseline, junit, summary)
    settings = opt.settings(
        config,
        mapping,
        analysis__detectors=detector,
        analysis__preset=preset,
        analysis__journey=journey or None,
        analysis__since=since,
        analysis__until=until,
        analysis__top=top,
        limits__memory=memory_limit,
        limits__threads=threads,
        time__zone=zone,
        goals=opt.goals(goal),
        funnels=opt.funnels(funnel),
        detectors=opt.thresholds(set_),
    )
    if rejects:
        checked(rejects, (".csv",))
    return reported(inputs, output, form, settings, Voice(quiet, verbose), rejects, rules)


def reported(
    inputs: Sequence[str],
    output: Sequence[Path],
    form: Form,
    settings: Settings,
    voice: Voice,
    rejects: Path | None,
    rules: gates.Gates | None = None,
) -> int:
    """Analyse, write the files, print the result; returns the exit code."""
    for path in output:
        checked(path, SUFFIXES)
    Thread(target=_made_ready, args=[form], daemon=True).start()
    content = answer("analyze", voice, inputs, settings, rejects=str(rejects) if rejects else None)
    from friction.report.whole import uncollected

    with uncollected():
        return _handed_over(content, output, form, settings, voice, rules)


def _handed_over(
    content: bytes,
    output: Sequence[Path],
    form: Form,
    settings: Settings,
    voice: Voice,
    rules: gates.Gates | None,
) -> int:
    """Write and show the report that `content` is; returns the exit code."""
    from friction.report import Report

    report = Report.from_json(content)
    for path in output:
        asked = BY_SUFFIX[path.suffix.lower()]
        write(
            path,
            content if asked == "json" else rendered(report, asked, speaking(), top=settings.analysis.top),
        )
    if form == "table":
        from friction.render.text import report as table

        show(table(report, speaking(), top=settings.analysis.top, dots=has_dots()))
    else:
        say(content if form == "json" else rendered(report, form, speaking()))
    held = rules is None or rules.hold(report, settings, voice)
    code = _code(report, settings, voice)
    return code if held else EXIT_GATE


def _made_ready(form: str) -> None:
    """Load what reading and showing a report takes while the data are read elsewhere: a fifth of a second."""
    from friction.report.whole import reader

    reader()
    if form == "table":
        import friction.render.text  # noqa: F401


def _code(report: Report, settings: Settings, voice: Voice) -> int:
    """Done, or partial: what is missing is said in the report and here."""
    remarks = partial(report, settings.limits.reject_share, speaking())
    for remark in remarks:
        voice.remark(remark)
    return EXIT_PARTIAL if remarks else EXIT_DONE
