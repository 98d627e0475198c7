"""Made-up nights: friction points whose days are drawn from rates a test sets, in a site with weeks and growth."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random

from friction.nightly.days import apart, moved
from friction.nightly.night import Cost, Night, Sight

FIRST = "2026-01-01"
WEEK = (1.0, 1.02, 1.0, 0.97, 0.9, 0.7, 0.75)
WINDOW = 28


@dataclass(frozen=True)
class Place:
    """A point to be: met by `rate(day)` of the sessions that see its page, who are `share` of all."""

    name: str
    rate: Callable[[str], float]
    share: float = 0.5
    detector: str = "rage_click"
    page: str = "/page"
    target: str | None = "button#buy"
    label: str | None = None
    part_of: str | None = None
    noise: float = 0.1
    """Standard deviation of a day's rate, as a share of it."""
    seen: Callable[[str], bool] = lambda _: True
    """Whether the page exists on that day."""
    harm: Callable[[str], float] = lambda _: 2.0
    """What it costs of 1,000 sessions that meet it, on that day."""


@dataclass
class Site:
    """A site with its traffic; each day is drawn once and stays what it was."""

    places: Sequence[Place]
    seed: int = 0
    sessions_a_day: int = 1500
    growth: float = 0.004
    down: Mapping[str, float] = field(default_factory=dict)
    """Days on which only this share of the sessions was recorded."""
    _days: dict[str, tuple[int, dict[str, tuple[int, int]]]] = field(default_factory=dict)

    def sessions(self, day: str) -> int:
        return self._day(day)[0]

    def _day(self, day: str) -> tuple[int, dict[str, tuple[int, int]]]:
        if day not in self._days:
            self._days[day] = self._drawn(day)
        return self._days[day]

    def _drawn(self, day: str) -> tuple[int, dict[str, tuple[int, int]]]:
        random = Random(f"{self.seed} {day}")
        since = apart(FIRST, day)
        mean = self.sessions_a_day * WEEK[(since + 3) % 7] * (1 + self.growth * since) * random.gauss(1, 0.05)
        whole = int(mean * self.down.get(day, 1.0))
        counts = {}
        for place in self.places:
            n = random.binomialvariate(whole, place.share) if hasattr(random, "binomialvariate") else 0
            n = n or _binomial(random, whole, place.share)
            n = n if place.seen(day) else 0
            rate = min(0.95, max(0.0, place.rate(day) * random.gauss(1, place.noise)))
            counts[place.name] = (n, _binomial(random, n, rate))
        return whole, counts

    def night(self, date: str, report: str = "") -> Night:
        """As a report over four weeks would tell it; points that nobody met are not in it."""
        days = [moved(date, step - WINDOW + 1) for step in range(WINDOW)]
        days = [day for day in days if day >= FIRST]
        sights = tuple(self._sights(days, date))
        sessions = {day: self.sessions(day) for day in days}
        pages = {
            place.page: sum(self._day(day)[1][place.name][0] for day in days)
            for place in self.places
            if any(place.seen(day) for day in days)
        }
        rules = {place.detector: "as ever" for place in self.places}
        return Night(date, days[0], report or f"report-{date}", sights, sessions, pages, rules)

    def _sights(self, days: Sequence[str], date: str) -> Iterator[Sight]:
        for place in self.places:
            counts = {day: self._day(day)[1][place.name] for day in days if place.seen(day)}
            met = sum(k for _, k in counts.values())
            if met:
                harm = sum(place.harm(day) * k for day, (_, k) in counts.items())
                per_1000 = harm / max(1, sum(n for n, _ in counts.values()))
                low, high = 0.7 * per_1000, 1.3 * per_1000
                cost = Cost(
                    date, "lost_conversions", per_1000, low, high, "medium", 1500.0, max(1, len(days))
                )
                yield Sight(
                    id=place.name,
                    detector=place.detector,
                    page=place.page,
                    target=place.target,
                    label=place.label,
                    title=f"“{place.label or place.target}” on {place.page}",
                    days=counts,
                    cost=cost,
                    part_of=place.part_of,
                )


def _binomial(random: Random, n: int, p: float) -> int:
    """Exact up to a few hundred, normal beyond: enough for counts of sessions."""
    if n * p * (1 - p) > 100:
        return min(n, max(0, round(random.gauss(n * p, (n * p * (1 - p)) ** 0.5))))
    if n * p < 60 and p < 0.2:
        return min(n, _poisson(random, n * p))
    return sum(random.random() < p for _ in range(n))


def _poisson(random: Random, mean: float) -> int:
    from math import exp

    limit, count, product = exp(-mean), 0, random.random()
    while product > limit:
        count += 1
        product *= random.random()
    return count


def steady(rate: float) -> Callable[[str], float]:
    """The same every day."""
    return lambda _: rate


def between(low: float, high: float, first: str, last: str = "9999") -> Callable[[str], float]:
    """`low`, but `high` on the days from `first` to `last`."""
    return lambda day: high if first <= day <= last else low
