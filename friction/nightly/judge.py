"""Is a friction point met more or less often than it used to be, by its own history?

The latest 1, 2, 4, 8 and 14 days are each held against up to eight weeks before, from the day on which the present
level began. A day's share scatters more than chance alone gives: the dispersion of the days before widens everything
(`friction.margin`, the test of drop-off series), and rates within a tenth of each other are no news.

False alarms are bounded over everything tested that night (Benjamini–Hochberg at 10 %). The same is asked again every
night, of five stretches and both ways, and each time may err: so a p-value is first multiplied by all of that for a
month of nights. An alarm in ten is false over a month, not over a night.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Set

from friction.margin import Segment, deviation
from friction.nightly.days import moved
from friction.nightly.night import Days
from friction.values import dataclass

STRETCHES = (1, 2, 4, 8, 14)
"""Latest days that are asked about."""
LONGEST = max(STRETCHES)
BEFORE = 56
FEWEST_DAYS, FEWEST_SEEN = 2, 40
"""Days and sessions before, for a comparison."""
MARGIN, AGAIN = 1.1, 2.0
"""How many times as often is no news yet; soon after a change the same way, only another doubling is."""
LOOKS = 30
EXTRA = 5.0
"""Sessions beyond the expected ones, below which a change is too small to speak of."""
FIXED = 0.2
PRIOR_DAYS, PRIOR_DISPERSION = 4.0, 1.2
"""What the dispersion is taken to be before days have shown it, and for how many days that counts."""


@dataclass(frozen=True)
class Verdict:
    """The clearest answer: `rises` or falls since `start`; shares of sessions; how many times as often, with range.

    `p`: the chance of as much where nothing changes, in a month of nights. `falls_to`: the share of the old rate that
    it surely does not exceed (one-sided 95 %).
    """

    rises: bool
    start: str
    before: float
    now: float
    times: float
    low: float
    high: float
    p: float
    falls_to: float
    extra: float


def verdict(
    days: Days,
    date: str,
    level_from: str | None,
    blind: Set[str],
    *,
    risen: bool = False,
    fallen: bool = False,
) -> Verdict | None:
    """Of the days up to `date`, without the `blind` ones; null where there is nothing to compare.

    `risen`, `fallen`: the present level is itself a rise or fall of these days.
    """
    known = [
        (day, *counts)
        for day, counts in sorted(days.items())
        if moved(date, -BEFORE - LONGEST) < day <= date and counts[0] and day not in blind
    ]
    found = [
        one
        for length in STRETCHES
        if (one := _of(known, moved(date, 1 - length), level_from, risen=risen, fallen=fallen))
    ]
    return max(found, key=lambda each: each[0])[1] if found else None


def _of(
    known: list[tuple[str, int, int]], start: str, level_from: str | None, *, risen: bool, fallen: bool
) -> tuple[float, Verdict] | None:
    """The stretch from `start` on, with its deviation."""
    floor = max(moved(start, -BEFORE), level_from or "")
    before = [(n, k) for day, n, k in known if floor <= day < start]
    inside = _sum((n, k) for day, n, k in known if day >= start)
    base = _sum(before)
    if not inside.n or len(before) < FEWEST_DAYS or base.n < FEWEST_SEEN:
        return None
    phi = dispersion(before)
    expected = inside.n * (base.k + 0.5) / (base.n + 1)
    rises = inside.k > expected
    again = risen if rises else fallen
    factor = (AGAIN if again else MARGIN) ** (1 if rises else -1)
    z = deviation(inside, base, phi, factor=factor, side=1 if rises else -1)
    extra = inside.k - expected
    p = 1.0 if abs(extra) < EXTRA else _chance(z)
    return (z if p < 1 else -1.0, _verdict(inside, base, start, phi, p, rises=rises, extra=extra))


def _chance(z: float) -> float:
    return min(1.0, 2 * len(STRETCHES) * LOOKS * 0.5 * math.erfc(z / math.sqrt(2)))


def _sum(counts: Iterable[tuple[int, int]]) -> Segment:
    n = k = 0
    for seen, met in counts:
        n, k = n + seen, k + min(met, seen)
    return Segment(n, k, float(n))


def _verdict(
    inside: Segment, base: Segment, start: str, phi: float, p: float, *, rises: bool, extra: float
) -> Verdict:
    times = inside.level / base.level
    spread = 1.959964 * math.sqrt(phi * (1 / (inside.k + 0.5) + 1 / (base.k + 0.5)))
    expected = max(inside.n * base.level, 1e-9)
    ceiling = phi * _upper(inside.k / phi) / expected
    return Verdict(
        rises=rises,
        start=start,
        before=base.rate,
        now=inside.rate,
        times=times,
        low=times * math.exp(-spread),
        high=times * math.exp(spread),
        p=p,
        falls_to=ceiling,
        extra=extra,
    )


def _upper(k: float) -> float:
    """The count that is surely not exceeded where `k` were counted (Byar's approximation, one-sided 95 %)."""
    more = k + 1
    root: float = 1 - 1 / (9 * more) + 1.645 / (3 * math.sqrt(more))
    return more * root * root * root


def dispersion(days: list[tuple[int, int]]) -> float:
    """How many times as much days scatter as chance alone gives; twice the excess, since bad days come together."""
    n, k = (sum(each) for each in zip(*days, strict=True))
    rate = (k + 0.5) / (n + 1)
    square: float = sum((met - rate * seen) ** 2 / (seen * rate * (1 - rate)) for seen, met in days)
    excess = (square + PRIOR_DAYS * PRIOR_DISPERSION) / (len(days) - 1 + PRIOR_DAYS) - 1
    return 1 + 2 * max(0.0, excess)


def start_of(days: Days, found: Verdict, date: str, blind: Set[str]) -> str:
    """The day on which the change most likely began: where the days before and since differ most."""
    best, start = -1.0, found.start
    for length in range(1, LONGEST + 1):
        first = moved(date, 1 - length)
        before = _sum(
            v for day, v in days.items() if moved(first, -BEFORE) <= day < first and day not in blind
        )
        inside = _sum(v for day, v in days.items() if first <= day <= date and day not in blind)
        if not before.n or not inside.n:
            continue
        z = deviation(inside, before, 1.0, factor=1.0, side=1 if found.rises else -1)
        if z > best:
            best, start = z, first
    return start
