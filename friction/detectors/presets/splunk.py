"""Splunk RUM: rage, dead and error clicks and the thrashed cursor as its browser agent decides them.

rage_click  `count` clicks on one node within less than `timeframeSeconds`, whatever lies between; then its list is
            empty.
dead_click  A click on a button, a link without a real address, a submit input or a role button, enabled, without a
            change of the page after it or a request from 0.1 s before it, within `timeWindowMs`.
error_click An error reports the youngest click not yet used that is at most `timeWindowMs` old, and uses it up: a
            second error goes to an older click.
thrashed_cursor  Two seconds of pointer movement with a score of 0.65 and more, made of turns, speed and closeness.
Reading     `disabled` is the attribute; where a source gives no attributes, its own word that an element is disabled.
            `rows` of a thrashed cursor are the samples of its window. Angles are compared in degrees.
Source      splunk-otel-js-web `instrumentations/frustration-signals`, 2026-08.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, ClassVar

import numpy as np
import polars as pl
from annotated_types import Ge, Gt, Le

from friction.detectors.presets.errors import error_level, is_error
from friction.detectors.presets.rule import Found, Rule
from friction.detectors.presets.splunk_cursor import thrashes
from friction.detectors.presets.tape import NOBODY, Longs, Tape, any_within, us
from friction.elements.chain import Chain, Fact, NameFact
from friction.elements.css import Selectors
from friction.values import dataclass

LOOK_BACK_MS = 100
ENABLED, CANDIDATE = 1, 2


def kind_of(chain: Chain) -> int | None:
    """`ENABLED`, `CANDIDATE` as bits; null where no tag is known."""
    own = chain.own
    if not chain.is_described:
        return None
    if own.has("disabled"):
        return 0
    if own.tag == "a":
        leads = own.href is not None and own.href != "" and not own.href.startswith("javascript:")
        return ENABLED | (0 if leads else CANDIDATE)
    if own.tag == "input":
        return ENABLED | (CANDIDATE if own.type == "submit" else 0)
    return ENABLED | (CANDIDATE if own.tag == "button" or own.role == "button" else 0)


@dataclass(frozen=True, kw_only=True)
class RageClick(Rule):
    name: ClassVar[str] = "rage_click"
    preset: ClassVar[str] = "splunk"
    watches = frozenset({"click"})
    columns = frozenset({"tab_id", "node_id", "button"})

    count: Annotated[int, Ge(1)] = 4
    """Minimum clicks in a burst. Higher: only longer bursts are found."""
    timeframeSeconds: Annotated[float, Gt(0), Le(3_600)] = 1
    """Time window for the clicks of a burst (s). Higher: slower clicks make a burst as well."""
    ignoreSelectors: str = ""
    """CSS selectors of elements that are left out. Empty: none are."""

    @property
    def of_element(self) -> Mapping[str, Fact]:
        ignored = Selectors(self.ignoreSelectors)
        return {"el_splunk_ignored": lambda chain: int(ignored.match(chain.own))}

    def found(self, tape: Tape) -> Iterator[Found]:
        clicks = np.flatnonzero(tape.is_click & (tape.node != NOBODY))
        order = clicks[np.lexsort((clicks, tape.node[clicks]))]
        nodes, at, within = tape.node[order], tape.at[order], us(self.timeframeSeconds * 1_000)
        linked = np.append(False, (np.diff(nodes) == 0) & (np.diff(at) < within))[: len(order)]
        ignored = tape.bits("el_splunk_ignored")
        recent: list[int] = []
        for number in (
            np.flatnonzero(linked | np.append(linked[1:], False)) if self.count > 1 else range(len(order))
        ):
            if not linked[number]:
                recent = []
            recent = [one for one in recent if at[number] - at[one] < within] + [int(number)]
            if len(recent) == self.count:
                if not ignored[order[number]]:
                    yield Found(order[number], order[recent])
                recent = []


@dataclass(frozen=True, kw_only=True)
class DeadClick(Rule):
    name: ClassVar[str] = "dead_click"
    preset: ClassVar[str] = "splunk"
    reactions = frozenset({"mutation", "request"})
    watches = frozenset({"click", *reactions})
    kinds = frozenset({"mutation"})
    columns = frozenset({"tab_id", "node_id", "button"})
    filled = frozenset({"el_splunk"})

    timeWindowMs: Annotated[int, Ge(1), Le(3_600_000)] = 1_000
    """Time to wait for an answer (ms). Higher: fewer clicks are dead, later answers count."""

    @property
    def of_element(self) -> Mapping[str, Fact]:
        return {"el_splunk": kind_of}

    def single(self, tape: Tape) -> Longs:
        able = tape.bits("el_splunk") & CANDIDATE > 0
        clicks = np.flatnonzero(tape.is_click & (tape.node != NOBODY) & able)
        at = tape.at[clicks]
        before = at + us(self.timeWindowMs)
        alive = any_within(tape.at[tape.is_a("mutation")], at + 1, before)
        alive |= any_within(tape.at[tape.is_a("request")], at - us(LOOK_BACK_MS), before)
        return np.asarray(clicks[~alive])


@dataclass(frozen=True, kw_only=True)
class ErrorClick(Rule):
    name: ClassVar[str] = "error_click"
    preset: ClassVar[str] = "splunk"
    needs = Rule.needs | {"has_errors"}
    watches = frozenset({"click", "error", "console"})
    columns = frozenset({"tab_id", "node_id", "button", "error_kind"})
    filled = frozenset({"el_splunk"})

    timeWindowMs: Annotated[int, Ge(0), Le(3_600_000)] = 1_000
    """Longest time from a click to an error (ms). Higher: more errors are put down to clicks."""

    @property
    def of_element(self) -> Mapping[str, Fact]:
        return {"el_splunk": kind_of}

    @property
    def of_name(self) -> Mapping[str, NameFact]:
        return {"name_level": error_level}

    def found(self, tape: Tape) -> Iterator[Found]:
        # An element of which nothing is known is not known to be disabled.
        unknown = tape.frame["el_splunk"].is_null().to_numpy()
        enabled = unknown | (tape.bits("el_splunk") & ENABLED > 0)
        clicks = np.flatnonzero(tape.is_click & (tape.node != NOBODY) & enabled)
        errors = np.flatnonzero(is_error(tape))
        used: set[int] = set()
        for error, after in zip(errors, np.searchsorted(clicks, errors), strict=True):
            for click in clicks[:after][::-1]:
                if tape.at[error] - tape.at[click] > us(self.timeWindowMs):
                    break
                if click not in used:
                    used.add(int(click))
                    yield Found(int(click), [int(click), int(error)])
                    break


@dataclass(frozen=True, kw_only=True)
class ThrashedCursor(Rule):
    name: ClassVar[str] = "thrashed_cursor"
    preset: ClassVar[str] = "splunk"
    needs = frozenset({"has_moves", "has_order"})
    watches = frozenset({"mouse_move"})
    kinds = frozenset({"mouse_move"})
    columns = frozenset({"tab_id", "node_id", "x", "y", "dpr"})
    filled = frozenset({"x"})
    details: ClassVar[Mapping[str, pl.DataType]] = {"score": pl.Float64()}

    def found(self, tape: Tape) -> Iterator[Found]:
        for window, score in thrashes(tape):
            yield Found(window[-1], window, {"score": score})


RULES: tuple[type[Rule], ...] = (RageClick, DeadClick, ErrorClick, ThrashedCursor)
