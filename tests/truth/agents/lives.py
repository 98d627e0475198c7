"""Whole lives of many visitors at once, a page view each at a time."""

from __future__ import annotations

from dataclasses import dataclass, field, fields

import numpy as np

from tests.truth.agents.dice import Dice
from tests.truth.agents.people import ODD, People
from tests.truth.agents.town import (
    ADDRESS,
    BLOCKS,
    BOREDOM,
    CART,
    DELIVERY,
    GUIDE,
    HELP,
    HOME,
    LEAVE,
    LISTS,
    LOGIN,
    ONWARD,
    PAYMENT,
    PRODUCTS,
    READING,
    RETRY,
    SEARCH,
    SLOTS,
    TIME,
    TRAPS,
    WORSE,
    Town,
)
from tests.truth.shop import Bools, Floats, Ints

MOST_VISITS, MOST_VIEWS = 4, 60
DAY_S = 86_400.0
DAYS = 21
"""Visitors come for the first time in these."""
SEEN = 0.9
"""Share of failures that look like anger; the others leave no trace. Errors always show."""


@dataclass
class Minds:
    """What changes while visitors live; by visitor."""

    visit: Ints
    step: Ints
    page: Ints
    clock: Floats
    """Seconds since the first day."""
    left: Floats
    """Seconds of patience left in this visit."""
    annoyed: Floats
    choice: Floats
    """How good the best product found is: 0 none, 1 right, less when it is second best."""
    has_cart: Bools
    mobile: Bools
    odd: Bools
    bought: Bools

    def of(self, who: Ints) -> Minds:
        return Minds(**{each.name: getattr(self, each.name)[who] for each in fields(self)})

    def put(self, who: Ints, minds: Minds) -> None:
        for each in fields(self):
            getattr(self, each.name)[who] = getattr(minds, each.name)


@dataclass
class Diary:
    """What happened, in pieces of many visitors each; `kept` false: only who met what truly."""

    kept: bool = True
    views: list[Ints] = field(default_factory=list)
    """visitor, visit, page, opened in ms, mobile, buys, slow"""
    hits: list[Ints] = field(default_factory=list)
    """visitor, visit, step, point"""
    uses: list[Ints] = field(default_factory=list)
    met: list[Ints] = field(default_factory=list)
    """visitor, point: also what left no trace"""


def live(town: Town, people: People, who: Ints, seed: int, diary: Diary | None = None) -> Bools:
    """Whether each of these visitors buys in the end."""
    diary = diary or Diary(kept=False)
    minds = _newborn(people, who, seed)
    alive = np.arange(len(who))
    while len(alive):
        mine = minds.of(alive)
        dice = Dice(seed, who[alive], mine.visit * 1_000 + mine.step)
        goes_on = _view(town, people, who[alive], mine, dice, diary)
        minds.put(alive, mine)
        alive = alive[goes_on]
    return minds.bought


def _newborn(people: People, who: Ints, seed: int) -> Minds:
    dice, number = Dice(seed, who, np.full(len(who), 999_999)), len(who)
    day = np.floor(dice.roll(0) * DAYS)
    return Minds(
        visit=np.zeros(number, np.int64),
        step=np.zeros(number, np.int64),
        page=_first_page(dice),
        clock=day * DAY_S + (people.hour[who] + dice.roll(3) * 0.5) * 3_600,
        left=people.patience[who].copy(),
        annoyed=np.zeros(number),
        choice=np.zeros(number),
        has_cart=np.zeros(number, bool),
        mobile=people.mobile[who].copy(),
        odd=people.odd[who].copy(),
        bought=np.zeros(number, bool),
    )


def _first_page(dice: Dice) -> Ints:
    where = dice.roll(1)
    return np.select(
        [where < 0.45, where < 0.7, where < 0.9], [HOME, _one(LISTS, dice, 2), _one(PRODUCTS, dice, 2)], GUIDE
    )


def _one(pages: tuple[int, ...], dice: Dice, purpose: int) -> Ints:
    return np.array(pages)[(dice.roll(purpose) * len(pages)).astype(np.int64)]


