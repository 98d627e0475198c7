"""One life of the shop: all sessions walk from page to page at once, and meet what is in their way.

The step is always the same: where to next, would they leave anyway, what do they meet, do they leave because
of it. A session leaves when its draw lies below a bar; each point that it meets raises the bar. So without a
point exactly those go on whose draw lies between the two bars, and all other draws stay what they were.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields

import numpy as np

from friction.testing.shop.chance import Bools, Chance, Floats, Ints
from friction.testing.shop.frictions import POINTS, Planted
from friction.testing.shop.pages import ITEMS, LEAVE_LOGIT, PAGES, At, routes
from friction.testing.shop.views import Here, Views, observe
from friction.testing.shop.visitors import Plan

MAX_VIEWS = 40
TIRING = 0.03
"""What every page adds to the log-odds of leaving."""
_CALM, _KEEN = routes()


@dataclass
class Life:
    """What a life came to."""

    bought: Bools
    """By walker: the entries of `who`, as they were given."""
    extra_exits: Floats
    """By point: the bars it raised, summed; the expected number of those who left because of it, at once."""
    met: Ints
    """By walker: points met, one bit each in the order of `POINTS`."""
    views: list[Views] = field(default_factory=list)

    def joined(self) -> Views:
        """All views in one, by step, then by session."""
        return Views(*(np.concatenate([getattr(part, f.name) for part in self.views]) for f in fields(Views)))


def walk(plan: Plan, chance: Chance, who: Ints, *, without: Ints | None = None, record: bool = False) -> Life:
    """Live the sessions `who`; `record` keeps the views.

    `without` says for each walker which point his shop lacks (its place in `POINTS`); null: none.
    """
    life = Life(np.zeros(len(who), bool), np.zeros(len(POINTS)), np.zeros(len(who), np.int64))
    lacking = np.full(len(who), -1) if without is None else without
    here = _arrivals(plan, chance, who)
    for step in range(MAX_VIEWS):
        if not len(here.who):
            break
        here = _step(here, plan, chance, step, lacking, life, record)
    return life


def _arrivals(plan: Plan, chance: Chance, who: Ints) -> Here:
    page, none = plan.landing[who], np.full(len(who), -1)
    item = np.where(plan.viral[who], 7, _items(page, chance, who, -1))
    return Here(
        walker=np.arange(len(who)),
        who=who,
        page=page,
        item=item,
        came_from=none,
        item_before=none,
        clock=plan.start[who],
        impatience=np.zeros(len(who)),
        came_back=np.zeros(len(who), bool),
    )


def _items(page: Ints, chance: Chance, who: Ints, step: int) -> Ints:
    """Which product, category … of a page: few are looked at often."""
    return (ITEMS[page] * chance.draw("item", who, step + 1) ** 2).astype(np.int64)


def _step(here: Here, plan: Plan, chance: Chance, step: int, lacking: Ints, life: Life, record: bool) -> Here:
    intent, draw = plan.intent[here.who], chance.draw("leave", here.who, step)
    towards = _towards(here, intent, chance, step)
    bar = _sigmoid(_leave_logit(here, plan, intent, life.bought[here.walker]))
    met = np.zeros(len(here.who), np.int64)
    impatience = here.impatience + TIRING
    for bit, point in enumerate(POINTS):
        hit = _meeting(point, here, plan, chance, step, towards, bar, draw)
        hit = hit[lacking[here.walker[hit]] != bit]
        life.extra_exits[bit] += point.leave * (len(hit) if point.on_way else float(np.sum(1 - bar[hit])))
        bar[hit] = 1 - (1 - bar[hit]) * (1 - point.leave)
        met[hit] |= 1 << bit
        impatience[hit] += point.patience
    stays = (draw >= bar) & (step < MAX_VIEWS - 1)
    life.met[here.walker] |= met
    life.bought[here.walker] |= stays & (towards == At.DONE)
    views = observe(here, plan, chance, step, towards, stays, met)
    if record:
        life.views.append(views)
    return _onward(here, views, impatience, chance, step)


def _towards(here: Here, intent: Floats, chance: Chance, step: int) -> Ints:
    """Where each would go next."""
    weights = _CALM[here.page] + _KEEN[here.page] * np.exp(0.7 * intent)[:, None]
    edges = np.cumsum(weights, axis=1)
    reached = chance.draw("next", here.who, step) * edges[:, -1]
    passed: Ints = (edges <= reached[:, None]).sum(axis=1)
    return np.minimum(passed, len(PAGES) - 1)


def _leave_logit(here: Here, plan: Plan, intent: Floats, bought: Bools) -> Floats:
    mobile = plan.device[here.who] == 0
    logit: Floats = LEAVE_LOGIT[here.page] - 0.45 * intent + 0.12 * mobile + here.impatience + 1.5 * bought
    return logit


def _meeting(
    point: Planted,
    here: Here,
    plan: Plan,
    chance: Chance,
    step: int,
    towards: Ints,
    bar: Floats,
    draw: Floats,
) -> Ints:
    """Indices of those who meet the point in this view."""
    rows = np.flatnonzero(here.page == point.at)
    if point.on_way:
        rows = rows[(towards[rows] == point.towards) & (draw[rows] >= bar[rows])]
    if point.detector == "quick_back":
        rows = rows[here.came_from[rows] == At.CATEGORY]
    if point.window:
        rows = rows[(here.clock[rows] >= point.window[0]) & (here.clock[rows] < point.window[1])]
    who = here.who[rows]
    open_to = plan.release[who] >= point.since_release
    if point.mobile_only:
        open_to &= plan.device[who] == 0
    rate = point.rate * (np.exp(0.6 * plan.intent[who]) if point.by_use else 1.0)
    return rows[open_to & (chance.draw(point.name, who, step) < np.minimum(rate, 1.0))]


def _onward(here: Here, views: Views, impatience: Floats, chance: Chance, step: int) -> Here:
    """Those who stay, on their next page."""
    stay = np.flatnonzero(views.next >= 0)
    page, back = views.next[stay], views.back[stay]
    fresh = _items(page, chance, here.who[stay], step)
    return Here(
        walker=here.walker[stay],
        who=here.who[stay],
        page=page,
        item=np.where(back, here.item_before[stay], fresh),
        came_from=here.page[stay],
        item_before=here.item[stay],
        clock=views.end[stay],
        impatience=impatience[stay],
        came_back=back,
    )


def _sigmoid(logit: Floats) -> Floats:
    share: Floats = 1 / (1 + np.exp(-logit))
    return share
