"""One tab of a recording: which part looks at which event."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

from friction.recordings.fields import Fields
from friction.recordings.gestures import Gestures
from friction.recordings.mirror import DOCUMENT, is_number, items
from friction.recordings.pages import Pages
from friction.recordings.reactions import SCROLL_MS
from friction.recordings.selectors import tag_of
from friction.recordings.stage import Data, Row, Stage, size

INTERACTIONS = {
    0: "pointer_up",
    1: "pointer_down",
    2: "click",
    3: "contextmenu",
    4: "dblclick",
    5: "focus",
    6: "blur",
    7: "touch_start",
    9: "touch_end",
}
MEDIA = {0: "play", 1: "pause", 2: "seeked", 3: "volumechange", 4: "ratechange"}
TOUCH_MOVE = 6


class Window:
    """Takes the events of one tab in the order of time and appends to the rows of the recording."""

    def __init__(self, name: str | None, rows: list[Row], kinds: frozenset[str], *, is_deep: bool) -> None:
        self._stage = Stage(name, rows, is_deep=is_deep)
        self._pages = Pages(self._stage)
        self._gestures = Gestures(self._stage)
        self._fields = Fields(self._stage)
        self._wants_moves, self._wants_mutations = "mouse_move" in kinds, "mutation" in kinds

    @property
    def facts(self) -> Counter[str]:
        """What was counted: `clicks unresolved moves routes snapshots`, and `submits` if they can be seen."""
        seen = self._gestures.sees_submits or self._fields.sees_submits
        return self._stage.facts + Counter(windows=1, submits=int(seen))

    def see(self, ts: float, row_no: int, event: Data) -> None:
        """One event, `ts` in milliseconds."""
        self._stage.row_no = row_no
        kind, data = event["type"], event.get("data")
        if kind == 3 and type(data) is dict:
            source = data.get("source")
            step = STEPS.get(source) if type(source) is int else None
            if step is not None:
                step(self, ts, data)
        elif kind in {0, 1}:
            self._pages.load()
        elif isinstance(data, dict):
            self._report(ts, kind, data)

    def opened(self, ts: float) -> None:
        """Another tab opened: what was clicked here may have done it."""
        self._stage.reactions.other(ts)

    def end(self, ts: float, row_no: int) -> Row:
        """The row that says that nothing was recorded after this."""
        self._stage.row_no = row_no
        return self._stage.base(ts, "recording_end")

    def _report(self, ts: float, kind: int, data: Data) -> None:
        if kind == 2 and self._pages.snapshot(data):
            self._stage.reactions.forget()
            self._gestures.reset()
        elif kind == 4:
            self._fields.leave()
            self._pages.meta(ts, data)
        elif kind == 5:
            self._pages.custom(ts, data)
        elif kind == 6:
            self._pages.plugin(ts, data)

    def _mutate(self, ts: float, data: Data) -> None:
        stage = self._stage
        if self._wants_mutations:
            for cells in stage.mutations.see(ts, data, stage.mirror):
                stage.put(ts, "mutation", cells)
        if stage.mirror.apply(data):
            stage.changed()
        stage.reactions.mutation(ts, data)

    def _interact(self, ts: float, data: Data) -> None:
        kind = INTERACTIONS.get(data["type"]) if type(data.get("type")) is int else None
        if kind is None:
            return
        self._stage.mutations.close()
        if kind in {"focus", "blur"}:
            self._fields.focus(ts, kind, data.get("id"))
        else:
            self._fields.leave()
            self._gestures.see(ts, kind, data)
            self._stage.reactions.act(ts)

    def _input(self, ts: float, data: Data) -> None:
        self._fields.input(ts, data)

    def _scroll(self, ts: float, data: Data) -> None:
        stage, number = self._stage, data.get("id")
        node = stage.mirror.nodes.get(number) if type(number) is int else None
        is_page = node is None or (node.get("type") == DOCUMENT and stage.mirror.parent(node["id"]) is None)
        place = {"scroll_x": size(data.get("x")), "scroll_y": size(data.get("y"))}
        stage.mutations.close()
        if is_page or tag_of(node or {}) == "html":
            stage.state |= place
            stage.emit(ts, "scroll")
        else:
            stage.emit(ts, "scroll", stage.element(number, is_brief=True), **place)
        stage.reactions.other(ts, SCROLL_MS)
        stage.reactions.act(ts)

    def _move(self, ts: float, data: Data) -> None:
        """Positions since the last report, each some milliseconds before it. Dragging is a move too."""
        self._stage.facts["moves"] += 1
        pointer = "touch" if data["source"] == TOUCH_MOVE else "mouse"
        for spot in items(data, "positions") if self._wants_moves else ():
            number = spot["id"] if is_number(spot.get("id")) else None
            cells = {
                "node_id": number,
                "x": size(spot.get("x")),
                "y": size(spot.get("y")),
                "pointer": pointer,
            }
            self._stage.put(ts + min(size(spot.get("timeOffset")) or 0.0, 0.0), "mouse_move", cells)

    def _resize(self, ts: float, data: Data) -> None:
        self._stage.state |= {"viewport_w": size(data.get("width")), "viewport_h": size(data.get("height"))}
        self._stage.emit(ts, "resize")

    def _play(self, ts: float, data: Data) -> None:
        name = MEDIA.get(data["type"]) if type(data.get("type")) is int else None
        self._stage.emit(ts, "media", self._stage.element(data.get("id"), is_brief=True), name=name)
        self._stage.reactions.other(ts)

    def _select(self, ts: float, data: Data) -> None:
        is_empty = all(_is_empty(part) for part in items(data, "ranges"))
        self._stage.emit(ts, "selection", selection_empty=is_empty)
        if not is_empty:
            self._stage.reactions.other(ts)

    def _draw(self, ts: float, _: Data) -> None:
        self._stage.reactions.other(ts)


STEPS: dict[int, Callable[[Window, float, Data], None]] = {
    0: Window._mutate,
    2: Window._interact,
    3: Window._scroll,
    4: Window._resize,
    5: Window._input,
    7: Window._play,
    **dict.fromkeys((1, 6, 12), Window._move),
    **dict.fromkeys((8, 9, 13, 15), Window._draw),
    14: Window._select,
}
"""By the source of the change. Not bound to a window: it would hold itself, and its pages, for good."""


def _is_empty(part: dict[str, Any]) -> bool:
    return (part.get("start"), part.get("startOffset")) == (part.get("end"), part.get("endOffset"))
