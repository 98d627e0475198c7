"""The models of one page: how its friction points change exits, progress, and what comes later.

All points of a page stand in one model of each kind, since they strike together, beside what is known when the page
opens and which elements were used, with or without trouble: users of an element differ from the rest, so a failure is
compared with uses that went well.

    exit      left ~ opening + used + met
    stay      converts | stays ~ opening                     (what staying is worth; friction left out)
    progress  value of the next state ~ opening + used + met, among those who stay
    delayed   converts ~ that value + opening + used + met, among those who stay and do not convert here
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from friction.impact.covariates import opening
from friction.impact.logistic import Design, Fit, Floats, Ints, fit, logit, share
from friction.impact.values import RIDGE as VALUE_RIDGE
from friction.impact.values import Page, dense
from friction.impact.views import Bools, Views

RIDGE = 1.0
EXIT, PROGRESS, DELAYED = 0, 1, 2
JOINT = 64
"""Points that stand in a page's joint models; further ones get one step beside them."""
MAX_ERROR, MIN_STAYERS = 3.0, 4
"""A part with a larger error, or with fewer exposed views that stay, is left out."""


@dataclass(frozen=True)
class Met:
    """Who met what on one page: `point` and `row` (place among the page's rows) of each pair, by point and row."""

    point: Ints
    row: Ints

    def rows(self, point: int) -> Ints:
        """Rows of one point."""
        start, end = np.searchsorted(self.point, [point, point + 1])
        return self.row[start:end]


@dataclass(frozen=True)
class Exposed:
    """A page's answer for one point: effects and errors of the three parts, and facts of each exposed view."""

    point: int
    effect: Floats
    error: Floats
    """Log-odds of exits, loss of progress, of later conversions; not a number where a part is left out."""
    joint: bool
    rows: Ints
    """Places among all views."""
    leave: Floats
    """Fitted chance to leave, with the point there."""
    worth: Floats
    """Fitted chance to convert of who stays."""
    ahead: Floats
    """Fitted value of the next state; not a number where there is none."""
    later: Floats
    """Fitted chance to convert later, of who stays and does not convert here; else not a number."""


def exposed(
    views: Views,
    page: Page,
    met: Met,
    used: Sequence[Ints],
    joint: Sequence[int],
    beside: Sequence[int],
    following: Floats | None,
) -> list[Exposed]:
    """Effects of the points `joint`, together, and of those `beside`, one by one with the others' fit held fixed.

    `used`: rows of each element that was used; `following`: value of the next state of every view, null without a
    goal: then only exits are looked at.
    """
    columns = [*used, *(met.rows(point) for point in joint)]
    counts = [len(rows) for rows in columns]
    row = np.concatenate([np.empty(0, np.int64), *columns])
    col = np.repeat(np.arange(len(columns)), counts)
    design = Design(opening(views, page.rows), row, col, len(columns))
    models = _models(views, page, design, following)
    found = [_joint(page, models, met, point, design, len(used) + at) for at, point in enumerate(joint)]
    found += [_beside(page, models, met, point) for point in beside]
    return found


@dataclass(frozen=True)
class _Model:
    """One fit with the rows it is of; `errors` by column of the friction points."""

    design: Design
    outcome: Floats
    fit: Fit
    cluster: Ints
    place: Ints
    """Of each row of the page, its row in this model; −1 for none."""
    floor: bool
    everywhere: Floats
    """The fitted share of every row of the page; not a number where the model says nothing."""
    errors: Floats

    def step(self, rows: Ints) -> tuple[float, float]:
        """Effect and error of one more column, ones in these rows of the model, the others held fixed."""
        p, r = self.fit.fitted, self.outcome - self.fit.fitted
        mine = np.zeros(len(p))
        mine[rows] = 1.0
        w = p * (1 - p)
        explained = self.design.times(self.fit.inverse @ self.design.sums(w * mine))
        information = float((w * mine * (mine - explained)).sum()) + RIDGE
        score = (mine - explained) * r
        summed = np.bincount(np.cumsum(np.diff(self.cluster, prepend=self.cluster[:1]) != 0), score)
        error = float(np.sqrt(np.sum(summed**2))) / information
        floor = float(information**-0.5) if self.floor else 0.0
        return float(r[rows].sum()) / information, max(error, floor)


