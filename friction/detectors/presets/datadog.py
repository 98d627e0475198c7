"""Datadog: rage, dead and error clicks as its browser SDK decides them, together.

Chain       Clicks on one node, each less than 1 s after and at most 100 px (Euclidean, client) from the one before.
            Another click, a second of silence or a page that is left closes it; it is settled when the lives of its
            clicks are over as well (`datadog_life`).
Dead        A click without activity, input and scroll, on an element that is not excluded: text fields, select,
            canvas, what can be edited, links with an address. A label is judged by the control it names.
Error       An error between the click and the end of its life.
rage_click  A chain without selection and scroll, with three clicks in a row within 1 s. It is one `rage_click`, one
            `dead_click` if any click of it is dead, and one `error_click` if an error comes before it is settled.
Else        Each click by itself: `error_click`, and `dead_click` unless anything was selected during the chain.
Opt-out     Words of `data-dd-ignore-frustration` on the element or around it.
Reading     An end of a request without an id ends the oldest open request without one. A route change is another path
            unless both addresses are known and equal. Where neither of two clicks has a position they count as near,
            where one has not, they do not.
Source      Datadog browser-sdk `rum-core/domain/action`, 2026-08.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import ClassVar

import numpy as np

from friction.detectors.presets.datadog_life import Lives, lives, view_ends
from friction.detectors.presets.errors import error_level, is_error
from friction.detectors.presets.rule import Found, Rule
from friction.detectors.presets.tape import (
    NEVER,
    NOBODY,
    Longs,
    Tape,
    Truths,
    any_within,
    first_after,
    runs,
    spans,
    us,
)
from friction.elements.chain import Chain, Element, Fact, NameFact
from friction.values import dataclass

RAGE_CLICKS, RAGE_MS, CHAIN_MS, CHAIN_PX = 3, 1_000, 1_000, 100.0
INPUTS_JUDGED = {"checkbox", "radio", "button", "submit", "reset", "range"}
OPT_OUT = "data-dd-ignore-frustration"
EXCLUDED, NO_RAGE, NO_DEAD, NO_ERROR = 1, 2, 4, 8
WORDS = {
    "all": NO_RAGE | NO_DEAD | NO_ERROR,
    "rage-click": NO_RAGE,
    "dead-click": NO_DEAD,
    "error-click": NO_ERROR,
}


def kind_of(chain: Chain) -> int | None:
    """`EXCLUDED` and the opt-outs as bits; null where no tag is known."""
    if not chain.is_described:
        return None
    found = EXCLUDED if _is_excluded(chain) else 0
    for node in chain.nodes:
        if node.has(OPT_OUT):
            words = node.value(OPT_OUT).replace(",", " ").split() or ["all"]
            for word in words:
                found |= WORDS.get(word, 0)
    return found


def _is_excluded(chain: Chain) -> bool:
    if chain.own.tag == "label" and chain.own.has("for"):
        return chain.control is not None and _excludes((chain.control,))
    return _excludes(chain.nodes)


def _excludes(nodes: tuple[Element, ...]) -> bool:
    own = nodes[0]
    if own.tag in {"textarea", "select", "canvas"} or (own.tag == "input" and own.type not in INPUTS_JUDGED):
        return True
    return any(node.has("contenteditable") or (node.tag == "a" and node.href is not None) for node in nodes)


@dataclass(frozen=True)
class _Decided:
    """Clicks that count, in order, and what was decided of each and of its chain."""

    places: Longs
    chain: Longs
    """Number of its chain, rising."""
    settled: Longs
    """Of its chain, on the clock."""
    lives: Lives
    dead: Truths
    rage: Truths
    """Its chain is a rage click."""
    selected: Truths
    """Something was selected during its chain."""

    def chains(self) -> Iterator[slice]:
        """The clicks of each rage chain, as numbers."""
        for first, last in spans(np.diff(self.chain, prepend=-1) == 0):
            if self.rage[first]:
                yield slice(first, last)


def decided(tape: Tape) -> _Decided:
    """All chains, settled and judged."""
    clicks = np.flatnonzero(tape.is_a("click") & tape.truth("is_primary", null=True) & (tape.node != NOBODY))
    at, down = tape.at[clicks], (tape.at - tape.press_us)[clicks]
    known = tape.bits("el_datadog")[clicks]
    lived = lives(tape, clicks)
    views = np.flatnonzero(view_ends(tape))
    left = first_after(views, clicks)
    joins = _joins(tape, clicks, known, left)
    chain = runs(joins)
    closed = np.minimum(at + us(CHAIN_MS), np.append(tape.at[views], NEVER)[left])
    closed = np.where(
        np.append(joins[1:], False)[: len(joins)], 0, np.minimum(closed, np.append(at[1:], NEVER)[: len(at)])
    )
    settled = _greatest(chain, np.maximum(closed, lived.ends))
    until = np.minimum(np.append(down[1:], NEVER)[: len(down)], settled)
    scrolled = any_within(tape.at[tape.is_a("scroll")], down, until)
    typed = any_within(tape.at[tape.is_a("input")], down, until)
    selected = _selected(tape, clicks, down, until)
    dead = ~lived.active & ~typed & ~scrolled & (known & (EXCLUDED | NO_DEAD) == 0)
    third = np.append(np.full(RAGE_CLICKS - 1, -NEVER), at)[: len(at)]
    quick = (at - third <= us(RAGE_MS)) & (
        chain == np.append(np.full(RAGE_CLICKS - 1, -1), chain)[: len(chain)]
    )
    calm = ~(selected | scrolled | (known & NO_RAGE > 0))
    rage = (_greatest(chain, quick.astype(np.int64)) > 0) & (_greatest(chain, (~calm).astype(np.int64)) == 0)
    touched = _greatest(chain, selected.astype(np.int64)) > 0
    return _Decided(clicks, chain, settled, lived, dead, rage, touched)


def _joins(tape: Tape, clicks: Longs, known: Longs, left: Longs) -> Truths:
    """Whether each click joins the chain of the one before."""
    x, y = (axis[clicks] for axis in tape.client_point())
    near = np.diff(x, prepend=np.nan) ** 2 + np.diff(y, prepend=np.nan) ** 2 <= CHAIN_PX**2
    nowhere = np.isnan(x) | np.isnan(y)
    near[1:] |= nowhere[1:] & nowhere[:-1]
    soon = np.diff(tape.at[clicks], prepend=0) < us(CHAIN_MS)
    alike = (np.diff(tape.node[clicks], prepend=NOBODY) == 0) & (np.diff(known & NO_RAGE, prepend=-1) == 0)
    return np.asarray(near & soon & alike & (np.diff(left, prepend=-1) == 0))


def _greatest(chain: Longs, values: Longs) -> Longs:
    """By click: the greatest value of its chain."""
    if not len(chain):
        return values
    firsts = np.flatnonzero(np.diff(chain, prepend=chain[0] - 1))
    return np.asarray(np.maximum.reduceat(values, firsts)[chain - chain[0]])


def _selected(tape: Tape, clicks: Longs, down: Longs, until: Longs) -> Truths:
    """Something was selected during the click, or the selection changed that there was at its press."""
    rows = tape.places("selection")
    something = any_within(tape.at[tape.selects], down, until)
    before = np.searchsorted(tape.at[rows], down) - 1
    last = np.append(rows, -1)[before]
    held = (before >= 0) & (tape.stream[last] == tape.stream[clicks]) & tape.selects[last]
    return np.asarray(something | (held & any_within(tape.at[rows], down, until)))


@dataclass(frozen=True, kw_only=True)
class _Together(Rule):
    """The three rules read the same rows."""

    preset: ClassVar[str] = "datadog"
    activity: ClassVar[frozenset[str]] = frozenset(
        {"mutation", "request", "request_end", "window_open", "input", "scroll", "selection", "route_change"}
    )
    watches = frozenset({"click", "page_leave", "page_view", "error", "console", *activity})
    kinds = frozenset({"mutation"})
    columns = frozenset(
        {
            "tab_id",
            "node_id",
            "button",
            "is_primary",
            "press_ms",
            "x",
            "y",
            "selection_empty",
            "url",
            "request_id",
        }
    ) | {"duration_ms", "error_kind", "pointer"}

    @property
    def of_element(self) -> Mapping[str, Fact]:
        return {"el_datadog": kind_of}

    @property
    def of_name(self) -> Mapping[str, NameFact]:
        return {"name_level": error_level}


@dataclass(frozen=True, kw_only=True)
class RageClick(_Together):
    name: ClassVar[str] = "rage_click"
    filled = frozenset({"x"})

    def found(self, tape: Tape) -> Iterator[Found]:
        judged = decided(tape)
        for chain in judged.chains():
            clicks = judged.places[chain]
            yield Found(clicks[-1], clicks)


@dataclass(frozen=True, kw_only=True)
class DeadClick(_Together):
    name: ClassVar[str] = "dead_click"
    filled = frozenset({"el_datadog"})
    reactions = _Together.activity

    def found(self, tape: Tape) -> Iterator[Found]:
        judged = decided(tape)
        for chain in judged.chains():
            if judged.dead[chain].any():
                clicks = judged.places[chain]
                yield Found(clicks[-1], clicks)
        for click in judged.places[judged.dead & ~judged.rage & ~judged.selected]:
            yield Found(click, [click])


@dataclass(frozen=True, kw_only=True)
class ErrorClick(_Together):
    name: ClassVar[str] = "error_click"
    needs = Rule.needs | {"has_errors"}

    def found(self, tape: Tape) -> Iterator[Found]:
        judged = decided(tape)
        errors = np.append(np.flatnonzero(is_error(tape)), len(tape))
        at = np.append(tape.at, NEVER)
        first = errors[first_after(errors[:-1], judged.places)]
        allowed = tape.bits("el_datadog")[judged.places] & NO_ERROR == 0
        for chain in judged.chains():
            clicks, error = judged.places[chain], first[chain][0]
            if allowed[chain][0] and at[error] < judged.settled[chain][0]:
                yield Found(clicks[-1], [*clicks, error])
        for number in np.flatnonzero(~judged.rage & allowed & (at[first] < judged.lives.ends)):
            click = judged.places[number]
            yield Found(click, [click, first[number]])


RULES: tuple[type[Rule], ...] = (RageClick, DeadClick, ErrorClick)
