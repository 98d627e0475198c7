"""Tools that keep their rules to themselves: what little is told of them, always marked as unverified.

Hotjar         Five clicks within half a second. Told by third parties; where on the page is not said: here one
               element.
Contentsquare  Three clicks within two seconds. Told by third parties; here on one element.
Clarity        "Rapid" clicks in a small area, and clicks without a change of the page "in a reasonable time": no
               numbers.
FullStory      Rage, dead and error clicks, thrashed cursor: no numbers.
Mouseflow      Click rage and click error: no numbers.
Reading        "Within" is read as less than that time from the first of the clicks to the last, and a burst goes on
               while each click is within that time of the one before.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, ClassVar

import numpy as np
from annotated_types import Ge, Le

from friction.detectors.presets.rule import Found, Rule
from friction.detectors.presets.tape import NOBODY, Tape, spans, us
from friction.values import dataclass


@dataclass(frozen=True, kw_only=True)
class _Burst(Rule):
    """So many clicks on one element within so long; one finding a burst."""

    name: ClassVar[str] = "rage_click"
    is_verified: ClassVar[bool] = False
    watches = frozenset({"click"})
    columns = frozenset({"tab_id", "node_id", "button"})

    clicks: Annotated[int, Ge(2)]
    """Minimum clicks in a burst. Higher: only longer bursts are found."""
    within_ms: Annotated[int, Ge(1), Le(3_600_000)]
    """Time window for the clicks of a burst (ms). Higher: slower clicks make a burst as well."""

    def found(self, tape: Tape) -> Iterator[Found]:
        places = np.flatnonzero(tape.is_click & (tape.node != NOBODY))
        at, nodes = tape.at[places], tape.node[places]
        linked = np.append(False, (np.diff(nodes) == 0) & (np.diff(at) < us(self.within_ms)))[: len(at)]
        for first, last in spans(linked):
            burst = at[first:last]
            quick = burst[self.clicks - 1 :] - burst[: max(len(burst) - self.clicks + 1, 0)] < us(
                self.within_ms
            )
            if quick.any():
                yield Found(places[first + self.clicks - 1 + int(np.argmax(quick))], places[first:last])


@dataclass(frozen=True, kw_only=True)
class Hotjar(_Burst):
    preset: ClassVar[str] = "hotjar"

    clicks: Annotated[int, Ge(2)] = 5
    within_ms: Annotated[int, Ge(1), Le(3_600_000)] = 500


@dataclass(frozen=True, kw_only=True)
class Contentsquare(_Burst):
    preset: ClassVar[str] = "contentsquare"

    clicks: Annotated[int, Ge(2)] = 3
    within_ms: Annotated[int, Ge(1), Le(3_600_000)] = 2_000


@dataclass(frozen=True, kw_only=True)
class _Unpublished(Rule):
    """A rule whose numbers nobody outside knows: never assessable."""

    is_verified: ClassVar[bool] = False
    is_published: ClassVar[bool] = False
    watches = frozenset({"click"})

    def found(self, tape: Tape) -> Iterator[Found]:
        """Nothing: it is not asked."""
        del tape
        return iter(())


def _unpublished(preset: str, *names: str) -> list[type[Rule]]:
    return [
        type(f"{preset}_{name}", (_Unpublished,), {"name": name, "preset": preset, "__module__": __name__})
        for name in names
    ]


RULES: tuple[type[Rule], ...] = (
    *(Hotjar, Contentsquare),
    *_unpublished("clarity", "rage_click", "dead_click"),
    *_unpublished("fullstory", "rage_click", "dead_click", "error_click", "thrashed_cursor"),
    *_unpublished("mouseflow", "rage_click", "error_click"),
)
