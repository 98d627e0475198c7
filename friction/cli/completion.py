"""`friction completion`: what a shell needs to complete commands, options and their values."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from friction.cli.voice import say
from friction.errors import EXIT_DONE

HELP = """\b
friction completion bash >> ~/.bashrc
friction completion zsh >> ~/.zshrc
friction completion fish > ~/.config/fish/completions/friction.fish
friction completion powershell >> $PROFILE

Print what the shell needs to complete commands, options and their values. It takes effect in the next shell.
"""
Shell = Annotated[
    Literal["bash", "zsh", "fish", "powershell", "pwsh"], typer.Argument(help="The shell it is for.")
]


def completion(shell: Shell) -> int:
    """Print the script; it asks `friction` itself what comes next."""
    from typer._completion_shared import get_completion_script

    variable = "_FRICTION_COMPLETE"
    say(get_completion_script(prog_name="friction", complete_var=variable, shell=shell).strip() + "\n")
    return EXIT_DONE


def prepare() -> None:
    """Make the answers to the scripts known; the shell asks through a variable of the environment."""
    from typer._completion_classes import completion_init

    completion_init()