def _view(town: Town, people: People, who: Ints, mind: Minds, dice: Dice, diary: Diary) -> Bools:
    """One page view of each; who is still there, or comes back, afterwards."""
    page, opened = mind.page.copy(), mind.clock.copy()
    slow, seconds = _loading(town, people, who, mind, dice)
    keen = people.keen[who]
    seconds = seconds + READING[page] * np.exp(0.7 * (dice.roll(11) - 0.5)) * 0.9**mind.visit
    bored = dice.roll(12) < BOREDOM[page] * np.exp(-0.4 * keen + 0.6 * mind.annoyed)
    fails, uses = _handled(town, people, who, mind, dice, ~bored)
    fails[:, 0] = slow
    leaves, again, cost = _suffered(town, mind, fails, dice)
    seconds += cost
    mind.left -= seconds
    mind.clock += seconds
    leaves |= bored | (mind.left < 0)
    for where, slot in TRAPS:
        fails[:, slot] |= (page == where) & leaves & (dice.roll(13) < 0.5)
    buys = _moved(mind, keen, people.fit[who], dice, ~leaves & ~again)
    _written(diary, town, who, mind, page, opened, fails, uses & ~fails, buys, dice)
    mind.step += 1
    stays = ~leaves & ~buys & (mind.step < MOST_VIEWS)
    returns: Bools = (
        ~stays & ~buys & (mind.visit < MOST_VISITS - 1) & (dice.roll(14) < _share_that_returns(mind, keen))
    )
    _come_back(mind, people, who, returns, dice)
    alive: Bools = stays | returns
    return alive


def _loading(town: Town, people: People, who: Ints, mind: Minds, dice: Dice) -> tuple[Bools, Floats]:
    """Whether the page is slow, and what the wait uses up."""
    busy = (1 + 0.8 * people.evening[who]) * np.where(mind.mobile, 1.3, 0.7)
    slow = dice.roll(10) < np.minimum(town.use[mind.page, 0] * town.fail[mind.page, 0] * busy, 0.6)
    return slow, np.where(slow, 3.0, busy)


def _handled(
    town: Town, people: People, who: Ints, mind: Minds, dice: Dice, wants_on: Bools
) -> tuple[Bools, Bools]:
    """Which elements went wrong, and which were used; visitor × slot. Who has learned avoids what failed."""
    fails, uses = (np.zeros((len(who), len(SLOTS)), bool) for _ in range(2))
    for slot in range(1, len(SLOTS)):
        habit = town.use[mind.page, slot] * people.habit[who] * 0.8**mind.visit
        used = wants_on if slot == ONWARD else dice.roll(20 + slot) < np.minimum(habit, 0.8)
        chance = town.fail[mind.page, slot] * np.where(mind.mobile, 1.25, 0.75)
        blocked = mind.odd & (town.harm[mind.page, slot] == BLOCKS)
        uses[:, slot] = used
        fails[:, slot] = used & (blocked | (dice.roll(30 + slot) < chance))
    return fails, uses


def _suffered(town: Town, mind: Minds, fails: Bools, dice: Dice) -> tuple[Bools, Bools, Floats]:
    """Who leaves for it, who has to try again, and the seconds lost; tempers and choices change."""
    leaves, again, lost = np.zeros(len(fails), bool), np.zeros(len(fails), bool), np.zeros(len(fails))
    for slot in range(len(SLOTS)):
        failed, harm = fails[:, slot], town.harm[mind.page, slot]
        strength = town.strength[mind.page, slot]
        leaves |= failed & (harm == LEAVE) & (dice.roll(40 + slot) < strength)
        blocked = failed & (harm == BLOCKS) & mind.odd
        leaves |= blocked & (dice.roll(50 + slot) < 0.4)
        again |= blocked | (failed & (harm == RETRY))
        lost += failed * (((harm == TIME) | (harm == RETRY)) * strength + 15.0 * blocked)
        mind.choice = np.where(failed & (harm == WORSE), mind.choice * strength, mind.choice)
        mind.annoyed = mind.annoyed + failed * np.where(harm > 0, 0.12, 0.0)
    return leaves, again, lost


