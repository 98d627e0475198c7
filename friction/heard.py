"""What customers said beside the friction, as small values of the report: scores, calls for help, sales, who is who.

Shares lie in 0–1, scores on their own scale; every figure that is compared comes with its 95 % interval, null where
there is too little to say one. Nothing here says that friction was the cause: who contacts support is often who has
most to do. This module loads without Polars.
"""

from __future__ import annotations

from dataclasses import field
from typing import Literal

from friction.values import dataclass


@dataclass(frozen=True)
class HeardTable:
    """One table of one tool, and how its records were joined."""

    source: str
    table: str
    """`feedback`, `tickets`, `deals` or `customers`."""
    records: int
    joined: dict[str, int]
    """Records by the key that joined them (`session`, `visitor`, `user`, `email`, `customer`); `page`: only beside the
    page and day that they name."""
    placed: int
    """Records that belong to a session: during it, or soon enough after it."""
    alone: int
    """Records that nothing joins."""


@dataclass(frozen=True)
class Score:
    """Answers on one scale: of the whole site, or of a page."""

    scale: str
    page: str | None
    n: int
    mean: float
    low: float | None
    high: float | None
    best: float
    """The best answer of the scale."""
    nps: float | None = None
    """100 × (share of 9 and 10 less share of 0 to 6); null for other scales."""
    nps_low: float | None = None
    nps_high: float | None = None
    elsewhere: float | None = None
    """The mean of all other answers on this scale; null for the whole site."""


@dataclass(frozen=True)
class Share:
    """`k` of `n` with its interval; null where `n` is 0."""

    n: int
    k: int
    share: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Contrast:
    """The same share after friction and without, and by how much they differ."""

    after: Share
    without: Share
    difference: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Answered:
    """Scores of those who met a point and of those who did not."""

    scale: str
    by: Literal["session", "page_day"]
    """Of sessions that answered; or of answers on the page, on days with the point and on days without."""
    n_after: int
    mean_after: float
    n_without: int
    mean_without: float
    difference: float
    low: float | None
    high: float | None


@dataclass(frozen=True)
class HeardPoint:
    """What stands beside one friction point."""

    id: str
    contacts: Contrast | None
    scores: list[Answered]
    comments: list[str]
    """What some of those said who met it, masked; the lowest scores first."""


@dataclass(frozen=True)
class Sales:
    """Deals of a customer system: how they ended, and how often they were won by people with and without friction."""

    won: int
    lost: int
    open: int
    amounts: dict[str, float]
    """What was won, by currency (empty: none is said); never added up."""
    people: Contrast | None
    """Of deals that ended and whose people the events know: won, after friction and without."""


@dataclass(frozen=True)
class Identity:
    """How ids were put together to people."""

    ids: int
    """Ids of devices, accounts and addresses that stand in a link."""
    people: int
    links: dict[str, int]
    """Links that count, by what said so: `login`, `stated`, `address`, or the table."""
    left_out: dict[str, int]
    """Links that do not count, by why: `shared_device`, `shared_mailbox`, `apart`."""


@dataclass(frozen=True)
class Heard:
    """All that customers said."""

    tables: list[HeardTable]
    scores: list[Score] = field(default_factory=list)
    """Of the whole site, then by page."""
    contacts: Contrast | None = None
    """Sessions that were followed by a call for help within `contact_hours`, with friction and without."""
    contact_hours: int = 72
    recognised: int = 0
    """Sessions whose people a call for help could have been joined to: those that are compared."""
    points: list[HeardPoint] = field(default_factory=list)
    sales: Sales | None = None
