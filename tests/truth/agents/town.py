"""One shop: its pages, its elements, and what goes wrong with them."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from tests.truth.shop import Bools, Floats, Ints

PAGES = tuple(
    "/ /collections /category /deals /search /product /item /bundle /listing "
    "/guide /cart /checkout/address /checkout/delivery /checkout/payment /login /help".split()
)
HOME, SEARCH, GUIDE, CART, ADDRESS, DELIVERY, PAYMENT, LOGIN, HELP = 0, 4, 9, 10, 11, 12, 13, 14, 15
LISTS, PRODUCTS = (1, 2, 3), (5, 6, 7, 8)
SLOTS = ("slow_page", "rage_click", "rage_click", "error_click", "rage_click", "error_click")
"""What the points of a page are found by; slot 1 is the element that leads on, 2 to 5 are used by habit."""
ONWARD = 1
NONE, LEAVE, TIME, RETRY, WORSE, BLOCKS = range(6)
TRAPS = ((HOME, 4), (LOGIN, 2))
"""Elements that are clicked again and again by those who are about to leave: close, log out."""
READING = np.array([12, 14, 14, 14, 12, 22, 22, 22, 22, 30, 13, 40, 18, 35, 15, 25], float)
"""Seconds on each page, by half of the visitors."""
BOREDOM = np.array(
    [0.2, 0.1, 0.1, 0.12, 0.1, 0.09, 0.09, 0.09, 0.09, 0.16, 0.12, 0.05, 0.05, 0.04, 0.08, 0.15]
)
"""Chance to leave each page for no reason of the site, for the average visitor."""


@dataclass(frozen=True)
class Town:
    """Arrays are by page and slot."""

    seed: int
    harm: Ints
    """What a failure does, `NONE` to `BLOCKS`."""
    use: Floats
    """Chance that an element is used by habit, or that a page loads slowly (slot 0)."""
    fail: Floats
    """Chance that a use goes wrong."""
    strength: Floats
    """Share who leave (`LEAVE`), seconds of patience (`TIME`, `RETRY`), what a choice is worth then (`WORSE`)."""
    logged: Bools
    """Uses that went well are in the log."""

    @property
    def harmful(self) -> Bools:
        harmful: Bools = self.harm != NONE
        return harmful

    def without(self, page: int, slot: int) -> Town:
        """The same where nothing goes wrong with this element."""
        place = np.zeros(self.fail.shape, bool)
        place[page, slot] = True
        return replace(self, fail=np.where(place, 0.0, self.fail), harm=np.where(place, NONE, self.harm))


def town(seed: int, *, harmless: bool = False) -> Town:
    """The shop of this seed; `harmless`: with the same trouble, which does nothing to anybody."""
    chance = np.random.default_rng([seed, 17])
    shape = (len(PAGES), len(SLOTS))
    slot = np.broadcast_to(np.arange(len(SLOTS)), shape)
    harm = chance.choice([LEAVE, TIME, RETRY, WORSE, BLOCKS], shape, p=[0.3, 0.3, 0.2, 0.1, 0.1])
    harm = np.where(slot == 0, TIME, np.where((harm == BLOCKS) & (slot != ONWARD), LEAVE, harm))
    harm = np.where(chance.random(shape) < 0.65, harm, NONE)
    use = np.where(slot == 0, chance.uniform(0.03, 0.12, shape), chance.uniform(0.05, 0.35, shape))
    fail = np.exp(chance.uniform(np.log(0.03), np.log(0.4), shape)) * np.where(slot == ONWARD, 0.35, 1.0)
    ranges = {LEAVE: (0.08, 0.5), TIME: (25.0, 110.0), RETRY: (10.0, 30.0), WORSE: (0.3, 0.8)}
    strength = np.zeros(shape)
    for kind, (low, high) in ranges.items():
        strength = np.where(harm == kind, chance.uniform(low, high, shape), strength)
    logged = (chance.random(shape) < 0.7) & (slot > 0)
    for page, trap in TRAPS:
        harm[page, trap], use[page, trap], fail[page, trap] = NONE, 0.02, 0.0
    return Town(
        seed=seed,
        harm=np.where(harmless, NONE, harm),
        use=use,
        fail=np.where(slot == 0, 1.0, fail),
        strength=np.where(harmless, 0.0, strength),
        logged=logged,
    )
