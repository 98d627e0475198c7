"""The models of one page: how its friction points change exits, progress, and what comes later.

All points of a page stand in one model of each kind, since they strike together, beside what is known when the page
opens and which elements were used, with or without trouble: users of an element differ from the rest, so a failure is
compared with uses that went well.

    exit      left ~ opening + used + met
    stay      converts | stays ~ opening                     (what staying is worth; friction left out)
    progress  value of the next state ~ opening + used + met, among those who stay
    delayed   converts ~ that value + opening + used + met, among those who stay and do not convert here
    return    a later session converts ~ the chance of that + opening + used + met, where this session does not
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from friction.impact.covariates import Held
from friction.impact.design import Design
from friction.impact.logistic import Outcome, fit, logit, share
from friction.impact.ones import Ones
from friction.impact.patterns import Floats
from friction.impact.sandwich import Visits, effects
from friction.impact.values import RIDGE as VALUE_RIDGE
from friction.impact.values import Known, Page
from friction.impact.views import Codes, Views
from friction.order import Ints
from friction.values import dataclass

RIDGE = 1.0
EXIT, PROGRESS, DELAYED, RETURN = range(4)
PARTS = (EXIT, PROGRESS, DELAYED, RETURN)
JOINT = 64
"""Points that stand in a page's joint models; further ones get one step beside them."""
MAX_ERROR, MIN_STAYERS = 3.0, 4
"""A part with a larger error, or with fewer exposed views that stay, is left out."""


@dataclass(frozen=True)
class OnPage:
    """What is asked of one page: rows (places among the page's) of each element that was used, and of each point.

    `points` names the points: first those of the joint models, `joint` of them, then those looked at beside.
    """

    used: Sequence[Codes]
    met: Sequence[Codes]
    points: Sequence[int]
    joint: int


@dataclass(frozen=True)
class Exposed:
    """A page's answer for one point: effects and errors of the three parts, and facts of each exposed view."""

    point: int
    effect: Floats
    error: Floats
    """Log-odds of exits, loss of progress, of conversions later in the session and in later sessions; not a number
    where a part is left out."""
    joint: bool
    rows: Codes
    """Places among all views."""
    leave: Floats
    """Fitted chance to leave, with the point there."""
    worth: Floats
    """Fitted chance to convert of who stays."""
    ahead: Floats
    """Fitted value of the next state; not a number where there is none."""
    later: Floats
    """Fitted chance to convert later, of who stays and does not convert here; else not a number."""
    again: Floats
    """Fitted chance that a later session converts, where this one does not; else not a number."""
    weight: Floats | None = None
    """For how many exposed views each stands where only some were drawn (`sample`); null: they are all here."""


@dataclass(frozen=True)
class _Part:
    """The answer of one model: effect and error by point, views of each it is about, and the fitted share by row."""

    effect: Floats
    error: Floats
    fitted: Floats


def exposed(
    views: Views,
    held: Held,
    page: Page,
    asked: OnPage,
    following: Known | None,
    returning: Known | None = None,
    weight: Floats | None = None,
) -> list[Exposed]:
    """Effects of the points of a page.

    `following`: value of the next state of every view, null without a goal: then only exits are looked at.
    `returning`: the chance that a later session of its visitor converts, by view; null where nobody came back.
    `weight`: for how many views each row of the page stands; null: for itself.
    """
    columns = [*asked.used, *asked.met[: asked.joint]]
    ones = Ones.of([*columns, *asked.met[asked.joint :]], len(columns))
    visits = Visits(Design(held.here(page.rows), ones), views.visitor[page.rows])
    every = np.ones(len(page.rows)) if weight is None else weight
    parts, worth = _parts(views, page.rows, visits, len(asked.used), every, following, returning)
    met = ones.row[ones.spans[len(asked.used)][0] :] if asked.points else ones.row[:0]
    return _answers(page, asked, met, parts, worth, weight)


