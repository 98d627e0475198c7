"""Amplitude: rage, dead and error clicks and the thrashed cursor as its browser plug-in decides them.

The tool works at the press of the pointer: a click counts when the pointer went down, and rows are ordered so.

rage_click  Clicks on one node, the fourth less than 1 s after the first, all within a box of 50 px on the page; a
            click that breaks this begins anew. Reported with the first click once 1 s has passed or the run is
            broken. A selection that leaves something selected empties the run unreported.
dead_click  A click on a tracked element without a change of the page or of the address for 3 s; one at a time.
error_click An error within 2 s of the latest click on a tracked element; one error a click.
thrashed_cursor  20 changes of direction on one axis within less than 2 s.
Tracked     Only the clicked element itself is looked at: a link, a button, an input that is one, some roles, or
            contenteditable; with the primary button, and not into a new tab.
Reading     Rows with one time keep their order. A run with a position that is not known has no box. Of a thrashed
            cursor `rows` are the movements from the first change of direction of its series to the last one that kept
            it going.
Source      Amplitude-TypeScript `plugin-autocapture-browser/autocapture/track-*`, 2026-08.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Annotated, ClassVar

import numpy as np
import polars as pl
from annotated_types import Ge, Le

from friction.detectors.presets.amplitude_cursor import series
from friction.detectors.presets.errors import error_level, is_error
from friction.detectors.presets.rule import Found, Rule
from friction.detectors.presets.tape import NEVER, NOBODY, Floats, Longs, Tape, spans, us
from friction.elements.chain import Chain, Fact, NameFact
from friction.values import dataclass

RAGE_CLICKS, RAGE_MS, RAGE_PX = 4, 1_000, 50.0
DEAD_MS, ERROR_MS = 3_000, 2_000
BUTTON_TYPES = {"button", "submit", "reset", "image", "file"}
SECRET_TYPES = {"password", "hidden"}
ROLES = {
    *("button", "link", "menuitem", "menuitemcheckbox", "menuitemradio", "option", "tab", "treeitem"),
}
TRACKED, SECRET = 1, 2


def kind_of(chain: Chain, *, tags_matter: bool = True) -> int | None:
    """`TRACKED`, `SECRET` as bits; null where no tag is known and tags matter."""
    own = chain.own
    if tags_matter and not chain.is_described:
        return None
    if own.type in SECRET_TYPES:
        return SECRET
    clicked = (
        own.tag in {"a", "button"}
        or (own.tag == "input" and own.type in BUTTON_TYPES)
        or own.role in ROLES
        or own.value("contenteditable") == "true"
    )
    leaves = any(node.tag == "a" and node.value("target") == "_blank" for node in chain.nodes)
    return TRACKED if clicked and not leaves else 0


class _Presses:
    """The order in which the tool sees rows: clicks at their press, everything else at its stamp."""

    def __init__(self, tape: Tape) -> None:
        self.at: Longs = np.where(tape.is_a("click"), tape.at - tape.press_us, tape.at)
        # A press cannot lie before the stream it belongs to, which a day of silence precedes.
        self.order: Longs = np.lexsort((np.arange(len(tape)), self.at, tape.stream))
        self.rank: Longs = np.empty(len(tape), dtype=np.int64)
        self.rank[self.order] = np.arange(len(tape))


@dataclass(frozen=True, kw_only=True)
class RageClick(Rule):
    name: ClassVar[str] = "rage_click"
    preset: ClassVar[str] = "amplitude"
    watches = frozenset({"click", "selection"})
    columns = frozenset(
        {
            "tab_id",
            "node_id",
            "press_ms",
            "selection_empty",
            "x",
            "y",
            "scroll_x",
            "scroll_y",
            "page_x",
            "page_y",
            "pointer",
        }
    )
    filled = frozenset({"x|page_x"})
    details: ClassVar[Mapping[str, pl.DataType]] = {"count": pl.Int64(), "duration_ms": pl.Float64()}

    @property
    def of_element(self) -> Mapping[str, Fact]:
        return {"el_amplitude_type": partial(kind_of, tags_matter=False)}

    def found(self, tape: Tape) -> Iterator[Found]:
        presses = _Presses(tape)
        counts = tape.is_a("click") & (tape.node != NOBODY)
        counts &= tape.bits("el_amplitude_type") & SECRET == 0
        clicks = presses.order[counts[presses.order]]
        selections = presses.order[tape.selects[presses.order]]
        at, nodes = presses.at[clicks], tape.node[clicks]
        linked = np.append(False, (np.diff(nodes) == 0) & (np.diff(at) < us(RAGE_MS)))[: len(clicks)]
        sides = np.searchsorted(presses.rank[selections], presses.rank[clicks])
        x, y = (axis[clicks] for axis in tape.page_point())
        for first, last in spans(linked):
            if last - first < RAGE_CLICKS:
                continue
            run = _Run(at, x, y, presses.at[selections])
            # What follows the run is a click that breaks it, or the second that ends it.
            follows = sides[last] if last < len(clicks) else len(selections)
            for group in run.groups(first, last, sides, follows):
                took = float(at[group[-1]] - at[group[0]]) / 1_000
                yield Found(clicks[group[0]], clicks[group], {"count": len(group), "duration_ms": took})


@dataclass(frozen=True)
class _Run:
    """The tool's list of clicks, while it goes through clicks on one node with less than a second between each."""

    at: Longs
    x: Floats
    y: Floats
    selected: Longs
    """When something was selected."""

    def groups(self, first: int, last: int, sides: Longs, follows: int) -> Iterator[list[int]]:
        """The lists that are reported. `sides`: selections that lie before each click; `follows`: before the next."""
        run: list[int] = []
        for click in range(first, last):
            if run and self._is_emptied(run[-1], sides[run[-1]], sides[click]):
                run = []
            if run and self._breaks(run, click):
                if len(run) >= RAGE_CLICKS:
                    yield run
                run = []
            run = [*run, click]
        if len(run) >= RAGE_CLICKS and not self._is_emptied(run[-1], sides[run[-1]], follows):
            yield run

    def _is_emptied(self, click: int, since: int, before: int) -> bool:
        """Something was selected between this click and the next, and before a second had passed."""
        return before > since and bool(self.selected[since] - self.at[click] < us(RAGE_MS))

    def _breaks(self, run: list[int], click: int) -> bool:
        reference = run[-3] if len(run) >= 3 else run[0]
        if self.at[click] - self.at[reference] >= us(RAGE_MS):
            return True
        together = [*run, click]
        return any(np.ptp(axis[together]) > RAGE_PX for axis in (self.x, self.y))


