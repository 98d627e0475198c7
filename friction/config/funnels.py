"""What may be set of funnels: `[funnels.NAME]`, or `--funnel "A > B > C"`."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from friction import goals

MOST_STEPS, MOST_FUNNELS = 12, 8


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


class FunnelSettings(BaseModel):
    """One `[funnels.NAME]`."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    steps: Annotated[
        tuple[Annotated[str, AfterValidator(step)], ...], Field(min_length=2, max_length=MOST_STEPS)
    ]
    """Pages, events or expressions in the order in which people pass them, for example
    `["/cart", "/checkout/:step", "event=purchase"]`."""
