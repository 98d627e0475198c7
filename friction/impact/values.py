"""What being on a page is worth: the chance to convert, in this session and after leaving in a later one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from friction.impact.covariates import state
from friction.impact.logistic import Design, Floats, Ints, fit
from friction.impact.views import Bools, Views

RIDGE = 2.0
OWN_MODEL = 200
"""Views a page needs for models of its own."""
MIN_RETURNS = 10
"""Later conversions below which the return models are left out."""
NONE = np.empty(0, np.int64)


@dataclass(frozen=True)
class Page:
    """The rows of one page in the order of visitor, session and time; `own`: enough of them for its own models."""

    code: int
    rows: Ints
    own: bool


def pages(views: Views) -> list[Page]:
    """All pages, those with models of their own first; the others together as the last one, coded −1."""
    order = np.lexsort((np.arange(len(views)), views.visitor, views.page))
    codes, starts, counts = np.unique(views.page[order], return_index=True, return_counts=True)
    large = counts >= OWN_MODEL
    found = [
        Page(int(code), order[start : start + count], own=True)
        for code, start, count in zip(codes[large], starts[large], counts[large], strict=True)
    ]
    small = np.isin(views.page, codes[~large])
    if small.any():
        rows = np.flatnonzero(small)
        found.append(Page(-1, rows[np.argsort(views.visitor[rows], kind="stable")], own=False))
    return found


def value(views: Views, page: Page) -> Floats:
    """P(the session converts) for each view of the page, by its state alone."""
    wins = views.wins[page.rows].astype(np.float64)
    design = dense(state(views, page.rows))
    return fit(design, wins, RIDGE, exact=False).fitted


def dense(columns: Floats) -> Design:
    """A design without friction."""
    return Design(columns, NONE, NONE, 0)


def next_value(views: Views, values: Floats) -> Floats:
    """Value of the next state of each view: 1 if it converts, else that of the session's next view; 0 at an exit."""
    following = np.append(values[1:], 0.0)
    found: Floats = np.where(views.converts, 1.0, np.where(views.exit, 0.0, following))
    return found


def returns(views: Views, ordered: Sequence[Page]) -> tuple[Floats, Floats]:
    """For each view: P(a later session of the visitor converts), had it been an exit, and had it not.

    Pooled over pages, with the page and the state at its opening; from sessions without a conversion.
    """
    lost, none = ~views.wins, np.zeros(len(views))
    if int((views.returns & lost).sum()) < MIN_RETURNS:
        return none, none
    number = np.zeros(len(views), np.int64)
    for place, page in enumerate(ordered):
        number[page.rows] = place
    columns = state(views, np.arange(len(views)))
    return tuple(  # type: ignore[return-value]
        _return(views, columns, number, lost & part) for part in (views.exit, ~views.exit)
    )


def _return(views: Views, columns: Floats, page: Ints, among: Bools) -> Floats:
    """The model of one group, said of every view."""
    if int((views.returns & among).sum()) < MIN_RETURNS:
        return np.zeros(len(views))
    everyone = _with_pages(columns, page)
    design = everyone.only(among)
    b = fit(design, views.returns[among].astype(np.float64), RIDGE, exact=False).b
    said: Floats = 0.5 * (1 + np.tanh(0.5 * everyone.times(b)))
    return said


def _with_pages(columns: Floats, page: Ints) -> Design:
    """The columns and one for each page but the first."""
    order = np.argsort(page, kind="stable")
    row = order[page[order] > 0]
    return Design(columns, row, page[row] - 1, int(page.max(initial=0)))
