"""What being on a page is worth: the chance to convert, in this session and after leaving in a later one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from friction.impact.covariates import Held
from friction.impact.design import Design, Floats, Ones, Patterns
from friction.impact.logistic import Outcome, fit
from friction.impact.views import Bools, Codes, Views
from friction.order import ordered

RIDGE = 2.0
OWN_MODEL = 200
"""Views a page needs for models of its own."""
MIN_RETURNS = 10
"""Later conversions below which the return models are left out."""
APART = 128
"""Pages that the return models tell apart, those with the most views; the others are one."""


@dataclass(frozen=True)
class Page:
    """The rows of one page in the order of visitor, session and time; `own`: enough of them for its own models."""

    code: int
    rows: Codes
    own: bool


def pages(views: Views) -> list[Page]:
    """All pages, those with models of their own first; the others together as the last one, coded −1."""
    codes = np.flatnonzero(np.bincount(views.page))
    page = np.searchsorted(codes, np.arange(int(codes.max(initial=-1)) + 1))[views.page]
    counts = np.bincount(page, minlength=len(codes))
    large = counts >= OWN_MODEL
    number = np.where(large, np.cumsum(large) - 1, int(large.sum()))[page]
    order = ordered(number, views.visitor).astype(np.uint32)
    edges = np.cumsum([0, *counts[large], counts[~large].sum()]).tolist()
    found = [
        Page(int(code), order[start:end], own=True)
        for code, start, end in zip(codes[large], edges, edges[1:], strict=False)
    ]
    small = order[edges[-2] :]
    return [*found, Page(-1, small, own=False)] if len(small) else found


def value(views: Views, held: Held, page: Page) -> Floats:
    """P(the session converts) for each view of the page, by its state alone."""
    state, _ = held.here(page.rows)
    counts = np.bincount(state.code, minlength=len(state.table)).astype(np.float64)
    wins = state.summed(views.wins[page.rows].astype(np.float64))
    alike = Patterns(state.table, np.arange(len(state.table)))
    return fit(bare(alike), Outcome(wins / counts, counts), RIDGE).fitted[state.code]


def bare(*known: Patterns) -> Design:
    """A design without friction."""
    return Design(known, Ones.of([], 0))


def next_value(views: Views, values: Floats) -> Floats:
    """Value of the next state of each view: 1 if it converts, else that of the session's next view; 0 at an exit."""
    following = np.append(values[1:], 0.0)
    found: Floats = np.where(views.converts, 1.0, np.where(views.exit, 0.0, following))
    return found


def returns(views: Views, held: Held, ordered: Sequence[Page]) -> tuple[Floats, Floats]:
    """For each view: P(a later session of the visitor converts), had it been an exit, and had it not.

    Pooled over pages, with the page and the state at its opening; from sessions without a conversion.
    """
    lost, none = ~views.wins, np.zeros(len(views))
    if int((views.returns & lost).sum()) < MIN_RETURNS:
        return none, none
    known = bare(held.state, _pages_apart(ordered, len(views)))
    return _return(views, known, lost & views.exit), _return(views, known, lost & ~views.exit)


def _return(views: Views, known: Design, among: Bools) -> Floats:
    """The model of one group, said of every view."""
    if int((views.returns & among).sum()) < MIN_RETURNS:
        return np.zeros(len(views))
    outcome = Outcome(views.returns.astype(np.float64), among.astype(np.float64))
    return fit(known, outcome, RIDGE).fitted


def _pages_apart(ordered: Sequence[Page], views: int) -> Patterns:
    """One column for each of the pages with the most views but the first."""
    largest = sorted(range(len(ordered)), key=lambda at: (-len(ordered[at].rows), at))[1 : APART + 1]
    table, code = np.zeros((len(largest) + 1, len(largest))), np.zeros(views, np.int64)
    for column, at in enumerate(largest):
        table[column + 1, column] = 1.0
        code[ordered[at].rows] = column + 1
    return Patterns(table, code)
