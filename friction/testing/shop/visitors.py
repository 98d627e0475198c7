"""Who comes to the shop and when: visitors with an intent nobody can see, on a device, at some hour.

The plan is the same in every life: only what happens during the visits is lived again.
"""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np

from friction.testing.shop.chance import Bools, Chance, Floats, Ints
from friction.testing.shop.pages import At
from friction.values import dataclass

DAYS = 42
START_MS = int(datetime(2025, 3, 3, tzinfo=UTC).timestamp()) * 1000
HOUR_MS, DAY_MS = 3_600_000, 86_400_000
VIRAL_DAY, VIRAL_FACTOR = 9, 6
RELEASES, RELEASE_DAY = ("7.3", "7.4"), 13

DEVICES = ("mobile", "desktop", "tablet")
SYSTEMS = (("Android", "iOS"), ("Windows", "macOS"), ("Android", "iOS"))
BROWSERS = (("Chrome", "Safari"), ("Firefox", "Safari"), ("Chrome", "Safari"))
COUNTRIES = ("DE", "FR", "GB", "NL", "AT", "US")
CHANNELS = ("organic", "direct", "paid", "email", "social", "referral")
_DEVICE = np.array([0.56, 0.38, 0.06])
_COUNTRY = np.array([0.42, 0.2, 0.14, 0.1, 0.08, 0.06])
_CHANNEL = np.array([0.36, 0.24, 0.18, 0.09, 0.07, 0.06])
_CHANNEL_INTENT = np.array([0.0, 0.15, 0.05, 0.3, -0.4, -0.1])
_LANDINGS: tuple[dict[At, float], ...] = (
    {At.HOME: 3, At.CATEGORY: 3, At.PRODUCT: 3, At.ARTICLE: 1.3, At.HELP: 0.2},
    {At.HOME: 7, At.CATEGORY: 1, At.PRODUCT: 1, At.ORDERS: 0.7, At.STORES: 0.3},
    {At.OFFERS: 4, At.PRODUCT: 3, At.CATEGORY: 2},
    {At.OFFERS: 5, At.PRODUCT: 2, At.CART: 0.4, At.BLOG: 0.6},
    {At.ARTICLE: 5, At.PRODUCT: 2, At.HOME: 1},
    {At.ARTICLE: 2, At.HOME: 2, At.PRODUCT: 2},
)
_HOURS = np.array([2, 1, 1, 1, 1, 2, 4, 7, 10, 12, 12, 12, 13, 12, 11, 11, 12, 14, 17, 20, 21, 18, 11, 5])
_WEEKDAYS = np.array([1.0, 0.97, 0.96, 1.0, 0.92, 1.1, 1.25])


@dataclass(frozen=True)
class Plan:
    """One entry a session, in the order of their starts; texts as indices into the tuples of this module."""

    start: Ints
    visitor: Ints
    """-1: the recorder had no visitor id."""
    intent: Floats
    device: Ints
    system: Ints
    country: Ints
    channel: Ints
    landing: Ints
    viral: Bools
    release: Ints
    returning: Bools

    @property
    def sessions(self) -> int:
        return len(self.start)

    @property
    def who(self) -> Ints:
        """Numbers of all sessions."""
        return np.arange(self.sessions)


def plan(sessions: int, chance: Chance) -> Plan:
    """Visits of six weeks, with daily and weekly rhythm and one day on which an article goes round."""
    who = np.arange(sessions)
    start, viral = _starts(who, chance)
    person = np.where(viral, sessions + who, chance.between(0, max(1, int(sessions * 0.6)), "person", who))
    channel = np.where(viral, CHANNELS.index("social"), chance.pick(_CHANNEL, "channel", who))
    device = chance.pick(_DEVICE, "device", person)
    intent = 0.8 * chance.normal("intent", person) + 0.6 * chance.normal("mood of the day", who)
    return Plan(
        start=start,
        visitor=np.where(chance.draw("no visitor id", who) < 1 / 300, -1, person),
        intent=np.clip(intent, -2.5, 2.5) + _CHANNEL_INTENT[channel] - 1.2 * viral,
        device=device,
        system=(chance.draw("system", person) < np.array([0.35, 0.25, 0.6])[device]).astype(np.int64),
        country=chance.pick(_COUNTRY, "country", person),
        channel=channel,
        landing=np.where(viral, int(At.ARTICLE), _landings(channel, who, chance)),
        viral=viral,
        release=(start >= START_MS + RELEASE_DAY * DAY_MS).astype(np.int64),
        returning=_returning(person),
    )


def _starts(who: Ints, chance: Chance) -> tuple[Ints, Bools]:
    """Starts in order of time, and which sessions came for the article that went round."""
    day, hour = np.divmod(np.arange(DAYS * 24), 24)
    usual = _HOURS[hour] * _WEEKDAYS[day % 7]
    extra = np.where(day == VIRAL_DAY, (VIRAL_FACTOR - 1) * usual, 0.0)
    cell = chance.pick(np.concatenate([usual, extra]), "hour", who)
    start = START_MS + cell % (DAYS * 24) * HOUR_MS + chance.between(0, HOUR_MS, "minute", who)
    order = np.argsort(start, kind="stable")
    return start[order], (cell >= DAYS * 24)[order]


def _landings(channel: Ints, who: Ints, chance: Chance) -> Ints:
    landing = np.zeros(len(who), np.int64)
    for number, pages in enumerate(_LANDINGS):
        chosen = np.flatnonzero(channel == number)
        places, weights = np.array([int(page) for page in pages]), np.array(list(pages.values()), np.float64)
        landing[chosen] = places[chance.pick(weights, "landing", who[chosen])]
    return landing


def _returning(person: Ints) -> Bools:
    """True where the person has been here before; sessions stand in order of time."""
    first = np.unique(person, return_index=True)[1]
    returning = np.ones(len(person), bool)
    returning[first] = False
    return returning
