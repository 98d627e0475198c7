"""What is said in the source, what the catalogues hold, and what `make messages` would make of them.

A catalogue keeps the English sentence as key and no line numbers or dates, so that it changes when words change and
not otherwise. French spaces are set by machine: before `; : ! ? %` and inside « » they are narrow and do not break.
"""

from __future__ import annotations

import ast
import io
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import BinaryIO

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from friction.cli.helped import is_example
from friction.detectors import BUILTIN, documentation
from friction.detectors.options import options_of
from friction.detectors.presets import PRESETS
from friction.i18n.language import DOMAIN, LANGUAGES, LOCALES

ROOT = Path(__file__).parents[2]
FOLDERS = ("friction/i18n", "friction/cli", "friction/nightly", "friction/render", "friction/config", "api")
METHODS = [("**/templates/**", "jinja2"), ("**.py", "tests.i18n.catalogues:said_in")]
OPTIONS = {"**/templates/**": {"trimmed": "true", "newstyle_gettext": "true"}}
KEYWORDS = {"text": None, "N_": None, "plural": (1, 2), "amount": (1, 2), "of": ((1, "c"), 2)}
TIMELESS = datetime(2000, 1, 1, tzinfo=UTC)
"""When a compiled catalogue says that it was made: never now, so that the same words give the same bytes."""
TRANSLATED = tuple(code for code in LANGUAGES if code != "en")

NARROW = "\N{NARROW NO-BREAK SPACE}"
_BEFORE = re.compile(r"[ \N{NO-BREAK SPACE}](?=[;:!?»%](?:\s|$|[).,»]))")
_AFTER = re.compile(r"(?<=«)[ \N{NO-BREAK SPACE}]")


@cache
def spoken() -> Catalog:
    """All messages of the source, sorted; what detectors and their options say about themselves too."""
    found = Catalog(fuzzy=False)
    for folder in FOLDERS:
        for _, _, message, _, context in extract_from_dir(
            str(ROOT / folder), METHODS, OPTIONS, keywords=KEYWORDS
        ):
            found.add(message, context=context)
    for detector in BUILTIN.values():
        for paragraph in documentation(detector)[2].values():
            found.add(paragraph)
    for detector in [*BUILTIN.values(), *(rule for known in PRESETS.values() for rule in known.values())]:
        for option in options_of(detector).values():
            found.add(str(option.get("description", "")))
    return found


def said_in(
    file: BinaryIO, keywords: Iterable[str], _tags: object, options: object
) -> Iterator[tuple[int, str, tuple[str | None, ...], list[str]]]:
    """Calls of the keywords in Python, also inside f-strings, which the extractor of babel does not look into."""
    assert not options
    for node in ast.walk(ast.parse(file.read())):
        if isinstance(node, ast.Call):
            name = str(getattr(node.func, "attr", None) or getattr(node.func, "id", ""))
            words = tuple(_literal(argument) for argument in node.args)
            if name in keywords and words and words[0] is not None:
                yield node.lineno, name, words, []
        for help_ in _helps(node):
            yield 0, "N_", (help_,), []


def _helps(node: ast.AST) -> Iterator[str]:
    """Help of commands and options: `help=…`, the short one of `add(…)`, paragraphs after the examples."""
    if isinstance(node, ast.Call):
        yield from (
            word for each in node.keywords if each.arg in {"help", "short"} and (word := _literal(each.value))
        )
        if getattr(node.func, "id", "") in {"add", "Group"}:
            yield from (word for each in node.args[-1:] if (word := _literal(each)))
    elif isinstance(node, ast.Assign) and (text := _literal(node.value)) and text.startswith("\b\n"):
        yield from (" ".join(part.split()) for part in text.split("\n\n") if not is_example(part))


def _literal(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def po(code: str) -> Path:
    """The catalogue for people."""
    return LOCALES / code / "LC_MESSAGES" / f"{DOMAIN}.po"


def mo(code: str) -> Path:
    """The catalogue for the machine."""
    return po(code).with_suffix(".mo")


def stored(code: str) -> Catalog:
    """The catalogue as it is on disk; an empty one where there is none."""
    if not po(code).exists():
        return Catalog(locale=code, fuzzy=False)
    with po(code).open("rb") as file:
        return read_po(file, locale=code)


def updated(code: str) -> Catalog:
    """What is stored for what is spoken, new messages empty, gone ones dropped, spaces set."""
    old, new = stored(code), Catalog(locale=code, fuzzy=False)
    for message in spoken():
        if message.id:
            known = old.get(message.id, message.context) or old.get(_one(message), message.context)
            kept = known.string if known and known.pluralizable == message.pluralizable else ""
            new.add(message.id, _spaced(kept), context=message.context)
    return new


def written(catalogue: Catalog) -> bytes:
    """The `.po` without anything that changes by itself."""
    page = io.BytesIO()
    write_po(page, catalogue, width=0, no_location=True, omit_header=True, sort_output=True)
    code = catalogue.locale.language if catalogue.locale else ""
    head = (
        'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n'
        f'"Language: {code}\\n"\n"Plural-Forms: {catalogue.plural_forms}\\n"\n\n'
    )
    return head.encode() + page.getvalue().lstrip(b"\n")


def compiled(code: str) -> bytes:
    """The `.mo` that belongs to the `.po` on disk."""
    plain = Catalog(locale=code, fuzzy=False, charset="utf-8", creation_date=TIMELESS, revision_date=TIMELESS)
    plain.mime_headers = [
        ("Content-Type", "text/plain; charset=utf-8"),
        ("Plural-Forms", plain.plural_forms),
    ]
    for message in stored(code):
        if message.id:
            plain.add(message.id, message.string, context=message.context)
    page = io.BytesIO()
    write_mo(page, plain)
    return page.getvalue()


def texts(message: Message) -> list[str]:
    """The translation, or all its plural forms."""
    return list(message.string) if isinstance(message.string, (tuple, list)) else [message.string or ""]


def _one(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def _spaced(string: str | tuple[str, ...] | list[str] | None) -> str | tuple[str, ...]:
    if string is None or isinstance(string, str):
        return _AFTER.sub(NARROW, _BEFORE.sub(NARROW, string or ""))
    return tuple(str(_spaced(each)) for each in string)
