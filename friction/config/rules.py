"""`[rules.NAME]`: detectors of one's own, declared as a sequence of events.

[rules.code_refused]
title = "Voucher code refused again"
finds = "a voucher code that is refused twice in a row"
page = "/cart*"
steps = [
  { when = "event=click and target~*voucher*", times = 2 },
  { when = ["event=error", "http_status>=400"], within_ms = 2000, without = "event=conversion" },
]
"""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from friction import goals
from friction.errors import UsageError

MOST_STEPS, MOST_EVENTS = 10, 50


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else value


def _condition(value: str) -> str:
    try:
        return str(goals.parse(value, goals.CONDITIONS))
    except UsageError as error:  # as a ValueError it is said with the key it stands under
        raise ValueError(f"{error.problem.detail}, {error.problem.remedy}") from None


def _name(value: str) -> str:
    if re.fullmatch(r"[a-z][a-z0-9_]{2,39}", value) is None:
        raise ValueError("a name is made of 3 to 40 small letters, figures and underscores")
    return value


RuleName = Annotated[str, AfterValidator(_name)]
Condition = Annotated[str, AfterValidator(_condition)]
Alternatives = Annotated[tuple[Condition, ...], BeforeValidator(_listed), Field(max_length=10)]
"""One condition, or a list of which one must hold."""
Milliseconds = Annotated[int, Field(ge=1, le=86_400_000)]
Text = Annotated[str, Field(min_length=1, max_length=200)]


class Declared(BaseModel):
    """A table that holds nothing but its keys."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class StepSettings(Declared):
    """One step of a sequence. Other events may lie in between."""

    when: Annotated[Alternatives, Field(min_length=1)]
    """What the event is, like `event=click and target~*voucher*`, or a list of which one must hold."""
    times: Annotated[int, Field(ge=1, le=MOST_EVENTS)] = 1
    """How many such events in a row."""
    within_ms: Milliseconds | None = None
    """Longest time since the event before, in the same step too; null: any time."""
    without: Alternatives = ()
    """What must not happen between the event before and this one."""


class RuleSettings(Declared):
    """A detector: what it is called, and the sequence that it finds."""

    title: Text
    """What it is called."""
    finds: Text
    """What it finds, in half a sentence."""
    matters: str = ""
    """Why it matters."""
    misleads: str = ""
    """What may look like it and is harmless."""
    advice: str = ""
    """What to do about it."""
    check: str = ""
    """How to find out whether it helped."""
    page: str | None = None
    """Pattern of the pages it is looked for on, like `/checkout/*`; null: everywhere."""
    steps: Annotated[tuple[StepSettings, ...], Field(min_length=1, max_length=MOST_STEPS)]
    """The events, one after the other."""
    within_ms: Milliseconds | None = None
    """Longest time from the first event to the last; null: any time."""
    unless: Alternatives = ()
    """What takes it back when it happens within `unless_ms` after the last event."""
    unless_ms: Milliseconds = 30_000
    """How long after the last event to look for that."""
    across_pages: bool = False
    """Whether the events may lie in several page views; else all are in one."""
    same_target: bool = False
    """Whether all elements that are named must be one and the same."""
    severity: Annotated[float, Field(ge=0, le=1)] = 0.5
    """How bad one finding is."""

    @model_validator(mode="after")
    def _is_short(self) -> RuleSettings:
        if sum(step.times for step in self.steps) > MOST_EVENTS:
            raise ValueError(f"a rule is made of {MOST_EVENTS} events at most")
        return self
