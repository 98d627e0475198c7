"""PostHog: rage clicks and dead clicks as posthog-js decides them, in three states of its configuration.

rage_click  A click less than `timeout_ms` after and less than `threshold_px` (Manhattan, client position) from the
            click before it goes on with the run; filters never touch the run. The click with which a run has exactly
            `click_count` clicks fires if it passes the filters; longer runs stay silent until they are broken.
dead_click  A click outside of links is dead when nothing answers: a change of the page within 2.5 s, a scroll within
            0.1 s, a selection less than 0.1 s away or since the press, the tab or window changing less than 1 s away.
            On one node there is one candidate a second.
Filters     `posthog`: the element must be one that is captured, and not opted out. `posthog-2025-11-30`: besides, no
            text or label of it or around it that turns pages. `posthog-2026-05-30`: besides, no + and - and no text
            surface.
Reading     A position that is not known breaks the run. "Since the press of a primary mouse click" counts for
            pointers that are a mouse or not named. The text of an element is `el_text` as the source gives it;
            recorders that give that of children too (rrweb) make the filter of texts a little wider.
Source      posthog-js, `rageclick`, `autocapture-utils`, `dead-clicks-autocapture`, 2026-08.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import IntFlag, auto
from typing import Annotated, ClassVar

import numpy as np
import polars as pl
from annotated_types import Ge, Gt, Le

from friction.detectors.presets.rule import Found, Rule
from friction.detectors.presets.tape import NOBODY, Longs, Tape, any_within, position_in_run, thinned, us
from friction.elements.chain import Chain, Element, Fact
from friction.values import dataclass

CAPTURED = {"a", "button", "form", "input", "select", "textarea", "label"}
TEXT_TYPES = {"", "text", "search", "email", "password", "url", "tel", "number"}
BUTTON_TYPES = {"button", "checkbox", "submit", "reset"}
TURNING = ("next", "previous", "prev")
ARROWS, STEPS = {">", "<"}, {"+", "-", "−", "–"}


class Fit(IntFlag):
    """What the filters say of an element."""

    CAPTURABLE = auto()
    RAGE_OFF = auto()
    TEXT_SURFACE = auto()
    TURNS = auto()
    STEPS = auto()
    DEAD_OFF = auto()


def fit(chain: Chain) -> int | None:
    """The bits of `Fit`; null where no tag is known."""
    if not chain.is_described:
        return None
    texts = {text for node in _with_outer(chain) for text in _texts(*node)}
    claims = {
        Fit.CAPTURABLE: _is_capturable(chain),
        Fit.RAGE_OFF: any(_is_off(node) for node in chain.nodes),
        Fit.TEXT_SURFACE: _is_text_surface(chain.own),
        Fit.TURNS: bool(texts & ARROWS) or any(word in text for text in texts for word in TURNING),
        Fit.STEPS: bool(texts & STEPS),
        Fit.DEAD_OFF: _is_never_dead(chain),
    }
    return int(sum(bit for bit, holds in claims.items() if holds))


def _is_capturable(chain: Chain) -> bool:
    own = chain.own
    if own.tag in {"html", "form"}:
        return False
    if own.value("cursor") == "pointer" or own.tag in CAPTURED or own.value("contenteditable") == "true":
        return True
    return any(node.tag in CAPTURED or node.value("cursor") == "pointer" for node in chain.above)


def _is_off(node: Element) -> bool:
    classes = {"ph-no-rageclick", "ph-no-capture", "ph-no-autocapture"}
    return not classes.isdisjoint(node.classes) or node.has("data-ph-no-autocapture")


def _is_text_surface(node: Element) -> bool:
    if node.tag == "input":
        return node.type in TEXT_TYPES
    return node.tag == "textarea" or (
        node.has("contenteditable") and node.value("contenteditable") in {"", "true"}
    )


def _is_never_dead(chain: Chain) -> bool:
    off = {"ph-no-deadclick", "ph-no-capture"}
    return chain.own.tag == "html" or any(
        node.tag == "a" or not off.isdisjoint(node.classes) for node in chain.nodes
    )


def _with_outer(chain: Chain) -> Iterator[tuple[Element, bool]]:
    """Each element with whether its text is kept secret by itself or something around it."""
    for at, node in enumerate(chain.nodes):
        secret = {"ph-sensitive", "ph-no-capture"}
        yield node, any(not secret.isdisjoint(outer.classes) for outer in chain.nodes[at:])


def _texts(node: Element, is_secret: bool) -> Iterator[str]:
    silent = (
        is_secret
        or node.tag in {"select", "textarea"}
        or node.value("contenteditable") == "true"
        or (node.tag == "input" and node.type not in BUTTON_TYPES)
    )
    if not silent:
        yield node.text.strip().lower()
    yield node.value("aria-label").strip().lower()


@dataclass(frozen=True, kw_only=True)
class RageClick(Rule):
    name: ClassVar[str] = "rage_click"
    preset: ClassVar[str] = "posthog"
    watches = frozenset({"click"})
    columns = frozenset({"tab_id", "node_id", "x", "y", "button", "pointer"})
    filled = frozenset({"x", "el_posthog"})
    refused: ClassVar[Fit] = Fit.RAGE_OFF
    """Any of these facts keeps a click from firing."""

    click_count: Annotated[int, Ge(2)] = 3
    """Minimum clicks in a burst. Higher: only longer bursts are found."""
    threshold_px: Annotated[float, Gt(0)] = 30.0
    """Distance below which clicks belong together (px). Higher: clicks further apart make a burst as
    well."""
    timeout_ms: Annotated[int, Ge(1), Le(3_600_000)] = 1_000
    """Gap below which clicks belong together (ms). Higher: slower clicks make a burst as well."""

    @property
    def of_element(self) -> Mapping[str, Fact]:
        return {"el_posthog": fit}

    def found(self, tape: Tape) -> Iterator[Found]:
        clicks = np.flatnonzero(tape.is_click)
        x, y = (axis[clicks] for axis in tape.client_point())
        step = np.abs(np.diff(x, prepend=np.nan)) + np.abs(np.diff(y, prepend=np.nan))
        soon = np.diff(tape.at[clicks], prepend=0) < us(self.timeout_ms)
        count = position_in_run((step < self.threshold_px) & soon)
        known = tape.bits("el_posthog")[clicks]
        passes = (known & Fit.CAPTURABLE > 0) & (known & self.refused == 0) & (tape.node[clicks] != NOBODY)
        for at in np.flatnonzero((count == self.click_count) & passes):
            yield Found(clicks[at], clicks[at - self.click_count + 1 : at + 1])


@dataclass(frozen=True, kw_only=True)
class RageClick20251130(RageClick):
    preset: ClassVar[str] = "posthog-2025-11-30"
    refused: ClassVar[Fit] = Fit.RAGE_OFF | Fit.TURNS


@dataclass(frozen=True, kw_only=True)
class RageClick20260530(RageClick):
    preset: ClassVar[str] = "posthog-2026-05-30"
    refused: ClassVar[Fit] = Fit.RAGE_OFF | Fit.TURNS | Fit.STEPS | Fit.TEXT_SURFACE


MUTATION_MS, SCROLL_MS, SELECTION_MS, WINDOW_MS, AGAIN_MS = 2_500, 100, 100, 1_000, 1_000


@dataclass(frozen=True, kw_only=True)
class DeadClick(Rule):
    name: ClassVar[str] = "dead_click"
    preset: ClassVar[str] = "posthog"
    reactions = frozenset({"mutation", "scroll", "selection", "visibility", "window"})
    watches = frozenset({"click", "mutation", "scroll", "selection", "visibility", "focus", "blur"})
    kinds = frozenset({"mutation"})
    columns = frozenset(
        {"tab_id", "node_id", "button", "modifiers", "selection_empty", "press_ms", "pointer"}
    )
    filled = frozenset({"el_posthog"})

    @property
    def of_element(self) -> Mapping[str, Fact]:
        return {"el_posthog": fit}

    def single(self, tape: Tape) -> Longs:
        known = tape.bits("el_posthog")
        able = tape.is_click & (tape.node != NOBODY) & (known & Fit.DEAD_OFF == 0) & ~tape.has_modifier
        clicks = np.flatnonzero(able)
        clicks = clicks[thinned(tape.node[clicks], tape.at[clicks], us(AGAIN_MS))]
        at, window = tape.at[clicks], tape.is_a("visibility") | tape.is_of_window
        by_mouse = tape.frame["pointer"].cast(pl.String).fill_null("mouse").eq("mouse").to_numpy()[clicks]
        press = np.where(by_mouse, tape.press_us[clicks], 0)
        since = np.minimum(at - us(SELECTION_MS) + 1, at - press)
        is_text = known[clicks] & Fit.TEXT_SURFACE > 0
        alive = (
            any_within(tape.at[tape.is_a("mutation")], at, at + us(MUTATION_MS))
            | any_within(tape.at[tape.is_a("scroll")], at, at + us(SCROLL_MS))
            | any_within(tape.at[tape.reselects], since, at + us(SELECTION_MS))
            | (is_text & any_within(tape.at[tape.is_a("selection")], since, at + us(SELECTION_MS)))
            | any_within(tape.at[window], at - us(WINDOW_MS) + 1, at + us(WINDOW_MS))
        )
        return np.asarray(clicks[~alive])


@dataclass(frozen=True, kw_only=True)
class DeadClick20251130(DeadClick):
    preset: ClassVar[str] = "posthog-2025-11-30"


@dataclass(frozen=True, kw_only=True)
class DeadClick20260530(DeadClick):
    preset: ClassVar[str] = "posthog-2026-05-30"


RULES: tuple[type[Rule], ...] = (
    *(RageClick, DeadClick),
    *(RageClick20251130, DeadClick20251130),
    *(RageClick20260530, DeadClick20260530),
)
