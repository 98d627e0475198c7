"""The page of all commands, `friction --help`, written at once: the library behind the commands takes longer to load
than the whole page may take. A test holds that it says the same as the library does.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from friction.cli.commands import COMMANDS, HELP, LANGUAGE, VERSION
from friction.cli.helped import framed, paragraphs
from friction.i18n.language import LANGUAGES, Language

LEAST, MOST = 50, 80
"""Columns that the text may have on any terminal."""


def front(speak: Language, columns: int) -> str:
    """The page in this language, for a terminal of so many columns."""
    width = max(min(columns, MOST) - 2, LEAST)
    examples, purpose = (paragraphs(HELP, speak) or "").split("\n\n")
    options = {
        "--version": speak.text(VERSION),
        f"--lang <{'|'.join(LANGUAGES)}>": speak.text(LANGUAGE),
        "-h, --help": "Show this message and exit.",
    }
    commands = {name: speak.text(one.short) for name, one in COMMANDS.items() if not one.hidden}
    page = [
        *("Usage: friction [OPTIONS] COMMAND [ARGS]...", ""),
        *(f"  {line}" for line in examples.splitlines()[1:]),
        *("", *textwrap.wrap(purpose, width, initial_indent="  ", subsequent_indent="  "), ""),
        *("Options:", *_list(options, width), ""),
        *("Commands:", *_list(commands, width)),
    ]
    return framed("\n".join(page), speak) + "\n"


def _list(said: dict[str, str], width: int) -> Iterator[str]:
    """Words on the left, what they mean on the right."""
    left = max(map(len, said)) + 2
    for word, meaning in said.items():
        first, *more = textwrap.wrap(meaning, max(width - left - 2, 10))
        yield f"  {word:<{left}}{first}"
        yield from (f"  {'':<{left}}{line}" for line in more)
