"""What a call says, as settings."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from friction.config import Settings, called, columns_file
from friction.config.funnels import named

Place = str | os.PathLike[str]
Moment = str | dt.date | dt.datetime
"""A date or time; a bare date as the end of a period is included whole."""
Columns = Mapping[str, str] | Place
"""A mapping, ours = theirs, or the file that says so."""
Config = Mapping[str, Any] | Place
"""Settings in the form of `friction.toml`, or such a file."""


def settings(
    config: Config | None,
    mapping: Columns | None,
    tz: str | None,
    period: tuple[Moment | None, Moment | None] = (None, None),
    detectors: str | Sequence[str] = (),
    goal: str | Sequence[str] = (),
    preset: str | None = None,
    funnel: str | Sequence[str] = (),
) -> Settings:
    """The settings in force: those of `config`, and above them what else is said. Raises `UsageError`."""
    since, until = map(_written, period)
    said: dict[str, dict[str, Any]] = {
        "analysis": {"detectors": _listed(detectors), "since": since, "until": until, "preset": preset},
        "time": {"zone": tz},
        "goals": {expression: {"when": expression} for expression in _listed(goal)},
        "funnels": named(_listed(funnel)),
    }
    flags = {name: {key: value for key, value in each.items() if value} for name, each in said.items()}
    if mapping is not None:
        flags["mapping"] = dict(mapping) if isinstance(mapping, Mapping) else columns_file(Path(mapping))
    return called(config if config is None or isinstance(config, Mapping) else Path(config), flags)


def _listed(words: str | Sequence[str]) -> list[str]:
    return [words] if isinstance(words, str) else list(words)


def _written(moment: Moment | None) -> str | None:
    return moment.isoformat() if isinstance(moment, dt.date) else moment
