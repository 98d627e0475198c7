"""Rows of kind `mutation`, for those who want them: one per 20 ms, changed node and kind of change.

`name` is `childList`, `characterData` or the changed attribute, `count` the number of changes. A subtree
that came or went counts at the node it hangs on. What the visitor does in between ends the 20 ms, so that
no change after a click hides in a row before it.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from friction.recordings.mirror import Mirror, arrivals, is_number, items

TOGETHER_MS = 20.0

Key = tuple[int, str]


class Mutations:
    """Gathers the mutations of one window."""

    def __init__(self) -> None:
        self._since = float("-inf")
        self._rows: dict[Key, dict[str, Any]] = {}

    def close(self) -> None:
        """The visitor acted: later changes get rows of their own."""
        self._rows = {}

    def see(self, ts: float, data: dict[str, Any], mirror: Mirror) -> list[dict[str, Any]]:
        """The new rows this mutation gives (without time and window); others are added to the rows before."""
        if ts >= self._since + TOGETHER_MS:
            self._since, self._rows = ts, {}
        new = []
        for (node, name), n in _changed(data, mirror).items():
            row = self._rows.get((node, name))
            if row is None:
                row = self._rows[node, name] = {"node_id": node, "name": name, "count": 0}
                new.append(row)
            row["count"] += n
        return new


def _changed(data: dict[str, Any], mirror: Mirror) -> Counter[Key]:
    """Changes per node and name, in the order of the record; `mirror` stands before the mutation."""
    came = arrivals(data)
    changed: Counter[Key] = Counter()
    for item in items(data, "adds"):
        top = _top(item, came)
        if is_number(top):
            changed[top, "childList"] += 1
    for item in items(data, "removes"):
        if is_number(item.get("parentId")):
            changed[item["parentId"], "childList"] += 1
    for item in items(data, "texts"):
        if is_number(number := item.get("id")):
            changed[mirror.parent(number) or number, "characterData"] += 1
    for item in items(data, "attributes"):
        if is_number(item.get("id")) and isinstance(item.get("attributes"), dict):
            changed.update((item["id"], str(name)[:40]) for name in item["attributes"])
    return changed


def _top(item: dict[str, Any], came: dict[int, dict[str, Any]]) -> Any:
    """The node that was there before and under which this one hangs now."""
    for _ in range(len(came)):
        parent = item.get("parentId")
        if type(parent) is not int or parent not in came:
            return parent
        item = came[parent]
    return item.get("parentId")
