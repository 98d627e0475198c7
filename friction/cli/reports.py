"""`friction explain` and `friction render`: reports that exist already."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from friction.cli import options as opt
from friction.cli.speech import speaking
from friction.cli.voice import say, show
from friction.cli.work import checked
from friction.errors import EXIT_DONE, InputError, UsageError
from friction.files import write
from friction.render.forms import BY_SUFFIX

if TYPE_CHECKING:
    from friction.report import Point, Report

EXPLAIN = """\b
friction explain report.json 3
friction explain report.json 5f0c

Say why a friction point has its rank: its cost and parts, who meets it and when, the rows that show it, and
what of the same kind was not counted. A point is named by its rank or by the beginning of its id.
"""
RENDER = """\b
friction render report.json -o report.html
friction render report.json --format md

Write a report that exists already in another form: a page, Markdown, CSV, or the text of the terminal.
"""
ReportFile = Annotated[Path, typer.Argument(metavar="REPORT", help="A report in JSON.")]
PointId = Annotated[str, typer.Argument(metavar="ID", help="Rank, id, or the beginning of the id.")]
Written = Annotated[
    list[Path],
    typer.Option("-o", "--output", metavar="FILE", help=f"Write {' '.join(BY_SUFFIX)}; may be repeated."),
]
Shape = Annotated[
    Literal["text", "json", "csv", "md", "html"] | None,
    typer.Option("--format", help="How the report is printed; text, unless it is written to a file."),
]


def render(
    report: ReportFile,
    output: Written = [],  # noqa: B006 - typer copies it
    form: Shape = None,
    top: opt.Top = None,
) -> int:
    """Read it, write the files, print what was asked for."""
    from friction.render.forms import rendered

    for path in output:
        checked(path, tuple(BY_SUFFIX))
    whole = opened(report)
    for path in output:
        write(path, rendered(whole, BY_SUFFIX[path.suffix.lower()], speaking(), top=top or 10))
    if form or not output:
        say(rendered(whole, form or "text", speaking(), top=top or 10))
    return EXIT_DONE


def explain(report: ReportFile, point: PointId, form: opt.Form = "table") -> int:
    """Find the point, print all that is known of it."""
    from friction.render import json
    from friction.render.point import point as rendered

    whole = opened(report)
    chosen = _chosen(whole, point)
    if form == "json":
        beside = [s for s in whole.suppressed if (s.detector, s.page) == (chosen.detector, chosen.page)]
        say(json.dumps({"point": chosen, "suppressed": beside}))
    else:
        show(rendered(chosen, whole, speaking()))
    return EXIT_DONE


def read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        remedy = "write one with friction analyze … -o report.json"
        detail = f"there is no report {path}"
        raise InputError("input.missing", detail, file=str(path), remedy=remedy) from None


def opened(path: Path) -> Report:
    """The report in this file; `InputError` names the file where it is none."""
    from friction.report import Report

    try:
        return Report.from_json(read(path))
    except InputError as error:
        error.problem = replace(error.problem, file=str(path))
        raise


def _chosen(report: Report, word: str) -> Point:
    every = [*report.points, *report.aside]
    chosen = [point for point in every if str(point.rank) == word] or [
        p for p in every if p.id.startswith(word)
    ]
    if len(chosen) == 1:
        return chosen[0]
    many = f"{len(chosen)} points have an id that begins with {word!r}"
    detail = many if chosen else f"no friction point of this report has the rank or id {word!r}"
    remedy = "give more of the id" if chosen else f"ranks go from 1 to {len(report.points)}"
    raise UsageError("report.unknown_point", detail, remedy=remedy)
