"""The page views an estimate compares, with all that is known when each opens and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from friction.order import LOOSE, Ints, changed, in_turn
from friction.values import dataclass

Bools = NDArray[np.bool_]
Codes = NDArray[np.integer[Any]]
BySession = Mapping[str, NDArray[Any]]

GROUPS = ("home", "list", "product", "content", "cart", "checkout", "account", "other")
"""Kinds of pages the route tells apart; searches are lists, help is content, a page without a type is `other`."""
GROUP_OF = {kind: number for number, kind in enumerate(GROUPS)} | {"search": 1, "help": 3}
NOWHERE = len(GROUPS)
"""The group of the page before a session's first."""
CLASSES = 6
"""How many values of a segment are told apart; the rarer ones are one class, and null is one."""
CAPS = {"product": 5, "cart": 3, "checkout": 5}
HISTORY_CAP = 3
EXACT = 16
"""Counts below this are told apart one by one, larger ones by sixteenths of a log unit."""


@dataclass(frozen=True)
class Views:
    """One entry a page view up to its session's conversion, by session and time.

    A view is an exit when it is the last of its session and the session did not convert in it.
    """

    number: Codes
    """Its number in the tables, rising."""
    session: Codes
    visitor: Codes
    page: Codes
    exit: Bools
    converts: Bools
    """The goal is reached in this view."""
    wins: Bools
    """The session converts, here or later."""
    returns: Bools
    """A later session of the visitor converts."""
    opening: Mapping[str, NDArray[Any]]
    """Known at the opening: `device, channel` (classes), `returning, first, index, product, cart, checkout`
    (earlier in the session), `sessions, conversions, length` (earlier sessions; mean views in quarters of a log),
    `before` (group of the page before), `same` (it was this page)."""
    history: NDArray[np.uint8]
    """Views × detectors: earlier findings in the session, at most `HISTORY_CAP`."""

    def without_opening(self) -> Views:
        """The same without what was known at the opening, once that is in other hands (`covariates.Held`)."""
        return replace(self, opening={}, history=np.zeros((len(self), 0), np.uint8))

    def __len__(self) -> int:
        return len(self.number)

    @cached_property
    def _numbers(self) -> int:
        """How many numbers there are up to the last one."""
        return int(self.number[-1]) + 1 if len(self) else 0

    @cached_property
    def _places(self) -> NDArray[np.int32]:
        """By number, and as the last one nobody's."""
        found = np.full(self._numbers + 1, -1, np.int32)
        found[self.number] = np.arange(len(self.number))
        return found

    def place(self, numbers: NDArray[Any]) -> Ints:
        """Positions of the views with these numbers; −1 for those that are left out."""
        if self._numbers == len(self):
            return np.where(numbers < len(self), numbers, -1).astype(np.int64)
        if self._numbers > LOOSE * len(self):
            # Those of a lot lie far apart: a table of all numbers would be many times longer than the lot.
            at = np.minimum(np.searchsorted(self.number, numbers), len(self) - 1)
            return np.where(self.number[at] == numbers, at, -1)
        found: Ints = self._places[np.minimum(numbers, self._numbers)].astype(np.int64)
        return found


