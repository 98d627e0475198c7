"""What is asked of each page: which of its points, who met them, and who used their elements."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any, Protocol

import numpy as np
import polars as pl
from numpy.typing import NDArray

from friction.impact.pages import JOINT, OnPage
from friction.impact.values import Page
from friction.impact.views import Bools, Views
from friction.order import Ints, changed, once, ordered
from friction.values import dataclass

MIN_SESSIONS, MIN_EXITS, MIN_USES = 30, 5, 30
BLOCK = 1 << 19
"""Pairs of points and views that are put in their places together."""
Rows = NDArray[np.uint32]
Pairs = tuple[Rows, Rows]
"""Points, and places among the rows of a page."""


class Blocks(Protocol):
    """Rows of `point, view`, so many at a time; a frame is one."""

    def iter_slices(self, n_rows: int = ..., /) -> Iterator[pl.DataFrame]:
        """All of them, at each call anew."""


@dataclass(frozen=True)
class Exposures:
    """Which views met which of `points` points.

    `pairs`: `point` (0 … n − 1), `view`, a frame or other `Blocks`; `uses`: the same for views in which the point's
    element was used without trouble. By point: `kinds`, the number of its detector; `targets`, a number of its element
    (−1: none); `outcome`, whether leaving is part of what it is, so that it cannot be compared, only counted;
    `standing`, whether it comes from the device or the hour, so that who comes back later on them is not its doing.
    """

    pairs: Any
    uses: Any
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
class Places:
    """Which page each view belongs to, and which of its rows it is."""

    views: Views
    page: NDArray[np.uint32]
    """By view; the last entry, for those that are left out, is one too many."""
    row: NDArray[np.uint32]

    @classmethod
    def on(cls, views: Views, pages: Sequence[Page]) -> Places:
        page = np.full(len(views) + 1, len(pages), np.uint32)
        row = np.zeros(len(views) + 1, np.uint32)
        for number, each in enumerate(pages):
            page[each.rows] = number
            row[each.rows] = np.arange(len(each.rows), dtype=np.uint32)
        return cls(views, page, row)

    def split(self, pairs: Blocks, pages: int, wanted: Bools | None = None) -> list[list[Pairs]]:
        """Page by page the points and rows of pairs, a block at a time; without views that are left out.

        Of the `wanted` points alone (by point; null: all).
        """
        found: list[list[Pairs]] = [[] for _ in range(pages)]
        for all_ in pairs.iter_slices(BLOCK):
            block = all_ if wanted is None else all_.filter(wanted[all_["point"].to_numpy()])
            at = self.views.place(block["view"].to_numpy())
            page, point = self.page[at], block["point"].to_numpy().astype(np.uint32, copy=False)
            order = ordered(page)
            edges = np.cumsum([0, *np.bincount(page, minlength=pages + 1)]).tolist()
            point, row = point[order], self.row[at][order]
            for mine, (begin, end) in zip(found, pairwise(edges), strict=False):
                if end > begin:
                    mine.append((point[begin:end], row[begin:end]))
        return found

    def met(self, pairs: Blocks, pages: int) -> list[Pairs]:
        """Page by page points and rows that met them, sorted, each once."""
        return [_once(mine) for mine in self.split(pairs, pages)]

    def used(self, exposures: Exposures, chosen: Mapping[int, Chosen], pages: int) -> list[Pairs]:
        """Page by page points of the joint models and rows in which their elements were used without trouble."""
        wanted = elements_of(exposures, chosen)
        return [_joined(found) for found in self.split(exposures.uses, pages, wanted)]


@dataclass(frozen=True)
class Counts:
    """By point: exposed views, their exits, those on pages with models of their own, and sessions."""

    views: Ints
    exits: Ints
    modelled: Ints
    sessions: Ints

    @property
    def reason(self) -> Sequence[str | None]:
        """Why nothing is asked, by point."""
        reason = np.full(len(self.views), None, dtype=object)
        reason[self.modelled == 0] = "too_few_views"
        reason[self.exits < MIN_EXITS] = "too_few_exits"
        reason[self.sessions < MIN_SESSIONS] = "too_few_sessions"
        reason[self.views == 0] = "nothing_to_compare_with"
        found: list[str | None] = reason.tolist()
        return found

    def asked(self, on: Mapping[int, OnPage]) -> Asked:
        """With what is asked of each page."""
        return Asked(on, self.views, self.exits, self.sessions, self.reason)


def asked(views: Views, exposures: Exposures, pages: Sequence[Page]) -> Asked:
    places, n = Places.on(views, pages), exposures.points
    met = places.met(exposures.pairs, len(pages))
    count, exits, modelled = np.zeros((3, n), np.int64)
    for page, (point, row) in zip(pages, met, strict=True):
        here = np.bincount(point, minlength=n)
        count, modelled = count + here, modelled + (here if page.own else 0)
        exits += np.bincount(point[views.exit[page.rows[row]]], minlength=n)
    counts = Counts(count, exits, modelled, sessions_of(views, pages, met, n))
    chosen = chosen_of(exposures, counts, {at: met[at][0] for at, page in enumerate(pages) if page.own})
    uses = places.used(exposures, chosen, len(pages))
    found = {}
    for at, points in chosen.items():
        if any(map(len, points)):
            on, clean = on_page(exposures.targets, met[at], uses[at], *points)
            found[at] = enough(on, clean)
    return counts.asked(found)


Chosen = tuple[Ints, Ints]
"""Points of a page that stand in its joint models, and points looked at beside."""


def chosen_of(exposures: Exposures, counts: Counts, here: Mapping[int, NDArray[Any]]) -> dict[int, Chosen]:
    """By page, which of the points that were met `here` are asked about; points are sorted."""
    compared = np.array([each is None for each in counts.reason], bool)
    rank = np.empty(exposures.points, np.int64)
    rank[np.argsort(-counts.sessions, kind="stable")] = np.arange(exposures.points)
    return {at: _chosen(points, compared, exposures.outcome, rank) for at, points in here.items()}


def elements_of(exposures: Exposures, chosen: Mapping[int, Chosen]) -> Bools:
    """By point, whether it stands in a joint model and has an element, whose uses are asked for."""
    found = np.zeros(exposures.points, bool)
    found[np.concatenate([np.empty(0, np.int64), *(joint for joint, _ in chosen.values())])] = True
    return found & (exposures.targets >= 0)


def _joined(pairs: Sequence[Pairs]) -> Pairs:
    """Points and rows of all blocks."""
    nothing = np.empty(0, np.uint32)
    points, rows = zip((nothing, nothing), *pairs, strict=True)
    return np.concatenate(points), np.concatenate(rows)


def _once(pairs: Sequence[Pairs]) -> Pairs:
    """Points and rows, sorted, each pair once."""
    point, row = once(*_joined(pairs))
    return point.astype(np.uint32), row.astype(np.uint32)


def sessions_of(views: Views, pages: Sequence[Page], met: Sequence[Pairs], points: int) -> Ints:
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


def _chosen(points: NDArray[Any], compared: Bools, outcome: Bools, rank: Ints) -> Chosen:
    """Points of the joint models, those with the most sessions and no outcomes; and those beside."""
    here = points[changed(points)].astype(np.int64)
    here = here[compared[here]]
    able = here[~outcome[here]]
    able = able[np.argsort(rank[able])]
    return np.sort(able[:JOINT]), np.concatenate([able[JOINT:], here[outcome[here]]])


def on_page(targets: Ints, met: Pairs, uses: Pairs, joint: Ints, beside: Ints) -> tuple[OnPage, Ints]:
    """What is asked of a page, with every element of its points; and by element how often it went well."""
    points = np.concatenate([joint, beside])
    rows = rows_of(met, points)
    used, clean = _used(targets, met, uses, joint)
    return OnPage(used, rows, points.tolist(), len(joint)), clean


def rows_of(met: Pairs, points: Ints) -> list[Rows]:
    """By point, the rows that met it; pairs are sorted."""
    starts, ends = (np.searchsorted(met[0], points, side=side).tolist() for side in ("left", "right"))
    return [met[1][start:end] for start, end in zip(starts, ends, strict=True)]


def enough(on: OnPage, clean: Ints) -> OnPage:
    """With those elements alone that went well often enough."""
    return replace(on, used=[rows for rows, n in zip(on.used, clean.tolist(), strict=True) if n >= MIN_USES])


def _used(targets: Ints, met: Pairs, uses: Pairs, joint: Ints) -> tuple[list[Rows], Ints]:
    """For each element of the points: rows in which it was used, with or without trouble, and how many without."""
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
    row = row.astype(np.uint32)
    return [row[a:b] for a, b in pairwise(edges)], np.bincount(element[used > 0], minlength=len(elements))