def _models(views: Views, page: Page, design: Design, following: Floats | None) -> list[_Model | None]:
    """Exit, progress, delayed, and what staying is worth; the last three null without a goal or without stayers."""
    rows = page.rows
    left, visitor = views.exit[rows], views.visitor[rows]
    everyone = np.ones(len(rows), bool)
    first = _model(design, everyone, left.astype(np.float64), visitor, floor=True)
    stays = ~left
    if following is None or int(stays.sum()) < MIN_STAYERS:
        return [first, None, None, None]
    ahead = following[rows]
    bare = dense(design.dense)
    worth = _model(bare, stays, views.wins[rows].astype(np.float64), visitor, ridge=VALUE_RIDGE)
    progress = _model(design, stays, ahead, visitor)
    on = stays & ~views.converts[rows]
    delayed = None
    if int(on.sum()) >= MIN_STAYERS:
        won = views.wins[rows].astype(np.float64)
        delayed = _model(design, on, won, visitor, floor=True, offset=logit(ahead))
    return [first, progress, delayed, worth]


def _model(
    whole: Design,
    among: Bools,
    outcome: Floats,
    visitor: Ints,
    *,
    ridge: float = RIDGE,
    floor: bool = False,
    offset: Floats | None = None,
) -> _Model:
    design = whole.only(among)
    y, cluster = outcome[among], visitor[among]
    known = None if offset is None else offset[among]
    found = fit(design, y, ridge, known, exact=design.sparse > 0)
    place = np.where(among, np.cumsum(among) - 1, -1)
    if offset is None:
        everywhere = share(whole.times(found.b))
    else:
        everywhere = np.full(len(among), np.nan)
        everywhere[among] = found.fitted
    columns = slice(design.dense.shape[1], None)
    errors = found.errors(design, y, cluster, floor=floor, columns=columns) if design.sparse else np.empty(0)
    return _Model(design, y, found, cluster, place, floor, everywhere, errors)


def _joint(
    page: Page, models: Sequence[_Model | None], met: Met, point: int, design: Design, column: int
) -> Exposed:
    effect, error = np.full(3, np.nan), np.full(3, np.nan)
    rows = met.rows(point)
    for part, model in enumerate(models[:3]):
        if model is not None:
            b = float(model.fit.b[design.dense.shape[1] + column])
            effect[part], error[part] = (b if part == EXIT else -b), model.errors[column]
    return _answer(page, models, rows, point, effect, error, joint=True)


def _beside(page: Page, models: Sequence[_Model | None], met: Met, point: int) -> Exposed:
    effect, error = np.full(3, np.nan), np.full(3, np.nan)
    rows = met.rows(point)
    for part, model in enumerate(models[:3]):
        if model is not None:
            inside = model.place[rows]
            b, error[part] = model.step(inside[inside >= 0])
            effect[part] = b if part == EXIT else -b
    return _answer(page, models, rows, point, effect, error, joint=False)


def _answer(
    page: Page,
    models: Sequence[_Model | None],
    rows: Ints,
    point: int,
    effect: Floats,
    error: Floats,
    *,
    joint: bool,
) -> Exposed:
    """Leave out parts that say nothing; gather the facts of the exposed views, the point's own effect included."""
    for part, model in enumerate(models[:3]):
        few = model is None or int((model.place[rows] >= 0).sum()) < MIN_STAYERS
        if few or not error[part] <= MAX_ERROR:
            effect[part] = error[part] = np.nan
    facts = []
    for part, model in enumerate(models):
        said = np.full(len(rows), np.nan) if model is None else model.everywhere[rows]
        if not joint and part < 3 and np.isfinite(effect[part]):
            said = share(logit(said) + (effect[part] if part == EXIT else -effect[part]))
        facts.append(said)
    leave, ahead, later, worth = facts
    return Exposed(point, effect, error, joint, page.rows[rows], leave, worth, ahead, later)