def _parts(
    views: Views,
    rows: Codes,
    visits: Visits,
    used: int,
    every: Floats,
    following: Known | None,
    returning: Known | None,
) -> tuple[list[_Part | None], Floats]:
    """Exit, progress, delayed and return, and the fitted worth of staying; null without a goal or without stayers.

    `every`: the weight of each row.
    """
    left = views.exit[rows]
    stays = ~left
    none = _nothing(len(rows))
    first = _part(visits, Outcome(left.astype(np.float64), every), used, floor=True)
    if following is None or int(stays.sum()) < MIN_STAYERS:
        return [first, None, None, None], none
    ahead, won, weight = following[rows], views.wins[rows].astype(np.float64), every * stays
    bare = Design(visits.design.known, Ones.of([], 0))
    worth = fit(bare, Outcome(won, weight), VALUE_RIDGE).fitted
    progress = _part(visits, Outcome(ahead, weight), used, floor=False)
    on = stays & ~views.converts[rows]
    delayed = None
    if int(on.sum()) >= MIN_STAYERS:
        found = _part(visits, Outcome(won, every * on, logit(ahead)), used, floor=True)
        delayed = replace(found, fitted=np.where(on, found.fitted, np.nan))
    back = None if returning is None else _return(views, rows, visits, used, every, returning[rows])
    return [first, progress, delayed, back], worth


def _return(
    views: Views, rows: Codes, visits: Visits, used: int, every: Floats, chance: Floats
) -> _Part | None:
    """What the points change in the chance to come back and convert, beyond what it is without them."""
    lost = ~views.wins[rows]
    if int(lost.sum()) < MIN_STAYERS:
        return None
    outcome = Outcome(views.returns[rows].astype(np.float64), every * lost, logit(chance))
    found = _part(visits, outcome, used, floor=True)
    return replace(found, fitted=np.where(lost, found.fitted, np.nan))


def _part(visits: Visits, outcome: Outcome, used: int, *, floor: bool) -> _Part:
    found = fit(visits.design, outcome, RIDGE)
    effect, error = effects(visits, found, RIDGE, floor=floor)
    said = outcome.weight[visits.design.ones.row] > 0
    seen = np.bincount(visits.design.ones.col, said, visits.design.ones.columns)
    error[(seen < MIN_STAYERS) | ~(error <= MAX_ERROR)] = np.nan
    effect[np.isnan(error)] = np.nan
    return _Part(effect[used:], error[used:], found.fitted)


def _answers(
    page: Page,
    asked: OnPage,
    rows: Ints,
    parts: Sequence[_Part | None],
    worth: Floats,
    weight: Floats | None,
) -> list[Exposed]:
    """Of each point the facts of its views, its own effect included; `rows`: the places of these, point after point."""
    edges = np.cumsum([0, *map(len, asked.met)]).tolist()
    effect, error = _effects(parts, len(asked.points))
    leave, ahead, later, again = (_said(part, asked.joint, rows, edges) for part in parts)
    stays = worth[rows] if any(part is not None for part in parts[1:]) else _nothing(len(rows))
    places, weights = page.rows[rows], None if weight is None else weight[rows]
    return [
        Exposed(
            point=point,
            effect=effect[number],
            error=error[number],
            joint=number < asked.joint,
            rows=places[begin:end],
            leave=leave[begin:end],
            worth=stays[begin:end],
            ahead=ahead[begin:end],
            later=later[begin:end],
            again=again[begin:end],
            weight=None if weights is None else weights[begin:end],
        )
        for number, (point, (begin, end)) in enumerate(zip(asked.points, pairwise(edges), strict=True))
    ]


def _effects(parts: Sequence[_Part | None], points: int) -> tuple[Floats, Floats]:
    """Effects and errors by point and part: harm is what leads to exits, and away from the others."""
    effect, error = np.full((2, points, len(PARTS)), np.nan)
    for at, part in enumerate(parts):
        if part is not None:
            effect[:, at], error[:, at] = (part.effect if at == EXIT else -part.effect), part.error
    return effect, error


def _said(part: _Part | None, joint: int, rows: Ints, edges: Sequence[int]) -> Floats:
    """The fitted share of these views; `edges`: where those of each point begin; the first `joint` are in the model."""
    if part is None:
        return _nothing(len(rows))
    found: Floats = part.fitted[rows]
    beside = slice(edges[joint], None)
    own = np.repeat(part.effect[joint:], np.diff(edges[joint:]))
    found[beside] = np.where(np.isfinite(own), share(logit(found[beside]) + own), found[beside])
    return found


def _nothing(size: int) -> Floats:
    """Not a number, so many times, in the room of one."""
    return np.broadcast_to(np.array(np.nan), size)


def end_to_end(parts: Sequence[Floats]) -> Floats:
    """Facts of several answers as one; what nobody knows stays in the room of one."""
    if not any(part.strides[0] for part in parts):
        return _nothing(sum(map(len, parts)))
    return parts[0] if len(parts) == 1 else np.concatenate(parts)