def prepare(
    views: pl.DataFrame,
    sessions: pl.DataFrame,
    hits: pl.DataFrame,
    groups: Mapping[int, str],
    known: BySession | None = None,
    kinds: Ints | None = None,
) -> Views:
    """From the tables of `friction.reduce`; `groups` is the type of each page whose type is known.

    `views`: `view, session_id, page`, sorted; `sessions`: `session_id, visitor, start, goal_view` and what segments
    there are, by `session_id`; `hits`: `view, detector, findings`. `known`: what `histories` says of these sessions,
    where it was worked out among others; then `goal_view` is all that is asked of `sessions`. `kinds`: the detectors
    whose friction counts as met before (numbers; null: all that found any).
    """
    frame = views.select("view", "session_id", "page").with_columns(
        first=pl.col("session_id").ne_missing(pl.col("session_id").shift()),
        last=pl.col("session_id").ne_missing(pl.col("session_id").shift(-1)),
    )
    goal = sessions["goal_view"].gather(frame["session_id"])
    frame = frame.with_columns(goal=goal).filter(
        pl.col("goal").is_null() | (pl.col("view") <= pl.col("goal"))
    )
    session = frame["session_id"].to_numpy().astype(np.uint32)
    page = frame["page"].to_numpy().astype(np.uint32)
    first = frame["first"].to_numpy()
    wins = frame["goal"].is_not_null().to_numpy()
    converts = (frame["goal"] == frame["view"]).fill_null(value=False).to_numpy()
    # Gathers by the widest numbers take half as long: narrower ones are widened each time.
    places, at = np.arange(len(first)), session.astype(np.int64)
    begins = np.maximum.accumulate(np.where(first, places, 0))
    known = known or histories(sessions, np.bincount(session, minlength=sessions.height))
    past = {name: values[at] for name, values in known.items()}
    kind = _groups(page, groups)
    before = np.where(first, np.uint8(NOWHERE), np.roll(kind, 1)) if len(kind) else kind
    same = ~first & (np.roll(page, 1) == page) if len(page) else first
    earlier = {
        name: np.minimum(_before(kind == GROUP_OF[name], begins), cap).astype(np.uint8)
        for name, cap in CAPS.items()
    }
    opening = {
        **earlier,
        **{
            name: past[name]
            for name in ("device", "channel", "sessions", "conversions", "length", "returning")
        },
        "first": first,
        "index": stepped(places - begins),
        "before": before,
        "same": same,
    }
    made = Views(
        number=frame["view"].to_numpy().astype(np.uint32),
        session=session,
        visitor=past["visitor"],
        page=page,
        exit=frame["last"].to_numpy() & ~wins,
        converts=converts,
        wins=wins,
        returns=past["returns"],
        opening=opening,
        history=np.zeros((len(session), 0), np.uint8),
    )
    return _with_history(made, hits, begins, kinds)


def stepped(counts: NDArray[Any]) -> NDArray[np.uint8]:
    """Counts as few values: themselves up to `EXACT`, from there on one for each sixteenth of ln(1 + count)."""
    each = np.arange(int(counts.max(initial=0)) + 1)
    beyond = np.round(EXACT * np.log((1 + np.maximum(each, EXACT)) / (1 + EXACT)))
    table = np.minimum(np.where(each < EXACT, each, EXACT + beyond), 255).astype(np.uint8)
    found: NDArray[np.uint8] = table[counts]
    return found


def logs(steps: NDArray[np.uint8]) -> NDArray[np.float64]:
    """ln(1 + count) of values made by `stepped`."""
    beyond = np.log(1 + EXACT) + (steps.astype(np.float64) - EXACT) / EXACT
    found: NDArray[np.float64] = np.where(steps < EXACT, np.log1p(steps.astype(np.float64)), beyond)
    return found


def _groups(page: Codes, groups: Mapping[int, str]) -> NDArray[np.uint8]:
    table = np.full(int(page.max(initial=0)) + 1, GROUP_OF["other"], np.uint8)
    for code, name in groups.items():
        if code < len(table):
            table[code] = GROUP_OF.get(name, GROUP_OF["other"])
    found: NDArray[np.uint8] = table[page]
    return found


def _before(counts: NDArray[Any], begins: Codes) -> NDArray[np.int32]:
    """Σ of the counts of the session's earlier views."""
    before: NDArray[np.int32] = np.cumsum(counts, dtype=np.int32)
    before -= counts
    before -= before[begins]
    return before


def classes(values: pl.Series) -> NDArray[np.uint8]:
    """The commonest values as 0, 1, 2 …, the others together as the next, null as the last."""
    counts = values.drop_nulls().value_counts(name="n").sort("n", values.name, descending=[True, False])
    kept = counts[values.name].head(CLASSES)
    numbers = pl.int_range(kept.len(), dtype=pl.UInt8, eager=True)
    known = values.replace_strict(kept, numbers, default=CLASSES, return_dtype=pl.UInt8)
    return (
        pl.select(pl.when(values.is_null()).then(pl.lit(CLASSES + 1, pl.UInt8)).otherwise(known))
        .to_series()
        .to_numpy()
    )


