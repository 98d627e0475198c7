"""One detector or preset of the catalogue as people read it: what its docstring says, what it needs, its settings.

The paragraphs are those of the docstring, which is the key of their translations; a plug-in's stay as they are, and so
does the text of a preset, which speaks of another tool's code.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from friction.i18n import N_, Language
from friction.i18n.codes import GROUPS
from friction.render.lines import line
from friction.render.safe import clean
from friction.render.tree import entries
from friction.render.words import number

PARAGRAPHS: Mapping[str, str] = {
    "finds": N_("finds"),
    "matters": N_("matters"),
    "misleads": N_("misleads"),
    "defaults": N_("defaults"),
    "sources": N_("sources"),
}
BOUNDS: Mapping[str, str] = {
    "minimum": N_("{n} or more"),
    "exclusiveMinimum": N_("more than {n}"),
    "maximum": N_("at most {n}"),
    "exclusiveMaximum": N_("less than {n}"),
}
NEEDS, NEEDS_ONE_OF, SETTINGS, OPT_IN = (
    N_("needs"),
    N_("needs one of"),
    N_("settings"),
    N_("only when asked for"),
)
UNVERIFIED, UNPUBLISHED = N_("unverified"), N_("its numbers are not published: never assessable")


def detector(entry: Mapping[str, Any], speak: Language) -> RenderableType:
    """All that is known of one detector."""
    known = entry["name"] in GROUPS["one_liner"]
    summary = speak.word("one_liner", entry["name"]) if known else str(entry["summary"])
    title = speak.word("detector", entry["name"]) if entry["name"] in GROUPS["detector"] else entry["title"]
    told = [
        (speak.text(label), clean(speak.text(str(entry[key])), 5_000))
        for key, label in PARAGRAPHS.items()
        if entry.get(key)
    ]
    told += [
        (speak.text(label), speak.listed([speak.word("capability", clean(each)) for each in entry[key]]))
        for key, label in (("needs", NEEDS), ("needs_one_of", NEEDS_ONE_OF))
        if entry.get(key)
    ]
    marked = f" ({speak.text(OPT_IN)})" if entry.get("opt_in") else ""
    head = Group(
        line(clean(title), style="bold"), line(f"{clean(entry['name'])}{marked}"), line(clean(summary)), ""
    )
    return Group(head, entries(told), *_settings(entry.get("parameters", {}), speak))


def preset(entry: Mapping[str, Any], speak: Language) -> RenderableType:
    """The rules of one preset with their settings; its text is printed as it stands."""
    parts: list[RenderableType] = [line(clean(entry["name"]), style="bold")]
    if not entry["verified"]:
        parts.append(line(speak.text(UNVERIFIED)))
    if not entry["published"]:
        parts.append(line(speak.text(UNPUBLISHED)))
    for name, every in entry["rules"].items():
        # The rule of a tool sets nothing aside, so there is nothing to be counted after all.
        parameters = {setting: said for setting, said in every.items() if setting != "counted"}
        parts += [
            "",
            line(speak.word("detector", clean(name))),
            Padding(Group(*_settings(parameters, speak)), (0, 0, 0, 2)),
        ]
    return Group(*parts)


def _settings(parameters: Mapping[str, Mapping[str, Any]], speak: Language) -> Sequence[RenderableType]:
    """Name and value of each, and what it says about itself below."""
    if not parameters:
        return ()
    told = []
    for name, each in parameters.items():
        told.append((name, _said(each, speak)))
        if text := each.get("description"):
            told.append(("", clean(speak.text(str(text)), 1_000)))
    return ("", Text(speak.text(SETTINGS), "bold"), Padding(entries(told), (0, 0, 0, 2)))


def _said(parameter: Mapping[str, Any], speak: Language) -> str:
    """The value in force without any setting, and what it may be."""
    choices = [each for each in parameter.get("anyOf", [parameter]) if each.get("type") != "null"]
    bounds = [
        speak.text(words, n=number(choice[key], speak))
        for choice in choices
        for key, words in BOUNDS.items()
        if key in choice
    ]
    words = [clean(str(word)) for choice in choices for word in choice.get("enum", ())]
    may = [*bounds, *([speak.listed(words)] if words else [])]
    return _value(parameter.get("default"), speak) + (f" ({', '.join(may)})" if may else "")


def _value(value: Any, speak: Language) -> str:
    if value is None or value == []:
        return "–"
    if isinstance(value, bool):
        return speak.text("yes") if value else speak.text("no")
    if isinstance(value, (int, float)):
        return number(value, speak)
    return ", ".join(clean(str(each)) for each in value) if isinstance(value, list) else clean(str(value))
