"""What is asked of each page: which of its points, who met them, and who used their elements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from friction.impact.pages import JOINT, OnPage
from friction.impact.values import Page
from friction.impact.views import Bools, Views
from friction.order import Ints, changed, once, ordered

MIN_SESSIONS, MIN_EXITS, MIN_USES = 30, 5, 30
BLOCK = 1 << 21
"""Pairs of points and views that are put in their places together."""
Rows = NDArray[np.uint32]
_Pairs = tuple[Rows, Rows]
"""Points, and places among the rows of a page."""


@dataclass(frozen=True)
class Exposures:
    """Which views met which of `points` points.

    `pairs`: `point` (0 … n − 1), `view`; `uses`: the same for views in which the point's element was used without
    trouble. By point: `kinds`, the number of its detector; `targets`, a number of its element (−1: none); `outcome`,
    whether leaving is part of what it is, so that it cannot be compared, only counted; `standing`, whether it comes
    from the device or the hour, so that who comes back later on them is not its doing.
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
    """Of every page with a point; and by point: exposed views, their exits and sessions, and why nothing is asked."""

    on: Mapping[int, OnPage]
    views: Ints
    exits: Ints
    sessions: Ints
    reason: Sequence[str | None]


@dataclass(frozen=True)
class _Places:
    """Which page each view belongs to, and which of its rows it is."""

    views: Views
    page: NDArray[np.uint32]
    """By view; the last entry, for those that are left out, is one too many."""
    row: NDArray[np.uint32]

    @classmethod
    def on(cls, views: Views, pages: Sequence[Page]) -> _Places:
        page = np.full(len(views) + 1, len(pages), np.uint32)
        row = np.zeros(len(views) + 1, np.uint32)
        for number, each in enumerate(pages):
            page[each.rows] = number
            row[each.rows] = np.arange(len(each.rows), dtype=np.uint32)
        return cls(views, page, row)

    def split(self, pairs: pl.DataFrame, pages: int) -> list[list[_Pairs]]:
        """Page by page the points and rows of pairs, a block at a time; without views that are left out."""
        found: list[list[_Pairs]] = [[] for _ in range(pages)]
        for block in pairs.select("view", "point").iter_slices(BLOCK):
            at = self.views.place(block["view"].to_numpy())
            page, point = self.page[at], block["point"].to_numpy().astype(np.uint32, copy=False)
            order = ordered(page)
            edges = np.cumsum([0, *np.bincount(page, minlength=pages + 1)]).tolist()
            point, row = point[order], self.row[at][order]
            for mine, (begin, end) in zip(found, pairwise(edges), strict=False):
                if end > begin:
                    mine.append((point[begin:end], row[begin:end]))
        return found


def asked(views: Views, exposures: Exposures, pages: Sequence[Page]) -> Asked:
    places, n = _Places.on(views, pages), exposures.points
    met = [_once(mine) for mine in places.split(exposures.pairs, len(pages))]
    count, exits, modelled = np.zeros((3, n), np.int64)
    for page, (point, row) in zip(pages, met, strict=True):
        here = np.bincount(point, minlength=n)
        count, modelled = count + here, modelled + (here if page.own else 0)
        exits += np.bincount(point[views.exit[page.rows[row]]], minlength=n)
    sessions = _sessions(views, pages, met, n)
    reason = np.full(n, None, dtype=object)
    reason[modelled == 0] = "too_few_views"
    reason[exits < MIN_EXITS] = "too_few_exits"
    reason[sessions < MIN_SESSIONS] = "too_few_sessions"
    reason[count == 0] = "nothing_to_compare_with"
    compared = np.array([each is None for each in reason], bool)
    rank = np.empty(n, np.int64)
    rank[np.argsort(-sessions, kind="stable")] = np.arange(n)
    own = [at for at, page in enumerate(pages) if page.own]
    chosen = {at: _chosen(met[at][0], compared, exposures.outcome, rank) for at in own}
    uses = _uses(places, exposures, [joint for joint, _ in chosen.values()], len(pages))
    found = {
        at: _on_page(exposures.targets, met[at], _joined(uses[at]), *points)
        for at, points in chosen.items()
        if any(map(len, points))
    }
    return Asked(found, count, exits, sessions, reason.tolist())


