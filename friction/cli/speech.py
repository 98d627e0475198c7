"""The language the command line speaks: `--lang`, else `FRICTION_LANG`, else `lang` in `friction.toml`, else what the
system asks for (`LANGUAGE`, `LC_ALL`, `LC_MESSAGES`, `LANG`), else English.

It is known before a command runs, for its help and what is wrong with it are said in it, too.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextvars import ContextVar
from itertools import pairwise
from pathlib import Path

from friction.i18n.language import LANGUAGES, Language, chosen, language

_CODE: ContextVar[str] = ContextVar("language", default="en")
_ASKED: ContextVar[bool] = ContextVar("asked", default=False)


def speaking() -> Language:
    """The language of this run."""
    return language(_CODE.get())


def choose(options: Sequence[str]) -> None:
    """Settle the language from the words of a command line and what surrounds it."""
    asked = _asked(options)
    _ASKED.set(asked in LANGUAGES)
    surroundings = (os.environ.get(name) for name in ("FRICTION_LANG",))
    system = (os.environ.get(name) for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"))
    _CODE.set(chosen(asked, *surroundings, _configured(), *system))


def configure(lang: str | None) -> None:
    """What the configuration says, which an option beats."""
    if lang in LANGUAGES and not _ASKED.get():
        _CODE.set(str(lang))


def _asked(options: Sequence[str]) -> str | None:
    said = [word.removeprefix("--lang=") for word in options if word.startswith("--lang=")]
    said += [code for option, code in pairwise(options) if option == "--lang"]
    return said[-1] if said else None


def _configured() -> str | None:
    """`lang` of the file in this folder; whatever is wrong with the file is said by who reads it whole."""
    path = Path("friction.toml")
    if not path.is_file():
        return None
    import tomllib

    try:
        lang = tomllib.loads(path.read_text(encoding="utf-8")).get("lang")
    except (OSError, ValueError):
        return None
    return lang if isinstance(lang, str) else None
