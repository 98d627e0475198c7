"""Options that several commands share, and how they become settings."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from friction.cli.commands import LANGUAGE
from friction.cli.speech import configure
from friction.errors import UsageError
from friction.i18n.codes import GROUPS

if TYPE_CHECKING:
    import datetime as dt

    from friction.config import Settings

Inputs = Annotated[
    list[str],
    typer.Argument(
        metavar="INPUT", help="Files, globs, folders, addresses like s3://…, or - for standard input."
    ),
]
Form = Annotated[Literal["table", "json"], typer.Option("--format", help="How the result is printed.")]
Config = Annotated[
    Path | None,
    typer.Option("--config", metavar="FILE", help="Settings; else friction.toml here, if there is one."),
]
Mapping = Annotated[
    Path | None,
    typer.Option(
        "--mapping", metavar="FILE", help='Columns in TOML, ours = "theirs", where the guess is wrong.'
    ),
]
Goal = Annotated[
    list[str],
    typer.Option(
        "--goal",
        metavar="EXPR",
        help="What counts as a conversion: event=NAME, page=TEMPLATE, url~GLOB, joined by and.",
    ),
]
Funnel = Annotated[
    list[str],
    typer.Option(
        "--funnel",
        metavar="STEPS",
        help='Steps in order, like "/cart > /checkout/:step > event=purchase"; may be repeated.',
    ),
]
Detector = Annotated[
    list[str],
    typer.Option(
        "--detector",
        metavar="NAME",
        help="Only this detector; may be repeated.",
        autocompletion=lambda: list(GROUPS["detector"]),
    ),
]
Preset = Annotated[
    str | None,
    typer.Option(
        "--preset", metavar="NAME", help="Judge by the rules of another tool: posthog, datadog, sentry …"
    ),
]
Set = Annotated[
    list[str],
    typer.Option(
        "--set", metavar="KEY=VALUE", help="A threshold, like rage_click.min_clicks=5; may be repeated."
    ),
]
Since = Annotated[
    str | None, typer.Option("--since", metavar="TIME", help="Events from this date or time on.")
]
Until = Annotated[
    str | None,
    typer.Option("--until", metavar="TIME", help="Events before this time, or to the end of this date."),
]
Zone = Annotated[
    str | None,
    typer.Option("--tz", metavar="ZONE", help="Zone of days, and of times without one: Europe/Paris."),
]
Threads = Annotated[
    int | None, typer.Option("--threads", metavar="N", min=1, help="Threads to use; never changes a result.")
]
Memory = Annotated[
    str | None, typer.Option("--memory-limit", metavar="SIZE", help="Memory the analysis may use, like 2GB.")
]
Top = Annotated[int | None, typer.Option("--top", metavar="N", min=1, help="Rows of the printed table.")]
Lang = Annotated[
    Literal["en", "fr"] | None,
    typer.Option("--lang", help=LANGUAGE),
]
Quiet = Annotated[bool, typer.Option("--quiet", help="No progress and no remarks on stderr.")]
Verbose = Annotated[bool, typer.Option("--verbose", help="Also what the engines say, on stderr.")]

FLAGS = {
    "analysis.since": "--since",
    "analysis.until": "--until",
    "limits.memory": "--memory-limit",
    "time.zone": "--tz",
}
"""Settings by the options that stand for them, where people can say what does not fit."""
TYPED = " (the command line)"
"""How a detail ends when what is wrong was said there."""


def settings(config: Path | None = None, mapping: Path | None = None, **flags: Any) -> Settings:
    """Settings from file, environment and these flags, named by section and key: `time__zone="UTC"`."""
    from friction.config import columns_file, load

    tree: dict[str, Any] = {}
    for path, value in flags.items():
        if value not in (None, [], {}):
            section, _, key = path.partition("__")
            tree.setdefault(section, {}).update({key: value} if key else value)
    if mapping is not None:
        tree["mapping"] = columns_file(mapping)
    try:
        found = load(config, flags=tree)
    except UsageError as error:
        raise _by_flag(error) from None
    configure(found.lang)
    return found


def _by_flag(error: UsageError) -> UsageError:
    """With the option that was given in place of the setting it stands for."""
    setting, _, why = error.problem.detail.partition(": ")
    if setting not in FLAGS or not why.endswith(TYPED):
        return error
    detail = f"{FLAGS[setting]}: {why.removesuffix(TYPED)}"
    return UsageError(error.problem.code, detail, remedy=error.problem.remedy)


def goals(expressions: list[str]) -> dict[str, Any]:
    """`--goal`s as settings; each is called what it says."""
    return {expression: {"when": expression} for expression in expressions}


def funnels(texts: list[str]) -> dict[str, Any]:
    """`--funnel`s as settings; each is called what it says."""
    from friction.config.funnels import named

    return named(texts)


def pairs(words: list[str]) -> dict[str, str]:
    """`--set`s by key, as typed."""
    for word in words:
        if "=" not in word:
            raise UsageError(
                "usage.wrong", f"--set {word} has no value", remedy="write it like --set min_clicks=5"
            )
    return dict(word.split("=", maxsplit=1) for word in words)


def thresholds(words: list[str]) -> dict[str, dict[str, Any]]:
    """`--set DETECTOR.KEY=VALUE`s as settings of detectors."""
    from friction.config.values import json_or_text

    found: dict[str, dict[str, Any]] = {}
    for key, text in pairs(words).items():
        name, _, option = key.rpartition(".")
        if not name:
            detail = f"--set {key} does not say which detector it is for"
            raise UsageError("usage.wrong", detail, remedy=f"write it like --set rage_click.{key}={text}")
        found.setdefault(name, {})[option] = json_or_text(text)
    return found


def moment(at: str | None, zone: str) -> dt.datetime:
    """A time as typed, in this zone where it says none; null: now."""
    import datetime as dt
    from zoneinfo import ZoneInfo

    if at is None:
        return dt.datetime.now(dt.UTC)
    try:
        moment = dt.datetime.fromisoformat(at)
    except ValueError:
        raise UsageError("usage.wrong", f"{at} is no time", remedy="write it like 2026-03-21T08:00") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))
