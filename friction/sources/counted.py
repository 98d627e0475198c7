"""Exports in which the tool has counted already: lists of recordings and sums by page, day or device.

Exports   Hotjar's list of recordings, answers of Mouseflow's recordings and link analytics, answers of Microsoft
          Clarity's Data Export API, the tables in the archives of Plausible.
Gives     Nothing that could be ranked here: they hold no single event, so neither order nor place can be checked. They
          are recognised in order to say so, and what to export instead.
Misses    Every event. Counts of a vendor are never taken for findings of ours.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from friction.errors import InputError
from friction.sources.base import InputFile, Options, Reading, Source
from friction.sources.seen import SURE, Seen, seen


@dataclass(frozen=True, kw_only=True)
class Counted(Source):
    """One export of counts."""

    detail: ClassVar[str]
    """What the file is, and why it cannot be read."""
    remedy: ClassVar[str]
    marks: ClassVar[Callable[[Seen], bool]]

    def sniff(self, file: InputFile) -> float:
        """Sure by the names that only this export has."""
        return SURE if type(self).marks(seen(file)) else 0.0

    def read(self, file: InputFile, options: Options) -> Reading:  # noqa: ARG002 - nothing is read
        """Raises `InputError`, always."""
        raise InputError("input.counted_by_vendor", self.detail, file=file.name, remedy=self.remedy)


def _hotjar(looked: Seen) -> bool:
    names = {name.lower() for name in looked.names}
    return {"recording url", "hotjar user id", "action count", "page count"} <= names


def _clarity(looked: Seen) -> bool:
    documents = [value for value in looked.documents if isinstance(value, list) and value]
    metrics = [one for value in documents for one in value]
    return bool(metrics) and all(
        isinstance(one, dict) and one.keys() == {"metricName", "information"} for one in metrics
    )


def _mouseflow(looked: Seen) -> bool:
    return any(_is_mouseflow(value) for value in looked.documents)


def _is_mouseflow(value: Any) -> bool:
    if not isinstance(value, dict):
        return False
    lists = {name: value.get(name) for name in ("recordings", "targets")}
    first = {name: found[0] for name, found in lists.items() if isinstance(found, list) and found}
    is_list = (
        isinstance(first.get("recordings"), dict)
        and {"engagementTime", "pages"} <= first["recordings"].keys()
    )
    return is_list or (isinstance(first.get("targets"), dict) and "clickRages" in first["targets"])


def _plausible(looked: Seen) -> bool:
    names = set(looked.names)
    return {"date", "visitors"} <= names and bool({"visits", "visit_duration", "total_time_on_page"} & names)


@dataclass(frozen=True, kw_only=True)
class Hotjar(Counted):
    """Hotjar's list of recordings (counted by the tool, refused with the reason)."""

    name: ClassVar[str] = "hotjar"
    detail: ClassVar[str] = (
        "this is Hotjar's list of recordings: Hotjar has counted already, and no single event is in it"
    )
    remedy: ClassVar[str] = (
        "Hotjar exports no events: record with rrweb, or export them from another tool on the same site"
    )
    marks: ClassVar[Callable[[Seen], bool]] = staticmethod(_hotjar)


@dataclass(frozen=True, kw_only=True)
class Clarity(Counted):
    """Answers of Microsoft Clarity's Data Export API (counted by the tool, refused with the reason)."""

    name: ClassVar[str] = "clarity"
    detail: ClassVar[str] = (
        "this is an answer of Microsoft Clarity: Clarity has counted already, and no single event is in it"
    )
    remedy: ClassVar[str] = (
        "Clarity exports no events: record with rrweb, or export them from another tool on the same site"
    )
    marks: ClassVar[Callable[[Seen], bool]] = staticmethod(_clarity)


@dataclass(frozen=True, kw_only=True)
class Mouseflow(Counted):
    """Recordings and link analytics of Mouseflow (counted by the tool, refused with the reason)."""

    name: ClassVar[str] = "mouseflow"
    detail: ClassVar[str] = (
        "this is a list of Mouseflow: Mouseflow has counted already, and no single event is in it"
    )
    remedy: ClassVar[str] = "export the events from another tool on the same site, or record with rrweb"
    marks: ClassVar[Callable[[Seen], bool]] = staticmethod(_mouseflow)


@dataclass(frozen=True, kw_only=True)
class Plausible(Counted):
    """Tables of Plausible's export (counted by the tool, refused with the reason)."""

    name: ClassVar[str] = "plausible"
    detail: ClassVar[str] = (
        "this is a table of Plausible: Plausible has counted already, and no single event is in it"
    )
    remedy: ClassVar[str] = "Plausible exports no events: use the log of the web server"
    marks: ClassVar[Callable[[Seen], bool]] = staticmethod(_plausible)
