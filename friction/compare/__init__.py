"""Two reports side by side: are they the same (`exact`), and what changed from one to the other (`difference`)."""

from friction.compare.difference import Change, Difference, State, difference, per_1000
from friction.compare.exact import POSITIONS, exact
from friction.compare.goal import GoalChange
from friction.compare.rates import Interval
from friction.compare.sample import Sample, sample

__all__ = [
    "POSITIONS",
    "Change",
    "Difference",
    "GoalChange",
    "Interval",
    "Sample",
    "State",
    "difference",
    "exact",
    "per_1000",
    "sample",
]
