"""What this process can be asked for: what is at a place, and to bring it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import orjson

from friction.fetch import buckets, credentials, databases
from friction.fetch.budget import Budget
from friction.limits import NAMES, Limits
from friction.places.address import Place
from friction.places.fetching import Item

Plan = dict[str, Any]
Progress = Callable[[str, float, int], None]


def list_(plan: Plan, _: Progress) -> bytes:
    """The items of the place, by name."""
    place = _place(plan)
    found = buckets.items(place, _budget(plan)) if place.is_bucket else [Item(place.name, None, None)]
    return orjson.dumps([asdict(each) for each in found])


def fetch(plan: Plan, progress: Progress) -> bytes:
    """The items as files in the folder `into`; the answer says what they are."""
    place, budget, into = _place(plan), _budget(plan), Path(plan["into"])
    if place.is_bucket:
        found = buckets.fetched(place, into, plan.get("only"), budget, progress)
    else:
        time_s = plan.get("bounds", {}).get("time_s")
        found = [databases.fetched(place, into, plan.get("since"), budget, time_s, progress)]
    return orjson.dumps([asdict(each) for each in found])


COMMANDS: Mapping[str, Callable[[Plan, Progress], bytes]] = {"fetch": fetch, "list": list_}


def _place(plan: Plan) -> Place:
    place = Place(**plan["place"])
    credentials.take(place)
    return place


def _budget(plan: Plan) -> Budget:
    """Against the limits in force; the door has checked them."""
    said = plan.get("settings", {}).get("limits", {})
    return Budget(Limits(**{name: said[name] for name in NAMES if name in said}))
