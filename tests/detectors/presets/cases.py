"""The fixture language of presets: short streams of one tab, in pairs that lie on both sides of a bound.

    element b  tag=button text=Buy

    # A click goes on with the run when less than a second has passed.
    expect rage_click 3 rows=1,2,3 | nothing
    0          click b x=5 y=5
    600        click b x=5 y=5
    1599|1600  click b x=5 y=5

A line is an event: milliseconds, kind, element (`-` or missing: none), `name=value` for columns. `left|right` stands
for two streams, and an expectation has its two sides likewise: detector, trigger, and where wanted `rows` and
details; `nothing` is no finding (`nothing dead_click` where the other side does not say of which detector). Rows are
numbered from 1. `on PRESET` names another preset than that of the file, and `set DETECTOR NAME=VALUE` a setting.
`0 x9 every 50 mouse_move` are nine rows. Elements are said once at the head of the file: members of an element of the
event table, `classes` with commas, `attrs` as JSON, `in` with the names of what is around it from the inside out.

The head of a file also lists the clauses of the tool's rule (`clause NAME words`); a comment that ends in `[NAME]` says
which of them the pair lies on both sides of. Where it begins with `Whatever`, both sides give the same.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import polars as pl

from friction.schema import EVENT
from tests.detectors.presets.streams import Row

Elements = dict[str, dict[str, Any]]
DETECTORS = {"rage_click", "dead_click", "slow_click", "error_click", "thrashed_cursor"}


@dataclass(frozen=True)
class Expected:
    """One finding that must come out."""

    detector: str
    trigger: int
    rows: tuple[int, ...] | None
    detail: dict[str, str]


@dataclass(frozen=True)
class Case:
    """One stream of a pair (or of a case without one)."""

    comment: str
    preset: str
    rows: list[Row]
    expected: list[Expected]
    asked: frozenset[str]
    """Detectors that the expectations of either side are about."""
    settings: dict[str, dict[str, str]] = field(default_factory=dict)
    clauses: tuple[str, ...] = ()
    """Clauses of the rule that it lies on one side of."""


def clauses(path: Path) -> dict[str, str]:
    """What the head of a fixture says the rule consists of."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return {line.split()[1]: line.split(maxsplit=2)[2] for line in lines if line.startswith("clause ")}


def cases(path: Path) -> list[Case]:
    """All streams of a fixture, in order."""
    elements: Elements = {}
    found = []
    for block in re.split(r"\n[ \t]*\n", path.read_text(encoding="utf-8")):
        lines = [line.strip() for line in block.splitlines() if line.strip()]
        lines = [line for line in lines if not line.startswith("clause ")]
        for line in lines:
            if line.startswith("element "):
                _define(line, elements)
        rest = [line for line in lines if not line.startswith("element ")]
        if any(not line.startswith("#") for line in rest):
            found += _pair(rest, path.stem, elements)
    return found


def _pair(lines: list[str], preset: str, elements: Elements) -> list[Case]:
    comment = " ".join(line.lstrip("# ") for line in lines if line.startswith("#"))
    named = re.search(r"\[([\w. ]+)\]$", comment)
    body = [line for line in lines if not line.startswith("#")]
    assert comment, lines
    sides = (0, 1) if any("|" in line for line in body) else (0,)
    asked = frozenset(
        word for line in body if line.startswith("expect ") for word in line.split() if word in DETECTORS
    )
    assert asked, lines
    made = [
        _case(comment, [_side(line, side) for line in body], preset, elements, asked, side) for side in sides
    ]
    return [replace(case, clauses=tuple(named[1].split())) for case in made] if named else made


def _side(line: str, side: int) -> str:
    if line.startswith("expect "):
        parts = line.split(" | ")
        return parts[0] if side == 0 or len(parts) == 1 else f"expect {parts[1]}"
    return " ".join(_word(word, side) for word in line.split())


