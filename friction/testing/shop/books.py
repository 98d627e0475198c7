"""The truth file: planted points, look-alikes, incidents and counts, as JSON values."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import numpy as np

from friction.testing.shop.bots import BOTS
from friction.testing.shop.elements import CATALOGUE
from friction.testing.shop.frictions import INCIDENT, POINTS, Planted
from friction.testing.shop.look_alikes import LOOK_ALIKES
from friction.testing.shop.pages import PAGES
from friction.testing.shop.recording import Recording
from friction.testing.shop.truth import Costs, Mean
from friction.testing.shop.visitors import DAY_MS, START_MS, VIRAL_DAY
from friction.testing.shop.walk import Life


def books(recording: Recording, life: Life, costs: Costs, seed: int, replicas: int) -> dict[str, Any]:
    """Everything a test of an analysis needs to know about this shop."""
    events = recording.events
    return {
        "made": {"by": "friction.testing.shop", "seed": seed, "replicas": replicas},
        "sessions": events["session_id"].n_unique(),
        "events": events.height,
        "visitors": events["visitor_id"].drop_nulls().n_unique(),
        "conversions": int(life.bought.sum()),
        "goal": "event=purchase",
        **_rounded("expected_conversions", costs.bought),
        "largest_error_share": round(costs.error_share, 4),
        "points": [_point(bit, point, life, costs) for bit, point in enumerate(POINTS)],
        "incidents": [_incident(point) for point in POINTS if point.window],
        "look_alikes": _look_alikes(recording),
        "viral_day": _instant(START_MS + VIRAL_DAY * DAY_MS)[:10],
        "bots": list(BOTS),
        "pages": [page.template for page in PAGES],
    }


def target_of(point: Planted) -> str | None:
    """The point's target as the event table has it: an element's selector, or the name of a form."""
    if point.target is None or point.field:
        return point.target
    return CATALOGUE.elements[point.target].target


def _point(bit: int, point: Planted, life: Life, costs: Costs) -> dict[str, Any]:
    return {
        "name": point.name,
        "detector": point.detector,
        "page": point.page,
        "target": target_of(point),
        "field": point.field,
        "sessions": int(np.sum((life.met >> bit) & 1)),
        **_rounded("lost_conversions", costs.lost[bit]),
        **_rounded("extra_exits", costs.exits[bit]),
    }


def _incident(point: Planted) -> dict[str, Any]:
    return {"page": point.page, "start": _instant(INCIDENT[0]), "end": _instant(INCIDENT[1])}


def _look_alikes(recording: Recording) -> list[dict[str, Any]]:
    return [
        {
            "name": this.name,
            "detector": this.detector,
            "page": PAGES[this.at].template,
            "target": CATALOGUE.elements[this.target].target,
            "bursts": recording.look_alikes[this.name][0],
            "sessions": recording.look_alikes[this.name][1],
        }
        for this in LOOK_ALIKES
    ]


def _rounded(name: str, mean: Mean) -> dict[str, float]:
    """The estimate, and under `…_error` its standard error."""
    return {name: round(mean.value, 2), f"{name}_error": round(mean.error, 2)}


def _instant(milliseconds: int) -> str:
    return datetime.fromtimestamp(milliseconds / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