@dataclass(frozen=True, kw_only=True)
class _Tracking(Rule):
    """Rules about clicks on tracked elements."""

    preset: ClassVar[str] = "amplitude"
    filled = frozenset({"el_amplitude"})

    @property
    def of_element(self) -> Mapping[str, Fact]:
        return {"el_amplitude": kind_of}

    @staticmethod
    def tracked(tape: Tape, presses: _Presses) -> Longs:
        """Clicks on tracked elements, in the order of their presses."""
        able = tape.is_click & (tape.node != NOBODY) & (tape.bits("el_amplitude") & TRACKED > 0)
        return np.asarray(presses.order[able[presses.order]])


@dataclass(frozen=True, kw_only=True)
class DeadClick(_Tracking):
    name: ClassVar[str] = "dead_click"
    reactions = frozenset({"mutation", "route_change", "hashchange"})
    watches = frozenset({"click", *reactions})
    kinds = frozenset({"mutation"})
    columns = frozenset({"tab_id", "node_id", "button", "press_ms"})

    def single(self, tape: Tape) -> Longs:
        presses = _Presses(tape)
        clicks = self.tracked(tape, presses)
        clears = presses.order[tape.is_a(*self.reactions)[presses.order]]
        following = np.searchsorted(presses.rank[clears], presses.rank[clicks])
        cleared = np.append(presses.at[clears], NEVER)[following]
        at, free = presses.at[clicks], 0
        # `free`: when the one place for a click that waits is free again. Of rows with one time the place is taken
        # by their order, so a click may follow the change that freed it in the same instant.
        freed_by = -1
        dead = []
        for number, click in enumerate(clicks.tolist()):
            if at[number] < free and following[number] <= freed_by:
                continue
            is_dead = cleared[number] - at[number] >= us(DEAD_MS)
            free, freed_by = at[number] + us(DEAD_MS), following[number]
            if is_dead:
                dead.append(click)
        return np.array(dead, dtype=np.int64)


@dataclass(frozen=True, kw_only=True)
class ErrorClick(_Tracking):
    name: ClassVar[str] = "error_click"
    needs = Rule.needs | {"has_errors"}
    watches = frozenset({"click", "error", "console"})
    columns = frozenset({"tab_id", "node_id", "button", "press_ms", "error_kind"})

    @property
    def of_name(self) -> Mapping[str, NameFact]:
        return {"name_level": error_level}

    def found(self, tape: Tape) -> Iterator[Found]:
        presses = _Presses(tape)
        clicks = self.tracked(tape, presses)
        errors = presses.order[is_error(tape)[presses.order]]
        latest = np.searchsorted(presses.rank[clicks], presses.rank[errors]) - 1
        reported = -1
        for error, number in zip(errors, latest, strict=True):
            if number <= reported:
                continue
            click = clicks[number]
            is_near = tape.at[error] - presses.at[click] < us(ERROR_MS)
            if is_near and tape.stream[error] == tape.stream[click]:
                reported = number
                yield Found(click, [click, error])


@dataclass(frozen=True, kw_only=True)
class ThrashedCursor(Rule):
    name: ClassVar[str] = "thrashed_cursor"
    preset: ClassVar[str] = "amplitude"
    needs = frozenset({"has_moves", "has_order"})
    watches = frozenset({"mouse_move"})
    kinds = frozenset({"mouse_move"})
    columns = frozenset({"tab_id", "node_id", "x", "y"})
    filled = frozenset({"x"})

    directionChanges: Annotated[int, Ge(5)] = 20
    """Minimum changes of direction. Higher: fewer findings."""
    thresholdMs: Annotated[int, Ge(1), Le(4_000)] = 2_000
    """Time window for the changes of direction (ms). Higher: slower movements are found as well."""

    def found(self, tape: Tape) -> Iterator[Found]:
        unknown = np.isnan(tape.numbers("x")) | np.isnan(tape.numbers("y"))
        moves = np.flatnonzero(tape.is_a("mouse_move") & ~unknown)
        for first, last in series(tape, moves, self.directionChanges, us(self.thresholdMs)):
            rows = moves[np.searchsorted(moves, first) : np.searchsorted(moves, last) + 1]
            yield Found(first, rows)


RULES: tuple[type[Rule], ...] = (RageClick, DeadClick, ErrorClick, ThrashedCursor)
