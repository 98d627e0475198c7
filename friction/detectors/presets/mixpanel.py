"""Mixpanel: rage and dead clicks as its browser library decides them.

rage_click  Clicks less than `timeout_ms` and less than `threshold_px` (Euclidean, on the page) after the one before
            fill a list; any other begins it anew. With `click_count` the list fires and is emptied, so eight clicks
            fire twice. With `interactive_elements_only` clicks on what is plainly not interactive are skipped.
dead_click  A click on what is not plainly non-interactive, without a change from 0.1 s before it until `timeout_ms`
            after it: of the page (children, text, style, class, state), of a field, of the address, of the selection,
            or scrolling that comes to rest.
Reading     An element inherits `contenteditable`, so it is asked of the nearest that has the attribute. A mutation
            without a name counts. Where a source knows no `scroll_end`, it comes 0.1 s after the last of a series of
            scrolls.
Source      mixpanel-js `autocapture/rageclick`, `deadclick`, `utils`, 2026-08.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, ClassVar

import numpy as np
from annotated_types import Ge, Gt, Le

from friction.detectors.presets.rule import Found, Rule
from friction.detectors.presets.tape import NOBODY, Longs, Tape, Truths, any_within, position_in_run, us
from friction.elements.chain import Chain, Element, Fact, NameFact
from friction.values import dataclass

NEVER_SHOWN = set(
    "base head html link meta script style title br hr wbr noscript picture source template track".split()
)
PLAIN = set("article div h1 h2 h3 h4 h5 h6 p section span".split())
HINT_TAGS = set("button input select textarea details dialog".split())
HINT_ATTRIBUTES = set(
    "onclick onmousedown onmouseup onpointerdown onpointerup ontouchstart ontouchend tabindex".split()
)
HINT_ROLES = set(
    "button checkbox combobox grid link listbox menu menubar menuitem menuitemcheckbox menuitemradio navigation"
    " option radio radiogroup searchbox slider spinbutton switch tab tablist textbox tree treegrid treeitem".split()
)
REACH = 5
"""Ancestors whose hints count for the element."""
WATCHED = set(
    "childList characterData style class hidden checked selected value display visibility".lower().split()
)
"""Names of mutations that are a change; other attributes are not watched."""
NO_ATTRIBUTE = re.compile(r"(?i)mutation|(?:^|[\W_])dom(?:[\W_]|$)")
"""Tables that have no names of their own repeat the word of the event: it says nothing of what changed."""
LOOK_BACK_MS = 100


def is_inert(chain: Chain) -> int | None:
    """1 where the element is plainly not interactive, else 0; null where no tag is known."""
    if not chain.is_described:
        return None
    tag = chain.own.tag
    hinted = any(_hints(node) for node in chain.nodes[: REACH + 1]) or _is_edited(chain)
    return int(tag in NEVER_SHOWN or (not hinted and tag in PLAIN))


def _hints(node: Element) -> bool:
    return (
        node.tag in HINT_TAGS
        or not HINT_ATTRIBUTES.isdisjoint(node.attrs)
        or node.role.partition(" ")[0] in HINT_ROLES
        or (node.tag == "a" and node.href is not None)
    )


def _is_edited(chain: Chain) -> bool:
    """Whether the element or one within reach can be edited, by itself or because something around it can."""
    can = False
    for at in range(len(chain.nodes) - 1, -1, -1):
        node = chain.nodes[at]
        if node.has("contenteditable"):
            can = node.value("contenteditable").lower() in {"", "true"}
        if can and at <= REACH:
            return True
    return False


def is_change(name: str | None) -> int:
    """1 for the name of a mutation that is watched, 2 for an element that was opened or closed."""
    watched = name is not None and (name.lower() in WATCHED or NO_ATTRIBUTE.search(name) is not None)
    return int(watched) + 2 * int(name == "toggle")


@dataclass(frozen=True, kw_only=True)
class RageClick(Rule):
    name: ClassVar[str] = "rage_click"
    preset: ClassVar[str] = "mixpanel"
    watches = frozenset({"click"})
    columns = frozenset(
        {"tab_id", "node_id", "button", "x", "y", "scroll_x", "scroll_y", "page_x", "page_y", "pointer"}
    )
    filled = frozenset({"x|page_x"})

    click_count: Annotated[int, Ge(1)] = 4
    """Minimum clicks in a burst. Higher: only longer bursts are found."""
    timeout_ms: Annotated[int, Ge(1), Le(3_600_000)] = 1_000
    """Gap below which clicks belong together (ms). Higher: slower clicks make a burst as well."""
    threshold_px: Annotated[float, Gt(0)] = 30.0
    """Distance below which clicks belong together (px). Higher: clicks further apart make a burst as
    well."""
    interactive_elements_only: bool = False
    """Only clicks on interactive elements (yes or no). If yes: other clicks are left out."""

    @property
    def of_element(self) -> Mapping[str, Fact]:
        return {"el_mixpanel": is_inert}

    def found(self, tape: Tape) -> Iterator[Found]:
        counts = tape.is_click
        if self.interactive_elements_only:
            counts = counts & (tape.node != NOBODY) & (tape.bits("el_mixpanel") == 0)
        clicks = np.flatnonzero(counts)
        x, y = (axis[clicks] for axis in tape.page_point())
        apart = np.diff(x, prepend=np.nan) ** 2 + np.diff(y, prepend=np.nan) ** 2
        soon = np.diff(tape.at[clicks], prepend=0) < us(self.timeout_ms)
        count = position_in_run((apart < self.threshold_px**2) & soon)
        for at in np.flatnonzero(count % self.click_count == 0):
            yield Found(clicks[at], clicks[at - self.click_count + 1 : at + 1])


@dataclass(frozen=True, kw_only=True)
class DeadClick(Rule):
    name: ClassVar[str] = "dead_click"
    preset: ClassVar[str] = "mixpanel"
    reactions = frozenset(
        {"mutation", "change", "input", "submit", "select", "hashchange", "scroll", "scroll_end", "selection"}
    )
    watches = frozenset({"click", "custom", *reactions})
    kinds = frozenset({"mutation"})
    columns = frozenset({"tab_id", "node_id", "button", "name", "scroll_ends"})
    filled = frozenset({"el_mixpanel"})

    timeout_ms: Annotated[int, Ge(0), Le(3_600_000)] = 500
    """Time to wait for an answer (ms). Higher: fewer clicks are dead, later answers count."""

    @property
    def of_element(self) -> Mapping[str, Fact]:
        return {"el_mixpanel": is_inert}

    @property
    def of_name(self) -> Mapping[str, NameFact]:
        return {"name_mixpanel": is_change}

    def single(self, tape: Tape) -> Longs:
        known = tape.bits("el_mixpanel") == 0
        clicks = np.flatnonzero(tape.is_click & (tape.node != NOBODY) & known)
        at = tape.at[clicks]
        since, before = at - us(LOOK_BACK_MS), at + us(self.timeout_ms)
        alive = any_within(tape.at[_changes(tape)], since, before)
        alive |= any_within(tape.scroll_ends(), since, before)
        return np.asarray(clicks[~alive])


def _changes(tape: Tape) -> Truths:
    named = tape.bits("name_mixpanel")
    unnamed = tape.frame["name"].is_null().to_numpy()
    return (
        (tape.is_a("mutation") & (unnamed | (named & 1 > 0)))
        | tape.is_a("change", "input", "submit", "select", "hashchange", "selection")
        | (tape.is_a("custom") & (named & 2 > 0))
    )


RULES: tuple[type[Rule], ...] = (RageClick, DeadClick)
