"""OpenReplay: rage and dead clicks as its backend decides them from the messages of the tracker.

rage_click  Three clicks and more on elements of one label, each less than 0.3 s after the one before. A click without
            a label, on another label or later ends the run. Stamped with its first click.
dead_click  A click on a labelled element, no input, after which the next message that settles it (a change of the
            page, a focus, an input, a labelled click) comes 1.234 s later or more. A click after which nothing at all
            is recorded is not reported.
Reading     The label is `el_text`, else the accessible name, the id, the first class.
Source      openreplay `backend/pkg/handlers/web`, 2026-08.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from typing import ClassVar

import numpy as np
import polars as pl

from friction.detectors.presets.rule import Found, Rule
from friction.detectors.presets.tape import NOBODY, Longs, Tape, first_after, position_in_run, us
from friction.elements.chain import Chain, Fact
from friction.values import dataclass

CLICKS, GAP_MS, DEAD_MS = 3, 300, 1_234


def label(chain: Chain) -> int | None:
    """A number for the label of the element; null where it has none."""
    own = chain.own
    text = own.text or own.value("aria-label") or own.value("id") or next(iter(own.classes), "")
    if not text:
        return None
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest()) >> 1


@dataclass(frozen=True, kw_only=True)
class RageClick(Rule):
    name: ClassVar[str] = "rage_click"
    preset: ClassVar[str] = "openreplay"
    described_by: ClassVar[str] = "el_text"
    watches = frozenset({"click"})
    columns = frozenset({"tab_id", "node_id", "button"})
    filled = frozenset({"el_openreplay"})
    details: ClassVar[Mapping[str, pl.DataType]] = {"count": pl.Int64()}

    @property
    def of_element(self) -> Mapping[str, Fact]:
        return {"el_openreplay": label}

    def found(self, tape: Tape) -> Iterator[Found]:
        clicks = np.flatnonzero(tape.is_click & (tape.node != NOBODY))
        labels = _labels(tape)[clicks]
        soon = np.diff(tape.at[clicks], prepend=0) < us(GAP_MS)
        linked = (np.diff(labels, prepend=-1) == 0) & (labels >= 0) & soon
        count = position_in_run(linked)
        is_last = ~np.append(linked[1:], False)[: len(linked)]
        for at in np.flatnonzero(is_last & (count >= CLICKS)):
            run = clicks[at - count[at] + 1 : at + 1]
            yield Found(run[0], run, {"count": len(run)})


def _labels(tape: Tape) -> Longs:
    """By place; -1 without a label."""
    return tape.frame["el_openreplay"].cast(pl.Int64).fill_null(-1).to_numpy()


@dataclass(frozen=True, kw_only=True)
class DeadClick(Rule):
    name: ClassVar[str] = "dead_click"
    preset: ClassVar[str] = "openreplay"
    described_by: ClassVar[str] = "el_text"
    reactions = frozenset({"mutation", "focus", "input", "change"})
    watches = frozenset({"click", "input_target", "page_view", *reactions})
    kinds = frozenset({"mutation"})
    columns = frozenset({"tab_id", "node_id", "button"})
    filled = frozenset({"el_openreplay"})

    @property
    def of_element(self) -> Mapping[str, Fact]:
        return {"el_openreplay": label}

    def single(self, tape: Tape) -> Longs:
        clicks = tape.is_click & (tape.node != NOBODY)
        labelled = clicks & (_labels(tape) >= 0)
        settles = tape.is_a("mutation", "input", "change") | (tape.is_a("focus") & ~tape.is_of_window)
        settles |= labelled
        pending = np.flatnonzero(labelled & ~_on_input(tape, labelled, settles))
        settlers = np.flatnonzero(settles)
        following = np.append(settlers, len(tape))[first_after(settlers, pending)]
        told = settles | clicks | tape.is_a("input_target", "page_view")
        last = _last_of_stream(tape, told)[pending]
        settled = np.where(following <= last, following, last)
        return np.asarray(pending[tape.at[settled] - tape.at[pending] >= us(DEAD_MS)])


def _on_input(tape: Tape, labelled: np.ndarray, settles: np.ndarray) -> np.ndarray:
    """Labelled clicks on a node that was declared an input since the last message that makes the tool forget it."""
    found = np.zeros(len(tape), dtype=bool)
    forgets = np.flatnonzero(settles | tape.is_a("page_view"))
    declared = tape.places("input_target")
    following = np.append(forgets, len(tape))[first_after(forgets, declared)]
    for place, click in zip(declared, following, strict=True):
        if click < len(tape) and labelled[click] and tape.stream[click] == tape.stream[place]:
            found[click] |= tape.node[click] == tape.node[place]
    return found


def _last_of_stream(tape: Tape, told: np.ndarray) -> Longs:
    """By place: the last of the rows `told` in the same stream (the place itself where none is)."""
    places = np.flatnonzero(told)
    ends = np.searchsorted(tape.stream[places], tape.stream, side="right") - 1
    if not len(places):
        return np.arange(len(tape))
    return np.asarray(places[np.clip(ends, 0, None)])


RULES: tuple[type[Rule], ...] = (RageClick, DeadClick)
