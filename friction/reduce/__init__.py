"""Reduce one part of whole sessions to the small tables of `flow.md` §2: the only things that leave a part.

    sessions   one row a session
    views      one row a page view
    hits       detector × page × target × page view: that a friction was met there, how often, first of its session?
    seen       page × session: who could have met something there
    sums       detector × page × target: what its hits come to
    exposures  detector × page × target × page view: the views whose exits tell what it costs, where not the hits do
    uses       page × target × page view: clicked there without trouble (with `detector`: a form begun, for it)
    evidence   the best moments of each point
    counts     detector × page × target × reason: findings that count and findings set aside
    fields     page × form × field: how people fared with it
    timings    page × device × metric × bin: how many views

Codes are those of `friction.ingest`; whatever is summed is an integer, so the order of parts and rows cannot matter.
"""

from friction.reduce.evidence import EVIDENCE_KEPT
from friction.reduce.findings import Plan, says_exposures
from friction.reduce.glance import Glance, glance_of
from friction.reduce.parts import find, reduce_part
from friction.reduce.tables import FRAMES, Tables, combined
from friction.reduce.visits import BINS_PER_E

__all__ = [
    "BINS_PER_E",
    "EVIDENCE_KEPT",
    "FRAMES",
    "Glance",
    "Plan",
    "Tables",
    "combined",
    "find",
    "glance_of",
    "reduce_part",
    "says_exposures",
]
