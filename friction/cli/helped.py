"""Help in the language of this run: that of commands and options by the catalogue, and the few words around it."""

from __future__ import annotations

import re
from typing import Any

from friction.i18n.language import N_, Language

FRAME = (
    N_("Usage:"),
    N_("Options:"),
    N_("Arguments:"),
    N_("Commands:"),
    N_("[OPTIONS]"),
    N_("COMMAND [ARGS]..."),
    N_("[required]"),
    N_("[default: {value}]"),
    N_("Show this message and exit."),
)
"""What the command line library says itself."""
_DEFAULT = re.compile(r"\[default: ([^]]+)\]")


def is_example(paragraph: str) -> bool:
    """Whether a paragraph of a help is lines to type, which are the same in every language."""
    return paragraph.lstrip().startswith(("\b", "friction "))


def localise(command: Any, speak: Language) -> None:
    """Give a command, its options and the commands below it the words of this language."""
    command.help = paragraphs(command.help, speak)
    if command.short_help:
        command.short_help = speak.text(command.short_help)
    for parameter in command.params:
        if getattr(parameter, "help", None):
            parameter.help = speak.text(parameter.help)
    for below in getattr(command, "commands", {}).values():
        localise(below, speak)
    _frame(command, speak)


def paragraphs(text: str | None, speak: Language) -> str | None:
    """A help in this language; its examples stay as they are."""
    parts = (text or "").split("\n\n")
    said = [
        part if is_example(part) or not part.strip() else speak.text(" ".join(part.split())) for part in parts
    ]
    return "\n\n".join(said) if text else text


def _frame(command: Any, speak: Language) -> None:
    """Its help with the words around it said as well."""
    plain = command.get_help

    def helped(ctx: Any) -> str:
        return framed(plain(ctx), speak)

    command.get_help = helped


def framed(text: str, speak: Language) -> str:
    """The finished page with the words of `FRAME` replaced where they stand by themselves."""
    if text.startswith("Usage:"):
        text = speak.text("Usage:") + text.removeprefix("Usage:")
    for word in ("Options:", "Arguments:", "Commands:"):
        text = re.sub(rf"^{word}$", speak.text(word), text, flags=re.MULTILINE)
    for word in ("[OPTIONS]", "COMMAND [ARGS]...", "[required]", "Show this message and exit."):
        text = text.replace(word, speak.text(word))
    return _DEFAULT.sub(lambda found: speak.text("[default: {value}]", value=found[1]), text)
