"""A made-up shop whose frictions are known: its recorded sessions, and what each planted point truly costs.

Visitors have an intent that nobody sees. It makes them click more, hence meet more trouble, and buy more:
whoever compares people with and without friction gets the sign wrong. Who leaves because of a point is
planted, and the truth comes from living the same visits again without it (`truth`). Look-alikes of
friction, an incident, a day on which an article goes round, and bots are in it as well. What is left out:
a visit does not depend on earlier visits of the same person.
"""

from __future__ import annotations

from typing import Any

import polars as pl

from friction.testing.shop.books import books
from friction.testing.shop.bots import BOTS
from friction.testing.shop.chance import Chance
from friction.testing.shop.recording import record
from friction.testing.shop.truth import costs
from friction.testing.shop.visitors import plan
from friction.testing.shop.walk import walk
from friction.values import dataclass


@dataclass(frozen=True)
class Shop:
    """Recorded sessions and the truth about them."""

    events: pl.DataFrame
    """Columns of the event table, as an export has them: in order of time, sessions mixed."""
    truth: dict[str, Any]
    """JSON values; its members are explained in `fixtures/README.md`."""


def build(sessions: int, seed: int, *, replicas: int = 8) -> Shop:
    """A shop with this many sessions; the truth is a mean over `replicas` lives.

    Raises `ValueError` below 100 sessions or 2 replicas: then there is nothing to see, or no error to state.
    """
    if sessions < 100 or replicas < 2:
        raise ValueError("a shop needs at least 100 sessions and 2 replicas")
    chance = Chance(seed)
    visits = plan(sessions - len(BOTS), chance)
    life = walk(visits, chance, visits.who, record=True)
    recording = record(visits, life.joined(), chance)
    return Shop(recording.events, books(recording, life, costs(visits, seed, replicas), seed, replicas))
