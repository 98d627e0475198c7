"""What may be set of funnels: `[funnels.NAME]`, or `--funnel "A > B > C"`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from friction import goals

MOST_STEPS, MOST_FUNNELS, MOST_TOGETHER = 12, 8, 32
"""Steps of a funnel, funnels of a request, and steps of all funnels: a bit of a number each."""


def step(text: str) -> str:
    """One step as an expression: `/cart` is short for `page=/cart`, a word for `event=WORD`."""
    word = text.strip()
    if not word:
        raise ValueError("a step is a page, an event or an expression like those of goals")
    if not re.match(r"\w+\s*[=~]", word):
        word = f"page={word}" if word.startswith("/") else f"event={word}"
    return str(goals.parse(word))


def steps_of(text: str) -> list[str]:
    """The steps of `A > B > C`."""
    return re.split(r"\s+>\s+", text.strip())


def named(texts: Iterable[str]) -> dict[str, Any]:
    """Funnels written like `A > B > C` as `[funnels.*]`; each is called what it says."""
    return {text: {"steps": steps_of(text)} for text in texts}


def _way(steps: Any) -> Any:
    if isinstance(steps, (list, tuple)) and len(steps) < 2:
        raise ValueError('a funnel has two steps or more, like "/cart > /checkout > event=purchase"')
    return steps


class FunnelSettings(BaseModel):
    """One `[funnels.NAME]`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    steps: Annotated[
        tuple[Annotated[str, AfterValidator(step)], ...],
        Field(min_length=2, max_length=MOST_STEPS),
        BeforeValidator(_way),
    ]
    """Pages, events or expressions in the order in which people pass them, for example
    `["/cart", "/checkout/:step", "event=purchase"]`."""


def _few(funnels: dict[str, FunnelSettings]) -> dict[str, FunnelSettings]:
    if sum(len(funnel.steps) for funnel in funnels.values()) > MOST_TOGETHER:
        raise ValueError(f"all funnels together have {MOST_TOGETHER} steps at most")
    return funnels


Funnels = Annotated[dict[str, FunnelSettings], AfterValidator(_few)]
"""`[funnels.*]`."""
