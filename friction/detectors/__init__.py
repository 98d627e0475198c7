"""The catalogue of detectors: ours, and those that other packages register under `friction.detectors`.

What people read about a detector (command line, service, README) comes from its docstring: a first line
`Name: what it is.` and five labelled paragraphs, always in the order of `LABELS`.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterable, Mapping
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from pydantic import TypeAdapter

from friction.detectors.base import Detector
from friction.detectors.dead_click import DeadClick
from friction.detectors.dropoff_spike import DropoffSpike
from friction.detectors.error_click import ErrorClick
from friction.detectors.form_abandonment import FormAbandonment
from friction.detectors.quick_back import QuickBack
from friction.detectors.rage_click import RageClick
from friction.detectors.slow_page import SlowPage
from friction.errors import UsageError, nearest

GROUP = "friction.detectors"
LABELS: tuple[str, ...] = ("Finds", "Matters", "Misleads", "Defaults", "Sources")

BUILTIN: dict[str, type[Detector]] = {
    detector.name: detector
    for detector in (RageClick, DeadClick, ErrorClick, FormAbandonment, SlowPage, DropoffSpike, QuickBack)
}


def available() -> dict[str, type[Detector]]:
    """Every detector by name, ours first.

    A plug-in that cannot be loaded or takes the name of another detector is a `UsageError`.
    """
    found = dict(BUILTIN)
    for entry in sorted(entry_points(group=GROUP), key=lambda entry: entry.name):
        try:
            loaded = entry.load()
        except Exception as error:  # a plug-in may raise anything while it loads
            raise _refused("detector.broken", entry, f"cannot be loaded: {error}") from error
        if not (isinstance(loaded, type) and issubclass(loaded, Detector)):
            raise _refused("detector.broken", entry, "is no Detector class")
        if found.setdefault(loaded.name, loaded) is not loaded:
            raise _refused("detector.taken", entry, f"the name {loaded.name} is taken")
    return found


def _refused(code: str, entry: EntryPoint, why: str) -> UsageError:
    remedy = f"repair or remove the package behind {entry.value}"
    return UsageError(code, f"detector plug-in {entry.name!r}: {why}", remedy=remedy)


def configure(names: Iterable[str] | None, options: Mapping[str, Mapping[str, Any]]) -> list[Detector]:
    """The named detectors (null: all) with their options, in the order of the catalogue.

    `options` are by detector name. Unknown names, settings and values are a `UsageError`.
    """
    known = available()
    wanted = set(known) if names is None else set(names)
    for name in sorted(wanted | set(options)):
        if name not in known:
            raise UsageError(
                "detector.unknown", f"there is no detector {name!r}", remedy=nearest(name, known)
            )
    return [detector.configure(options.get(name, {})) for name, detector in known.items() if name in wanted]


def catalogue() -> list[dict[str, Any]]:
    """What there is, for people and forms: name, title, the five paragraphs, needs and parameters."""
    return [_entry(detector) for detector in available().values()]


def _entry(detector: type[Detector]) -> dict[str, Any]:
    title, summary, paragraphs = documentation(detector)
    return {
        "name": detector.name,
        "title": title,
        "summary": summary,
        **{label.lower(): text for label, text in paragraphs.items()},
        "needs": sorted(detector.needs),
        "needs_one_of": sorted(detector.needs_one_of),
        "outcome": detector.outcome,
        "parameters": TypeAdapter(detector).json_schema().get("properties", {}),
    }


def documentation(detector: type[Detector]) -> tuple[str, str, dict[str, str]]:
    """Title, summary and labelled paragraphs of a detector's module (or, failing that, of its class)."""
    module = inspect.getdoc(sys.modules[detector.__module__]) or ""
    text = (
        module
        if any(line.startswith(LABELS[0]) for line in module.splitlines())
        else inspect.getdoc(detector) or ""
    )
    head, *lines = text.splitlines() or [""]
    title, _, summary = head.partition(": ")
    paragraphs: dict[str, list[str]] = {}
    for line in lines:
        word, _, rest = line.partition(" ")
        if word in LABELS:
            paragraphs[word] = [rest.strip()]
        elif line.strip() and paragraphs:
            paragraphs[next(reversed(paragraphs))].append(line.strip())
    return title, summary, {label: " ".join(parts) for label, parts in paragraphs.items()}
