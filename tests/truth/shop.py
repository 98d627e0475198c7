"""Made-up shops in which the cost of every friction is known exactly: what they are made of.

A visitor has an intent that nobody sees, a device and a channel. A page view is left or not; who stays goes on to
another page or buys. Each of 20 pages has ten points (one slow page, six rage clicks, three error clicks), about
half of them harmful. Everything a visit depends on is a state of small number, so that `tests.truth.linear` solves
for the cost instead of simulating it.

    main        who is keen clicks more, hence has more trouble, and buys more; trouble tires a little
    randomized  trouble strikes anybody alike
    carry-over  trouble tires a lot
    detour      half of the harmful points throw people back to the home page instead of out
    symptom     people hammer because they are about to leave
    null        nothing does harm
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

WORLDS = ("main", "detour", "carry-over", "symptom", "randomized", "null")
PAGES = tuple(
    "/ /collections /brands /deals /category /search /product /item /bundle /listing /dp "
    "/blog /about /pricing /cart /checkout/address /checkout/delivery /checkout/payment /login /help".split()
)
TYPES = (
    *("home", *["list"] * 4, "search", *["product"] * 5, *["content"] * 3),
    *("cart", *["checkout"] * 3, "account", "help"),
)
SLOTS = ("slow_page", *["rage_click"] * 6, *["error_click"] * 3)
"""What the ten points of a page are found by."""
LEVELS = 3
"""How tired trouble has made a visitor: 0, 1, 2."""
BOUGHT = len(PAGES)
"""Where a purchase leads, beside the pages."""

_EXIT = {"home": -0.9, "list": -1.4, "search": -1.3, "product": -1.0, "content": -0.4, "cart": -1.2}
_EXIT |= {"checkout": -1.7, "account": -0.8, "help": -0.5}
_ROUTES = {
    "home": "list 4 search 2 product 2 content 1 account 0.5 help 0.3",
    "list": "product 6 list 2 search 1 home 0.7",
    "search": "product 5 search 1 list 2 home 0.5",
    "product": "product 2 list 2.5 search 1 home 0.5 content 0.4 help 0.3 cart! 1.1",
    "content": "home 1.5 list 1.5 product 1 content 2",
    "cart": "address! 2.2 product 1 list 1 home 0.5",
    "address": "delivery! 4 cart 1 help 0.4",
    "delivery": "payment! 4 address 0.5 cart 0.6",
    "payment": "bought! 4 delivery 0.4 help 0.3 cart 0.6",
    "account": "home 1 list 1 cart 0.3 product 1",
    "help": "home 1 product 1 cart 0.3 list 0.7",
}
"""Weights of the next step; with `!` they grow with intent."""
_STEPS = ("address", "delivery", "payment")
KEEN, STAYING, INTENTS = 0.8, 0.45, np.linspace(-1.8, 1.8, 7)


@dataclass(frozen=True)
class Kinds:
    """Visitors who cannot be told apart: intent, device (0 mobile, 1 desktop), channel (0–2), share."""

    intent: Floats
    device: Ints
    channel: Ints
    share: Floats


@dataclass(frozen=True)
class World:
    """One shop. Arrays of points are by page and slot; those of visits by kind of visitor first."""

    name: str
    seed: int
    kinds: Kinds
    arrival: Floats
    """Share of the visits that begin on each page."""
    leave: Floats
    """Kind × page: log-odds of leaving an untroubled view."""
    route: Floats
    """Kind × page × (page or `BOUGHT`): next step of those who stay."""
    strike: Floats
    """Kind × page × slot: chance that a view has the trouble."""
    use: Floats
    """Kind × page × slot: chance that the element is used without trouble; 0 where such clicks are not logged."""
    harm: Floats
    """Page × slot: what the trouble adds to the log-odds of leaving."""
    back: Floats
    """Page × slot: chance that it throws who stays back to the home page."""
    tires: Floats
    """Page × slot: chance that it makes who stays one level more tired."""
    weary: float
    """What one level adds to the log-odds of leaving later views."""
    wish: float
    """How much likelier trouble is for those who are about to leave (1: not)."""

    @property
    def harmful(self) -> Bools:
        return (self.harm > 0) | (self.back > 0)


def world(name: str, seed: int) -> World:
    """The shop of this seed; shops of one seed differ only in what the name says."""
    chance = np.random.default_rng([seed, 5])
    kinds, pages, slots = _kinds(), len(PAGES), len(SLOTS)
    route = _routes(chance, kinds)
    leave = np.array([_EXIT[kind] for kind in TYPES]) + chance.normal(0, 0.15, pages)
    leave = leave - STAYING * kinds.intent[:, None] + 0.15 * (kinds.device == 0)[:, None]
    strike, use = _strikes(chance, kinds, "none" if name == "randomized" else "intent")
    harmful = chance.random((pages, slots)) < 0.47
    by_leaving = np.where(chance.random((pages, slots)) < 0.5, 0.0, 1.0) if name == "detour" else 1.0
    strength = chance.uniform(0.25, 2.0, (pages, slots)) * np.where(np.arange(slots) == 0, 0.5, 1.0)
    harmful &= name != "null"
    harm = np.where(harmful, strength * by_leaving, 0.0)
    return World(
        name=name,
        seed=seed,
        kinds=kinds,
        arrival=_arrival(chance),
        leave=leave,
        route=route,
        strike=strike,
        use=use,
        harm=harm,
        back=np.where(harmful, np.minimum(0.45 * strength, 0.9) * (1 - by_leaving), 0.0),
        tires=np.where(harmful, 0.5, 0.0),
        weary=0.45 if name == "carry-over" else 0.1,
        wish=1.25 if name == "symptom" else 1.0,
    )


def _kinds() -> Kinds:
    intent, device, channel = (
        grid.ravel() for grid in np.meshgrid(INTENTS, [0, 1], [0, 1, 2], indexing="ij")
    )
    shift = np.array([0.0, 0.5, -0.4])[channel.astype(int)] + 0.2 * device
    share = np.exp(-0.5 * (intent - shift) ** 2) * np.array([0.5, 0.2, 0.3])[channel.astype(int)]
    share *= np.where(device == 0, 0.6, 0.4)
    return Kinds(intent, device.astype(np.int64), channel.astype(np.int64), share / share.sum())


def _arrival(chance: np.random.Generator) -> Floats:
    weights = np.array(
        [{"home": 6.0, "list": 1.0, "product": 1.2, "content": 1.0}.get(kind, 0.1) for kind in TYPES]
    )
    weights *= chance.lognormal(0, 0.3, len(PAGES))
    share: Floats = weights / weights.sum()
    return share


def _routes(chance: np.random.Generator, kinds: Kinds) -> Floats:
    calm, keen = np.zeros((len(PAGES), BOUGHT + 1)), np.zeros((len(PAGES), BOUGHT + 1))
    popular = chance.lognormal(0, 0.5, len(PAGES))
    for page, path in enumerate(PAGES):
        last = path.rpartition("/")[2]
        words = _ROUTES[last if last in _STEPS else TYPES[page]].split()
        for word, weight in zip(words[::2], words[1::2], strict=True):
            towards = _pages(word.rstrip("!"))
            table = keen if word.endswith("!") else calm
            share = popular[towards] / popular[towards].sum() if towards[0] < BOUGHT else 1.0
            table[page, towards] += float(weight) * share
    noise = chance.lognormal(0, 0.3, calm.shape)
    weights = noise * (calm + keen * np.exp(KEEN * kinds.intent)[:, None, None])
    route: Floats = weights / weights.sum(axis=2, keepdims=True)
    return route


def _pages(word: str) -> list[int]:
    if word == "bought":
        return [BOUGHT]
    if word in _STEPS:
        return [PAGES.index(f"/checkout/{word}")]
    return [page for page, kind in enumerate(TYPES) if kind == word]


def _strikes(chance: np.random.Generator, kinds: Kinds, who: str) -> tuple[Floats, Floats]:
    """Chances of trouble and of clean uses; `who` says whom it strikes more: "intent" the keen, "none" nobody."""
    shape = (len(PAGES), len(SLOTS))
    rate = np.exp(chance.uniform(np.log(0.002), np.log(0.09), shape))
    slope = chance.uniform(0.4, 0.9, shape) * (who == "intent")
    intent = kinds.intent[:, None, None]
    strike = rate * np.exp(slope * intent - slope**2 / 2)
    device = np.where(kinds.device == 0, 1.4, 0.6) if who == "intent" else np.ones(len(kinds.device))
    strike[:, :, 0] = 1.5 * rate[:, 0] * device[:, None]
    logged = (chance.random(shape) < 0.5) & (np.arange(len(SLOTS)) > 0)
    often = np.exp(chance.uniform(np.log(0.01), np.log(0.1), shape)) * logged
    use = often * np.exp((0.3 if who == "intent" else 0.0) * intent)
    return np.minimum(strike, 0.4), np.minimum(use, 0.6)
