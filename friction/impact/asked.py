"""What is asked of each page: which of its points, who met them, and who used their elements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from friction.impact.logistic import Ints
from friction.impact.pages import JOINT, Met
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
class OnPage:
    """What is asked of one page."""

    met: Met
    used: Sequence[Ints]
    joint: Sequence[int]
    beside: Sequence[int]


@dataclass(frozen=True)
class Asked:
    """Of every page with a point; and by point: exposed views, exits, and why nothing is asked of it."""

    on: Mapping[int, OnPage]
    views: Ints
    exits: Ints
    reason: Sequence[str | None]


def asked(views: Views, exposures: Exposures, pages: Sequence[Page]) -> Asked:
    place, number = np.zeros(len(views), np.int64), np.zeros(len(views), np.int64)
    for at, page in enumerate(pages):
        place[page.rows], number[page.rows] = np.arange(len(page.rows)), at
    own = np.array([page.own for page in pages], bool)
    point, row = _located(views, exposures.pairs)
    n = exposures.points
    count, exits = np.bincount(point, minlength=n), np.bincount(point[views.exit[row]], minlength=n)
    sessions = np.bincount(np.unique(np.stack([point, views.session[row]]), axis=1)[0], minlength=n)
    modelled = np.bincount(point[own[number[row]]], minlength=n) if len(point) else count
    reason = np.full(n, None, dtype=object)
    reason[modelled == 0] = "too_few_views"
    reason[exits < MIN_EXITS] = "too_few_exits"
    reason[sessions < MIN_SESSIONS] = "too_few_sessions"
    reason[count == 0] = "nothing_to_compare_with"
    use_point, use_row = _located(views, exposures.uses)
    on = {}
    for at in np.unique(number[row]).tolist():
        if not own[at]:
            continue
        mine, using = number[row] == at, number[use_row] == at
        order = np.lexsort((place[row[mine]], point[mine]))
        met = Met(point[mine][order], place[row[mine]][order])
        here = [int(p) for p in np.unique(met.point) if reason[p] is None]
        ranked = sorted((p for p in here if not exposures.outcome[p]), key=lambda p: (-sessions[p], p))
        joint, beside = ranked[:JOINT], [*ranked[JOINT:], *(p for p in here if exposures.outcome[p])]
        if joint or beside:
            used = _used(exposures, met, joint, use_point[using], place[use_row[using]])
            on[at] = OnPage(met, used, sorted(joint), beside)
    return Asked(on, count, exits, reason.tolist())


def _located(views: Views, pairs: pl.DataFrame) -> tuple[Ints, Ints]:
    """Pairs of point and position among the views, once each; those of views that are left out are dropped."""
    point, view = (pairs[name].to_numpy().astype(np.int64) for name in ("point", "view"))
    row = views.place(view)
    key = np.unique(point[row >= 0] * max(len(views), 1) + row[row >= 0])
    return key // max(len(views), 1), key % max(len(views), 1)


def _used(exposures: Exposures, met: Met, joint: Sequence[int], use_point: Ints, use_row: Ints) -> list[Ints]:
    """For each element of the points with enough clean uses: rows in which it was used, with or without trouble."""
    found = []
    targets = exposures.targets[list(joint)] if joint else np.empty(0, np.int64)
    for target in np.unique(targets[targets >= 0]).tolist():
        same = [point for point in joint if exposures.targets[point] == target]
        trouble = np.unique(np.concatenate([met.rows(point) for point in same]))
        clean = np.setdiff1d(use_row[np.isin(use_point, same)], trouble)
        if len(clean) >= MIN_USES:
            found.append(np.union1d(clean, trouble))
    return found
