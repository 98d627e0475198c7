"""What a request may ask of an analysis; the words are those of the command line."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from friction import config
from friction.config.funnels import MOST_FUNNELS, named
from friction.errors import UsageError

from . import detectors, framework

Name = str


class Options(BaseModel):
    """Options of one analysis."""

    model_config = ConfigDict(extra="forbid")

    goal: list[str] = Field(
        default=[],
        description="what counts as a conversion; the first one ranks",
        examples=[["event=purchase"]],
        max_length=8,
    )
    funnel: list[str] = Field(
        default=[],
        description="steps in the order in which people pass them: pages, events or expressions",
        examples=[["/cart > /checkout > event=purchase"]],
        max_length=MOST_FUNNELS,
    )
    detector: list[str] = Field(default=[], description="only these detectors", max_length=100)
    preset: str | None = Field(default=None, description="judge by the rules of another tool")
    tz: str | None = Field(default=None, description="zone of times that carry none, such as Europe/Paris")
    since: str | None = Field(default=None, description="events from this date or time on")
    until: str | None = Field(default=None, description="events before this time, or to the end of this date")
    journey: bool = Field(
        default=True, description="also the customer journey, with personas and action plan"
    )

    def updated(self, part: str | None) -> Options:
        """These options with those of the JSON object `part` on top; raises `UsageError` when it is none."""
        if part is None:
            return self
        try:
            given = Options.model_validate_json(part)
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            where = ".".join(["options", *map(str, first["loc"])])
            remedy = "see /v1/openapi.json for the parameters and their values"
            raise UsageError("request.invalid", f"{where}: {framework.said(first)}", remedy=remedy) from None
        return self.model_copy(update=given.model_dump(include=given.model_fields_set))

    def settings(self, mapping: dict[str, str] | None = None) -> dict[str, Any]:
        """As a job keeps them, on top of the service's own; `UsageError` for what cannot be read."""
        period = {"since": self.since, "until": self.until, "preset": self.preset}
        chosen = {key: value for key, value in period.items() if value is not None}
        asked: dict[str, Any] = {
            "goals": {expression: {"when": expression} for expression in self.goal},
            "funnels": named(self.funnel),
            "analysis": {
                **chosen,
                **({"detectors": self.detector} if self.detector else {}),
                "journey": self.journey,
            },
            "time": {"zone": self.tz} if self.tz else {},
            "mapping": mapping or {},
        }
        detectors.known(self.detector)
        given = {name: value for name, value in asked.items() if value}
        return config.load(flags=given, origin="the request").model_dump(mode="json")
