"""What is held equal: the columns of a page's models that are known when the page opens."""

from __future__ import annotations

import numpy as np

from friction.impact.logistic import Floats, Ints
from friction.impact.views import NOWHERE, Views


def state(views: Views, rows: Ints) -> Floats:
    """Columns of a value model: all but the route and the friction met before (a failure would be charged twice)."""
    return _varying(_state(views, rows))


def opening(views: Views, rows: Ints) -> Floats:
    """The same with the route and the friction met before."""
    before = views.opening["before"][rows]
    columns = _state(views, rows)
    columns += [(before == group).astype(np.float64) for group in range(1, NOWHERE)]
    columns.append(views.opening["same"][rows].astype(np.float64))
    history = views.history[rows]
    columns += [history[:, kind].astype(np.float64) for kind in range(history.shape[1])]
    columns.append((history.sum(axis=1) > 0).astype(np.float64))
    return _varying(columns)


def _state(views: Views, rows: Ints) -> list[Floats]:
    known = views.opening
    columns = [np.ones(len(rows))]
    for name in ("device", "channel"):
        columns += _dummies(known[name][rows])
    for name in ("returning", "first", "product", "cart", "checkout", "conversions"):
        columns.append(known[name][rows].astype(np.float64))
    for name in ("index", "sessions"):
        columns.append(np.log1p(known[name][rows]))
    columns.append(known["length"][rows] / 4.0)
    return columns


def _dummies(classes: Ints) -> list[Floats]:
    """One column for each class but the commonest (class 0)."""
    return [(classes == value).astype(np.float64) for value in np.unique(classes) if value]


def _varying(columns: list[Floats]) -> Floats:
    """The first column, and those of the others that are not the same everywhere."""
    kept = [columns[0], *(each for each in columns[1:] if len(each) and each.min() < each.max())]
    return np.ascontiguousarray(np.stack(kept, axis=1))
