"""Effects of friction points with errors clustered by visitor: of those in a model, and of those looked at beside it.

The variance of coefficients is B M B, with B the inverse curvature and M the sum, over visitors, of the outer square
of their summed scores. Most visitors see a page once: their scores are those of one view, and are summed by pattern.
A point beside the model gets one Newton step with the joint fit held fixed.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np

from friction.impact.design import Design, Floats, Ints, Ones, Squares, totals
from friction.impact.logistic import Fit
from friction.impact.views import Bools


@dataclass(frozen=True)
class Visits:
    """Whose view each row of a design is: `visitor` numbers neighbouring rows."""

    design: Design
    visitor: Ints

    @cached_property
    def begins(self) -> Ints:
        """The first row of each visitor."""
        return np.flatnonzero(np.diff(self.visitor, prepend=-1))

    @cached_property
    def who(self) -> Ints:
        """By row: its visitor, counted from 0."""
        return np.cumsum(np.diff(self.visitor, prepend=self.visitor[:1]) != 0)

    @cached_property
    def views(self) -> Ints:
        """Of each visitor: how many rows."""
        return np.diff(self.begins, append=len(self.visitor))

    @cached_property
    def several(self) -> Ints:
        """Rows of visitors with several."""
        return np.flatnonzero((self.views > 1)[self.who])

    @cached_property
    def entries(self) -> Ints:
        """Of the design's ones: the first of each visitor and column."""
        ones = self.design.ones
        return np.flatnonzero(np.diff(ones.col * len(self.begins) + self.who[ones.row], prepend=-1))

    @cached_property
    def ones(self) -> Ones:
        """The design's ones by visitor instead of by view."""
        ones = self.design.ones
        at = self.entries
        return Ones(self.who[ones.row[at]], ones.col[at], ones.columns, ones.fitted)

    @cached_property
    def single(self) -> Bools:
        """Which of the design's ones are of a visitor's only view."""
        found: Bools = (self.views == 1)[self.who[self.design.ones.row]]
        return found

    def squares(self, found: Fit) -> tuple[Squares, Squares]:
        """Curvature of a fit, and Σ over visitors of products of their summed scores."""
        design, ones, r, w = self.design, self.design.ones, found.residual, found.spread
        score, weight = r[ones.row], w[ones.row]
        both = np.stack([weight, np.where(self.single, score**2, 0.0)], axis=1)
        curved, mixed = design.mixed(ones, both)
        own = totals(ones.col, weight, ones.columns)
        among = ones.among(own, weight[ones.meeting[0]])
        curvature = Squares.of(design.dense_gram(w), curved, among, own)
        alone = r * r
        alone[self.several] = 0.0
        scores = self._scores(r)
        dense = design.dense_gram(alone) + scores.T @ scores
        summed = np.add.reduceat(score, self.entries) if len(self.entries) else score
        first, second = self.ones.meeting
        own = totals(self.ones.col, summed**2, ones.columns)
        among = self.ones.among(own, summed[first] * summed[second])
        return curvature, Squares.of(dense, mixed + self._mixed(summed, scores), among, own)

    def _scores(self, r: Floats) -> Floats:
        """Of each visitor with several views: the columns before the ones × r, summed."""
        begins, size = self.begins[self.views > 1], self.views[self.views > 1]
        out, at = np.zeros((len(begins), self.design.dense)), np.arange(len(begins))
        for further in range(int(size.max(initial=0))):
            at = at[size[at] > further]
            rows = begins[at] + further
            out[at] += self.design.rows(rows) * r[rows, None]
        return out

    def _mixed(self, summed: Floats, scores: Floats) -> Floats:
        """Columns of ones × columns before them, of visitors with several views; `summed`: score of ones by visitor."""
        mine = np.flatnonzero((self.views > 1)[self.ones.row])
        who, value = (np.cumsum(self.views > 1) - 1)[self.ones.row[mine]], summed[mine]
        edges = np.searchsorted(self.ones.col[mine], np.arange(self.ones.columns + 1)).tolist()
        sums = [value[start:end] @ scores[who[start:end]] for start, end in pairwise(edges)]
        return np.array(sums).reshape(self.ones.columns, self.design.dense)


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