def _joined(pairs: Sequence[_Pairs]) -> _Pairs:
    """Points and rows of all blocks."""
    nothing = np.empty(0, np.uint32)
    points, rows = zip((nothing, nothing), *pairs, strict=True)
    return np.concatenate(points), np.concatenate(rows)


def _once(pairs: Sequence[_Pairs]) -> _Pairs:
    """Points and rows, sorted, each pair once."""
    point, row = once(*_joined(pairs))
    return point.astype(np.uint32), row.astype(np.uint32)


def _sessions(views: Views, pages: Sequence[Page], met: Sequence[_Pairs], points: int) -> Ints:
    """By point, how many sessions met it."""
    # Sorted by point and row, and rows by session: a session's are neighbours. Only on several pages it may come again.
    several = np.zeros(points, np.int64)
    for point, _ in met:
        several[point[changed(point)]] += 1
    count, again = np.zeros(points, np.int64), [(np.empty(0, np.int64), np.empty(0, np.int64))]
    for page, (point, row) in zip(pages, met, strict=True):
        session = views.session[page.rows[row]]
        first = changed(point, session)
        alone = first & (several[point] == 1)
        count += np.bincount(point[alone], minlength=points)
        others = first & ~alone
        again.append((point[others].astype(np.int64), session[others].astype(np.int64)))
    return count + np.bincount(once(*map(np.concatenate, zip(*again, strict=True)))[0], minlength=points)


def _chosen(points: NDArray[Any], compared: Bools, outcome: Bools, rank: Ints) -> tuple[Ints, Ints]:
    """Points of the joint models, those with the most sessions and no outcomes; and those beside."""
    here = points[changed(points)].astype(np.int64)
    here = here[compared[here]]
    able = here[~outcome[here]]
    able = able[np.argsort(rank[able])]
    return np.sort(able[:JOINT]), np.concatenate([able[JOINT:], here[outcome[here]]])


def _uses(places: _Places, exposures: Exposures, joint: Sequence[Ints], pages: int) -> list[list[_Pairs]]:
    """Page by page: points of the joint models and rows in which their elements were used without trouble."""
    wanted = np.zeros(exposures.points, bool)
    wanted[np.concatenate([np.empty(0, np.int64), *joint])] = True
    wanted &= exposures.targets >= 0
    mine = wanted[exposures.uses["point"].to_numpy()]
    return places.split(exposures.uses.filter(mine), pages)


def _on_page(targets: Ints, met: _Pairs, uses: _Pairs, joint: Ints, beside: Ints) -> OnPage:
    points = np.concatenate([joint, beside])
    starts, ends = (np.searchsorted(met[0], points, side=side).tolist() for side in ("left", "right"))
    rows = [met[1][start:end] for start, end in zip(starts, ends, strict=True)]
    return OnPage(_used(targets, met, uses, joint), rows, points.tolist(), len(joint))


def _used(targets: Ints, met: _Pairs, uses: _Pairs, joint: Ints) -> list[Rows]:
    """For each element of the points with enough clean uses: rows in which it was used, with or without trouble."""
    elements = np.unique(targets[joint][targets[joint] >= 0])
    of = np.full(len(targets), -1)
    mine = joint[targets[joint] >= 0]
    of[mine] = np.searchsorted(elements, targets[mine])
    element, row = (
        np.concatenate(each) for each in zip((of[met[0]], met[1]), (of[uses[0]], uses[1]), strict=True)
    )
    clean = (np.arange(len(row)) >= len(met[1])).astype(np.int64)
    kept = np.flatnonzero(element >= 0)
    element, row, clean = once(element[kept], row[kept], clean[kept])
    # A row with trouble comes before the same row without, and is the one that counts.
    first = (np.diff(element, prepend=-1) != 0) | (np.diff(row, prepend=-1) != 0)
    element, row, used = element[first], row[first], clean[first]
    edges = np.searchsorted(element, np.arange(len(elements) + 1)).tolist()
    enough = np.bincount(element[used > 0], minlength=len(elements)) >= MIN_USES
    row = row.astype(np.uint32)
    return [row[a:b] for (a, b), known in zip(pairwise(edges), enough, strict=True) if known]
