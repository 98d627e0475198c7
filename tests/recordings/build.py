"""Small recordings, written by hand: nodes, pages and a tape of events."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from typing import Any, Self

from friction.recordings.containers import Event, Recording
from friction.recordings.mirror import Mirror
from friction.recordings.player import play

START = 1_700_000_000_000
"""Milliseconds of the first event; the times of a tape count from here."""
HREF = "https://shop.example/basket"

Node = dict[str, Any]


def text(number: int, value: str) -> Node:
    """A text node."""
    return {"type": 3, "id": number, "textContent": value}


def el(number: int, tag: str, *children: Node, **attributes: Any) -> Node:
    """An element. `class_` stands for class, `for_` for for, underscores inside for hyphens."""
    named = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
    return {"type": 2, "id": number, "tagName": tag, "attributes": named, "childNodes": list(children)}


def page(*body: Node, title: str = "Basket") -> Node:
    """A document with these nodes in its body; numbers 1 to 6 are taken."""
    head = el(3, "head", el(4, "title", text(5, title)))
    return {"type": 0, "id": 1, "childNodes": [el(2, "html", head, el(6, "body", *body))]}


def mirror(*body: Node) -> Mirror:
    """A mirror of a page with these nodes."""
    made = Mirror()
    made.reset(deepcopy(page(*body)))
    return made


class Tape:
    """Events in the order they are told, at milliseconds after `START`."""

    def __init__(self, *body: Node, href: str | None = HREF) -> None:
        self.events: list[dict[str, Any]] = []
        if href is not None:
            self.meta(0, href).snapshot(1, *body)

    def event(self, at: float, kind: int, **data: Any) -> Self:
        self.events.append({"type": kind, "data": data, "timestamp": START + at})
        return self

    def meta(self, at: float, href: str = HREF) -> Self:
        return self.event(at, 4, href=href, width=1280, height=720)

    def snapshot(self, at: float, *body: Node, title: str = "Basket") -> Self:
        return self.event(at, 2, node=page(*body, title=title), initialOffset={"left": 0, "top": 0})

    def change(self, at: float, source: int, **data: Any) -> Self:
        return self.event(at, 3, source=source, **data)

    def touch(
        self, at: float, kind: int, number: int, x: float | None = 40, y: float | None = 30, **data: Any
    ) -> Self:
        place = {} if x is None else {"x": x, "y": y}
        return self.change(at, 2, type=kind, id=number, **place, **data)

    def press(self, at: float, number: int, x: float = 40, y: float = 30) -> Self:
        """Mouse down, up, and the click 100 ms after the down, at `at`."""
        self.touch(at - 100, 1, number, x, y).touch(at - 1, 0, number, x, y)
        return self.touch(at, 2, number, x, y, pointerType=0)

    def focus(self, at: float, number: int) -> Self:
        return self.touch(at, 5, number, None)

    def blur(self, at: float, number: int) -> Self:
        return self.touch(at, 6, number, None)

    def type(self, at: float, number: int, value: str, *, on: bool = False, **data: Any) -> Self:
        return self.change(at, 5, id=number, text=value, isChecked=on, **data)

    def mutate(
        self,
        at: float,
        *,
        adds: Sequence[tuple[int, Node]] = (),
        removes: Sequence[tuple[int, int]] = (),
        attributes: Sequence[tuple[int, dict[str, Any]]] = (),
        texts: Sequence[tuple[int, str]] = (),
    ) -> Self:
        return self.change(
            at,
            0,
            adds=[{"parentId": parent, "nextId": None, "node": node} for parent, node in adds],
            removes=[{"parentId": parent, "id": number} for parent, number in removes],
            attributes=[{"id": number, "attributes": changed} for number, changed in attributes],
            texts=[{"id": number, "value": value} for number, value in texts],
        )

    def custom(self, at: float, tag: str, payload: Any = None) -> Self:
        return self.event(at, 5, tag=tag, payload=payload)

    def plugin(self, at: float, name: str, **payload: Any) -> Self:
        return self.event(at, 6, plugin=f"rrweb/{name}@1", payload=payload)

    def recording(self, window: str | None = None) -> Recording:
        copies = [deepcopy(event) for event in self.events]  # a mirror takes the nodes for its own
        events = [Event(float(one["timestamp"]), at, window, one) for at, one in enumerate(copies, start=1)]
        return Recording("s1", None, events)

    def rows(self, kind: str | None = None, wanted: Sequence[str] = ()) -> list[dict[str, Any]]:
        """The rows of this tape, of one kind if it is named; `at` is the time as the tape counts it."""
        rows = play(self.recording(), frozenset(wanted)).rows
        for row in rows:
            row["at"] = row["ts"] - START
        return [row for row in rows if kind is None or row["kind"] == kind]

    def row(self, kind: str) -> dict[str, Any]:
        """The only row of that kind."""
        (row,) = self.rows(kind)
        return row
