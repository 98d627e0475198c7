"""When a rate changed: spikes, lasting shifts and falls of one series of `k` exits out of `n` views an hour.

Seasonal baseline, segmentation of the residuals, then a test of each segment against the one before, with a
margin: `seasonal`, `segments`, `margin` and `verdicts` say why. A change is found, not explained.
"""

from __future__ import annotations

import math
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from friction.margin import ratio
from friction.series.seasonal import Numbers, baseline, dispersion
from friction.series.segments import SHORTEST, segment
from friction.series.verdicts import Verdict, judge, pieces
from friction.values import dataclass

Kind = Literal["spike", "shift", "fall"]
Bucket = Literal["hour", "day"]
Reason = Literal["no_views", "no_exits", "only_exits", "too_short"]

MARGIN = 1.10
Z_ALARM = 4.6
LASTING_DAYS = 3
FEWEST_HOURLY = 2.0
"""Views an hour on average; with fewer, buckets are days."""


@dataclass(frozen=True)
class Change:
    """One segment out of the ordinary. `start` and `end` (exclusive) are positions in the hours given.

    `end` is null while the change lasts. A rise that lasts, for three days or more so far, is a *shift*, any
    other rise a *spike*; a *fall* is an improvement and never an alarm. `expected` are the exits that the
    level before would have brought at these hours, without the margin; `extra` = `k` - `expected`. Rates are
    plain shares; `ratio`, with its 95 % interval, allows for the season. `z` counts standard deviations
    beyond the margin; `p` is the chance of as much anywhere in a series this long where nothing happens.
    """

    start: int
    end: int | None
    kind: Kind
    n: int
    k: int
    expected: float
    rate_before: float
    rate_in: float
    ratio: float
    ratio_low: float
    ratio_high: float
    extra: float
    z: float
    p: float


@dataclass(frozen=True)
class Series:
    """What can be said of one series: its changes in order of time, or the `reason` why nothing can.

    `phi` is the dispersion (1: binomial). `smallest_lift` is the rise, as a share of the rate, below which a
    window of 24 hours is mostly missed: 0.4 means "from 20 % to 28 %". In simulations a third of the windows
    of just that rise were found. Null with a reason.
    """

    changes: tuple[Change, ...]
    bucket: Bucket
    phi: float
    smallest_lift: float | None
    reason: Reason | None


@dataclass(frozen=True)
class _Buckets:
    """The series as it is judged: counts, number of the first bucket since the epoch, buckets a day."""

    n: Numbers
    k: Numbers
    first: int
    per_day: Literal[24, 1]


def find_changes(
    n: NDArray[np.integer],
    k: NDArray[np.integer],
    first_hour: int,
    *,
    margin: float = MARGIN,
    z_alarm: float = Z_ALARM,
) -> Series:
    """Changes of the rate `k / n` in consecutive hours, the first `first_hour` hours after the Unix epoch.

    Hours are those of the zone the report is shown in: shift `first_hour` by it. An hour without views is
    0, not left out. The caller leaves out the unfinished last hour, and the last session timeout (30
    minutes): an exit is known only when its session is over. With fewer than two views an hour on average
    the buckets are days, and a first or last day that is not complete is left out here. Raises `ValueError` for
    counts that cannot be.
    """
    if len(n) != len(k) or (k > n).any() or (k < 0).any():
        raise ValueError("a series needs as many n as k, and 0 <= k <= n in every hour")
    buckets = _Buckets(np.asarray(n, np.float64), np.asarray(k, np.float64), first_hour, 24)
    if buckets.n.sum() < FEWEST_HOURLY * len(n):
        buckets = _by_day(buckets)
    bucket: Bucket = "hour" if buckets.per_day == 24 else "day"
    if reason := _silence(buckets):
        return Series((), bucket, 1.0, None, reason)
    rate = baseline(buckets.n, buckets.k, buckets.first, buckets.per_day)
    phi = dispersion(buckets.n, buckets.k, rate, buckets.per_day)
    verdicts = _verdicts(buckets, rate, phi, margin, z_alarm)
    changes = tuple(_change(verdict, buckets, phi, first_hour) for verdict in verdicts)
    return Series(changes, bucket, phi, _smallest_lift(buckets, phi, margin, z_alarm), None)


def _by_day(hours: _Buckets) -> _Buckets:
    """The same counts by calendar day, without a first and last day that are not complete."""
    first, complete = -(-hours.first // 24), (hours.first + len(hours.n)) // 24
    days = max(0, complete - first)
    whole = slice(first * 24 - hours.first, (first + days) * 24 - hours.first)
    n, k = (counts[whole].reshape(days, 24).sum(axis=1) for counts in (hours.n, hours.k))
    return _Buckets(n, k, first, 1)


def _silence(buckets: _Buckets) -> Reason | None:
    """Why nothing can be said of these counts; null if something can."""
    views, exits = buckets.n.sum(), buckets.k.sum()
    if len(buckets.n) < 2 * SHORTEST:
        return "too_short"
    if views == 0:
        return "no_views"
    if exits == 0:
        return "no_exits"
    return "only_exits" if exits == views else None


def _verdicts(buckets: _Buckets, rate: Numbers, phi: float, margin: float, z_alarm: float) -> list[Verdict]:
    weight = buckets.n * rate * (1 - rate) / phi
    residual = (buckets.k - buckets.n * rate) / phi
    edges = segment(weight, residual, penalty=2 * math.log(len(weight)))
    cut = pieces(edges, buckets.n, buckets.k, rate)
    return judge(cut, phi, margin=margin, z_alarm=z_alarm, per_day=buckets.per_day)


def _change(verdict: Verdict, buckets: _Buckets, phi: float, first_hour: int) -> Change:
    """The verdict in figures, its place counted in hours of the series that was given."""
    inside, before = verdict.inside, verdict.before
    hours = 24 // buckets.per_day
    start, end = ((buckets.first + at) * hours - first_hour for at in (inside.start, inside.end))
    expected = inside.sums.e * before.sums.level
    estimate, low, high = ratio(inside.sums, before.sums, phi)
    return Change(
        start=max(0, start),
        end=None if verdict.lasts else end,
        kind=_kind(verdict, LASTING_DAYS * buckets.per_day),
        n=inside.sums.n,
        k=inside.sums.k,
        expected=expected,
        rate_before=before.sums.rate,
        rate_in=inside.sums.rate,
        ratio=estimate,
        ratio_low=low,
        ratio_high=high,
        extra=inside.sums.k - expected,
        z=verdict.z,
        p=_chance(verdict.z, int((buckets.n > 0).sum())),
    )


def _chance(z: float, places: int) -> float:
    """Of one place a normal tail, times the places where a change could have begun.

    In simulations of eight weeks without any change, with all that scatters in real ones, 3 series in 1,000 had an
    alarm at z = 4.6; this says 2.8.
    """
    return min(1.0, places * 0.5 * math.erfc(z / math.sqrt(2)))


def _kind(verdict: Verdict, lasting: int) -> Kind:
    if verdict.side < 0:
        return "fall"
    return "shift" if verdict.lasts and verdict.inside.length >= lasting else "spike"


def _smallest_lift(buckets: _Buckets, phi: float, margin: float, z_alarm: float) -> float:
    """The rule of thumb for 24 hours: the margin, then what noise hides among the exits to expect in them."""
    exits = buckets.k.sum() * buckets.per_day / len(buckets.k)
    stayed = 1 - buckets.k.sum() / buckets.n.sum()
    return float(margin - 1 + 6.5 * z_alarm / Z_ALARM * math.sqrt(phi * stayed / exits))
