"""Clicks, presses and touches of one window, and the submits they stand for.

**Submits.** The recorder has no event for them. A click on a submit control of a form is taken for one: the
browser itself clicks the form's first submit control when Enter is pressed in a field, and that click is
recorded too. What is not seen is a form without any submit control; what is seen too often is a submit that
validation stopped. So a `submit` is an attempt, not a success.

**Clicks at 0,0** come from the keyboard or a script and get no coordinates, unless the mouse went down
there before. A click that a label passes on to its control is `synthetic`: same place, at once, nothing
pressed in between. Of a tap with the finger the recorder keeps touch start, touch end and a click; only the
last is a `click`.
"""

from __future__ import annotations

from typing import Any

from friction.recordings.nodes import form_of, is_off, is_submit
from friction.recordings.stage import Data, Row, Stage, size

FORWARDED_MS = 50.0
TOUCH_MS = 1_000.0
STALE_MS = 700.0
"""A press released longer ago was a drag or a long touch: no click comes of it any more."""
POINTERS = {0: "mouse", 1: "pen", 2: "touch"}
PRESSES, RELEASES = frozenset({"pointer_down", "touch_start"}), frozenset({"pointer_up", "touch_end"})

Place = tuple[float | None, float | None]


class Gestures:
    """What the pointer does."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self.sees_submits = False
        """True once a form was sent by a control that can be seen."""
        self.reset()

    def reset(self) -> None:
        """A new page: what was pressed on the old one is over."""
        self._press: tuple[float, Place] | None = None
        self._released = self._touched = float("-inf")
        self._clicked: tuple[float, Place] | None = None

    def see(self, ts: float, kind: str, data: Data) -> None:
        """One interaction of the mouse, pen or finger."""
        place = size(data.get("x")), size(data.get("y"))
        if kind.startswith("touch"):
            self._touched = ts
        if kind == "click":
            self._click(ts, data, place)
            return
        if kind in PRESSES:
            self._press = (ts, place)
        elif kind in RELEASES:
            self._released = ts
        pointer = "touch" if kind.startswith("touch") else _named(data)
        element = self._stage.element(data.get("id"), is_brief=kind in PRESSES | RELEASES)
        self._stage.emit(ts, kind, element, x=place[0], y=place[1], pointer=pointer)

    def _click(self, ts: float, data: Data, place: Place) -> None:
        stage = self._stage
        at_corner = not place[0] and not place[1]
        press = self._taken(ts, at_corner=at_corner)
        pointer = self._pointer(ts, data, place, press)
        if at_corner and press is None:
            place = (None, None)
        element = stage.element(data.get("id"))
        row = stage.emit(ts, "click", element, x=place[0], y=place[1], pointer=pointer)
        if press is not None:
            row["press_ms"] = max(ts - press, 0.0)
        stage.facts["clicks"] += 1
        stage.facts["unresolved"] += "target" not in element
        stage.reactions.click(row, ts, press, stage.own(data.get("id")))
        if pointer != "synthetic":
            self._submit(ts, data.get("id"), pointer)

    def _taken(self, ts: float, *, at_corner: bool) -> float | None:
        """The time of the press this click comes of; it is used up."""
        press = self._press
        if press is None or press[0] <= self._released < ts - STALE_MS:
            self._press = None
            return None
        if at_corner and (press[1][0] or press[1][1]):
            return None
        self._press = None
        return press[0]

    def _pointer(self, ts: float, data: Data, place: Place, press: float | None) -> str | None:
        last, self._clicked = self._clicked, (ts, place)
        at_corner = not place[0] and not place[1]
        if (
            press is None
            and last is not None
            and ts - last[0] <= FORWARDED_MS
            and (at_corner or place == last[1])
        ):
            return "synthetic"
        if press is None and at_corner:
            return "keyboard" if self._press is None else "synthetic"
        return _named(data) or (
            "touch" if ts - self._touched < TOUCH_MS else "mouse" if press is not None else None
        )

    def _submit(self, ts: float, number: Any, pointer: str | None) -> None:
        """The form that a clicked submit control sends, as a row of its own right after the click."""
        mirror = self._stage.mirror
        node = mirror.element(number)
        around = () if node is None else (node, *mirror.ancestors(node["id"], 4))
        control = next((one for one in around if is_submit(one)), None)
        if control is None or is_off(control) or form_of(mirror, control) is None:
            return
        self.sees_submits = True
        self._stage.emit(ts, "submit", self._stage.element(control["id"]), pointer=pointer)


def _named(data: Row) -> str | None:
    kind = data.get("pointerType")
    return POINTERS.get(kind) if type(kind) is int else None