def _word(word: str, side: int) -> str:
    """`600|700`, `b|spot`, `x=5|6`: one of the two."""
    if "|" not in word:
        return word
    name, equals, values = word.rpartition("=")
    return f"{name}{equals}{values.split('|')[side]}"


def _case(
    comment: str, lines: list[str], preset: str, elements: Elements, asked: frozenset[str], side: int
) -> Case:
    rows: list[Row] = []
    expected: list[Expected] = []
    settings: dict[str, dict[str, str]] = {}
    for line in lines:
        first, *words = line.split()
        if first == "on":
            preset = words[0]
        elif first == "set":
            settings[words[0]] = dict(word.split("=", 1) for word in words[1:])
        elif first == "expect":
            expected += [] if words[0] == "nothing" else [_expected(words)]
        else:
            rows += _rows(float(first), words, elements)
    return Case(f"{comment} ({'left' if side == 0 else 'right'})", preset, rows, expected, asked, settings)


def _expected(words: list[str]) -> Expected:
    named = dict(word.split("=", 1) for word in words[2:])
    rows = named.pop("rows", None)
    return Expected(words[0], int(words[1]), tuple(map(int, rows.split(","))) if rows else None, named)


def _rows(ms: float, words: list[str], elements: Elements) -> list[Row]:
    """`0 x3 every 90 mouse_move - x=1,2` stands for three rows, 90 ms apart, whose values take turns."""
    if not re.fullmatch(r"x\d+", words[0]):
        return [_row(ms, words, elements)]
    count, step, rest = int(words[0][1:]), float(words[2]), words[3:]
    turns = [[_turn(word, at) for word in rest] for at in range(count)]
    return [_row(ms + at * step, turn, elements) for at, turn in enumerate(turns)]


def _turn(word: str, at: int) -> str:
    name, equals, values = word.rpartition("=")
    options = values.split(",")
    return f"{name}{equals}{options[at % len(options)]}"


def _row(ms: float, words: list[str], elements: Elements) -> Row:
    kind, *rest = words
    element = rest.pop(0) if rest and "=" not in rest[0] else "-"
    row: Row = {"ms": ms, "kind": kind, **_columns(elements, element)}
    for word in rest:
        name, _, text = word.partition("=")
        row[name] = _value(EVENT[name], text)
    return row


def _columns(elements: Elements, name: str) -> Row:
    known = {} if name == "-" else elements[name]
    return {column: value for column, value in known.items() if column != "_object"}


def _define(line: str, elements: Elements) -> None:
    _, name, *words = line.split()
    told = dict(word.split("=", 1) for word in words)
    around = [elements[outer]["_object"] for outer in told.pop("in", "").split(",") if outer]
    attrs = json.loads(told.pop("attrs", "null"))
    number = told.pop("node", None)
    classes = told.pop("classes", None)
    columns: dict[str, Any] = {"target": told.pop("target", name)}
    control = told.pop("control", None)
    one: dict[str, Any] = {key: value.replace("_", " ") for key, value in told.items()}
    columns |= {f"el_{'aria_label' if key == 'label' else key}": value for key, value in one.items()}
    if "label" in one:
        one["aria_label"] = one.pop("label")
    if attrs is not None:
        columns["el_attrs"], one["attrs"] = json.dumps(attrs), attrs
    if classes:
        columns["el_classes"] = one["classes"] = classes.split(",")
    if number:
        columns["node_id"] = one["node_id"] = int(number)
    if around:
        columns["el_ancestors"] = json.dumps(around)
    if control:
        columns["el_control"] = json.dumps(elements[control]["_object"])
    elements[name] = {**columns, "_object": one}


def _value(dtype: pl.DataType, text: str) -> Any:
    if text == "null":
        return None
    if dtype == pl.Boolean():
        return {"true": True, "false": False}[text]
    if dtype.is_integer():
        return int(text)
    return float(text) if dtype.is_float() else text
