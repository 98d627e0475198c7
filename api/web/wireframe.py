"""The elements known of a page, how often each is clicked, and where: the wireframe on a point's page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from friction.report import Point, Report

from .clickmap import ClickMap, Element, click_map

HEATS = 4
"""Steps of the one hue; the most clicked element of a page has the last."""


@dataclass(frozen=True)
class Box:
    """One element: `share` of the page's views it is clicked in, `trouble` of those clicks, `heat` from 1, and how many
    findings that look like friction were set aside there (`aside`)."""

    number: int
    target: str
    label: str | None
    kind: str
    share: float
    trouble: float
    heat: int
    is_point: bool
    aside: int


@dataclass(frozen=True)
class Wireframe:
    """The most clicked elements of a page; `more` are not shown."""

    views: int
    boxes: list[Box]
    more: int
    maps: list[ClickMap]
    """Where the clicks fell, the layout with most of them first; none where the files do not tell."""


def wireframe(views: Mapping[str, Any], point: Point, report: Report) -> Wireframe | None:
    """Of the point's page; null where nothing is known of its clicks."""
    found = next((each for each in views.get("clicks", ()) if each["page"] == point.page), None)
    if found is None or not found["views"]:
        return None
    most = max(each["views"] for each in found["elements"])
    aside = Counter[str | None]()
    for one in report.suppressed:
        aside[one.target] += one.findings if one.page == point.page else 0
    boxes = [
        Box(
            number,
            each["target"],
            each["label"],
            _kind(each["target"]),
            each["views"] / found["views"],
            each["troubled"] / each["views"],
            max(1, -(-HEATS * each["views"] // most)),
            each["target"] == point.target,
            aside[each["target"]],
        )
        for number, each in enumerate(found["elements"], 1)
    ]
    known = {each.target: Element(each.number, each.kind, each.is_point, bool(each.aside)) for each in boxes}
    maps = [click_map(layout, known) for layout in found.get("layouts", ())]
    return Wireframe(found["views"], boxes, found["more"], maps)


def _kind(target: str) -> str:
    """How an element is drawn: `link`, `field`, `button`, else `part`."""
    tag = target.rsplit(">", 1)[-1].strip().partition("#")[0].partition(".")[0].partition("[")[0]
    kinds = {"a": "link", "button": "button", "input": "field", "select": "field", "textarea": "field"}
    return kinds.get(tag, "part")
