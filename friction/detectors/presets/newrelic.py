"""New Relic: rage, dead and error clicks as its browser agent decides them from aggregated user actions.

Actions     Clicks, clicks with other buttons, keys, copying and pasting, scrolling that comes to rest, and the window
            gaining or losing the focus. Consecutive actions of one kind on one element are one aggregation, however
            long the pause; any other action ends it. Each aggregation of clicks gives up to three findings.
rage_click  At some click of the aggregation the fourth-last is less than 1 s old.
dead_click  The first click is on or in a link, a button or an input of type button, and 2 s pass without a change of
            the page, a request or another address, and without another action.
error_click An error comes within these 2 s and before another action.
Reading     The element is the row's target, else its node; a click on none is one on the document. Where a source
            knows no `scroll_end`, it comes 0.1 s after the last of a series of scrolls. One error a finding.
Source      newrelic-browser-agent `generic_events/aggregate/user-actions`, 2026-08.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import polars as pl

from friction.detectors.presets.rule import Found, Rule
from friction.detectors.presets.tape import NEVER, Longs, Tape, first_after, spans, us
from friction.elements.chain import Chain, Fact

RAGE_CLICKS, RAGE_MS, WAIT_MS = 4, 1_000, 2_000
ACTIONS = ("click", "contextmenu", "keydown", "copy", "paste", "scroll_end", "focus", "blur")


def is_button(chain: Chain) -> int | None:
    """1 on or in a link, a button or an input of type button, else 0; null where no tag is known."""
    if not chain.is_described:
        return None
    return int(
        any(
            node.tag in {"a", "button"} or (node.tag == "input" and node.type == "button")
            for node in chain.nodes
        )
    )


@dataclass(frozen=True)
class Aggregation:
    """Clicks in a row on one element; `ended`: when another action came, on the clock, and before which place."""

    clicks: Longs
    ended: int
    ended_before: int


def aggregations(tape: Tape) -> Iterator[Aggregation]:
    """All aggregations of clicks, in order."""
    is_action = tape.is_a("contextmenu", "keydown", "copy", "paste", "click") | tape.is_of_window
    known = tape.frame["scroll_ends"]
    if known.null_count() < known.len() and bool(known.drop_nulls()[0]):
        is_action |= tape.is_a("scroll_end")
        rests = np.zeros(0, dtype=np.int64)
    else:
        rests = tape.scroll_ends()
    actions = np.flatnonzero(is_action)
    clicks = np.flatnonzero(tape.is_click)
    paths = _paths(tape)[clicks]
    number = np.searchsorted(actions, clicks)
    together = np.append(False, (np.diff(number) == 1) & (np.diff(paths) == 0) & tape.same_stream(clicks))[
        : len(clicks)
    ]
    # A rest acts before the rows of its own instant.
    together[1:] &= np.searchsorted(rests, tape.at[clicks[1:]], side="right") == np.searchsorted(
        rests, tape.at[clicks[:-1]], side="right"
    )
    for first, last in spans(together):
        own = clicks[first:last]
        after = number[last - 1] + 1
        place = int(actions[after]) if after < len(actions) else len(tape)
        acted = int(tape.at[place]) if place < len(tape) else NEVER
        resting = np.searchsorted(rests, tape.at[own[-1]], side="right")
        rest = int(rests[resting]) if resting < len(rests) else NEVER
        if rest <= acted:
            place = int(np.searchsorted(tape.at, rest)) if rest < NEVER else place
        yield Aggregation(own, min(acted, rest), place)


def _paths(tape: Tape) -> Longs:
    """By place: a number for the target, else for the node, else for the document."""
    target = tape.frame.select(pl.col("target").rank("dense").cast(pl.Int64)).to_series()
    node = tape.frame["node_id"].cast(pl.Int64)
    return pl.select(pl.coalesce(target, -2 - node).fill_null(-1)).to_series().to_numpy()


@dataclass(frozen=True, kw_only=True)
class RageClick(Rule):
    name: ClassVar[str] = "rage_click"
    preset: ClassVar[str] = "newrelic"
    watches = frozenset({*ACTIONS, "scroll"})
    columns = frozenset({"tab_id", "node_id", "button", "scroll_ends"})

    def found(self, tape: Tape) -> Iterator[Found]:
        for each in aggregations(tape):
            at = tape.at[each.clicks]
            if (at[RAGE_CLICKS - 1 :] - at[: max(len(at) - RAGE_CLICKS + 1, 0)] < us(RAGE_MS)).any():
                yield Found(each.clicks[-1], each.clicks)


@dataclass(frozen=True, kw_only=True)
class _Waiting(Rule):
    """Rules about what comes within two seconds of the first click."""

    preset: ClassVar[str] = "newrelic"
    filled = frozenset({"el_newrelic"})

    @property
    def of_element(self) -> Mapping[str, Fact]:
        return {"el_newrelic": is_button}

    @staticmethod
    def waiting(tape: Tape) -> Iterator[Aggregation]:
        """Aggregations that open a wait."""
        able = tape.bits("el_newrelic") > 0
        return (each for each in aggregations(tape) if able[each.clicks[0]])


@dataclass(frozen=True, kw_only=True)
class DeadClick(_Waiting):
    name: ClassVar[str] = "dead_click"
    reactions = frozenset({"mutation", "request", "route_change", "hashchange"})
    watches = frozenset({*ACTIONS, "scroll", *reactions})
    kinds = frozenset({"mutation"})
    columns = frozenset({"tab_id", "node_id", "button", "scroll_ends"})

    def found(self, tape: Tape) -> Iterator[Found]:
        answers = np.append(tape.places(*self.reactions), len(tape))
        at = np.append(tape.at, NEVER)
        for each in self.waiting(tape):
            until = tape.at[each.clicks[0]] + us(WAIT_MS)
            answer = answers[first_after(answers[:-1], each.clicks[:1])[0]]
            if each.ended >= until and at[answer] >= until:
                yield Found(each.clicks[-1], each.clicks)


@dataclass(frozen=True, kw_only=True)
class ErrorClick(_Waiting):
    name: ClassVar[str] = "error_click"
    needs = Rule.needs | {"has_errors"}
    watches = frozenset({*ACTIONS, "scroll", "error"})
    columns = frozenset({"tab_id", "node_id", "button", "scroll_ends"})

    def found(self, tape: Tape) -> Iterator[Found]:
        errors = np.append(tape.places("error"), len(tape))
        at = np.append(tape.at, NEVER)
        for each in self.waiting(tape):
            error = errors[first_after(errors[:-1], each.clicks[:1])[0]]
            if error < each.ended_before and at[error] < tape.at[each.clicks[0]] + us(WAIT_MS):
                yield Found(each.clicks[-1], [*each.clicks, error])


RULES: tuple[type[Rule], ...] = (RageClick, DeadClick, ErrorClick)
