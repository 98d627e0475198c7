"""Sentry: slow clicks as its recorder decides them, dead and rage clicks as its server does.

slow_click  The closest button or link of a click (else the element itself) must be a link, button or submit. When no
            change of the page, selection or new window comes within `threshold`, and no scroll within
            `scrollTimeout`, the click is slow: after the first reaction, or after `timeout` without any.
dead_click  A slow click without any reaction for 7 s.
rage_click  A dead click with five clicks and more on the same element meanwhile. It is a dead click as well.
Reading     Where no number of a node is recorded, an ancestor is told by what it and those above it look like. `rows`
            are the clicks that were counted, from the candidate on.
Source      sentry-javascript `replay-internal/coreHandlers/handleClick`, sentry `event_parser`, 2026-08.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from typing import Annotated, ClassVar

import numpy as np
import polars as pl
from annotated_types import Ge, Le

from friction.detectors.presets.rule import Found, Rule
from friction.detectors.presets.tape import NOBODY, Longs, Tape, any_within, first_from, thinned, us
from friction.elements.chain import Chain, Element, Fact
from friction.elements.css import Selectors
from friction.values import dataclass

AGAIN_MS = 1_000
DEAD_MS = 7_000
RAGE_CLICKS = 5
CLOSEST = {"a", "button"}


def closest(chain: Chain) -> Element:
    """The closest link or button of the element and its ancestors, else the element."""
    return next((node for node in chain.nodes if node.tag in CLOSEST), chain.own)


def closest_number(chain: Chain) -> int | None:
    """A number for the closest link or button where it is an ancestor; null where it is the element itself."""
    at = next((at for at, node in enumerate(chain.nodes) if node.tag in CLOSEST), 0)
    if at == 0:
        return None
    if chain.nodes[at].node_id is not None:
        return chain.nodes[at].node_id
    looks = repr([(node.tag, node.classes, sorted(node.attrs.items())) for node in chain.nodes[at:]])
    return -2 - (int.from_bytes(hashlib.blake2b(looks.encode(), digest_size=8).digest()) >> 2) - (1 << 40)


def _is_candidate(node: Element, ignored: Selectors) -> bool:
    if node.tag == "input":
        fits = node.type in {"submit", "button"}
    elif node.tag == "a":
        fits = not node.has("download") and (not node.has("target") or node.value("target") == "_self")
    else:
        fits = node.tag == "button"
    return fits and not ignored.match(node)


@dataclass(frozen=True, kw_only=True)
class SlowClick(Rule):
    name: ClassVar[str] = "slow_click"
    preset: ClassVar[str] = "sentry"
    reactions = frozenset({"mutation", "selection", "window_open", "scroll"})
    watches = frozenset({"click", *reactions})
    kinds = frozenset({"mutation"})
    columns = frozenset({"tab_id", "node_id", "button", "modifiers"})
    filled = frozenset({"el_sentry"})
    details: ClassVar[Mapping[str, pl.DataType]] = {
        "count": pl.Int64(),
        "reason": pl.String(),
        "after": pl.Float64(),
    }
    clicks_needed: ClassVar[int] = 1
    must_be_dead: ClassVar[bool] = False

    threshold: Annotated[int, Ge(0), Le(3_600_000)] = 3_000
    """Delay beyond which an answer is slow (ms). Higher: fewer clicks are slow."""
    timeout: Annotated[int, Ge(1), Le(3_600_000)] = DEAD_MS
    """Time to wait for an answer (ms). Higher: later answers count; below 7,000 no click is dead."""
    scrollTimeout: Annotated[int, Ge(0), Le(3_600_000)] = 300
    """Time in which scrolling answers a click (ms). Higher: fewer clicks go without an answer."""
    ignoreSelector: str = ""
    """CSS selector of elements that are left out. Empty: none are."""

    @property
    def of_element(self) -> Mapping[str, Fact]:
        ignored = Selectors(self.ignoreSelector)

        def candidate(chain: Chain) -> int | None:
            return int(_is_candidate(closest(chain), ignored)) if chain.is_described else None

        return {"el_sentry": candidate, "el_sentry_node": closest_number}

    def found(self, tape: Tape) -> Iterator[Found]:
        clicks = np.flatnonzero(tape.is_click & (tape.node != NOBODY))
        nodes = _nodes(tape)[clicks]
        able = (tape.bits("el_sentry")[clicks] > 0) & ~tape.has_modifier[clicks]
        able[able] = thinned(nodes[able], tape.at[clicks][able], us(AGAIN_MS))
        at = tape.at[clicks][able]
        first = first_from(tape.at[tape.is_a("mutation", "selection", "window_open")], at + 1) - at
        scrolled = any_within(tape.at[tape.is_a("scroll")], at + 1, at + us(self.scrollTimeout) + 1)
        silent = first >= us(self.timeout)
        slow = (silent | (first > us(self.threshold))) & ~scrolled
        if self.must_be_dead:
            slow &= silent & (self.timeout >= DEAD_MS)
        together = _Together(nodes, tape.at[clicks])
        for number, reaction, is_silent in zip(
            np.flatnonzero(able)[slow], first[slow], silent[slow], strict=True
        ):
            counted = together.within(number, us(self.timeout))
            if len(counted) >= self.clicks_needed:
                reason = "timeout" if is_silent else "mutation"
                after = float(self.timeout) if is_silent else reaction / 1_000
                detail = {"count": len(counted), "reason": reason, "after": after}
                yield Found(clicks[number], clicks[counted], detail)


def _nodes(tape: Tape) -> Longs:
    own = pl.Series(tape.node)
    near = tape.frame["el_sentry_node"].cast(pl.Int64)
    return pl.select(pl.coalesce(near, own)).to_series().to_numpy()


class _Together:
    """Clicks gathered by their node."""

    def __init__(self, nodes: Longs, at: Longs) -> None:
        self._order = np.lexsort((np.arange(len(nodes)), nodes))
        self._place = np.empty(len(nodes), dtype=np.int64)
        self._place[self._order] = np.arange(len(nodes))
        self._nodes, self._at = nodes[self._order], at[self._order]

    def within(self, number: int, microseconds: int) -> Longs:
        """The clicks on the same node from this one on, less than so long after it."""
        first = last = int(self._place[number])
        until, node = self._at[first] + microseconds, self._nodes[first]
        while last < len(self._at) and self._nodes[last] == node and self._at[last] < until:
            last += 1
        return self._order[first:last]


@dataclass(frozen=True, kw_only=True)
class DeadClick(SlowClick):
    name: ClassVar[str] = "dead_click"
    must_be_dead: ClassVar[bool] = True


@dataclass(frozen=True, kw_only=True)
class RageClick(DeadClick):
    name: ClassVar[str] = "rage_click"
    clicks_needed: ClassVar[int] = RAGE_CLICKS


RULES: tuple[type[Rule], ...] = (RageClick, DeadClick, SlowClick)
