"""One analysis for one request: the settings it asks for, and the child process that carries it out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import anyio
from fastapi import Depends
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from friction import config, isolate
from friction.errors import UsageError
from friction.isolate import memory

TIMEOUT_S = 300.0
"""An analysis that takes longer than this belongs on the command line."""
AT_ONCE = anyio.CapacityLimiter(2)
"""Analyses that run at the same time; further requests wait for their turn."""

Analyst = Callable[[dict[str, Any]], Path]
"""Carries out a plan and returns where the result lies; raises `FrictionError`."""


class Options(BaseModel):
    """What a request may ask for; the words are those of the command line."""

    model_config = ConfigDict(extra="forbid")

    goal: list[str] = Field(default=[], description="what counts as a conversion; the first one ranks")
    detector: list[str] = Field(default=[], description="only these detectors")
    tz: str | None = Field(default=None, description="zone of times that carry none, such as Europe/Paris")

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
            raise UsageError("request.invalid", f"{where}: {first['msg']}", remedy=remedy) from None
        return self.model_copy(update=given.model_dump(include=given.model_fields_set))

    def settings(self) -> dict[str, Any]:
        """As the child wants them, on top of the service's own; `UsageError` for what cannot be read.

        Where no ceiling of memory is set, the analyses that run at the same time share what the machine has.
        """
        asked: dict[str, Any] = {}
        if self.goal:
            asked["goals"] = {expression: {"when": expression} for expression in self.goal}
        if self.detector:
            asked["analysis"] = {"detectors": self.detector}
        if self.tz:
            asked["time"] = {"zone": self.tz}
        settings = config.load(flags=asked, origin="the request").model_dump(mode="json")
        settings["limits"]["memory"] = settings["limits"]["memory"] or memory.ceiling(
            int(AT_ONCE.total_tokens)
        )
        return settings


def child() -> Analyst:
    """The analyst that reads data in a process of its own."""
    return lambda plan: isolate.run(plan, timeout_s=TIMEOUT_S)


AnalystDep = Annotated[Analyst, Depends(child)]


async def report(analyst: Analyst, path: Path, name: str, settings: dict[str, Any]) -> bytes:
    """The report of one file, as JSON."""
    plan = {
        "command": "analyze",
        "inputs": [str(path)],
        "names": [name],
        "settings": settings,
        "output": "report.json",
    }
    result = await anyio.to_thread.run_sync(analyst, plan, limiter=AT_ONCE)
    return await anyio.Path(result).read_bytes()
