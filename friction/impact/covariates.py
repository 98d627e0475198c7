"""What is held equal: the columns of a page's models that are known when the page opens.

Views that are alike in all of it share a pattern. What a visitor is and has seen so far (the state) and the way here
(the route, and the friction met on it) have patterns of their own: both together would be nearly as many as views.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from friction.impact.patterns import Floats, Patterns
from friction.impact.views import NOWHERE, Codes, Views, logs
from friction.order import Ints, present
from friction.values import dataclass

ROOM = 1 << 22
"""Combinations that are numbered by a table; of more, those that occur are sorted."""
ROUTE = ("before", "same")
STATE = "device channel returning first product cart checkout conversions sessions length index".split()


@dataclass(frozen=True)
class Held:
    """The patterns of all views."""

    state: Patterns
    """All but the route and the friction met before, the constant first: a value model that knew these would charge
    a failure twice."""
    path: Patterns
    """The route and the friction met before."""

    @classmethod
    def of(cls, views: Views) -> Held:
        """Number the patterns of all views and work out their columns."""
        state = numbered([views.opening[name] for name in STATE])
        path = numbered([*(views.opening[name] for name in ROUTE), *views.history.T])
        one, other = samples(state), samples(path)
        return cls.coded(
            [views.opening[name][one] for name in STATE],
            [*(views.opening[name][other] for name in ROUTE), *views.history[other].T],
            state.astype(np.int32),
            path.astype(np.int32),
        )

    @classmethod
    def coded(
        cls, known: Sequence[NDArray[Any]], paths: Sequence[NDArray[Any]], state: Codes, path: Codes
    ) -> Held:
        """From the values of every state, as `STATE` says, and of every path: those of `ROUTE`, then the friction met
        before, by detector; and which of them each view has.
        """
        before, same, *met = paths
        return cls(Patterns(states(known), state), Patterns(_path(before, same, np.array(met)), path))

    def coding(self, state: Codes, path: Codes) -> Held:
        """The same patterns, of other views."""
        return Held(Patterns(self.state.table, state), Patterns(self.path.table, path))

    def here(self, rows: Codes) -> tuple[Patterns, Patterns]:
        """Those of some views, in their order, without columns that are the same in all of them."""
        state, path = (_among(each, rows) for each in (self.state, self.path))
        return _varying(*state, 1), _varying(*path, 0)

    def states(self, rows: Codes) -> tuple[Ints, Ints]:
        """The states that some views are in, rising, and which of these each view is in."""
        return present(self.state.code[rows], len(self.state.table))


def varying(state: Patterns) -> Patterns:
    """These states, each once, without columns that are the same in all of them."""
    return _varying(np.take(state.table, state.code, axis=0), np.arange(len(state.code)), 1)


def _among(patterns: Patterns, rows: Codes) -> tuple[Floats, Ints]:
    found, code = present(patterns.code[rows], len(patterns.table))
    return np.take(patterns.table, found, axis=0), code


def _varying(table: Floats, code: Ints, constant: int) -> Patterns:
    """The first `constant` columns are kept in any case."""
    kept = table.min(axis=0, initial=np.inf) < table.max(axis=0, initial=-np.inf)
    kept[:constant] = True
    return Patterns(np.ascontiguousarray(table[:, kept]), code)


def numbered(columns: Iterable[NDArray[Any]]) -> Ints:
    """A number for each combination of values, which are small and not negative."""
    first, *others = columns
    sizes = [int(values.max(initial=0)) + 1 for values in (first, *others)]
    # On the way half as wide where that has room: what is copied and looked up is half as much.
    narrow = max(ROOM, len(first)) * max(sizes) < 1 << 31
    kind: np.dtype[np.integer[Any]] = np.dtype(np.int32 if narrow else np.int64)
    code, size = first.astype(kind), sizes[0]
    for values, many in zip(others, sizes[1:], strict=True):
        if many == 1:
            continue
        if size * many > ROOM:
            found, size = _reduced(code, size, kind)
            code = found.astype(kind, copy=False)
        code *= kind.type(many)
        code += values
        size *= many
    return _reduced(code, size, np.dtype(np.int64))[0]


def _reduced(code: Codes, size: int, kind: np.dtype[Any]) -> tuple[Ints, int]:
    """The numbers that occur, counted from 0, and how many."""
    if size > ROOM:
        found, code = np.unique(code, return_inverse=True)
        return code, len(found)
    seen = np.zeros(size, bool)
    seen[code] = True
    number = np.cumsum(seen, dtype=kind)
    number -= 1
    return np.take(number, code), int(number[-1]) + 1


def samples(code: Ints) -> Ints:
    """One view of each pattern."""
    found = np.empty(int(code.max(initial=-1)) + 1, np.int64)
    found[code] = np.arange(len(code))
    return found


def states(values: Sequence[NDArray[Any]]) -> Floats:
    """The columns of states, from what is known of them in the order of `STATE`."""
    known = dict(zip(STATE, values, strict=True))
    columns = [np.ones(len(values[0]))]
    for name in ("device", "channel"):
        columns += _dummies(known[name])
    columns += [known[name] for name in ("returning", "first", "product", "cart", "checkout", "conversions")]
    columns += [logs(known["index"]), logs(known["sessions"]), known["length"] / 4.0]
    return np.stack(columns, axis=1).astype(np.float64)


def _path(before: NDArray[Any], same: NDArray[Any], history: NDArray[Any]) -> Floats:
    """`history`: detectors × paths."""
    columns = [(before == group).astype(np.float64) for group in range(1, NOWHERE)]
    columns += [same, *history, history.any(axis=0) if len(history) else np.zeros(len(same), bool)]
    return np.stack(columns, axis=1).astype(np.float64)


def _dummies(classes: NDArray[Any]) -> list[Floats]:
    """One column for each class but the commonest (class 0)."""
    return [(classes == value).astype(np.float64) for value in np.unique(classes) if value]
