"""Does something on the page keep time by itself, like a countdown or a clock?

Once a second is too rare for `reactions.RESTLESS` as soon as the visitor does anything meanwhile: each thing
done may have been answered by one change. But what a visitor sets off comes when the visitor acts, and people
do not act to a beat. Only what comes once after each single act (a number that grows with each click on a
stepper, a count of the signs typed) may be an answer in spite of its beat.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from statistics import median

BEATS = 4
"""Changes in a row that make a beat: three distances, all alike."""
SLOWEST_MS = 2_000.0
JITTER = 0.25
"""How far a distance may be off, as a share of the usual one: timers wait for what the page is busy with."""
SINGLE = 4
"""Things recorded of a single act at most: a click is a press, a release and a click, and maybe a double click."""
LATEST = 1.5
"""The last beat is at most so many distances ago: else it has stopped."""


def keeps_time(times: Sequence[float], acts: Sequence[int], until: float) -> bool:
    """True where the last changes (ms) go on to a beat `until` then, and not with what the visitor did.

    `acts`: how many things the visitor had done before each change.
    """
    if len(times) < BEATS:
        return False
    distances = [later - earlier for earlier, later in pairwise(times[-BEATS:])]
    done = {later - earlier for earlier, later in pairwise(acts[-BEATS:])}
    usual = median(distances)
    is_regular = all(abs(distance - usual) <= JITTER * usual for distance in distances)
    is_asked = len(done) == 1 and 0 < max(done) <= SINGLE
    return 0 < usual <= SLOWEST_MS and is_regular and until - times[-1] <= LATEST * usual and not is_asked
