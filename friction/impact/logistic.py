"""Ridge logistic regression by Newton's method, with standard errors clustered by visitor.

A design has a few dense columns (what is known when a page opens) and many sparse 0/1 ones (which friction points a
view met), kept as pairs. Sums run over rows in blocks of fixed order, so that memory is one block, and the bits do not
depend on threads.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

BLOCK = 65_536
STEPS, LONGEST, CLOSE = 12, 4.0, 1e-5
"""Newton steps at most, the largest change of a coefficient in one, and the one that is the last: what is left after
it is about its square."""


@dataclass(frozen=True)
class Design:
    """Columns of a model: `dense` (rows × p, the first one 1, never penalised), then `sparse` columns of 0 and 1.

    `row` and `col` are the ones of the sparse columns, sorted by column, then row, once each.
    """

    dense: Floats
    row: Ints
    col: Ints
    sparse: int

    @cached_property
    def together(self) -> tuple[Ints, Ints]:
        """Rows with two sparse ones, and which two, as column × `sparse` + column; once for each two."""
        first, second = _pairs(self.row, self.col)
        return self.row[first], self.col[first] * self.sparse + self.col[second]

    def times(self, b: Floats) -> Floats:
        """The linear predictor."""
        p = self.dense.shape[1]
        found: Floats = self.dense @ b[:p]
        if len(self.row):
            found += np.bincount(self.row, b[p:][self.col], len(found))
        return found

    def sums(self, r: Floats) -> Floats:
        """Σ of each column × r."""
        sparse = np.bincount(self.col, r[self.row], self.sparse) if self.sparse else np.empty(0)
        return np.concatenate([self.dense.T @ r, sparse])

    @cached_property
    def _short(self) -> NDArray[np.float32]:
        return self.dense.astype(np.float32)

    def gram(self, w: Floats, *, exact: bool = True) -> Floats:
        """Σ of each two columns × w (≥ 0); to six digits if not `exact`, which is enough for the way of a step."""
        p, m = self.dense.shape[1], self.sparse
        out = np.zeros((p + m, p + m))
        dense, root = (self.dense, np.sqrt(w)) if exact else (self._short, np.sqrt(w).astype(np.float32))
        for at in range(0, len(w), BLOCK):
            block = dense[at : at + BLOCK] * root[at : at + BLOCK, None]
            out[:p, :p] += block.T @ block
        if m:
            mine = w[self.row]
            for column, (start, end) in enumerate(_spans(self.col, m)):
                out[p + column, :p] = mine[start:end] @ self.dense[self.row[start:end]]
            rows, cells = self.together
            both = np.bincount(cells, w[rows], m * m).reshape(m, m)
            out[p:, p:] = both + both.T + np.diag(np.bincount(self.col, mine, m))
            out[:p, p:] = out[p:, :p].T
        return out

    def only(self, rows: NDArray[np.bool_]) -> Design:
        """The same columns of some rows."""
        place = np.cumsum(rows) - 1
        kept = rows[self.row]
        return Design(self.dense[rows], place[self.row[kept]], self.col[kept], self.sparse)

    def meat(self, r: Floats, cluster: Ints) -> Floats:
        """Σ over clusters of the outer square of their summed scores; `cluster` numbers neighbouring rows."""
        p, m = self.dense.shape[1], self.sparse
        starts = np.flatnonzero(np.diff(cluster, prepend=-1))
        number = np.cumsum(np.diff(cluster, prepend=cluster[:1]) != 0)
        out = np.zeros((p + m, p + m))
        scores = np.empty((len(starts), p))
        for column in range(p):
            scores[:, column] = np.add.reduceat(self.dense[:, column] * r, starts)
        out[:p, :p] = scores.T @ scores
        if m:
            key = self.col * len(starts) + number[self.row]
            new = np.flatnonzero(np.diff(key, prepend=-1))
            value = np.add.reduceat(r[self.row], new) if len(new) else np.empty(0)
            who, col = key[new] % len(starts), key[new] // len(starts)
            for column, (start, end) in enumerate(_spans(col, m)):
                out[p + column, :p] = value[start:end] @ scores[who[start:end]]
            one, other = _pairs(who, col)
            both = np.bincount(col[one] * m + col[other], value[one] * value[other], m * m).reshape(m, m)
            out[p:, p:] = both + both.T + np.diag(np.bincount(col, value**2, m))
            out[:p, p:] = out[p:, :p].T
        return out


def _spans(col: Ints, columns: int) -> list[tuple[int, int]]:
    edges = np.searchsorted(col, np.arange(columns + 1)).tolist()
    return list(pairwise(edges))


def _pairs(row: Ints, col: Ints) -> tuple[Ints, Ints]:
    """Positions of each two entries of one row, the smaller column first."""
    order = np.lexsort((col, row))
    sorted_row = row[order]
    first, second, lag = [np.empty(0, np.int64)], [np.empty(0, np.int64)], 1
    while len(at := np.flatnonzero(sorted_row[lag:] == sorted_row[: len(sorted_row) - lag])):
        first.append(order[at])
        second.append(order[at + lag])
        lag += 1
    return np.concatenate(first), np.concatenate(second)


@dataclass(frozen=True)
class Fit:
    """Coefficients, and what their errors are made of."""

    b: Floats
    fitted: Floats
    """The fitted share of each row."""
    information: Floats
    """Curvature of the penalised likelihood."""

    @cached_property
    def inverse(self) -> Floats:
        """What the errors of independent rows are made of."""
        return np.linalg.inv(self.information).astype(np.float64)

    def errors(self, design: Design, y: Floats, cluster: Ints, *, floor: bool, columns: slice) -> Floats:
        """Standard errors of some coefficients, clustered; with `floor` never below those of independent rows."""
        bread = self.inverse[columns]
        robust = np.einsum("ij,jk,ik->i", bread, design.meat(y - self.fitted, cluster), bread)
        plain = np.diag(self.inverse)[columns]
        errors: Floats = np.sqrt(np.maximum(robust, plain if floor else 0.0))
        return errors


def share(logit: Floats) -> Floats:
    """1 / (1 + e^−x), without overflow."""
    out: Floats = 0.5 * (1.0 + np.tanh(0.5 * logit))
    return out


def logit(p: Floats) -> Floats:
    """ln p / (1 − p), kept away from 0 and 1."""
    kept = np.clip(p, 1e-6, 1 - 1e-6)
    out: Floats = np.log(kept / (1 - kept))
    return out


def fit(design: Design, y: Floats, ridge: float, offset: Floats | None = None, *, exact: bool = True) -> Fit:
    """Fit P(y) by the columns; `y` may be any share; the penalty is ridge ÷ 2 × b² of all but the first column.

    Coefficients are exact in any case; without `exact` their `information` is that of the last step.
    """
    size = design.dense.shape[1] + design.sparse
    penalty = np.full(size, ridge)
    penalty[0] = 0.0
    known = np.zeros(len(y)) if offset is None else offset
    b = np.zeros(size)
    b[0] = logit(np.clip(y.mean(), 1e-4, 1 - 1e-4)) - known.mean()
    for _ in range(STEPS):
        p = share(design.times(b) + known)
        slope = design.sums(y - p) - penalty * b
        information = design.gram(p * (1 - p), exact=False) + np.diag(penalty + 1e-12)
        step = np.linalg.solve(information, slope)
        longest = float(np.abs(step).max())
        b = b + step * min(1.0, LONGEST / max(longest, 1e-300))
        if longest < CLOSE:
            break
    p = share(design.times(b) + known)
    if exact:
        information = design.gram(p * (1 - p)) + np.diag(penalty + 1e-12)
    return Fit(b, p, information)
