"""What is wrong with a command line, as the command line library says it, in sentences of our own with a near miss."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from typing import Any

from friction.errors import UsageError
from friction.misfits import misfit

_CHOICES = re.compile(r"'([^']*)' is not one of (.*?)\.?$")


def wrong(error: Any, command: Any, words: Iterable[str]) -> UsageError:
    """The same as an error of friction; what is not known here keeps its words. `words` were said to `command`."""
    kind = type(error).__name__
    saying = {
        "NoSuchOption": _option,
        "MissingParameter": _missing,
        "BadParameter": _bad,
        "BadOptionUsage": _usage,
    }
    detail = saying.get(kind, _other)(error)
    return UsageError("usage.wrong", detail, remedy=_remedy(error, _path(command, words)))


def _path(command: Any, words: Iterable[str]) -> str:
    """What the words call, like `friction points list`: not every error says in which command it arose."""
    path = ["friction"]
    for word in words:
        if found := getattr(command, "commands", {}).get(word):
            command = found
            path.append(word)
    return " ".join(path)


def _remedy(error: Any, path: str) -> str:
    """The nearest option or command; else where the help is."""
    context = getattr(error, "ctx", None)
    if context is None:
        return f"{path} --help shows how it is used"
    if found := _CHOICES.search(error.format_message()):
        close = _near(found[1], re.findall(r"'(.*?)'", found[2]))
    elif type(error).__name__ == "NoSuchOption":
        known = [name for parameter in context.command.params for name in parameter.opts if name[:2] == "--"]
        close = _near(error.option_name, known)
    else:
        name = _command(error)
        listed = getattr(context.command, "commands", {})
        close = _near(name, [word for word, each in listed.items() if not each.hidden]) if name else None
    return f'did you mean "{close}"?' if close else f"{context.command_path} --help shows how it is used"


def _near(word: str, known: Iterable[str]) -> str | None:
    known = sorted(known)
    begun = [each for each in known if each.startswith(word) and len(word.strip("-")) > 1]
    return next(iter(begun or difflib.get_close_matches(word, known, n=1, cutoff=0.6)), None)


def _option(error: Any) -> str:
    return f"there is no option {error.option_name}"


def _missing(error: Any) -> str:
    if getattr(error.param, "param_type_name", "") == "option":
        return f"the option {_name(error)} is missing"
    return f"the argument {_name(error)} is missing"


def _name(error: Any) -> str:
    """What the help calls it: `--top`, `INPUT`."""
    if error.param is None:
        return "?"
    if error.param.param_type_name == "option":
        return str(error.param.opts[-1])
    return str(error.param.metavar or error.param.name.upper())


def _bad(error: Any) -> str:
    found = getattr(error.__cause__, "errors", None)
    why = misfit(found()[0]) if found else error.message.rstrip(".")
    return f"{_name(error)}: {why[:1].lower()}{why[1:]}"


def _usage(error: Any) -> str:
    if "requires an argument" in error.message:
        return f"the option {error.option_name} needs a value"
    if "does not take a value" in error.message:
        return f"the option {error.option_name} takes no value"
    return _other(error)


def _other(error: Any) -> str:
    if name := _command(error):
        return f"there is no command {name}"
    if found := re.search(r"unexpected extra argument(?:s|\(s\))? \((.*)\)", error.format_message()):
        return f"there are too many words: {found[1]}"
    return str(error.format_message()).rstrip(".")


def _command(error: Any) -> str | None:
    found = re.search(r"No such command '(.*?)'", error.format_message(), re.DOTALL)
    return found[1] if found else None
