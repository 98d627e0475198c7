"""The one flow: files → events → findings → friction points → cost → report.

Also its shorter relatives: `inspect` (what is this file?), `convert` (the event table), `deliver` (into the lake),
`detect` (raw findings). Programs call `friction.library`, which takes frames too.
"""

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
