"""The kit of those who write a detector in a package of their own: sessions as text, cases, and the laws.

A plug-in is a package with a class below `friction.detectors.base.Detector`, registered as an entry point:

    [project.entry-points."friction.detectors"]
    impatience = "friction_impatience:Impatience"

Once installed beside friction it is a detector like all others: `friction detectors show impatience`, thresholds from
its fields, `[detectors.impatience]` in the configuration, points with costs in the report. `friction.testing.laws` says
how to test it.
"""

from friction.testing.events import Case, Expectation, events, specification
from friction.testing.laws import LAWS, check, prepared, sessions

__all__ = ["LAWS", "Case", "Expectation", "check", "events", "prepared", "sessions", "specification"]
