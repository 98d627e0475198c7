"""`friction compare`: two reports, two inputs, two periods of one input, or the variants of a test."""

from __future__ import annotations

import mmap
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from friction.cli import options as opt
from friction.cli.reports import opened, read
from friction.cli.speech import speaking
from friction.cli.voice import Voice, say, show
from friction.cli.work import answer, checked
from friction.errors import EXIT_DONE, EXIT_GATE, UsageError
from friction.files import write
from friction.values import dataclass

if TYPE_CHECKING:
    from friction.compare import Difference, Sample
    from friction.config import Settings
    from friction.report import Report

HELP = """\b
friction compare last-week.json this-week.json
friction compare october.csv november.csv --goal event=purchase
friction compare events.csv --split 2026-03-04 -o changes.html
friction compare events.csv --by variant --control A
friction compare --exact one.json other.json

Say which friction points are fixed, better, unchanged, worse or new, each with its range: between two reports, two
inputs, before and after a moment (--split), or between the variants of an A/B test (--by).

With --exact: are the reports the same apart from the names of files and rows? Ends with 1 when they are not.
"""
SUFFIXES = (".html", ".md", ".json")
DAY = re.compile(r"\d{4}-\d\d-\d\d")
Given = Annotated[
    list[str], typer.Argument(metavar="OLD NEW", help="Two reports in JSON, two inputs, or one to be split.")
]
Exact = Annotated[
    bool, typer.Option("--exact", help="Name every member that differs; exit code 1 if one does.")
]
Split = Annotated[
    str | None,
    typer.Option("--split", metavar="TIME", help="One input: sessions before this date or time, and since."),
]
By = Annotated[
    str | None,
    typer.Option("--by", metavar="DIMENSION", help="One input: two values of variant, release, device …"),
]
Control = Annotated[
    str | None, typer.Option("--control", metavar="VALUE", help="The value of --by that counts as before.")
]
Share = Annotated[
    float,
    typer.Option(
        "--share",
        metavar="SHARE",
        min=0.01,
        max=0.99,
        help="Share of visitors that the new variant should have.",
    ),
]
Outputs = Annotated[
    list[Path], typer.Option("-o", "--output", metavar="FILE", help="Write .html .md .json; may be repeated.")
]
Form = Annotated[
    Literal["table", "json", "md"], typer.Option("--format", help="How the comparison is printed.")
]


@dataclass(frozen=True)
class _Pair:
    """What is compared."""

    old: Report
    new: Report
    sides: tuple[str, str] | None = None
    sample: Sample | None = None


def compare(
    given: Given,
    exact: Exact = False,
    split: Split = None,
    by: By = None,
    control: Control = None,
    share: Share = 0.5,
    output: Outputs = [],  # noqa: B006 - typer copies it
    form: Form = "table",
    goal: opt.Goal = [],  # noqa: B006
    detector: opt.Detector = [],  # noqa: B006
    zone: opt.Zone = None,
    config: opt.Config = None,
    mapping: opt.Mapping = None,
    quiet: opt.Quiet = False,
    verbose: opt.Verbose = False,
) -> int:
    """Compare, print, and let the exit code say whether `--exact` held."""
    for path in output:
        checked(path, SUFFIXES)
    one = split is not None or by is not None
    if split is not None and by is not None:
        raise UsageError(
            "usage.contradiction", "--split and --by exclude each other", remedy="give one of them"
        )
    if not one and len(given) != 2:
        raise UsageError(
            "usage.two_needed",
            "two reports or inputs are needed",
            remedy="give two, or one with --split DATE or --by variant",
        )
    if exact:
        return _compared_exactly(given, form, quiet=quiet)
    if not one and not any(_is_input(word) for word in given):
        return _told(_of_reports(given), output, form)
    settings = opt.settings(
        config, mapping, analysis__detectors=detector, time__zone=zone, goals=opt.goals(goal)
    )
    voice = Voice(quiet, verbose)
    if split is not None:
        _check_moment(split)
    if not one:
        return _told(_of_inputs(given, voice, settings), output, form)
    plan = {"at": split, "by": by, "control": control, "share": share}
    return _told(_of_sides(given, voice, settings, plan), output, form)


def _check_moment(split: str) -> None:
    from friction.config.values import moment

    try:
        moment(split)
    except ValueError:
        raise UsageError(
            "usage.wrong", f"{split} is no time", remedy="write it like 2026-03-21T08:00"
        ) from None


def _is_input(word: str) -> bool:
    """Whether this is there and no report; a report is what `analyze` wrote."""
    path = Path(word)
    if not path.is_file() or not path.stat().st_size:
        return path.exists() or any(sign in word for sign in "*?[")
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        return content[:1] != b"{" or content.find(b'"friction_version"') < 0


def _of_reports(given: Sequence[str]) -> _Pair:
    old, new = (opened(Path(word)) for word in given)
    return _Pair(old, new)


def _of_inputs(given: Sequence[str], voice: Voice, settings: Settings) -> _Pair:
    """Each analysed with the same settings; a report may stand for one of them."""
    from friction.report import Report

    old, new = (
        Report.from_json(answer("analyze", voice, [word], settings))
        if _is_input(word)
        else opened(Path(word))
        for word in given
    )
    return _Pair(old, new)


def _of_sides(given: Sequence[str], voice: Voice, settings: Settings, plan: Mapping[str, object]) -> _Pair:
    import orjson

    from friction.compare import Sample
    from friction.report import Report

    told = orjson.loads(answer("compare", voice, given, settings, **plan))
    old, new = (Report.from_json(orjson.dumps(told[side])) for side in ("old", "new"))
    return _Pair(
        old, new, _names(told["names"], plan["at"]), Sample(**told["sample"]) if told["sample"] else None
    )


def _names(names: Sequence[str], at: object) -> tuple[str, str]:
    """What the sides are: two values, or before and since a moment."""
    if at is None:
        return names[0], names[1]
    speak = speaking()
    moment = speak.day(str(at)) if DAY.fullmatch(str(at)) else str(at)
    return speak.text("before {moment}", moment=moment), speak.text("since {moment}", moment=moment)


def _told(pair: _Pair, output: Sequence[Path], form: str) -> int:
    from friction.compare import difference
    from friction.render.changes import changes, written

    found = difference(pair.old, pair.new, pair.sample)
    about = (pair.old, pair.new, speaking(), pair.sides)
    for path in output:
        if path.suffix.lower() == ".json":
            write(path, _json(found, pair).encode())
        else:
            write(path, written("html" if path.suffix.lower() == ".html" else "md", found, *about).encode())
    if form == "json":
        say(_json(found, pair))
    elif form == "md":
        say(written("md", found, *about))
    else:
        show(changes(found, *about))
    return EXIT_DONE


def _json(found: Difference, pair: _Pair) -> str:
    from dataclasses import asdict

    from friction.render import json

    return json.dumps({**asdict(found), "sides": pair.sides})


def _compared_exactly(given: Sequence[str], form: str, *, quiet: bool) -> int:
    from friction.compare import exact
    from friction.render import json

    old, new = (read(Path(word)) for word in given)
    paths = exact(old, new)
    if form == "json":
        say(json.dumps({"same": not paths, "differing": paths}))
    elif not quiet:
        same = speaking().text("the same, apart from the names of files and rows")
        say("".join(f"{path}\n" for path in paths) or f"{same}\n")
    return EXIT_GATE if paths else EXIT_DONE
