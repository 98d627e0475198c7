"""How far people came in the funnels that somebody gave, counted part by part beside the detectors."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import polars as pl

from friction.config import Settings
from friction.detectors.base import CORE, Detector, input_type
from friction.detectors.funnel_dropoff import FunnelDropoff
from friction.report import Funnel, FunnelStep

Watch = Callable[[str, pl.DataFrame, pl.DataFrame], None]


def both(*watches: Watch | None) -> Watch | None:
    """All of them as one; null where none listens."""
    listening = [each for each in watches if each is not None]

    def watch(name: str, found: pl.DataFrame, people: pl.DataFrame) -> None:
        for each in listening:
            each(name, found, people)

    return watch if listening else None


@dataclass
class Reached:
    """Listens to detectors (`Plan.watch`): sessions by step of each funnel."""

    running: Sequence[Detector]
    _counts: list[Sequence[Sequence[int]]] = field(default_factory=list)

    @property
    def detector(self) -> FunnelDropoff | None:
        """The one that looks for drop-offs, if it runs."""
        return next((one for one in self.running if isinstance(one, FunnelDropoff)), None)

    def watch(self, name: str, _found: pl.DataFrame, people: pl.DataFrame) -> None:
        """The rows of a part, once."""
        detector = self.detector
        if detector is None or name != detector.name:
            return
        missing = sorted((CORE | detector.columns | detector.facts) - set(people.columns))
        nulls = [pl.lit(None, input_type(each, codes=True)).alias(each) for each in missing]
        self._counts.append(detector.reached(people.lazy().with_columns(nulls)))

    @property
    def noted(self) -> Sequence[Sequence[Sequence[int]]]:
        """What was counted so far: by part, funnel and step."""
        return self._counts

    def hear(self, counts: Sequence[Sequence[Sequence[int]]]) -> None:
        """What somebody else counted of other rows (`noted`)."""
        self._counts += counts

    def funnels(self, sessions: pl.DataFrame, settings: Settings) -> list[Funnel]:
        """Every funnel with the sessions that came to each step in order, all sessions of people first."""
        detector = self.detector
        if detector is None or not self._counts:
            return []
        names = [*settings.funnels] or [" > ".join(way) for way in detector.ways]
        everybody, found = int((~sessions["automated"]).sum()), []
        for number, (name, way) in enumerate(zip(names, detector.ways, strict=False)):
            sums = [sum(part[number][step] for part in self._counts) for step in range(len(way))]
            steps = [FunnelStep(_plain(step), n) for step, n in zip(way, sums, strict=True)]
            found.append(Funnel(name, "configured", [FunnelStep("", everybody), *steps]))
        return found


def _plain(step: str) -> str:
    """A step as people read it: the page itself where it is nothing but a page."""
    return step.removeprefix("page=") if " and " not in step else step
