"""What is asked of each page: which of its points, who met them, and who used their elements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import polars as pl
from numpy.typing import NDArray

from friction.impact.pages import JOINT, OnPage
from friction.impact.values import Page
from friction.impact.views import Bools, Views
from friction.order import Ints, once, ordered

MIN_SESSIONS, MIN_EXITS, MIN_USES = 30, 5, 30


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
    """Of every page with a point; and by point: exposed views, exits, and why nothing is asked of it."""

    on: Mapping[int, OnPage]
    views: Ints
    exits: Ints
    reason: Sequence[str | None]


@dataclass(frozen=True)
class _Met:
    """Points and the rows of pages that met them, once each: by page, point and row (place among the page's)."""

    page: Ints
    point: Ints
    row: Ints
    view: Ints

    @classmethod
    def of(cls, places: _Places, pairs: pl.DataFrame) -> _Met:
        page, row, point = places.of(pairs)
        page, point, row = once(page, point, row)
        return cls(page, point, row, places.rows[places.begins[page] + row])

    def on(self, pages: int) -> list[tuple[Ints, Ints]]:
        """Page by page: points and rows."""
        edges = np.searchsorted(self.page, np.arange(pages + 1)).tolist()
        return [(self.point[a:b], self.row[a:b]) for a, b in pairwise(edges)]


@dataclass(frozen=True)
class _Places:
    """Where each view stands when they are counted page by page."""

    views: Views
    begins: Ints
    """The first of each page, and the end of the last."""
    rows: Ints
    page: Ints
    place: NDArray[np.int32]
    """By view; the last entry, for those that are left out, is −1."""

    @classmethod
    def on(cls, views: Views, pages: Sequence[Page]) -> _Places:
        sizes = [len(page.rows) for page in pages]
        rows = np.concatenate([np.empty(0, np.int64), *(page.rows for page in pages)])
        place = np.full(len(views) + 1, -1, np.int32)
        place[rows] = np.arange(len(views))
        return cls(views, np.cumsum([0, *sizes]), rows, np.repeat(np.arange(len(sizes)), sizes), place)

    def of(self, pairs: pl.DataFrame) -> tuple[Ints, Ints, Ints]:
        """Page, row and point of each pair, without views that are left out."""
        place = self.place[self.views.place(pairs["view"].to_numpy())]
        known = np.flatnonzero(place >= 0)
        place, point = place[known].astype(np.int64), pairs["point"].to_numpy()[known]
        page = self.page[place]
        return page, place - self.begins[page], point


def asked(views: Views, exposures: Exposures, pages: Sequence[Page]) -> Asked:
    places = _Places.on(views, pages)
    met, n = _Met.of(places, exposures.pairs), exposures.points
    count, exits = (np.bincount(met.point[mine], minlength=n) for mine in (slice(None), views.exit[met.view]))
    sessions = np.bincount(once(met.point, views.session[met.view])[0], minlength=n)
    modelled = np.bincount(met.point[np.array([page.own for page in pages], bool)[met.page]], minlength=n)
    reason = np.full(n, None, dtype=object)
    reason[modelled == 0] = "too_few_views"
    reason[exits < MIN_EXITS] = "too_few_exits"
    reason[sessions < MIN_SESSIONS] = "too_few_sessions"
    reason[count == 0] = "nothing_to_compare_with"
    compared = np.array([each is None for each in reason], bool)
    rank = np.empty(n, np.int64)
    rank[np.argsort(-sessions, kind="stable")] = np.arange(n)
    on, own = met.on(len(pages)), [at for at, page in enumerate(pages) if page.own]
    chosen = {at: _chosen(on[at][0], compared, exposures.outcome, rank) for at in own}
    uses = _uses(places, exposures, [joint for joint, _ in chosen.values()], len(pages))
    found = {
        at: _on_page(exposures.targets, on[at], uses[at], *points)
        for at, points in chosen.items()
        if any(map(len, points))
    }
    return Asked(found, count, exits, reason.tolist())


def _chosen(points: Ints, compared: Bools, outcome: Bools, rank: Ints) -> tuple[Ints, Ints]:
    """Points of the joint models, those with the most sessions and no outcomes; and those beside."""
    here = points[np.diff(points, prepend=-1) != 0]
    here = here[compared[here]]
    able = here[~outcome[here]]
    able = able[np.argsort(rank[able])]
    return np.sort(able[:JOINT]), np.concatenate([able[JOINT:], here[outcome[here]]])


def _uses(
    places: _Places, exposures: Exposures, joint: Sequence[Ints], pages: int
) -> list[tuple[Ints, Ints]]:
    """Page by page: points of the joint models and rows in which their elements were used without trouble."""
    wanted = np.zeros(exposures.points, bool)
    wanted[np.concatenate([np.empty(0, np.int64), *joint])] = True
    wanted &= exposures.targets >= 0
    mine = wanted[exposures.uses["point"].to_numpy()]
    page, row, point = places.of(exposures.uses.filter(mine))
    order = ordered(page)
    edges = np.cumsum([0, *np.bincount(page, minlength=pages)]).tolist()
    point, row = point[order], row[order]
    return [(point[a:b], row[a:b]) for a, b in pairwise(edges)]


def _on_page(
    targets: Ints, met: tuple[Ints, Ints], uses: tuple[Ints, Ints], joint: Ints, beside: Ints
) -> OnPage:
    points = np.concatenate([joint, beside])
    starts, ends = (np.searchsorted(met[0], points, side=side).tolist() for side in ("left", "right"))
    rows = [met[1][start:end] for start, end in zip(starts, ends, strict=True)]
    return OnPage(_used(targets, met, uses, joint), rows, points.tolist(), len(joint))


def _used(targets: Ints, met: tuple[Ints, Ints], uses: tuple[Ints, Ints], joint: Ints) -> list[Ints]:
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
    return [row[a:b] for (a, b), known in zip(pairwise(edges), enough, strict=True) if known]
