"""A made-up shop, day by day as CSV: weeks, growth, incidents, redeploys, gaps. One file a day, as exports come.

Each visitor goes home → list → product → cart → pay, leaving at each step with some chance. Frictions are sequences of
clicks that the detectors know: three quick clicks that nothing answers are a rage click on that element.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

from friction.nightly.days import apart

HEAD = "timestamp,session_id,visitor_id,event,url,target,el_text\n"
WEEK = (1.0, 1.05, 1.0, 0.95, 0.9, 0.7, 0.75)
HOURS = (1, 1, 0, 0, 0, 1, 2, 4, 7, 10, 11, 11, 10, 9, 9, 10, 11, 12, 13, 13, 11, 7, 4, 2)
STEPS = ("/", "/list", "/product", "/cart", "/pay")
ON = (0.75, 0.6, 0.5, 0.55)
"""Chance to go on from each step."""


@dataclass(frozen=True)
class Trouble:
    """A friction: on `page`, `share(day)` of the sessions there rage at `target(day)`; some leave because of it."""

    page: str
    target: Callable[[str], str]
    label: str
    share: Callable[[str], float]
    leaves: float = 0.4


@dataclass(frozen=True)
class Shop:
    """The shop. `recorded`: per day, which hours were recorded (null: all); `clicks`: whether clicks were."""

    troubles: tuple[Trouble, ...]
    zone: str = "UTC"
    first: str = "2026-01-01"
    sessions_a_day: int = 350
    growth: float = 0.004
    traffic: Mapping[str, float] = field(default_factory=dict)
    silent: Mapping[str, range] = field(default_factory=dict)
    clickless: frozenset[str] = frozenset()
    seed: int = 7

    def write(self, day: str, folder: Path) -> Path:
        """The export of one day."""
        path = folder / f"events-{day}.csv"
        rows = sorted(self.rows(day))
        path.write_text(HEAD + "".join(f"{at},{rest}\n" for at, rest in rows), encoding="utf-8")
        return path

    def rows(self, day: str) -> Iterator[tuple[str, str]]:
        """Time and the other cells of every event that was recorded."""
        random, since = Random(f"{self.seed} {day}"), apart(self.first, day)
        weekday = dt.date.fromisoformat(day).weekday()
        mean = self.sessions_a_day * WEEK[weekday] * (1 + self.growth * since) * self.traffic.get(day, 1.0)
        for number in range(round(mean * random.gauss(1, 0.03))):
            hour = random.choices(range(24), HOURS)[0]
            start = dt.datetime.fromisoformat(f"{day}T{hour:02}:{random.randrange(60):02}:00")
            start = start.replace(tzinfo=ZoneInfo(self.zone)).astimezone(dt.UTC)
            for moment, kind, rest in self._session(day, number, start, random):
                local = moment.astimezone(ZoneInfo(self.zone))
                if local.hour in self.silent.get(day, ()) or (kind == "click" and day in self.clickless):
                    continue
                yield moment.strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z", rest

    def _session(
        self, day: str, number: int, at: dt.datetime, random: Random
    ) -> Iterator[tuple[dt.datetime, str, str]]:
        who = f"{day}-{number},v{random.randrange(10**9)}"

        def event(kind: str, page: str, target: str = "", text: str = "") -> tuple[dt.datetime, str, str]:
            return at, kind, f"{who},{kind},https://shop.example{page},{target},{text}"

        for step, page in enumerate(STEPS):
            yield event("page_view", page)
            at += dt.timedelta(seconds=random.uniform(3, 20))
            goes = random.random() < (ON[step] if step < len(ON) else 0.8)
            for trouble in self.troubles:
                if trouble.page == page and random.random() < trouble.share(day):
                    for _ in range(4):
                        yield event("click", page, trouble.target(day), trouble.label)
                        at += dt.timedelta(milliseconds=random.randrange(150, 400))
                    goes = goes and random.random() > trouble.leaves
                    at += dt.timedelta(seconds=5)
            if not goes:
                return
            yield event("click", page, "a.next", "Go on")
            at += dt.timedelta(seconds=1)
        yield event("purchase", "/thanks")


def always(name: str) -> Callable[[str], str]:
    """The same every day."""
    return lambda _: name
