"""Pages of one window: which snapshots are page views, and where the address changes without one.

A recorder takes a full snapshot, with a meta event before it, when a page is loaded and again later as a
checkout: every few minutes or when the tab is shown again. A checkout is no page view. Another address is
one, unless nodes that had come by mutations are still there under their numbers: then the same document
changed its address, which is a `route_change` that is only seen now. The same address again is a reload
when the document was loaded in between, or when the nodes are others; the reload of a page that never
changed cannot be told from a checkout and counts as one.
"""

from __future__ import annotations

from friction.recordings import reports
from friction.recordings.masking import masked
from friction.recordings.mirror import Mirror
from friction.recordings.reactions import VISIBILITY_MS
from friction.recordings.selectors import tag_of
from friction.recordings.stage import Data, Row, Stage, size

SAME_PAGE = 0.9


class Pages:
    """Meta events, snapshots, and what plug-ins and the site say."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._meta: Row | None = None
        self._is_first = True
        self._loaded = False
        self._opened = float("-inf")
        """When the page that is shown became known. What it asked for earlier was asked for by it all the same."""

    def load(self) -> None:
        """The document is ready or loaded."""
        self._loaded = True

    def meta(self, ts: float, data: Data) -> None:
        """The first, or one with another address, is a page view; else the snapshot after it decides."""
        stage = self._stage
        href, before = data.get("href"), stage.state["url"]
        href = href if isinstance(href, str) and href else before
        is_seen = self._meta is None and self._is_first
        self._loaded |= is_seen
        stage.state |= {
            "url": href,
            "viewport_w": size(data.get("width")),
            "viewport_h": size(data.get("height")),
        }
        self._meta = stage.emit(ts, "page_view" if is_seen or href != before else None)
        if self._meta["kind"]:
            self._opened = ts
            stage.reactions.other(ts)

    def snapshot(self, data: Data) -> bool:
        """Take the snapshot over; true when it is the one of a new page."""
        stage, fresh = self._stage, Mirror()
        fresh.reset(data.get("node"))
        row = self._meta
        if row is not None:
            self._decide(row, fresh)
        is_new = row is not None and row["kind"] == "page_view"
        stage.mirror.take(fresh)
        stage.changed()
        stage.facts["snapshots"] += 1
        self._meta, self._loaded, self._is_first = None, False, False
        offset = data.get("initialOffset")
        if isinstance(offset, dict):
            stage.state |= {"scroll_x": size(offset.get("left")), "scroll_y": size(offset.get("top"))}
        return is_new

    def custom(self, ts: float, data: Data) -> None:
        """A custom event: a change of route, the window shown or hidden, or just its name."""
        stage = self._stage
        cells, address = reports.custom(data, stage.state["url"])
        if address is not None:
            stage.state["url"] = address
            stage.facts["routes"] += 1
            stage.reactions.other(ts)
        elif cells["kind"] == "visibility":
            stage.reactions.other(ts, VISIBILITY_MS)
        stage.emit(ts, **cells)

    def plugin(self, ts: float, data: Data) -> None:
        """Rows of the console and network plug-ins; others are not known."""
        name, payload = data.get("plugin"), data.get("payload")
        if not isinstance(name, str):
            return
        if name.startswith("rrweb/console") and (cells := reports.console(payload)) is not None:
            self._stage.emit(ts, **cells)
        elif name.startswith("rrweb/network"):
            for start, request in reports.requests(ts, payload):
                at = max(start, self._opened)
                self._stage.emit(at, **request)
                if request["kind"] == "request":
                    self._stage.reactions.other(at)

    def _decide(self, row: Row, fresh: Mirror) -> None:
        mirror = self._stage.mirror
        if row["kind"] and not self._loaded and mirror.survives_in(fresh):
            row |= {"kind": "route_change", "nav_kind": "push"}
            self._stage.facts["routes"] += 1
        elif not row["kind"] and (self._loaded or mirror.resembles(fresh) < SAME_PAGE):
            row |= {"kind": "page_view", "nav_kind": "reload"}
            self._opened = row["ts"]
            self._stage.reactions.other(row["ts"])
        if row["kind"]:
            row["title"] = _title(fresh)


def _title(mirror: Mirror) -> str | None:
    """The text of the document's title, masked."""
    for node in mirror.nodes.values():
        if (
            node.get("tagName") == "title"
            and tag_of(mirror.element(mirror.parent(node["id"])) or {}) == "head"
        ):
            texts = (child.get("textContent") for child in node["childNodes"])
            return masked(" ".join(text for text in texts if isinstance(text, str)))
    return None
