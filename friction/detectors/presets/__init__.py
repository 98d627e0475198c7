"""Presets: the rules of other tools, exact to the rule as their code applies it.

Each module holds one tool: its rule in words, how it was read where it can be read in two ways, and its rules as
detectors. A preset takes the place of friction's own detectors of the same name.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterable, Mapping
from typing import Any

from friction.detectors.options import options_of
from friction.detectors.presets import (
    amplitude,
    datadog,
    highlight,
    mixpanel,
    newrelic,
    openreplay,
    posthog,
    sentry,
    splunk,
    unverified,
)
from friction.detectors.presets.rule import Rule
from friction.errors import UsageError, nearest

_MODULES = (
    *(posthog, datadog, sentry, openreplay, highlight, mixpanel, amplitude, newrelic, splunk),
    unverified,
)


def _by_preset() -> dict[str, dict[str, type[Rule]]]:
    found: dict[str, dict[str, type[Rule]]] = {}
    for module in _MODULES:
        for rule in module.RULES:
            found.setdefault(rule.preset or "", {})[rule.name] = rule
    return found


PRESETS: Mapping[str, Mapping[str, type[Rule]]] = _by_preset()
"""Preset → detector → its rule."""


def rules(
    preset: str, names: Iterable[str] | None = None, options: Mapping[str, Mapping[str, Any]] | None = None
) -> list[Rule]:
    """The named rules of a preset (null: all), with their settings. Wrong names and values are a `UsageError`."""
    known = PRESETS.get(preset)
    if known is None:
        raise UsageError("preset.unknown", f"there is no preset {preset!r}", remedy=nearest(preset, PRESETS))
    wanted = list(known) if names is None else list(names)
    for name in wanted:
        if name not in known:
            remedy = f"it has: {', '.join(known)}"
            raise UsageError("preset.no_rule", f"the preset {preset} has no rule for {name}", remedy=remedy)
    return [rule.configure((options or {}).get(name, {})) for name, rule in known.items() if name in wanted]


def catalogue() -> list[dict[str, Any]]:
    """Every preset with its rules: what it says in words, its settings, whether it is verified."""
    return [
        {
            "name": preset,
            "rules": {name: options_of(rule) for name, rule in known.items()},
            "verified": all(rule.is_verified for rule in known.values()),
            "published": all(rule.is_published for rule in known.values()),
            "rule": _words(next(iter(known.values()))),
        }
        for preset, known in PRESETS.items()
    ]


def _words(rule: type[Rule]) -> str:
    return inspect.getdoc(sys.modules[rule.__module__]) or ""
