"""All commands in the order of the help."""

from __future__ import annotations

import inspect
import os
from collections.abc import Callable, Sequence
from functools import partial
from importlib import import_module
from typing import Annotated, Any

import typer

from friction.cli import options as opt
from friction.cli.commands import COMMANDS, GROUPS, HELP, VERSION, asked_for
from friction.cli.helped import in_words, localise
from friction.cli.speech import speaking

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


def command(words: Sequence[str] = ()) -> Any:
    """The one that these words ask for, else all of them, with help in the language of this run."""
    from typer.main import get_command

    completes = any(name.endswith("_COMPLETE") and name.startswith("_FRICTION") for name in os.environ)
    asked = None if completes else asked_for(words)
    app = typer.Typer(
        add_completion=False,
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback(help=HELP)(root)
    for name in COMMANDS if asked is None else (asked,):
        _add(app, name)
    found = get_command(app)
    in_words(found, speaking())
    if speaking().code != "en":
        localise(found, speaking())
    if completes:
        import_module("friction.cli.completion").prepare()
    return found


def root(
    _version: Annotated[bool, typer.Option("--version", help=VERSION)] = False,
    _lang: opt.Lang = None,
) -> None:
    """Options without a command; `--version` and `--lang` are heard before this is loaded."""


def _add(app: typer.Typer, name: str) -> None:
    """One command of the list, or one with commands of its own."""
    listed = COMMANDS[name]
    home = import_module(f"friction.cli.{listed.module}")
    if name in GROUPS:
        long, below = home.GROUPS[listed.function]
        group = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help=long)
        for word, function, help_, short in below:
            group.command(word, help=help_, short_help=short)(everywhere(function))
        app.add_typer(group, name=name, short_help=listed.short)
        return
    function, long = getattr(home, listed.function or name), getattr(home, listed.long)
    app.command(name, help=long, short_help=listed.short, hidden=listed.hidden)(everywhere(function))
