"""Page views as they come out of a life: when they begin, what they are made of, what follows."""

from __future__ import annotations

import numpy as np

from friction.testing.shop.chance import Bools, Chance, Floats, Ints
from friction.testing.shop.forms import FORM_AT, FORM_FIELDS
from friction.testing.shop.frictions import POINTS
from friction.testing.shop.pages import LOOK_MS, PAGES, At
from friction.testing.shop.visitors import Plan
from friction.values import dataclass

_FORM_NEXT = np.array([FORM_AT[At(at)].towards if at in FORM_AT else -2 for at in range(len(PAGES))])
_BUNDLE_BIT = next(1 << bit for bit, point in enumerate(POINTS) if point.detector == "quick_back")
_SLOW_BITS = sum(1 << bit for bit, point in enumerate(POINTS) if point.detector == "slow_page")


@dataclass(frozen=True)
class Views:
    """Page views; times in ms. `next` is -1 for the last view of a session."""

    session: Ints
    step: Ints
    page: Ints
    item: Ints
    start: Ints
    load: Ints
    look: Ints
    trouble: Ints
    """Time lost with points met while looking."""
    filling: Ints
    fields: Ints
    """How many fields of the page's form were filled in."""
    hurdle: Ints
    """Time lost with points met on the way."""
    next: Ints
    back: Bools
    """The visitor goes back by the browser's own button."""
    came_back: Bools
    met: Ints
    """Points met, one bit each in the order of `POINTS`."""

    @property
    def end(self) -> Ints:
        """When the next page opens or the visitor is gone."""
        return self.start + self.load + self.look + self.trouble + self.filling + self.hurdle + 400


@dataclass(frozen=True)
class Here:
    """The sessions still in the shop, at the beginning of one step."""

    walker: Ints
    who: Ints
    page: Ints
    item: Ints
    came_from: Ints
    item_before: Ints
    clock: Ints
    impatience: Floats
    came_back: Bools


def observe(
    here: Here, plan: Plan, chance: Chance, step: int, towards: Ints, stays: Bools, met: Ints
) -> Views:
    who, page = here.who, here.page
    disappointed = (met & _BUNDLE_BIT) > 0
    going = np.where(disappointed, here.came_from, towards)
    uses_back = chance.draw("back button", who, step) < 0.5
    pace = np.exp(0.5 * chance.normal("pace", who, step))
    look = np.where(disappointed, 800 + 900 * np.minimum(pace, 4), 8000 + 0.8 * LOOK_MS[page] * pace)
    filled = _filled(here, chance, step, towards, stays, met)
    return Views(
        session=who,
        step=np.full(len(who), step),
        page=page,
        item=here.item,
        start=here.clock,
        load=_load(here, plan, chance, step, met),
        look=np.minimum(look, 400_000).astype(np.int64),
        trouble=_lost_time(met, on_way=False),
        filling=filled * chance.between(3500, 6500, "typing", who, step),
        fields=filled,
        hurdle=_lost_time(met, on_way=True),
        next=np.where(stays, going, -1),
        back=stays & (going == here.came_from) & (uses_back | disappointed),
        came_back=here.came_back,
        met=met,
    )


def _filled(here: Here, chance: Chance, step: int, towards: Ints, stays: Bools, met: Ints) -> Ints:
    """Fields filled in: all by those who go on, some by others; a refused field is not counted here."""
    count = FORM_FIELDS[here.page]
    hurdles = sum(1 << bit for bit, point in enumerate(POINTS) if point.on_way)
    whole = (towards == _FORM_NEXT[here.page]) & (stays | ((met & hurdles) > 0))
    begun = (chance.draw("begins the form", here.who, step) < 0.4) & ~stays
    some = 1 + ((count - 1) * chance.draw("stops at", here.who, step)).astype(np.int64)
    refused = sum(1 << bit for bit, point in enumerate(POINTS) if point.field)
    whole_count = count - ((met & refused) > 0)
    return np.where(
        count == 0, 0, np.where(whole, whole_count, np.where(begun, np.minimum(some, count - 1), 0))
    )


def _load(here: Here, plan: Plan, chance: Chance, step: int, met: Ints) -> Ints:
    """Load time: ordinary ones stay well below the poor limit of 4 s, slow ones are beyond it."""
    usual = np.where(plan.device[here.who] == 0, 1700, 1200) * np.exp(
        0.25 * chance.normal("load", here.who, step)
    )
    slow = 4600 + 5400 * chance.draw("slow load", here.who, step) ** 2
    return np.where((met & _SLOW_BITS) > 0, slow, np.minimum(usual, 3400)).astype(np.int64)


def _lost_time(met: Ints, *, on_way: bool) -> Ints:
    lost = np.zeros(len(met), np.int64)
    for bit, point in enumerate(POINTS):
        if point.on_way is on_way:
            lost += np.where((met >> bit) & 1, point.lasts_ms, 0)
    return lost
