"""Where on the way somebody is: awareness → consideration → decision → retention → advocacy, by rules.

The rules hold for the visitor, not for a page alone: the same product page is consideration for who compares, retention
for who has bought. A session's stage is the highest one it reaches; whoever has bought never falls back to awareness.
Within a session the stage grows from page view to page view, so a friction has the stage reached when it struck.
`RULES` from the top: the first one that holds in the highest stage is the one that is printed. The five names are
common usage of marketing; the rules are ours (`statistics.md` §3.3).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from friction.journey.signs import OWN
from friction.order import changed, in_turn, numbers
from friction.values import dataclass

STAGES = ("awareness", "consideration", "decision", "retention", "advocacy")
RULES: tuple[tuple[str, int], ...] = (
    ("own_advocacy", 4),
    ("promoter", 4),
    ("told_others", 4),
    ("own_retention", 3),
    ("support_after_purchase", 3),
    ("account_after_purchase", 3),
    ("back_after_purchase", 3),
    ("own_decision", 2),
    ("converted", 2),
    ("checkout", 2),
    ("cart", 2),
    ("intent", 2),
    ("own_consideration", 1),
    ("compared", 1),
    ("prices", 1),
    ("searched", 1),
    ("products", 1),
    ("second_visit", 1),
    ("own_awareness", 0),
    ("first_contact", 0),
)
"""Rule and the number of its stage."""
_BIT = {name: 1 << number for number, (name, _) in enumerate(RULES)}
_LEVEL_MASKS = [sum(_BIT[name] for name, level in RULES if level == stage) for stage in range(len(STAGES))]

PRODUCT_VIEWS = 2
SECOND_VISIT_DAYS = 30
_PAGES: Mapping[str, str] = {
    **{"checkout": "checkout", "cart": "cart", "intent": "intent"},
    **{"compare": "compared", "reviews": "compared", "pricing": "prices", "search": "searched"},
}
"""Role of a page → the rule it makes true."""
_EVENTS: Mapping[str, str] = {
    **{"search": "searched", "cart": "cart", "intent": "intent", "compare": "compared"},
    **{name: name for name in OWN},
}
_AFTER_PAGES = {"account": "account_after_purchase", "help": "support_after_purchase"}
_AFTER_EVENTS = {
    **{
        "login": "account_after_purchase",
        "support": "support_after_purchase",
        "chat": "support_after_purchase",
    },
}

Masks = NDArray[np.uint32]
Levels = NDArray[np.uint8]


@dataclass(frozen=True)
class Bounds:
    """What the rules count by."""

    product_views: int = PRODUCT_VIEWS
    second_visit_days: float = SECOND_VISIT_DAYS


@dataclass(frozen=True)
class Staged:
    """Stages as numbers in `STAGES`."""

    session: pl.DataFrame
    """`session_id, stage, rule` (numbers in `STAGES` and `RULES`), one row a session with a page view, sorted."""
    view: Levels
    """Of each page view, in the order of the table: the stage its session had reached in it."""


def staged(
    sessions: pl.DataFrame,
    views: pl.DataFrame,
    signs: pl.DataFrame,
    roles: Sequence[str | None],
    promoters: pl.Series | None = None,
    bounds: Bounds | None = None,
) -> Staged:
    """The stage of every session and page view.

    `sessions`: `session_id` (their row), `visitor, start, end, goal_view`; `views`: `view, session_id, page,
    converts`, sorted by view; `signs` as `signs_table` makes it; `roles` by page; `promoters`: sessions with an answer
    of 9 or 10 to the question of recommendation.
    """
    return staged_by(sessions, [views], signs, roles, promoters, bounds)


def staged_by(
    sessions: pl.DataFrame,
    stretches: Iterable[pl.DataFrame],
    signs: pl.DataFrame,
    roles: Sequence[str | None],
    promoters: pl.Series | None = None,
    bounds: Bounds | None = None,
) -> Staged:
    """As `staged`, of page views that come some whole sessions at a time."""
    bounds, history = bounds or Bounds(), None
    none = pl.Series("session_id", [], dtype=pl.UInt32())
    found = [Staged(pl.DataFrame([none, *_NO_LEVELS]), np.zeros(0, np.uint8))]
    for views in stretches:
        if views.height:
            history = history or _history(sessions, bounds.second_visit_days)
            found.append(_staged(views, history, _within(signs, views), roles, promoters, bounds))
    return Staged(pl.concat(one.session for one in found), np.concatenate([one.view for one in found]))


_NO_LEVELS = [pl.Series(name, [], dtype=pl.UInt8()) for name in ("stage", "rule")]


def _within(signs: pl.DataFrame, views: pl.DataFrame) -> pl.DataFrame:
    """The signs in a run of views."""
    first, last = views["view"][0], views["view"][-1]
    return signs.filter(pl.col("view").is_between(first, last)) if signs.height else signs


def _staged(
    views: pl.DataFrame,
    history: tuple[NDArray[np.bool_], NDArray[np.bool_]],
    signs: pl.DataFrame,
    roles: Sequence[str | None],
    promoters: pl.Series | None,
    bounds: Bounds,
) -> Staged:
    session = views["session_id"].to_numpy().astype(np.int64)
    begins = np.flatnonzero(np.diff(session, prepend=-1))
    place = np.repeat(np.arange(len(begins)), np.diff(np.append(begins, len(session))))
    after, second = history
    mask = _of_pages(views, roles, begins, place, bounds.product_views)
    _add_events(mask, views, signs)
    owned = after[session]
    mask |= np.where(second[session], _BIT["second_visit"], 0).astype(np.uint32)
    _add_after(mask, views, signs, roles, owned)
    _add_advocacy(mask, views, signs, promoters, owned, begins, place)
    level = _levels(mask)
    reached = np.maximum.accumulate(place * 8 + level) - place * 8
    whole = np.bitwise_or.reduceat(mask, begins)
    top = _levels(whole)
    rule = _rules(whole, top)
    table = pl.DataFrame({"session_id": session[begins].astype(np.uint32), "stage": top, "rule": rule})
    return Staged(table, reached.astype(np.uint8))


def _history(sessions: pl.DataFrame, days: float) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """By session: whether the visitor had converted in an earlier one, and whether one lies at most `days` back."""
    visitor = numbers(sessions["visitor"])
    start, end = (sessions[name].to_physical().to_numpy() for name in ("start", "end"))
    won = np.zeros(len(visitor), np.bool_)
    if "goal_view" in sessions.columns:
        won = sessions["goal_view"].is_not_null().to_numpy()
    after, second = np.zeros((2, len(visitor)), np.bool_)
    for rows in in_turn(visitor, start):
        new = changed(visitor[rows])
        begins = np.maximum.accumulate(np.where(new, np.arange(len(rows)), 0))
        before: NDArray[np.int64] = np.cumsum(won[rows]) - won[rows]
        after[rows] = before > before[begins]
        silent = start[rows] - np.roll(end[rows], 1)
        second[rows] = ~new & (silent <= days * 86_400e6)
    return after, second


def _of_pages(
    views: pl.DataFrame,
    roles: Sequence[str | None],
    begins: NDArray[np.int64],
    place: NDArray[np.int64],
    enough: int,
) -> Masks:
    page = views["page"].to_numpy().astype(np.int64)
    of_page = np.array(
        [_BIT[_PAGES[role]] if role and role in _PAGES else 0 for role in roles] or [0], np.uint32
    )
    mask: Masks = of_page[page] | np.uint32(_BIT["first_contact"])
    product = np.array([role == "product" for role in roles] or [False])[page]
    seen = np.cumsum(product)
    seen = seen - (seen - product)[begins][place]
    mask |= np.where(product & (seen >= enough), _BIT["products"], 0).astype(np.uint32)
    mask |= np.where(views["converts"].to_numpy(), _BIT["converted"], 0).astype(np.uint32)
    return mask


def _places(views: pl.DataFrame, signs: pl.DataFrame) -> NDArray[np.int64]:
    """Where in the table each sign's view stands; -1 for none."""
    number = views["view"].to_numpy()
    wanted = signs["view"].to_numpy()
    at = np.minimum(np.searchsorted(number, wanted), len(number) - 1)
    return np.where(number[at] == wanted, at, -1).astype(np.int64)


