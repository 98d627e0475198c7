"""`friction inspect`, `convert`, `detect`: what an input is, its events, its raw findings."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from friction.cli import options as opt
from friction.cli.speech import speaking
from friction.cli.voice import Voice, say, show
from friction.cli.work import answer, checked, missed
from friction.errors import EXIT_DONE, UsageError

if TYPE_CHECKING:
    from friction.config import Settings

EVENTS = (".parquet",)
RAW = (".csv",)
MAPPING = (".toml",)
FINDINGS = (".parquet", ".csv", ".jsonl")

INSPECT = """\b
friction inspect export.csv
friction inspect exports/*.json --format json
friction inspect export.csv --write-mapping columns.toml
friction inspect export.csv --privacy
friction inspect events.csv customers.csv --who ada@example.org

Say what each file is, how its columns are understood, and what can be found with it. Changes nothing.
"""
CONVERT = """\b
friction convert exports/ -o events.parquet

friction convert broken.csv --raw -o table.csv

Write the event table: one row an event, in the columns that `friction schema event` describes. Of an input without
events, what the tool counted (--table sessions or --table aggregates) or what customers said (--table feedback,
tickets, deals or customers). With --raw, one file as it was read: a broken
table becomes a regular one, and nothing in it is mapped or masked.
"""
DETECT = """\b
friction detect events.csv --detector rage_click -o findings.csv
friction detect events.csv --detector rage_click --set min_clicks=5 -o findings.parquet
friction detect events.csv --preset posthog -o findings.csv

Write every single finding with the rows that show it; nothing is ranked or left out.
"""
Table = Annotated[Path, typer.Option("-o", "--output", metavar="FILE", help="The file to write.")]
Guessed = Annotated[
    Path | None,
    typer.Option(
        "--write-mapping", metavar="FILE", help="Write how the columns are understood, to correct it."
    ),
]
Privacy = Annotated[
    bool, typer.Option("--privacy", help="Show 20 records before and after masking, on the screen only.")
]
Who = Annotated[
    str | None,
    typer.Option(
        "--who", metavar="ID", help="Who this visitor, account or e-mail address is, and what says so."
    ),
]
Raw = Annotated[bool, typer.Option("--raw", help="The table as it was read, as CSV; nothing is masked.")]
Which = Annotated[
    Literal["events", "sessions", "aggregates", "feedback", "tickets", "deals", "customers"] | None,
    typer.Option(
        "--table", help="The table to write; the events, or where there are none, what the tool counted."
    ),
]


def inspect(
    inputs: opt.Inputs,
    form: opt.Form = "table",
    zone: opt.Zone = None,
    config: opt.Config = None,
    mapping: opt.Mapping = None,
    guessed: Guessed = None,
    privacy: Privacy = False,
    who: Who = None,
    quiet: opt.Quiet = False,
    verbose: opt.Verbose = False,
) -> int:
    """Look, and print what was seen."""
    settings = opt.settings(config, mapping, time__zone=zone)
    if privacy:
        return _before_and_after(inputs, form, settings, Voice(quiet, verbose))
    if who is not None:
        return _person(inputs, form, settings, Voice(quiet, verbose), who)
    output = checked(guessed, MAPPING) if guessed else None
    content = answer("inspect", Voice(quiet, verbose), inputs, settings)
    if output is not None:
        import orjson

        from friction.cli.mapping import write_mapping

        write_mapping(orjson.loads(content), output)
    return _told(content, form)


def _before_and_after(inputs: Sequence[str], form: str, settings: Settings, voice: Voice) -> int:
    if form == "json":
        raise UsageError(
            "usage.wrong",
            "--privacy shows what must not be kept, so it is for the screen alone",
            remedy="leave out --format json",
        )
    import orjson

    from friction.render.privacy import privacy as rendered

    show(rendered(orjson.loads(answer("privacy", voice, inputs, settings)), speaking()))
    return EXIT_DONE


def _person(inputs: Sequence[str], form: str, settings: Settings, voice: Voice, asked: str) -> int:
    content = answer("who", voice, inputs, settings, who=asked)
    if form == "json":
        say(content)
    else:
        import orjson

        from friction.render.who import who as rendered

        show(rendered(orjson.loads(content), speaking()))
    return EXIT_DONE


def convert(
    inputs: opt.Inputs,
    output: Table,
    raw: Raw = False,
    which: Which = None,
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
    """Write the table, print what is in it; the exit code says whether members of an archive are missing."""
    settings = opt.settings(
        config,
        mapping,
        analysis__since=since,
        analysis__until=until,
        limits__threads=threads,
        time__zone=zone,
    )
    table = str(checked(output, RAW if raw else EVENTS))
    voice = Voice(quiet, verbose)
    content = answer("raw" if raw else "convert", voice, inputs, settings, table=table, which=which)
    return _told(content, form) or missed(content, voice)


def detect(
    inputs: opt.Inputs,
    output: Table,
    detector: opt.Detector = [],  # noqa: B006 - typer copies it
    set_: opt.Set = [],  # noqa: B006
    funnel: opt.Funnel = [],  # noqa: B006
    form: opt.Form = "table",
    preset: opt.Preset = None,
    since: opt.Since = None,
    until: opt.Until = None,
    zone: opt.Zone = None,
    config: opt.Config = None,
    mapping: opt.Mapping = None,
    threads: opt.Threads = None,
    quiet: opt.Quiet = False,
    verbose: opt.Verbose = False,
) -> int:
    """Write the findings, print how many there are."""
    settings = opt.settings(
        config,
        mapping,
        analysis__detectors=detector,
        analysis__preset=preset,
        analysis__since=since,
        analysis__until=until,
        limits__threads=threads,
        time__zone=zone,
        funnels=opt.funnels(funnel),
    )
    more = {"table": str(checked(output, FINDINGS)), "detectors": detector, "options": opt.pairs(set_)}
    voice = Voice(quiet, verbose)
    content = answer("detect", voice, inputs, settings, **more)
    return _told(content, form) or missed(content, voice)


def _told(content: bytes, form: str) -> int:
    if form == "json":
        say(content)
    else:
        import orjson

        from friction.render.answers import answer as rendered

        show(rendered(orjson.loads(content), speaking()))
    return EXIT_DONE