def histories(sessions: pl.DataFrame, views: NDArray[Any]) -> BySession:
    """By session: the visitor as a number, what its earlier sessions were like, whether a later one converts, the
    classes of its segments. `views`: how many each session has up to its conversion.
    """
    wins = sessions["goal_view"].is_not_null().to_numpy()
    visitor = _ranked(sessions["visitor"].to_numpy())
    by_session = {name: np.zeros(len(visitor), dtype) for name, dtype in _EARLIER.items()}
    for rows in in_turn(visitor, sessions["start"].to_physical().to_numpy()):
        for name, values in _earlier(visitor[rows], wins[rows], views[rows]).items():
            by_session[name][rows] = values
    by_session |= {name: _segment(sessions, name) for name in ("device", "channel")}
    by_session["visitor"] = visitor
    by_session["returning"] = _returning(sessions, by_session["sessions"])
    return by_session


_EARLIER: Mapping[str, type[Any]] = {
    **dict.fromkeys(("sessions", "conversions", "length"), np.uint8),
    "returns": np.bool_,
}


def _earlier(visitor: Codes, wins: Bools, views: NDArray[Any]) -> BySession:
    """Of sessions in the order of visitor and time, what those before were like, and whether a later one converts."""
    new = changed(visitor)
    begins = np.maximum.accumulate(np.where(new, np.arange(len(new)), 0))
    number = np.arange(len(new)) - begins
    seen = np.cumsum(views) - views
    won = np.cumsum(wins)
    earlier: Ints = won - wins - (won - wins)[begins]
    which = np.cumsum(new) - 1
    total = np.bincount(which, wins)[which]
    return {
        "sessions": stepped(number),
        "conversions": np.minimum(earlier, 3).astype(np.uint8),
        "length": np.round(4 * np.log1p((seen - seen[begins]) / np.maximum(number, 1))).astype(np.uint8),
        "returns": (total - earlier - wins) > 0,
    }


def _ranked(values: NDArray[np.int64]) -> Codes:
    """Each value as its place among all that there are."""
    most = int(values.max(initial=0))
    if most >= LOOSE * len(values) or values.min(initial=0) < 0:
        return np.unique(values, return_inverse=True)[1].astype(np.uint32)
    there = np.zeros(most + 1, np.bool_)
    there[values] = True
    ranks: Codes = (np.cumsum(there) - 1).astype(np.uint32)[values]
    return ranks


def _returning(sessions: pl.DataFrame, earlier: NDArray[Any]) -> Bools:
    found: Bools = earlier > 0
    if "returning" in sessions.columns:
        found |= sessions["returning"].fill_null(value=False).to_numpy()
    return found


def _segment(sessions: pl.DataFrame, name: str) -> NDArray[np.uint8]:
    if name not in sessions.columns:
        return np.zeros(sessions.height, np.uint8)
    return classes(sessions[name])


def _with_history(views: Views, hits: pl.DataFrame, begins: Codes, kinds: Ints | None = None) -> Views:
    if not hits.height and kinds is None:
        return views
    at, kind = views.place(hits["view"].to_numpy()), hits["detector"].to_physical().to_numpy()
    known = np.flatnonzero(at >= 0)
    order = known[np.argsort(kind[known], kind="stable")]
    at, kind = at[order], kind[order]
    capped = np.minimum(hits["findings"].to_numpy(), HISTORY_CAP)[order].astype(np.int32)
    kinds = np.unique(kind) if kinds is None else kinds.astype(kind.dtype)
    history = np.zeros((len(kinds), len(views)), np.uint8)
    edges = (np.searchsorted(kind, kinds, side=side).tolist() for side in ("left", "right"))
    for mine, start, end in zip(history, *edges, strict=True):
        counts = np.zeros(len(views), np.int32)
        np.add.at(counts, at[start:end], capped[start:end])
        mine[:] = np.minimum(_before(counts, begins), HISTORY_CAP)
    return replace(views, history=history.T)
