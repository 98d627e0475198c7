"""The one flow: files → events → findings → friction points → cost → report.

Also its shorter relatives: `inspect` (what is this file?), `convert` (the event table), `deliver` (into the lake),
`detect` (raw findings). Programs call `friction.library`, which takes frames too. Each loads on first use, since who
only reads needs nothing of what makes a report.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from friction.scan.analysing import analysis, analyze, reduced
    from friction.scan.asked import unassessable
    from friction.scan.looking import inspect, propose
    from friction.scan.reading import Progress, exclusion, ingested_for, page_rules, policy, quiet
    from friction.scan.writing import convert, deliver, detect, events

__all__ = [
    "Progress",
    "analysis",
    "analyze",
    "convert",
    "deliver",
    "detect",
    "events",
    "exclusion",
    "ingested_for",
    "inspect",
    "page_rules",
    "policy",
    "propose",
    "quiet",
    "reduced",
    "unassessable",
]

_PLACES = {
    "analysing": ("analysis", "analyze", "reduced"),
    "asked": ("unassessable",),
    "looking": ("inspect", "propose"),
    "reading": ("Progress", "exclusion", "ingested_for", "page_rules", "policy", "quiet"),
    "writing": ("convert", "deliver", "detect", "events"),
}


def __getattr__(name: str) -> Any:
    for module, names in _PLACES.items():
        if name in names:
            return getattr(import_module(f"{__name__}.{module}"), name)
    raise AttributeError(name)
