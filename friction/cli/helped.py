"""Help in the language of this run: that of commands and options by the catalogue, and the few words around it."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
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
_TYPE = re.compile(r" <(?:list\[\w+\]|str|path|int|float)>$")
"""What the library adds to the name of an argument: the type of a program, not what is to be typed."""
_RANGE = re.compile(r"(?:(-?[\d.]+)<=)?x(?:<=(-?[\d.]+)|>=(-?[\d.]+))(?=\])")


def is_example(paragraph: str) -> bool:
    """Whether a paragraph of a help is lines to type, which are the same in every language."""
    return paragraph.lstrip().startswith(("\b", "friction "))


def in_words(command: Any, speak: Language) -> None:
    """Have a command and those below it say what may be given in words instead of types and formulas."""
    for parameter in command.params:
        parameter.get_help_record = partial(_record, parameter.get_help_record, speak)
    for below in getattr(command, "commands", {}).values():
        in_words(below, speak)


def _record(
    plain: Callable[[Any], tuple[str, str] | None], speak: Language, ctx: Any
) -> tuple[str, str] | None:
    record = plain(ctx)
    if record is None:
        return None
    words = _RANGE.sub(lambda found: _range(found, speak), record[1])
    words = _DEFAULT.sub(lambda found: speak.text("[default: {value}]", value=found[1]), words)
    return _TYPE.sub("", record[0]), words.replace("[required]", speak.text("[required]"))


def _range(found: re.Match[str], speak: Language) -> str:
    low, high = found[1] or found[3], found[2]
    if low and high:
        return speak.text("from {low} to {high}", low=low, high=high)
    return speak.text("at least {low}", low=low) if low else speak.text("at most {high}", high=high)


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
    for word in ("[OPTIONS]", "COMMAND [ARGS]...", "Show this message and exit."):
        text = text.replace(word, speak.text(word))
    return text
