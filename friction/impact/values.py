"""What being on a page is worth: the chance to convert, in this session and after leaving in a later one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from friction.impact.covariates import Held, varying
from friction.impact.design import Design
from friction.impact.logistic import Outcome, fit
from friction.impact.ones import Ones
from friction.impact.patterns import Floats, Patterns
from friction.impact.views import Codes, Views
from friction.order import Ints, ordered
from friction.values import dataclass

RIDGE = 2.0
OWN_MODEL = 200
"""Views a page needs for models of its own."""
MIN_RETURNS = 10
"""Later conversions below which the return models are left out."""
APART = 128
"""Pages that the return models tell apart, those with the most views; the others are one."""


Each = Callable[..., Iterable[Any]]
"""A `map`, maybe of several threads."""


@dataclass(frozen=True)
class Page:
    """The rows of one page in the order of visitor, session and time; `own`: enough of them for its own models."""

    code: int
    rows: Codes
    own: bool


@dataclass(frozen=True)
class Cells:
    """Views that are alike in page and state, counted: page after page, each by state.

    All that values and returns are worked out from, so that views may be counted wherever they are.
    """

    states: Floats
    """The columns of every state."""
    state: Ints
    """By cell."""
    begins: Ints
    """Where the cells of each page begin, and where those of the last end."""
    counts: Ints
    """By kind (`counted`) and cell."""

    @classmethod
    def of(
        cls, views: Views, held: Held, pages: Sequence[Page], each: Each
    ) -> tuple[Cells, NDArray[np.int32]]:
        """The cells of these pages, and the one of each view."""
        cell = np.empty(len(views), np.int32)

        def work(page: Page) -> tuple[Ints, Ints]:
            present, cell[page.rows] = held.states(page.rows)
            return present, counted(views, page.rows, cell[page.rows], len(present))

        found = [(np.empty(0, np.int64), np.empty((KINDS, 0), np.int64)), *each(work, pages)]
        states, counts = zip(*found, strict=True)
        begins = np.cumsum([len(state) for state in states])
        for page, begin in zip(pages, begins, strict=False):
            cell[page.rows] += begin
        return cls(held.state.table, np.concatenate(states), begins, np.concatenate(counts, axis=1)), cell

    @property
    def pages(self) -> int:
        """How many."""
        return len(self.begins) - 1

    def comes_again(self, after_exit: Floats, otherwise: Floats) -> bool:
        """Whether any view has a chance that a later session of its visitor converts (`returns`)."""
        views, _, left, *_ = self.counts
        return bool(after_exit[left > 0].any() or otherwise[views > left].any())

    def of_page(self, page: int) -> slice:
        """The cells of a page."""
        return slice(int(self.begins[page]), int(self.begins[page + 1]))


KINDS = 6


def counted(views: Views, rows: Codes, cell: Codes, cells: int) -> Ints:
    """By cell, of these views: all, those of sessions that convert; of other sessions the exits, and how many of them
    are of visitors who convert later, then the same of those that are no exits.
    """
    wins, left, back = views.wins[rows], views.exit[rows], views.returns[rows]
    stayed = ~wins & ~left
    marked = (cell, cell[wins], cell[left], cell[left & back], cell[stayed], cell[stayed & back])
    return np.stack([np.bincount(each, minlength=cells) for each in marked])


def pages(views: Views) -> list[Page]:
    """All pages, those with models of their own first; the others together as the last one, coded −1."""
    every = np.bincount(views.page)
    codes = np.flatnonzero(every)
    counts = every[codes]
    large = counts >= OWN_MODEL
    places = np.zeros(len(every), np.uint32)
    places[codes] = numbered(counts)
    number = places[views.page]
    order = ordered(number, views.visitor).astype(np.uint32)
    edges = np.cumsum([0, *counts[large], counts[~large].sum()]).tolist()
    found = [
        Page(int(code), order[start:end], own=True)
        for code, start, end in zip(codes[large], edges, edges[1:], strict=False)
    ]
    small = order[edges[-2] :]
    return [*found, Page(-1, small, own=False)] if len(small) else found


def numbered(counts: Ints) -> Ints:
    """By page its place in the list of `pages`, from how many views it has."""
    large = counts >= OWN_MODEL
    return np.where(large, np.cumsum(large) - 1, int(large.sum()))


def value(cells: Cells, page: int) -> Floats:
    """P(the session converts) by cell of a page, by its state alone."""
    here = cells.of_page(page)
    state = varying(Patterns(cells.states, cells.state[here]))
    counts, wins = cells.counts[:2, here].astype(np.float64)
    return fit(bare(state), Outcome(wins / counts, counts), RIDGE).fitted


def worth(cells: Cells, each: Each) -> Floats:
    """`value` of all pages: by cell."""
    return np.concatenate([np.empty(0), *each(partial(value, cells), range(cells.pages))])


def bare(*known: Patterns) -> Design:
    """A design without friction."""
    return Design(known, Ones.of([], 0))


class Known(Protocol):
    """A figure of every view."""

    def __getitem__(self, rows: Codes, /) -> Floats:
        """That of the views at these places."""


@dataclass(frozen=True)
class OfCells:
    """A figure of every view, known by its cell: asked for by the places of views."""

    values: Floats
    cell: NDArray[np.int32]

    def __getitem__(self, rows: Codes) -> Floats:
        found: Floats = self.values[self.cell[rows]]
        return found


@dataclass(frozen=True)
class Following:
    """Value of the next state of each view: 1 if it converts, else that of the session's next view; 0 at an exit."""

    views: Views
    worth: OfCells

    def __getitem__(self, rows: Codes) -> Floats:
        after, last = rows.astype(np.int64) + 1, len(self.views) - 1
        following = np.where(after <= last, self.worth[np.minimum(after, last)], 0.0)
        left, won = self.views.exit[rows], self.views.converts[rows]
        found: Floats = np.where(won, 1.0, np.where(left, 0.0, following))
        return found


