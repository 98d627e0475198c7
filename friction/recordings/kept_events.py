"""A recording as it may be kept and played again: its events, masked, in the recorder's own layout.

What an event says besides what a replay shows (console, requests, the site's own events) is left out. Of addresses
nothing remains, not even of the page's own: a replay needs none.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from friction.recordings.containers import Event
from friction.recordings.kept_looks import dots
from friction.recordings.kept_nodes import Tree
from friction.recordings.kept_styles import masked_css
from friction.recordings.mirror import items

Data = dict[str, Any]

_NUMBERS: dict[int, tuple[str, ...]] = {
    2: ("type", "id", "x", "y", "pointerType"),
    3: ("id", "x", "y"),
    4: ("width", "height"),
    7: ("type", "id", "currentTime", "volume", "muted", "loop", "playbackRate"),
}
"""Source of an incremental event → what of it is kept, all of it numbers and truths."""
_MOVES = frozenset({1, 6, 12})


def kept(events: Sequence[Event]) -> list[Data]:
    """The events of one tab in the order of time, masked; those a replay has no use for are left out.

    Begins with the first whole picture of the page, or the meta event before it; empty where there is none.
    """
    tree, found = Tree(_typed(events)), list[Data]()
    for event in events:
        masked = _event(event.data, tree)
        if masked is not None:
            found.append({"type": event.data["type"], "data": masked, "timestamp": round(event.ts)})
    first = next((at for at, event in enumerate(found) if event["type"] == 2), None)
    if first is None:
        return []
    return found[first - 1 if first and found[first - 1]["type"] == 4 else first :]


def _event(event: Data, tree: Tree) -> Data | None:
    kind, data = event["type"], event.get("data")
    if kind in {0, 1}:
        return {}
    if not isinstance(data, dict):
        return None
    if kind == 4:
        return {"href": "", **_numbers(data, ("width", "height"))}
    if kind == 2:
        tree.reset()
        node = tree.keep(data.get("node"))
        offset = data.get("initialOffset")
        at = _numbers(offset, ("left", "top")) if isinstance(offset, dict) else {}
        return None if node is None else {"node": node, "initialOffset": {"left": 0, "top": 0, **at}}
    return _incremental(data, tree) if kind == 3 else None


def _incremental(data: Data, tree: Tree) -> Data | None:
    source = data.get("source")
    if type(source) is not int:
        return None
    if source in _NUMBERS:
        return {"source": source, **_numbers(data, _NUMBERS[source])}
    if source in _MOVES:
        spots = [_numbers(spot, ("x", "y", "id", "timeOffset")) for spot in items(data, "positions")]
        return {"source": source, "positions": spots}
    special = _SPECIAL.get(source)
    return (
        None if special is None or data.get("isAttachIframe") else {"source": source, **special(data, tree)}
    )


def _mutation(data: Data, tree: Tree) -> Data:
    adds = []
    for item in _parents_first(list(items(data, "adds"))):
        node = tree.keep(item.get("node"), item.get("parentId"))
        if node is not None:
            adds.append({**_places(item, ("parentId", "nextId", "previousId")), "node": node})
    texts = [
        {"id": each["id"], "value": tree.text(each["id"], each.get("value"))}
        for each in items(data, "texts")
        if type(each.get("id")) is int
    ]
    attributes = [
        {"id": each["id"], "attributes": tree.attributes(each["id"], each.get("attributes"))}
        for each in items(data, "attributes")
        if type(each.get("id")) is int
    ]
    removes = [_numbers(item, ("parentId", "id", "isShadow")) for item in items(data, "removes")]
    return {"adds": adds, "removes": removes, "texts": texts, "attributes": attributes}


def _parents_first(adds: list[Data]) -> list[Data]:
    """In an order in which every node comes after the one it lies in, where the event tells both."""
    coming = {id(item): item["node"].get("id") for item in adds if isinstance(item.get("node"), dict)}
    known, waiting, found = set(coming.values()), adds, list[Data]()
    while waiting:
        ready = [item for item in waiting if item.get("parentId") not in known] or waiting
        known -= {coming.get(id(item)) for item in ready}
        taken = {id(item) for item in ready}
        found += ready
        waiting = [item for item in waiting if id(item) not in taken]
    return found


def _typed(events: Sequence[Event]) -> set[str]:
    """All that was typed, at any time."""
    data = (event.data.get("data") for event in events if event.data["type"] == 3)
    inputs = (each for each in data if isinstance(each, dict) and each.get("source") == 5)
    return {text for each in inputs if isinstance(text := each.get("text"), str)}


def _input(data: Data, _: Tree) -> Data:
    return {**_numbers(data, ("id", "isChecked", "userTriggered")), "text": dots(data.get("text"))}


def _rules(data: Data, _: Tree) -> Data:
    adds = [{**_at(rule), "rule": _css(rule.get("rule"))} for rule in items(data, "adds")]
    whole = {name: _css(data[name]) for name in ("replace", "replaceSync") if isinstance(data.get(name), str)}
    removes = [_at(rule) for rule in items(data, "removes")]
    return {**_numbers(data, ("id", "styleId")), "adds": adds, "removes": removes, **whole}


def _declaration(data: Data, _: Tree) -> Data:
    found: Data = {**_numbers(data, ("id", "styleId")), **_at(data)}
    for name in ("set", "remove"):
        said = data.get(name)
        if isinstance(said, dict):
            found[name] = {key: _css(said[key]) for key in ("property", "value", "priority") if key in said}
    return found


def _selection(data: Data, _: Tree) -> Data:
    names = ("start", "startOffset", "end", "endOffset")
    return {"ranges": [_numbers(each, names) for each in items(data, "ranges")]}


def _adopted(data: Data, _: Tree) -> Data:
    found: Data = _numbers(data, ("id",))
    numbers = data.get("styleIds")
    found["styleIds"] = [each for each in numbers if type(each) is int] if isinstance(numbers, list) else []
    if isinstance(data.get("styles"), list):
        found["styles"] = [
            {
                **_numbers(style, ("styleId",)),
                "rules": [{**_at(rule), "rule": _css(rule.get("rule"))} for rule in items(style, "rules")],
            }
            for style in items(data, "styles")
        ]
    return found


_SPECIAL: dict[int, Callable[[Data, Tree], Data]] = {
    0: _mutation,
    5: _input,
    8: _rules,
    13: _declaration,
    14: _selection,
    15: _adopted,
}
"""Pictures drawn on a canvas (9), fonts (10), logs (11) and pages within the page are not kept."""


def _numbers(data: Data, names: Sequence[str]) -> Data:
    return {name: data[name] for name in names if isinstance(data.get(name), (int, float))}


def _places(data: Data, names: Sequence[str]) -> Data:
    return {name: data[name] if isinstance(data.get(name), int) else None for name in names if name in data}


def _at(rule: Data) -> Data:
    """Where in its sheet a rule stands: a number, or one a level."""
    index = rule.get("index")
    if isinstance(index, list):
        return {"index": [each for each in index if type(each) is int]}
    return {"index": index} if type(index) is int else {}


def _css(text: Any) -> str:
    return masked_css(text) if isinstance(text, str) else ""
