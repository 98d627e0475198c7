"""`friction init`: a commented `friction.toml`, with what the data propose."""

from __future__ import annotations

import json
import os
import re
import secrets
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from friction.cli import options as opt
from friction.cli.speech import speaking
from friction.cli.voice import Voice
from friction.cli.work import answer, checked
from friction.errors import EXIT_DONE, UsageError
from friction.files import write
from friction.goals import Clause

INIT = """\b
friction init events.csv
friction init exports/ -o shop/friction.toml

Look at an input and write a configuration to correct: what counts as a conversion, the pages by their kind, who
probably does not count. Beside it the key is written with which visitors are hashed.
"""
KEY = "friction.key"
Toml = Annotated[Path, typer.Option("-o", "--output", metavar="FILE", help="The file to write.")]


def init(
    inputs: opt.Inputs,
    output: Toml = Path("friction.toml"),
    zone: opt.Zone = None,
    mapping: opt.Mapping = None,
    quiet: opt.Quiet = False,
    verbose: opt.Verbose = False,
) -> int:
    """Look, write both files, say so; one that is there already stays."""
    checked(output, (".toml",))
    if output.exists():
        raise UsageError(
            "output.exists",
            f"{output} is there already",
            remedy="choose another place with -o, or remove it first",
            file=str(output),
        )
    voice, settings = Voice(quiet, verbose), opt.settings(None, mapping, time__zone=zone)
    found = json.loads(answer("propose", voice, inputs, settings))
    write(output, "\n".join(_lines(found, zone)).encode() + b"\n")
    key = output.with_name(KEY)
    if not key.exists():
        _write_key(key)
    voice.remark(speaking().text("friction: the configuration is in {file}", file=output))
    return EXIT_DONE


def _write_key(path: Path) -> None:
    """A key of 256 random bits that only this user may read."""
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(file, "w", encoding="ascii") as stream:
        stream.write(secrets.token_hex(32) + "\n")


def _lines(found: Mapping[str, Any], zone: str | None) -> Iterator[str]:
    speak = speaking()
    yield "# " + speak.text("Settings of friction, proposed from {n} sessions. Lines behind a # are not in force.",
                     n=speak.whole(found["sessions"]))  # fmt: skip
    yield "# " + speak.text("friction schema config says what else may be set.")
    yield from _goals(found)
    yield from _funnel(found)
    yield from _pages(found)
    yield from _stages(found["types"])
    yield from _exclude(found["exclude"])
    yield from ("", "[privacy]")
    yield "# " + speak.text(
        "Visitors are hashed with the key in this file: keep it, and keep it to yourself."
    )
    yield f"key_file = {_quoted(KEY)}"
    yield "# " + speak.text("Columns that friction does not know are dropped, but for those named here.")
    yield '# keep = ["plan"]'
    yield from ("", "[time]")
    if found["time_is_assumed"] and zone is None:
        yield "# " + speak.text("The times carry no zone and are read as UTC: name theirs.")
    yield f"zone = {_quoted(zone)}" if zone else '# zone = "Europe/Paris"'


def _goals(found: Mapping[str, Any]) -> Iterator[str]:
    speak, goals = speaking(), found["goals"]
    yield from ("", "# " + speak.text("What counts as a conversion; the first goal ranks."))
    if not goals:
        yield "# " + speak.text("Nothing in the data looks like one: name an event or a page.")
        yield from ("# [goals.order]", '# when = "page=/thanks"')
    used: set[str] = set()
    for place, goal in enumerate(goals):
        mark = "# " if place else ""
        yield f"{mark}[goals.{_name(goal['definition'], used)}]"
        reached = speak.text("reached by {n} sessions", n=speak.whole(goal["sessions"]))
        yield f"{mark}when = {_quoted(goal['definition'])}  # {reached}"
        if not place:
            yield "# value = 40.0"
            yield '# currency = "EUR"'


def _funnel(found: Mapping[str, Any]) -> Iterator[str]:
    """The way of most who reach the first goal; where there is none, how one is written."""
    speak, steps = speaking(), found["steps"]
    yield from ("", "# " + speak.text("Steps that people pass in order; the report says where they stop."))
    if len(steps) < 2:
        yield from ("# [funnels.order]", '# steps = ["/cart", "/checkout", "event=purchase"]')
        return
    yield "# " + speak.text("The way of most who reach it: {steps}", steps=_listed(steps, " → "))
    goal = found["goals"][0]["definition"]
    ways = [_page(page) for page in steps]
    yield f"[funnels.{_name(goal, set())}]"
    yield f"steps = [{', '.join(_quoted(each) for each in (*ways, *([goal] if goal not in ways else [])))}]"


STAGES = {"consideration": ("product", "search"), "decision": ("cart", "checkout"), "retention": ("account",)}
"""Stage → the kinds of pages that speak for it."""


def _stages(types: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """What could be said of the stages of the journey, from the kinds of pages that there are."""
    speak = speaking()
    yield from ("", "# " + speak.text("Stages of the customer journey, besides the rules that always hold:"))
    yield "# [stages]"
    for stage, kinds in STAGES.items():
        pages = [page for kind in kinds for page in types.get(kind, ())]
        listed = ", ".join(_quoted(_page(page)) for page in pages) or '"page=/example"'
        yield f"# {stage} = [{listed}]"


def _page(page: str) -> str:
    """The expression that a page fits."""
    return str(Clause("page", "=", page))


def _pages(found: Mapping[str, Any]) -> Iterator[str]:
    speak = speaking()
    yield from ("", "[pages]")
    if found["main_host"]:
        yield f"# main_host = {_quoted(found['main_host'])}"
    if found["types"]:
        yield "# " + speak.text("What the pages are, by the words of their addresses:")
        yield from (f"#   {kind}: {_listed(pages)}" for kind, pages in found["types"].items())
    if found["untyped"]:
        yield "# " + speak.text("Not known is what these are; say it below where it matters: {pages}",
                         pages=_listed(found["untyped"]))  # fmt: skip
    yield from ("# [pages.types]", '# product = ["/item/*"]', '# checkout = ["/pay/*"]')


def _exclude(lines: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    speak = speaking()
    yield from ("", "[exclude]")
    yield "# " + speak.text(
        "Sessions that do not count: your own people, tests, monitoring. The report says how many there were."
    )
    for rule in ("pages", "visitors"):
        mine = [line for line in lines if line["rule"] == rule]
        if mine:
            yield f"# {rule} = ["
            for line in mine:
                size = speak.text("{n} sessions", n=speak.whole(line["sessions"]))
                yield f"#   {_quoted(line['pattern'])},  # {size}"
            yield "# ]"
    if not any(line["rule"] == "visitors" for line in lines):
        yield '# visitors = ["*@example.com"]'
    yield from ('# ips = ["203.0.113.0/24"]', '# agents = ["*Pingdom*"]')


def _name(definition: str, used: set[str]) -> str:
    """A key for the goal: the last words of what it is, and no other goal's."""
    words = re.findall(r"[a-z0-9]+", definition.partition("=")[2].lower()) or ["goal"]
    name = "-".join(words[-2:])
    while name in used:
        name += "-too"
    used.add(name)
    return name


def _listed(words: Sequence[str], between: str = ", ") -> str:
    """Words from the data in one line of a comment."""
    return between.join("".join(sign for sign in word if sign.isprintable()) for word in words)


def _quoted(text: str) -> str:
    """A text as TOML writes it."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