@dataclass(frozen=True)
class Returning:
    """By view, the chance that a later session of the visitor converts: had it been an exit, and had it not."""

    views: Views
    after_exit: OfCells
    otherwise: OfCells

    @property
    def is_any(self) -> bool:
        """Whether there is such a chance anywhere."""
        left = np.zeros(len(self.after_exit.values), bool)
        left[self.after_exit.cell[self.views.exit]] = True
        stayed = np.zeros(len(left), bool)
        stayed[self.otherwise.cell[~self.views.exit]] = True
        return bool(self.after_exit.values[left].any() or self.otherwise.values[stayed].any())

    def __getitem__(self, rows: Codes) -> Floats:
        """As these views were, exits or not."""
        found: Floats = np.where(self.views.exit[rows], self.after_exit[rows], self.otherwise[rows])
        return found


def returns(cells: Cells) -> tuple[Floats, Floats]:
    """By cell: P(a later session of the visitor converts), had the view been an exit, and had it not.

    Pooled over pages, with the page and the state at its opening; from sessions without a conversion.
    """
    _, _, left, left_back, stayed, stayed_back = cells.counts
    none = np.zeros(len(cells.state))
    if int(left_back.sum() + stayed_back.sum()) < MIN_RETURNS:
        return none, none
    known = bare(Patterns(cells.states, cells.state), _pages_apart(cells))
    return _return(known, left, left_back), _return(known, stayed, stayed_back)


def _return(known: Design, among: Ints, back: Ints) -> Floats:
    """The model of one group, said of every cell."""
    if int(back.sum()) < MIN_RETURNS:
        return np.zeros(len(among))
    outcome = Outcome(back / np.maximum(among, 1), among.astype(np.float64))
    return fit(known, outcome, RIDGE).fitted


def _pages_apart(cells: Cells) -> Patterns:
    """One column for each of the pages with the most views but the first."""
    views = [int(cells.counts[0, cells.of_page(at)].sum()) for at in range(cells.pages)]
    largest = sorted(range(cells.pages), key=lambda at: (-views[at], at))[1 : APART + 1]
    table, code = np.zeros((len(largest) + 1, len(largest))), np.zeros(len(cells.state), np.int64)
    for column, at in enumerate(largest):
        table[column + 1, column] = 1.0
        code[cells.of_page(at)] = column + 1
    return Patterns(table, code)
