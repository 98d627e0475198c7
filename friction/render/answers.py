"""What `inspect`, `convert`, `detect` and `doctor` answer, in words: codes are said, names of the user stay."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.console import RenderableType

from friction.i18n import Language
from friction.i18n.codes import message
from friction.i18n.problems import say
from friction.render.notes import lack
from friction.render.safe import clean
from friction.render.tree import entries, tree
from friction.render.words import members, said

KEPT = frozenset(
    {"sha256", "name", "file", "page", "example", "column", "read_as", "values", "not_read", "told_by"}
)
"""Members whose values are the user's own, whatever they look like."""
HOW = frozenset({"delimiter", "quote", "time"})
"""Members that say how a file is written: a code, or the very character."""


def answer(content: Mapping[str, Any], speak: Language) -> RenderableType:
    """The answer of one command as lines and tables."""
    return tree(_worded(_shown(content, speak), speak), speak)


def _shown(content: Mapping[str, Any], speak: Language) -> Mapping[str, Any]:
    """An inspection shows the columns of a file once, with their values."""
    if not content.get("recognition"):
        return {name: value for name, value in content.items() if name != "recognition"}
    files = [
        {**file, "facts": {name: fact for name, fact in file["facts"].items() if name != "columns"}}
        for file in content["files"]
    ]
    told = [_recognised(one, speak) for one in content["recognition"]]
    rest = {name: value for name, value in content.items() if name not in {"files", "recognition"}}
    return {"files": files, "recognition": told, **rest}


def _recognised(one: Mapping[str, Any], speak: Language) -> dict[str, Any]:
    """One file: how sure its source is and by what, the columns that are read, and the names of the others."""
    told = {
        "file": one["name"],
        "confidence": None if one["confidence"] is None else speak.percent(one["confidence"], 0),
        "told_by": one["told_by"],
        "not_read": [row["column"] for row in one["columns"] if not row["read_as"]],
        "columns": [row for row in one["columns"] if row["read_as"]],
    }
    return {name: value for name, value in told.items() if value}


def checks(examined: list[tuple[str, str, str]], speak: Language) -> RenderableType:
    """`verdict, name, detail` of the checks of this machine."""
    signs = {"good": speak.text("ok"), "remark": speak.text("note"), "bad": speak.text("BAD")}
    width = max(len(sign) for sign in signs.values()) + 1
    return entries(
        [
            (f"{signs[verdict]:<{width}}{speak.word('machine', name)}", say(detail, speak))
            for verdict, name, detail in examined
        ]
    )


def _worded(content: Mapping[str, Any], speak: Language) -> dict[str, Any]:
    return {speak.word("member", clean(key)): _member(key, value, speak) for key, value in content.items()}


def _member(key: str, value: Any, speak: Language) -> Any:  # noqa: PLR0911 - one line a kind of member
    if key == "capabilities":
        return [speak.word("capability", clean(each)) for each in value]
    if key == "assessable":
        return [speak.word("detector", clean(each)) for each in value]
    if key == "not_assessable":
        return {speak.word("detector", clean(name)): lack(why, speak) for name, why in value.items()}
    if key == "rejected":
        return {speak.word("rejected", clean(code)): rows for code, rows in value.items()}
    if key == "findings" and isinstance(value, Mapping):
        return {speak.word("detector", clean(name)): count for name, count in value.items()}
    if key == "counted":
        return {f"{row['source']}, {speak.word('form', row['form'])}": _tally(row, speak) for row in value}
    if key in {"quality", "rejects", "passed_over"} and isinstance(value, list):
        return [_coded(key, row, speak) for row in value]
    if key == "voices" and isinstance(value, str):
        return speak.word("voices", clean(value))
    if key in HOW and isinstance(value, str):
        return speak.word("written", value) if message("written", value) else value
    if key in KEPT:
        return value
    if isinstance(value, Mapping):
        return _worded(value, speak)
    if isinstance(value, list) and value and isinstance(value[0], Mapping):
        return [_worded(row, speak) for row in value]
    return said(value, speak) if isinstance(value, (str, bool)) or value is None else value


def _tally(row: Mapping[str, Any], speak: Language) -> dict[str, Any]:
    """What one tool counted, measures and caveats in words."""
    groups, joints = {"measures": "measure", "caveats": "caveat"}, {"measures": "; ", "caveats": " "}
    return {
        speak.word("member", name): joints[name].join(speak.word(groups[name], clean(code)) for code in value)
        or speak.text("none")
        if name in groups
        else said(value, speak)
        for name, value in row.items()
        if name not in {"source", "form"}
    }


def _coded(key: str, row: Mapping[str, Any], speak: Language) -> dict[str, Any]:
    """A row of which some members are codes of a group that goes with the table."""
    groups = {
        "quality": {"check": "check", "verdict": "verdict"},
        "rejects": {"reason": "rejected"},
        "passed_over": {"reason": "left_out"},
    }[key]
    return {
        speak.word("member", name): members(value, speak)
        if name == "detail"
        else speak.word(groups[name], clean(str(value)))
        if name in groups
        else value
        for name, value in row.items()
    }
