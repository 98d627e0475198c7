"""The thrashed cursor of Splunk RUM: two seconds of pointer movement, scored by turns, speed and closeness.

1. Moves less than 16 ms after the last that was taken are skipped.
2. Moves that would need more than 5,000 px/s since the last sample are dropped, but are where the next distance
starts.
3. The others are samples. Nothing is scored with fewer than three, or less than two seconds after the last finding.
4. The window: samples of the last two seconds. Speed is the plain mean over its segments; a turn is a change of
   direction by 45° and more between segments longer than 5 px × `dpr`; the side is the larger one of the box around
   them.
5. At least 300 px of path, 300 px/s and four turns; then a score of 0.65 and more is a finding.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from friction.detectors.presets.tape import Tape

THROTTLE_US = 16_000
TOP_SPEED = 5_000.0
WINDOW_US = 2_000_000
MIN_PATH, MIN_SPEED, MIN_TURNS, MIN_SCORE = 300.0, 300.0, 4, 0.65
SEGMENT_PX, TURN_DEGREES = 5.0, 45.0
MANY_TURNS, CLOSE_PX = 8, 200.0
Sample = tuple[int, float, float]
"""Time on the clock (µs), x, y."""


def thrashes(tape: Tape) -> Iterator[tuple[list[int], float]]:
    """Windows that are findings, as places, with their score."""
    x, y = tape.numbers("x"), tape.numbers("y")
    known = ~(np.isnan(x) | np.isnan(y))
    dpr = tape.frame["dpr"].cast(float).fill_null(1.0).to_list()
    moves = np.flatnonzero(tape.is_a("mouse_move") & known)
    for places in np.split(moves, np.flatnonzero(~tape.same_stream(moves)) + 1):
        track = list(zip(tape.at[places].tolist(), x[places].tolist(), y[places].tolist(), strict=True))
        yield from _in_stream(track, places.tolist(), dpr)


def _in_stream(track: list[Sample], places: list[int], dpr: list[float]) -> Iterator[tuple[list[int], float]]:
    stored: list[int] = []
    path = 0.0
    passed = detected = -WINDOW_US
    seen = (0.0, 0.0)
    first = 0
    lengths: list[float] = []
    for number, (at, x, y) in enumerate(track):
        if at - passed < THROTTLE_US:
            continue
        passed = at
        if stored:
            jump = math.hypot(x - seen[0], y - seen[1]) / ((at - track[stored[-1]][0]) / 1e6)
            seen = (x, y)
            if jump > TOP_SPEED:
                continue
            before = track[stored[-1]]
            lengths.append(math.hypot(x - before[1], y - before[2]))
            path += lengths[-1]
        seen = (x, y)
        stored.append(number)
        while track[stored[first]][0] < at - WINDOW_US:
            path -= lengths[first]
            first += 1
        if len(stored) - first < 3 or at - detected < WINDOW_US or path < MIN_PATH - 1.0:
            continue
        score = _score([track[one] for one in stored[first:]], dpr[places[number]])
        if score is not None and score >= MIN_SCORE:
            detected = at
            yield [places[one] for one in stored[first:]], score


def _score(window: list[Sample], dpr: float) -> float | None:
    """Null where path, speed or turns do not suffice."""
    steps = [(b[1] - a[1], b[2] - a[2], (b[0] - a[0]) / 1e6) for a, b in pairwise(window)]
    path = sum(math.hypot(dx, dy) for dx, dy, _ in steps)
    speeds = [math.hypot(dx, dy) / seconds for dx, dy, seconds in steps if seconds > 0]
    speed = sum(speeds) / len(speeds) if speeds else 0.0
    turns = _turns([(dx, dy) for dx, dy, _ in steps if math.hypot(dx, dy) > SEGMENT_PX * dpr])
    if path < MIN_PATH or speed < MIN_SPEED or turns < MIN_TURNS:
        return None
    side = max(
        max(sample[axis] for sample in window) - min(sample[axis] for sample in window) for axis in (1, 2)
    )
    quick = min(max((speed - MIN_SPEED) / MIN_SPEED, 0.0), 1.0)
    score = 0.4 * min(turns / MANY_TURNS, 1.0) + 0.3 * quick + 0.3 / (1 + (side / CLOSE_PX) ** 2)
    return min(1.0, score)


def _turns(steps: list[tuple[float, float]]) -> int:
    angles = [math.degrees(math.atan2(dy, dx)) for dx, dy in steps]
    return sum(_between(a, b) >= TURN_DEGREES for a, b in pairwise(angles))


def _between(one: float, other: float) -> float:
    apart = abs(one - other)
    return 360.0 - apart if apart > 180.0 else apart
