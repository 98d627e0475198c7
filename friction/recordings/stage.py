"""What the parts of one window share: its page, its state, its rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from typing import Any

from friction.recordings.describe import Element
from friction.recordings.mirror import Mirror, is_number
from friction.recordings.mutations import Mutations
from friction.recordings.nodes import FIELDS
from friction.recordings.reactions import Reactions
from friction.recordings.selectors import tag_of

Row = dict[str, Any]
Data = dict[str, Any]

NOTHING: Row = {}
PASSAGES = 500
SHORTEST_PASSAGE = 4


class Stage:
    """One tab while it is played. `state` is in every row; `row_no` is the event being looked at."""

    def __init__(self, name: str | None, rows: list[Row], *, is_deep: bool) -> None:
        self.mirror = Mirror()
        self.reactions = Reactions(self.mirror)
        self.mutations = Mutations()
        self.facts: Counter[str] = Counter()
        self.state: Row = {"tab_id": name, "url": None}
        self.row_no = 0
        self._rows, self._is_deep = rows, is_deep
        self._brief: dict[int, Row] = {}
        self._whole: dict[int, Row] = {}
        self._typed: dict[str, None] = {}

    def emit(self, ts: float, kind: str | None, element: Row = NOTHING, **cells: Any) -> Row:
        """A new row, about an element or none; one whose kind stays null is dropped in the end."""
        # The element comes first: most cells are its, and the first of several dictionaries is copied as it lies.
        row = {**element, **self.state, "ts": ts, "kind": kind, "row_no": self.row_no, **cells}
        self._rows.append(row)
        return row

    def put(self, ts: float, kind: str, cells: Row) -> None:
        """Make `cells` a row; whoever holds it may still change it."""
        cells.update(self.base(ts, kind))
        self._rows.append(cells)

    def base(self, ts: float, kind: str | None) -> Row:
        """What every row carries."""
        return {**self.state, "ts": ts, "kind": kind, "row_no": self.row_no}

    def element(self, number: Any, *, is_brief: bool = False) -> Row:
        """The columns of an element; only its number where the mirror does not know it.

        `is_brief` gives only what names it, unless all is known already.
        """
        node = self.mirror.element(number)
        if node is None:
            return {"node_id": number} if is_number(number) and number > 0 else {}
        key = node["id"]
        known = self._whole.get(key) or (self._brief.get(key) if is_brief else None)
        if known is not None:
            return known
        found = Element(self.mirror, node, self._typed)
        if is_brief:
            self._brief[key] = found.brief()
            return self._brief[key]
        whole = found.plain(self._brief.get(key))
        self._whole[key] = whole | found.deep() if self._is_deep else whole
        return self._whole[key]

    def own(self, number: Any) -> frozenset[int]:
        """A node with those above and right below it, fields excepted."""
        node = self.mirror.element(number)
        if node is None:
            return frozenset()
        above = [one["id"] for one in self.mirror.ancestors(node["id"], 30)]
        below = [one["id"] for one in node["childNodes"] if tag_of(one) not in FIELDS]
        return frozenset([node["id"], *above, *below])

    def changed(self) -> None:
        """The page is another one: what was worked out about elements is void."""
        if self._brief or self._whole:
            self._brief, self._whole = {}, {}

    def remember(self, text: str) -> None:
        """Something was typed; it must not come out where the page shows it again."""
        passage = " ".join(text.split())
        if len(passage) >= SHORTEST_PASSAGE and passage.strip("*•"):
            self._typed.pop(passage, None)
            self._typed[passage] = None
            self.mirror.unsay()
            if len(self._typed) > PASSAGES:
                del self._typed[next(iter(self._typed))]

    @property
    def typed(self) -> Collection[str]:
        """What was typed lately."""
        return self._typed


def size(value: Any) -> float | None:
    """A coordinate or length, or null when it is none."""
    return float(value) if type(value) in {int, float} and abs(value) < 1e9 else None
