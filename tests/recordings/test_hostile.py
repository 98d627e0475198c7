"""Broken recordings: whatever a value is replaced by, reading goes on and the books balance."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest

from friction.recordings.containers import Contents
from friction.recordings.player import play
from friction.recordings.rows import frame
from friction.recordings.values import values
from tests.recordings.build import Node, Tape, el, text

STRANGE: list[Any] = [
    None,
    True,
    -1,
    0,
    6,
    10,
    2**63,
    1e300,
    "",
    "x",
    "\ud83d",
    [],
    [None],
    {},
    {"id": 10},
    [[[]]],
]
BODY: tuple[Node, ...] = (
    el(10, "form", el(11, "input", name="mail"), el(12, "button", text(13, "Send"))),
    el(14, "label", el(15, "input", type="radio"), for_="z"),
)


def lively() -> list[dict[str, Any]]:
    """A bit of everything."""
    made = Tape(*BODY).focus(100, 11).type(200, 11, "abc").type(300, 15, "on", on=True).press(1_000, 12)
    made.mutate(1_100, adds=[(10, el(20, "ul", el(21, "li"))), (21, text(22, "x"))], texts=[(13, "Sent")])
    made.mutate(1_200, removes=[(20, 21)], attributes=[(12, {"class": "b", "style": {"top": "1px"}})])
    made.change(1_300, 1, positions=[{"x": 1, "y": 2, "id": 10, "timeOffset": -20}]).change(
        1_400, 3, id=1, x=0, y=9
    )
    made.change(1_450, 14, ranges=[{"start": 13, "startOffset": 0, "end": 13, "endOffset": 2}])
    made.custom(1_500, "route", {"to": "/b"}).plugin(1_600, "console", level="error", payload=['"e"'])
    made.plugin(1_700, "network", requests=[{"name": "/a", "startTime": 5, "endTime": 9, "status": 500}])
    return made.meta(2_000).snapshot(2_001, *BODY).events


def places(value: Any) -> list[tuple[Any, Any]]:
    """Every place of a value that something else can be put into."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [place for key, part in inside for place in [(value, key), *places(part)]]


@pytest.mark.parametrize("seed", range(40))
def test_a_strange_value_anywhere_does_no_harm(seed: int) -> None:
    chance = random.Random(seed)
    events = json.loads(json.dumps(lively()))
    for holder, key in chance.sample(places(events), 12):
        holder[key] = chance.choice(STRANGE)
    contents = Contents()
    for value in values(json.dumps(events).encode()):
        contents.take(value)
    kinds = frozenset({"mouse_move", "mutation"})
    tables = [frame(play(one, kinds).rows) for one in contents.recordings]
    accepted = len({row for table in tables for row in table["row_no"]})
    assert accepted + len(contents.rejects) <= contents.records


def test_every_single_value_may_be_strange() -> None:
    whole = json.dumps(lively())
    count = len(places(json.loads(whole)))
    for at in range(count):
        events = json.loads(whole)
        holder, key = places(events)[at]
        holder[key] = STRANGE[at % len(STRANGE)]
        contents = Contents()
        contents.take(json.loads(json.dumps(events).replace("\\ud83d", "?")))
        rows = [
            row
            for one in contents.recordings
            for row in play(one, frozenset({"mouse_move", "mutation"})).rows
        ]
        assert frame(rows).height == len(rows)
