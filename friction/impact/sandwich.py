"""Effects of friction points with errors clustered by visitor: of those in a model, and of those looked at beside it.

The variance of coefficients is B M B, with B the inverse curvature and M the sum, over visitors, of the outer square
of their summed scores. Most visitors see a page once: their scores are those of one view, and are summed by pattern.
A point beside the model gets one Newton step with the joint fit held fixed.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np

from friction.impact.design import Design, Squares
from friction.impact.logistic import Fit
from friction.impact.ones import Ones
from friction.impact.patterns import Floats, totals
from friction.impact.views import Codes
from friction.order import Ints
from friction.values import dataclass


@dataclass(frozen=True)
class Visits:
    """Whose view each row of a design is: `visitor` numbers neighbouring rows."""

    design: Design
    visitor: Codes

    @cached_property
    def several(self) -> Several:
        """The visitors with several rows."""
        begins = np.flatnonzero(np.diff(self.visitor, prepend=-1))
        sizes = np.diff(begins, append=len(self.visitor))
        order = np.argsort(-sizes, kind="stable")
        order = order[: int((sizes > 1).sum())]
        place = np.full(len(sizes), -1)
        place[order] = np.arange(len(order))
        return Several(self.design, begins[order], sizes[order], np.repeat(place, sizes))

    def squares(self, found: Fit) -> tuple[Squares, Squares]:
        """Curvature of a fit, and Σ over visitors of products of their summed scores."""
        alone = np.where(self.several.who < 0, found.residual**2, 0.0)
        curved, meat = self.design.squares(found.spread, alone)
        return curved, meat + self.several.squares(found.residual)


@dataclass(frozen=True)
class Several:
    """Visitors with several rows, those with the most first.

    Where each one's rows begin and how many they are; and of each row, whose it is (−1: another's).
    """

    design: Design
    begins: Ints
    sizes: Ints
    who: Ints

    @cached_property
    def mine(self) -> Ints:
        """The design's ones that are theirs."""
        return np.flatnonzero(self.who[self.design.ones.row] >= 0)

    @cached_property
    def entries(self) -> Ints:
        """Among these, the first of each visitor and column."""
        ones = self.design.ones
        who, col = self.who[ones.row[self.mine]], ones.col[self.mine]
        return np.flatnonzero((np.diff(who, prepend=-1) != 0) | (np.diff(col, prepend=-1) != 0))

    @cached_property
    def ones(self) -> Ones:
        """The design's ones by visitor instead of by row."""
        ones, at = self.design.ones, self.mine[self.entries]
        return Ones(self.who[ones.row[at]], ones.col[at], ones.columns, ones.fitted)

    def squares(self, r: Floats) -> Squares:
        """Σ over visitors of products of their summed scores; `r` is the residual of each row."""
        scores, score = self._scores(r), r[self.design.ones.row[self.mine]]
        summed = np.add.reduceat(score, self.entries) if len(score) else score
        mixed = [
            summed[start:end] @ np.take(scores, self.ones.row[start:end], axis=0)
            for start, end in self.ones.spans
        ]
        return Squares.of(
            scores.T @ scores,
            np.array(mixed).reshape(self.ones.columns, self.design.dense),
            *self.ones.among(summed**2, self.ones.meeting.products(summed)),
        )

    def _scores(self, r: Floats) -> Floats:
        """By visitor: the columns before the ones × r, summed."""
        out = np.zeros((len(self.begins), self.design.dense))
        left = np.searchsorted(-self.sizes, -np.arange(int(self.sizes.max(initial=0)))).tolist()
        for further, end in enumerate(left):
            rows = self.begins[:end] + further
            scores = self.design.rows(rows)
            scores *= r[rows, None]
            out[:end] += scores
        return out


def effects(visits: Visits, found: Fit, ridge: float, *, floor: bool) -> tuple[Floats, Floats]:
    """Effect and standard error of each column of ones; with `floor` no error below that of independent rows."""
    design, p = visits.design, visits.design.dense
    curved, meat = visits.squares(found)
    inverse = np.linalg.inv(curved.inside + np.diag(found.penalty))
    robust = np.einsum("ij,jk,ik->i", inverse[p:], meat.inside, inverse[p:])
    plain = np.diag(inverse)[p:]
    held = inverse @ curved.across
    information = curved.own - (curved.across * held).sum(axis=0) + ridge
    ones = design.ones
    slope = totals(ones.col, found.residual[ones.row], ones.columns)[ones.fitted :]
    beside = meat.own - 2 * (held * meat.across).sum(axis=0) + (held * (meat.inside @ held)).sum(axis=0)
    variance = np.concatenate([robust, beside / information**2])
    least = np.concatenate([plain, 1 / information]) if floor else 0.0
    return np.concatenate([found.b[p:], slope / information]), np.sqrt(np.maximum(variance, least))
