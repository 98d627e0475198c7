"""A shop with several channels whose truth is known.

Who is which kind of person, what stage each session is in, by which channel it came, and where a friction was planted.
Kinds differ in how much they see of what, with skewed counts that overlap, as real ones do. What makes a session's
stage is written down before a few stray pages are mixed in. The same seed gives the same shop.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import polars as pl

START = datetime(2025, 3, 3, tzinfo=UTC)
DAYS = 60
ROLES = ("content", "list", "product", "search", "cart", "checkout", "help")
KINDS: dict[str, tuple[float, ...]] = {
    # content, lists, products, searches, carts, checkouts, help; visits, seconds a page
    "passer": (3.0, 0.5, 0.2, 0.03, 0.02, 0.02, 0.02, 1.2, 7),
    "researcher": (0.4, 4.0, 9.0, 0.15, 0.3, 0.1, 0.05, 2.2, 26),
    "searcher": (0.15, 0.3, 2.5, 5.5, 0.2, 0.1, 0.05, 1.7, 12),
    "buyer": (0.1, 0.4, 1.2, 0.1, 2.2, 3.2, 0.1, 1.8, 15),
    "asker": (0.3, 0.2, 0.2, 0.1, 0.03, 0.03, 5.0, 2.4, 40),
}
SHARES = (0.34, 0.2, 0.16, 0.18, 0.12)
WAYS: dict[str, dict[str, str]] = {
    "organic_search": {"referrer": "https://www.google.com/"},
    "paid_search": {"query": "?utm_source=google&utm_medium=cpc&utm_campaign=spring"},
    "email": {"query": "?utm_source=newsletter&utm_medium=email"},
    "organic_social": {"referrer": "https://l.facebook.com/l.php"},
    "paid_social": {"query": "?utm_source=instagram&utm_medium=paid_social"},
    "referral": {"referrer": "https://blog.example.org/review"},
    "direct": {},
}
WAY_SHARES = (0.3, 0.17, 0.13, 0.12, 0.06, 0.08, 0.14)
PLANTED = ("/checkout/payment", "button#pay")
STRAY = 0.02


@dataclass
class World:
    """Events and their truth."""

    events: pl.DataFrame
    kind: dict[str, str] = field(default_factory=dict)
    """By visitor."""
    stage: dict[str, str] = field(default_factory=dict)
    """By session."""
    way: dict[str, str] = field(default_factory=dict)
    """By session."""
    store_visits: int = 0


@dataclass
class _Life:
    """What a visitor has done so far."""

    bought: bool = False
    last: datetime | None = None


def world(visitors: int = 2_500, seed: int = 7) -> World:
    """Live it."""
    draw = np.random.default_rng(seed)
    made = World(pl.DataFrame())
    rows: list[dict[str, Any]] = []
    for number in range(visitors):
        kind = str(draw.choice(list(KINDS), p=SHARES))
        visitor = f"v{number:05d}"
        made.kind[visitor] = kind
        rows += _visits(visitor, kind, draw, made)
    made.events = pl.DataFrame(rows, infer_schema_length=None).with_columns(
        pl.col("ts").cast(pl.Datetime("us", "UTC"))
    )
    return made


def _visits(visitor: str, kind: str, draw: np.random.Generator, made: World) -> Iterator[dict[str, Any]]:
    *means, visits, pace = KINDS[kind]
    habit = draw.gamma(4.0, 1 / 4.0) * draw.gamma(8.0, 1 / 8.0, len(means))
    life = _Life()
    count = 1 + draw.poisson((visits - 1) * draw.gamma(3.0, 1 / 3.0))
    days = np.sort(draw.uniform(0, DAYS, count))
    for at, day in enumerate(days):
        session = f"{visitor}-{at}"
        start = START + timedelta(days=float(day))
        if life.last is not None and start - life.last < timedelta(hours=1):
            start = life.last + timedelta(hours=1)
        if draw.random() < 0.03:
            made.store_visits += 1
            made.way[session], made.stage[session] = (
                "store",
                _stage(life, np.zeros(7, int), start, tells=False),
            )
            yield {
                "ts": start,
                "session_id": session,
                "visitor_id": visitor,
                "kind": "custom",
                "name": "store_visit",
            }
            life.last = start
            continue
        seen = draw.poisson(np.array(means) * habit * draw.gamma(8.0, 1 / 8.0))
        seen[0] += int(not seen.sum())
        yield from _session(session, visitor, start, seen, pace, life, draw, made)


def _session(
    session: str,
    visitor: str,
    start: datetime,
    seen: np.ndarray[Any, np.dtype[np.int64]],
    pace: float,
    life: _Life,
    draw: np.random.Generator,
    made: World,
) -> Iterator[dict[str, Any]]:
    tells = life.bought and draw.random() < 0.12
    made.stage[session] = _stage(life, seen, start, tells=tells)
    way = str(draw.choice(list(WAYS), p=WAY_SHARES))
    made.way[session] = way
    said, at = WAYS[way], start
    who = {"session_id": session, "visitor_id": visitor}
    pages = [ROLES[role] for role in draw.permutation(np.repeat(np.arange(7), seen))]
    pages += ["cart"] if draw.random() < STRAY else []
    met = False
    for number, role in enumerate(pages):
        url = "https://shop.example.com" + _path(role, draw)
        if number == 0:
            yield {
                **who,
                "ts": at,
                "kind": "page_view",
                "url": url + said.get("query", ""),
                "referrer": said.get("referrer"),
            }
        else:
            yield {**who, "ts": at, "kind": "page_view", "url": url}
        if url.endswith(PLANTED[0]) and draw.random() < 0.35:
            met = True
            for beat in range(4):
                moment = at + timedelta(milliseconds=700 + 200 * beat)
                yield {**who, "ts": moment, "kind": "click", "url": url, "target": PLANTED[1]}
        at += timedelta(seconds=max(2.0, float(pace * draw.lognormal(0, 0.3))))
    if seen[5] and draw.random() < (0.05 if met else 0.6):
        yield {
            **who,
            "ts": at,
            "kind": "conversion",
            "name": "purchase",
            "url": "https://shop.example.com/checkout/thanks",
        }
        made.stage[session] = "decision" if not life.bought else made.stage[session]
        life.bought = True
    if tells:
        yield {
            **who,
            "ts": at + timedelta(seconds=5),
            "kind": "custom",
            "name": "write_review",
            "url": "https://shop.example.com/",
        }
    life.last = at


def _path(role: str, draw: np.random.Generator) -> str:
    number = int(draw.integers(100, 999))
    paths = {
        "content": "/blog/towels" if number % 2 else "/",
        "list": f"/category/{number % 7}",
        "product": f"/product/{number}",
        "search": "/search",
        "cart": "/cart",
        "checkout": PLANTED[0] if number % 2 else "/checkout/address",
        "help": "/help/faq" if number % 2 else "/account/profile",
    }
    return paths[role]


def _stage(life: _Life, seen: np.ndarray[Any, np.dtype[np.int64]], start: datetime, *, tells: bool) -> str:
    """By what is meant, before anything stray."""
    if life.bought:
        return "advocacy" if tells else "retention"
    if seen[4] or seen[5]:
        return "decision"
    soon = life.last is not None and start - life.last <= timedelta(days=30)
    return "consideration" if seen[2] >= 2 or seen[3] or soon else "awareness"
