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
from typing import ClassVar

import numpy as np
import polars as pl

from friction.detectors.presets.rule import Found, Rule
from friction.detectors.presets.tape import NEVER, Longs, Tape, Truths, first_after, us
from friction.elements.chain import Chain, Fact
from friction.values import dataclass

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
class Aggregations:
    """Clicks, and for each aggregation of them the numbers of its first click and of the one behind its last."""

    clicks: Longs
    first: Longs
    behind: Longs
    ended: Longs
    """When another action came, on the clock."""
    ended_before: Longs
    """The first place behind that other action."""

    def of(self, number: int) -> Longs:
        """The clicks of one aggregation, as places."""
        return self.clicks[self.first[number] : self.behind[number]]

    @classmethod
    def on(cls, tape: Tape) -> Aggregations:
        """All aggregations of clicks of a tape, in order."""
        actions, rests = _actions(tape)
        clicks = np.flatnonzero(tape.is_click)
        at, number, paths = tape.at[clicks], np.searchsorted(actions, clicks), _paths(tape)[clicks]
        # A rest acts before the rows of its own instant.
        resting = np.searchsorted(rests, at, side="right")
        goes_on = (np.diff(number) == 1) & (np.diff(paths) == 0) & (np.diff(resting) == 0)
        opens = np.append(True, ~(goes_on & tape.same_stream(clicks)))[: len(clicks)]
        first = np.flatnonzero(opens)
        behind = np.append(first, len(clicks))[1:]
        last = behind - 1
        other = np.append(actions, len(tape))[number[last] + 1]
        acted, rest = np.append(tape.at, NEVER)[other], np.append(rests, NEVER)[resting[last]]
        before = np.where(rest <= acted, np.searchsorted(tape.at, rest), other)
        return cls(clicks, first, behind, np.minimum(acted, rest), before)


def _actions(tape: Tape) -> tuple[Longs, Longs]:
    """Where actions stand, and when scrolling came to rest as far as no row says it."""
    is_action = tape.is_a("contextmenu", "keydown", "copy", "paste", "click") | tape.is_of_window
    known = tape.frame["scroll_ends"]
    if known.null_count() < known.len() and bool(known.drop_nulls()[0]):
        return np.flatnonzero(is_action | tape.is_a("scroll_end")), np.zeros(0, dtype=np.int64)
    return np.flatnonzero(is_action), tape.scroll_ends()


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
        each = Aggregations.on(tape)
        at, back = tape.at[each.clicks], RAGE_CLICKS - 1
        number = np.repeat(np.arange(len(each.first)), each.behind - each.first)
        quick = (at[back:] - at[:-back] < us(RAGE_MS)) & (number[back:] == number[:-back])
        for aggregation in np.unique(number[back:][quick]):
            clicks = each.of(int(aggregation))
            yield Found(clicks[-1], clicks)


@dataclass(frozen=True, kw_only=True)
class _Waiting(Rule):
    """Rules about what comes within two seconds of the first click of an aggregation."""

    preset: ClassVar[str] = "newrelic"
    filled = frozenset({"el_newrelic"})

    @property
    def of_element(self) -> Mapping[str, Fact]:
        return {"el_newrelic": is_button}

    @staticmethod
    def waiting(tape: Tape, *awaited: str) -> tuple[Aggregations, Longs, Truths]:
        """All aggregations; for each the first row of these kinds behind its first click; which of them open a wait."""
        each = Aggregations.on(tape)
        places, opened = tape.places(*awaited), each.clicks[each.first]
        following = np.append(places, len(tape))[first_after(places, opened)]
        return each, following, tape.bits("el_newrelic")[opened] > 0


@dataclass(frozen=True, kw_only=True)
class DeadClick(_Waiting):
    name: ClassVar[str] = "dead_click"
    reactions = frozenset({"mutation", "request", "route_change", "hashchange"})
    watches = frozenset({*ACTIONS, "scroll", *reactions})
    kinds = frozenset({"mutation"})
    columns = frozenset({"tab_id", "node_id", "button", "scroll_ends"})

    def found(self, tape: Tape) -> Iterator[Found]:
        each, answer, opens = self.waiting(tape, *self.reactions)
        until = tape.at[each.clicks[each.first]] + us(WAIT_MS)
        silent = (each.ended >= until) & (np.append(tape.at, NEVER)[answer] >= until)
        for aggregation in np.flatnonzero(opens & silent):
            clicks = each.of(int(aggregation))
            yield Found(clicks[-1], clicks)


@dataclass(frozen=True, kw_only=True)
class ErrorClick(_Waiting):
    name: ClassVar[str] = "error_click"
    needs = Rule.needs | {"has_errors"}
    watches = frozenset({*ACTIONS, "scroll", "error"})
    columns = frozenset({"tab_id", "node_id", "button", "scroll_ends"})

    def found(self, tape: Tape) -> Iterator[Found]:
        each, error, opens = self.waiting(tape, "error")
        until = tape.at[each.clicks[each.first]] + us(WAIT_MS)
        near = (error < each.ended_before) & (np.append(tape.at, NEVER)[error] < until)
        for aggregation in np.flatnonzero(opens & near):
            clicks = each.of(int(aggregation))
            yield Found(clicks[-1], [*clicks, error[aggregation]])


RULES: tuple[type[Rule], ...] = (RageClick, DeadClick, ErrorClick)