def _moved(mind: Minds, keen: Floats, fit: Floats, dice: Dice, on: Bools) -> Bools:
    """The next page of those who go on; who buys with this view."""
    at, where = mind.page, dice.roll(60)
    is_product = np.isin(at, PRODUCTS)
    found = on & is_product & (dice.roll(61) < np.minimum(fit * (1 + 0.25 * mind.visit), 0.95))
    mind.choice = np.where(found, np.maximum(mind.choice, 1.0), mind.choice)
    wants = dice.roll(62) < mind.choice / (1 + np.exp(0.9 - 0.9 * keen))
    buys: Bools = on & (at == PAYMENT) & (where < 0.93)
    looks = np.where(
        where < 0.55, _one(PRODUCTS, dice, 63), np.where(where < 0.8, _one(LISTS, dice, 63), SEARCH)
    )
    looks = np.where(where > 0.95, GUIDE, looks)
    on_from = np.select(
        [at == CART, at == ADDRESS, at == DELIVERY, at == PAYMENT, is_product & wants & (mind.choice > 0)],
        [np.where(where < 0.12, LOGIN, ADDRESS), DELIVERY, PAYMENT, HELP, CART],
        looks,
    )
    on_from = np.where((at == LOGIN) | (at == HELP), np.where(mind.has_cart, ADDRESS, looks), on_from)
    mind.page = np.where(on, on_from, at)
    mind.has_cart |= on & (mind.page == CART)
    mind.bought |= buys
    return buys


def _share_that_returns(mind: Minds, keen: Floats) -> Floats:
    wish = -1.2 + 0.6 * keen + 0.6 * (mind.choice > 0) + 0.7 * mind.has_cart - 1.2 * mind.annoyed
    share: Floats = 1 / (1 + np.exp(-wish))
    return share


def _come_back(mind: Minds, people: People, who: Ints, returns: Bools, dice: Dice) -> None:
    """Some days later, rested, perhaps on another device, straight to what they remember."""
    days = 1 + np.floor(-2.5 * np.log1p(-dice.roll(70)))
    later = (np.floor(mind.clock / DAY_S) + days) * DAY_S + (people.hour[who] + dice.roll(71)) * 3_600
    other = returns & (dice.roll(72) < 0.2)
    remembers = dice.roll(73)
    page = np.select(
        [mind.has_cart & (remembers < 0.6), (mind.choice > 0) & (remembers < 0.8)],
        [CART, _one(PRODUCTS, dice, 74)],
        _first_page(Dice(dice.seed, dice.visitor, dice.moment + 500)),
    )
    mind.page = np.where(returns, page, mind.page)
    mind.clock = np.where(returns, later, mind.clock)
    mind.left = np.where(returns, people.patience[who], mind.left)
    mind.mobile = np.where(other, ~mind.mobile, mind.mobile)
    mind.odd = np.where(other, dice.roll(75) < ODD, mind.odd)
    mind.visit = mind.visit + returns
    mind.step = np.where(returns, 0, mind.step)


def _written(
    diary: Diary,
    town: Town,
    who: Ints,
    mind: Minds,
    page: Ints,
    opened: Floats,
    fails: Bools,
    uses: Bools,
    buys: Bools,
    dice: Dice,
) -> None:
    row, slot = np.nonzero(fails)
    point = page[row] * len(SLOTS) + slot
    diary.met.append(np.stack([who[row], point]))
    if not diary.kept:
        return
    silent = np.isin(slot, [at for at, name in enumerate(SLOTS) if name == "rage_click"])
    shown = ~silent | (dice.roll(80)[row] < SEEN)
    diary.hits.append(np.stack([who[row], mind.visit[row], mind.step[row], point])[:, shown])
    row, slot = np.nonzero(uses & town.logged[page])
    diary.uses.append(np.stack([who[row], mind.visit[row], mind.step[row], page[row] * len(SLOTS) + slot]))
    at = (opened * 1_000).astype(np.int64)
    flags = [each.astype(np.int64) for each in (mind.mobile, buys, fails[:, 0])]
    diary.views.append(np.stack([who, mind.visit, mind.step, page, at, *flags]))
