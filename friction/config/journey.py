"""What may be set of the customer journey: `[stages]` and `[journey]`."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from friction.config.values import Expression

MOST_SEGMENTS = 16


class _Section(BaseModel):
    """A table of the configuration file: nothing but the keys named here, and never changed once read."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class StageSettings(_Section):
    """`[stages]`: what puts a session into a stage of the journey, besides the rules that always hold.

    Each is a list of expressions like those of goals, for example `decision = ["page=/configurator"]`.
    """

    awareness: tuple[Expression, ...] = ()
    """The first stage; where nothing else holds, a session is in it anyway."""
    consideration: tuple[Expression, ...] = ()
    """Somebody looks more closely."""
    decision: tuple[Expression, ...] = ()
    """Somebody is about to choose."""
    retention: tuple[Expression, ...] = ()
    """Somebody is a customer: also without a conversion in the data, for example `["page~/members/*"]`."""
    advocacy: tuple[Expression, ...] = ()
    """Somebody tells others."""
    product_views: Annotated[int, Field(ge=1)] = 2
    """Products looked at in one session that make it consideration."""
    second_visit_days: Annotated[float, Field(gt=0)] = 30
    """Days within which a second visit is consideration."""

    def own(self) -> list[tuple[Expression, ...]]:
        """The expressions of the five stages, in order."""
        return [self.awareness, self.consideration, self.decision, self.retention, self.advocacy]


class JourneySettings(_Section):
    """`[journey]`: how the customer journey is counted."""

    look_back_days: Annotated[float, Field(gt=0, le=90)] = 30
    """Days before a conversion in which a touch has a share in it."""
    half_life_days: Annotated[float, Field(gt=0)] = 7
    """Days after which a touch is worth half, in the model of time decay."""
    segments: Annotated[dict[str, Expression], Field(max_length=MOST_SEGMENTS)] = {}
    """Named segments: visitors with any event that fits, for example `members = "page~/members/*"`."""
