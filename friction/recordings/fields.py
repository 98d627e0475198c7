"""Fields of one window: focus, blur and input.

Typed text is reduced to its length here. Inputs on one field, each at most 2 s after the one before and
nothing done in between, are one row: at the first one's time, with the last one's length, `active_ms` from
first to last, `count`. When one radio button goes on, the recorder also says of the others in the group
that they are off: those are no rows.
"""

from __future__ import annotations

from typing import Any

from friction.recordings.mirror import Node
from friction.recordings.nodes import field_type, form_of, is_submit
from friction.recordings.stage import Data, Row, Stage

TOGETHER_MS = 2_000.0
TOGGLES = frozenset({"checkbox", "radio"})


class Fields:
    """What is typed and chosen."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._typing: tuple[Any, float, Row] | None = None
        self._draft = ""
        self.sees_submits = False
        """True once a field was used in a form with a submit control."""

    def leave(self) -> None:
        """Something else was done: the next input is a row of its own."""
        if self._typing is not None:
            self._stage.remember(self._draft)
            self._typing = None

    def focus(self, ts: float, kind: str, number: Any) -> None:
        """A row where the element is known: one without a target would speak of the whole window."""
        stage = self._stage
        node = stage.mirror.element(number)
        if node is None:
            return
        self.leave()
        stage.emit(ts, kind, stage.element(number, is_brief=field_type(node) is None))
        if kind == "focus":
            stage.reactions.focus(ts, node["id"])

    def input(self, ts: float, data: Data) -> None:
        """A value changed."""
        stage, number, is_on = self._stage, data.get("id"), data.get("isChecked")
        node = stage.mirror.element(number)
        kind = field_type(node) if node is not None else None
        if kind == "radio" and is_on is False:
            return
        text = data.get("text") if isinstance(data.get("text"), str) and kind not in TOGGLES else None
        cells = {
            "value_len": None if text is None else len(text),
            "is_trusted": _flag(data.get("userTriggered")),
        }
        cells["is_checked"] = _flag(is_on) if kind in TOGGLES else None
        stage.reactions.other(ts)
        self._join(ts, number, cells)
        self._draft = text if text is not None and kind != "select" else ""
        if cells["is_trusted"] is not False:
            stage.reactions.act(ts)
        self._look_for_submit(node)

    def _join(self, ts: float, number: Any, cells: Row) -> None:
        last, stage = self._typing, self._stage
        if last is not None and last[0] == number and ts - last[1] <= TOGETHER_MS:
            row = last[2]
            row |= cells | {"count": row["count"] + 1, "active_ms": ts - row["ts"]}
        else:
            self.leave()
            stage.mutations.close()
            row = stage.emit(ts, "input", stage.element(number), **cells, count=1)
        self._typing = (number, ts, row)

    def _look_for_submit(self, node: Node | None) -> None:
        form = form_of(self._stage.mirror, node) if node is not None and not self.sees_submits else None
        stack = [form] if form is not None else []
        while stack and not self.sees_submits:
            part = stack.pop()
            self.sees_submits = is_submit(part)
            stack.extend(part.get("childNodes") or ())


def _flag(value: Any) -> bool | None:
    return value if isinstance(value, bool) else None