def _add_events(mask: Masks, views: pl.DataFrame, signs: pl.DataFrame) -> None:
    for sign, rule in _EVENTS.items():
        _mark(mask, views, _only(signs, sign), rule)


def _only(signs: pl.DataFrame, sign: str) -> pl.DataFrame:
    return signs.filter(pl.col("sign") == sign) if signs.height else signs


def _mark(
    mask: Masks, views: pl.DataFrame, signs: pl.DataFrame, rule: str, among: NDArray[np.bool_] | None = None
) -> None:
    if not signs.height:
        return
    at = _places(views, signs)
    at = at[at >= 0]
    at = at if among is None else at[among[at]]
    mask[at] |= np.uint32(_BIT[rule])


def _add_after(
    mask: Masks,
    views: pl.DataFrame,
    signs: pl.DataFrame,
    roles: Sequence[str | None],
    owned: NDArray[np.bool_],
) -> None:
    """Sessions of those who had converted before are retention at least."""
    page = views["page"].to_numpy().astype(np.int64)
    of_page = np.array(
        [_BIT[_AFTER_PAGES[role]] if role and role in _AFTER_PAGES else 0 for role in roles] or [0], np.uint32
    )
    mask |= np.where(owned, of_page[page] | np.uint32(_BIT["back_after_purchase"]), 0).astype(np.uint32)
    for sign, rule in _AFTER_EVENTS.items():
        _mark(mask, views, _only(signs, sign), rule, owned)


def _add_advocacy(
    mask: Masks,
    views: pl.DataFrame,
    signs: pl.DataFrame,
    promoters: pl.Series | None,
    owned: NDArray[np.bool_],
    begins: NDArray[np.int64],
    place: NDArray[np.int64],
) -> None:
    """Who has converted, in an earlier session or view, and tells others."""
    won = np.cumsum(views["converts"].to_numpy())
    has = owned | (won - (won - views["converts"].to_numpy())[begins][place] > 0)
    _mark(mask, views, _only(signs, "advocacy"), "told_others", has)
    if promoters is not None and promoters.len():
        said = views["session_id"].is_in(promoters.implode()).to_numpy()
        mask |= np.where(said & has, _BIT["promoter"], 0).astype(np.uint32)


def _levels(mask: Masks) -> Levels:
    level = np.zeros(len(mask), np.uint8)
    for number, bits in enumerate(_LEVEL_MASKS):
        level[(mask & np.uint32(bits)) != 0] = number
    return level


def _rules(mask: Masks, level: Levels) -> Levels:
    """The first rule of each one's stage that holds."""
    found = np.full(len(mask), len(RULES) - 1, np.uint8)
    for number in reversed(range(len(RULES))):
        name, stage = RULES[number]
        found[((mask & np.uint32(_BIT[name])) != 0) & (level == stage)] = number
    return found
