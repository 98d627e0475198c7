"""`friction explain` and `friction compare`: reports that exist already."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from friction.cli import options as opt
from friction.cli.speech import speaking
from friction.cli.voice import say, show
from friction.cli.work import checked
from friction.errors import EXIT_DONE, EXIT_GATE, InputError, UsageError
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
COMPARE = """\b
friction compare last-week.json this-week.json
friction compare --exact one.json other.json

Say which friction points are new, worse, better or gone, by their cost per 1,000 sessions.

With --exact: are the reports the same apart from the names of files and rows? Ends with 1 when they are not.
"""
ReportFile = Annotated[Path, typer.Argument(metavar="REPORT", help="A report in JSON.")]
Old = Annotated[Path, typer.Argument(metavar="OLD", help="A report in JSON.")]
New = Annotated[Path, typer.Argument(metavar="NEW", help="A later report in JSON.")]
PointId = Annotated[str, typer.Argument(metavar="ID", help="Rank, id, or the beginning of the id.")]
Exact = Annotated[
    bool, typer.Option("--exact", help="Name every member that differs; exit code 1 if one does.")
]


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
    from friction.report import Report

    for path in output:
        checked(path, tuple(BY_SUFFIX))
    whole = Report.from_json(_read(report))
    for path in output:
        write(path, rendered(whole, BY_SUFFIX[path.suffix.lower()], speaking(), top=top or 10))
    if form or not output:
        say(rendered(whole, form or "text", speaking(), top=top or 10))
    return EXIT_DONE


def explain(report: ReportFile, point: PointId, form: opt.Form = "table") -> int:
    """Find the point, print all that is known of it."""
    from friction.render import json
    from friction.render.point import point as rendered
    from friction.report import Report

    whole = Report.from_json(_read(report))
    chosen = _chosen(whole, point)
    if form == "json":
        beside = [s for s in whole.suppressed if (s.detector, s.page) == (chosen.detector, chosen.page)]
        say(json.dumps({"point": chosen, "suppressed": beside}))
    else:
        show(rendered(chosen, whole, speaking()))
    return EXIT_DONE


def compare(
    old: Old, new: New, exact: Exact = False, form: opt.Form = "table", quiet: opt.Quiet = False
) -> int:
    """Compare, print, and let the exit code say whether `--exact` held."""
    if exact:
        return _compared_exactly(_read(old), _read(new), form, quiet=quiet)
    from friction.compare import difference
    from friction.render import json
    from friction.render.changes import changes
    from friction.report import Report

    before, after = Report.from_json(_read(old)), Report.from_json(_read(new))
    found = difference(before, after)
    if form == "json":
        say(json.dumps(found))
    else:
        show(changes(found, before, after, speaking()))
    return EXIT_DONE


def _compared_exactly(old: bytes, new: bytes, form: str, *, quiet: bool) -> int:
    from friction.compare import exact
    from friction.render import json

    paths = exact(old, new)
    if form == "json":
        say(json.dumps({"same": not paths, "differing": paths}))
    elif not quiet:
        say("".join(f"{path}\n" for path in paths) or _same())
    return EXIT_GATE if paths else EXIT_DONE


def _same() -> str:
    return speaking().text("the same, apart from the names of files and rows") + "\n"


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        remedy = "write one with friction analyze … -o report.json"
        detail = f"there is no report {path}"
        raise InputError("input.missing", detail, file=str(path), remedy=remedy) from None


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
