"""One shop to be judged: what goes in at the door, and what is true of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import polars as pl

from tests.truth.shop import Bools, Floats


@dataclass(frozen=True)
class Case:
    """An export, the true loss of every point, whether it does harm at all, and which one a point of a report is."""

    events: pl.DataFrame
    true: Floats
    harmful: Bools
    place: Callable[[dict[str, Any]], int]


def slot_of(point: dict[str, Any]) -> int:
    """The slot of a point: 0 for the page itself, else the number of its button."""
    return 0 if point["target"] is None else int(point["target"].removeprefix("button#b"))
