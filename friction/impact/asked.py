"""What is asked of each page: which of its points, who met them, and who used their elements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import polars as pl

from friction.impact.design import Ints
from friction.impact.pages import JOINT, OnPage
from friction.impact.values import Page
from friction.impact.views import Bools, Views

MIN_SESSIONS, MIN_EXITS, MIN_USES = 30, 5, 30


@dataclass(frozen=True)
class Exposures:
    """Which views met which of `points` points.

    `pairs`: `point` (0 … n − 1), `view`; `uses`: the same for views in which the point's element was used without
    trouble. By point: `kinds`, the number of its detector; `targets`, a number of its element (−1: none); `outcome`,
    whether leaving is part of what it is, so that it cannot be compared, only counted; `standing`, whether it comes
    from the device or the hour, so that what comes later is not its doing.
    """

    pairs: pl.DataFrame
    uses: pl.DataFrame
    points: int
    kinds: Ints
    targets: Ints
    outcome: Bools
    standing: Bools


@dataclass(frozen=True)
class Asked:
    """Of every page with a point; and by point: exposed views, exits, and why nothing is asked of it."""

    on: Mapping[int, OnPage]
    views: Ints
    exits: Ints
    reason: Sequence[str | None]


@dataclass(frozen=True)
class _Pairs:
    """Points and the places of views, once each, by point and place; a place counts views page by page."""

    point: Ints
    place: Ints

    @classmethod
    def of(cls, views: Views, places: Ints, pairs: pl.DataFrame) -> _Pairs:
        """Those of views that are left out are dropped; `places` is that of each view."""
        place = places[views.place(pairs["view"].to_numpy())]
        bits = len(views).bit_length()
        key = (pairs["point"].to_numpy().astype(np.int64) << bits) + place
        key = _once(key[place >= 0])
        return cls(key >> bits, key & ((1 << bits) - 1))

    def split(self, begins: Ints) -> list[_Pairs]:
        """Page by page, places counted from the page's first view; `begins`: its place, and the end of the last."""
        page = np.repeat(np.arange(len(begins) - 1), np.diff(begins))[self.place]
        order = np.argsort(page.astype(np.min_scalar_type(len(begins))), kind="stable")
        edges = np.cumsum([0, *np.bincount(page, minlength=len(begins) - 1)]).tolist()
        point, place = self.point[order], (self.place - begins[page])[order]
        return [_Pairs(point[a:b], place[a:b]) for a, b in pairwise(edges)]


def _once(key: Ints) -> Ints:
    """Sorted, each once."""
    key = np.sort(key)
    found: Ints = key[np.diff(key, prepend=-1) != 0]
    return found


def asked(views: Views, exposures: Exposures, pages: Sequence[Page]) -> Asked:
    begins = np.cumsum([0, *(len(page.rows) for page in pages)])
    rows = np.concatenate([np.empty(0, np.int64), *(page.rows for page in pages)])
    places = np.full(len(views) + 1, -1)
    places[rows] = np.arange(len(views))
    met, uses = (_Pairs.of(views, places, pairs) for pairs in (exposures.pairs, exposures.uses))
    n, row = exposures.points, rows[met.place]
    count, exits = np.bincount(met.point, minlength=n), np.bincount(met.point[views.exit[row]], minlength=n)
    sessions = _sessions(met.point, views.session[row], n)
    end_of_own = begins[sum(page.own for page in pages)]
    modelled = np.bincount(met.point[met.place < end_of_own], minlength=n)
    reason = np.full(n, None, dtype=object)
    reason[modelled == 0] = "too_few_views"
    reason[exits < MIN_EXITS] = "too_few_exits"
    reason[sessions < MIN_SESSIONS] = "too_few_sessions"
    reason[count == 0] = "nothing_to_compare_with"
    compared = np.array([each is None for each in reason], bool)
    first = np.lexsort((np.arange(n), -sessions))
    rank = np.empty(n, np.int64)
    rank[first] = np.arange(n)
    on = {}
    for at, (page, mine, using) in enumerate(zip(pages, met.split(begins), uses.split(begins), strict=True)):
        here = np.unique(mine.point)
        here = here[compared[here]]
        if page.own and len(here):
            on[at] = _on_page(exposures, mine, using, here, rank)
    return Asked(on, count, exits, reason.tolist())


def _sessions(point: Ints, session: Ints, points: int) -> Ints:
    """By point: in how many sessions it was met."""
    bits = int(session.max(initial=0)).bit_length()
    return np.bincount(_once((point << bits) + session) >> bits, minlength=points)


def _on_page(exposures: Exposures, met: _Pairs, using: _Pairs, here: Ints, rank: Ints) -> OnPage:
    """The points with the most sessions stand in the joint models; outcomes never do."""
    able = here[~exposures.outcome[here]]
    able = able[np.argsort(rank[able])]
    joint = np.sort(able[:JOINT])
    points = np.concatenate([joint, able[JOINT:], here[exposures.outcome[here]]])
    starts, ends = (np.searchsorted(met.point, points, side=side).tolist() for side in ("left", "right"))
    rows = [met.place[start:end] for start, end in zip(starts, ends, strict=True)]
    used = _used(exposures.targets, met, using, joint)
    return OnPage(used, rows, points.tolist(), len(joint))


def _used(targets: Ints, met: _Pairs, using: _Pairs, joint: Ints) -> list[Ints]:
    """For each element of the points with enough clean uses: rows in which it was used, with or without trouble."""
    elements = np.unique(targets[joint])
    elements = elements[elements >= 0]
    if not len(elements):
        return []
    of = np.full(len(targets), -1)
    mine = joint[targets[joint] >= 0]
    of[mine] = np.searchsorted(elements, targets[mine])
    keys = []
    for clean, pairs in enumerate((met, using)):
        element = of[pairs.point]
        kept = element >= 0
        keys.append(2 * (element[kept] * (1 << 40) + pairs.place[kept]) + clean)
    key = np.sort(np.concatenate(keys))
    # A view with trouble comes before the same view without, and is the one that counts.
    first = key[np.diff(key >> 1, prepend=-1) != 0]
    element, row, clean = first >> 41, (first >> 1) % (1 << 40), first & 1
    edges = np.searchsorted(element, np.arange(len(elements) + 1)).tolist()
    enough = np.bincount(element, clean, len(elements)) >= MIN_USES
    return [row[a:b] for (a, b), known in zip(pairwise(edges), enough, strict=True) if known]
