"""One session while it is written: a clock, a hand that clicks, and a page that answers or does not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from tests.truth.labelled.markup import element

LOOK_AHEAD_MS = 3_000.0
Row = dict[str, Any]
Answer = Callable[["Stage"], None]
"""What a page does about a click; it is called at the moment of the click."""


@dataclass
class Stage:
    """The rows of one session. Times are milliseconds from its start."""

    rng: np.random.Generator
    is_recording: bool
    """Told as a recorder does: answers are summed up in `response_delay_ms`, changes are no rows."""
    has_network: bool
    t: float = 0.0
    page: str = "/"
    rows: list[Row] = field(default_factory=list)
    tempo: float = 1.0
    """How slow this person's hand is; 1 is the median."""
    _open: list[Row] = field(default_factory=list)
    """Clicks without an answer so far; a recorder takes what comes for an answer to all of them."""

    def wait(self, low: float, high: float) -> None:
        """Time passes."""
        self.t += float(self.rng.uniform(low, high))

    def row(self, kind: str, after: float = 0.0, **columns: Any) -> Row:
        """A row, `after` ms from now."""
        made = {"ts": self.t + after, "kind": kind, "url": self.page, **columns}
        self.rows.append(made)
        return made

    def click(self, line: str, answer: Answer | None = None, spot: tuple[float, float] = (0.0, 0.0)) -> None:
        """A click with the hand's own aim; the answer may set rows before or after it."""
        off = self.rng.normal(0.0, 2.5, 2)
        press = float(np.clip(self.rng.lognormal(np.log(80), 0.3), 25, 400))
        x, y = 400 + spot[0] + off[0], 300 + spot[1] + off[1]
        told: Row = {"x": x, "y": y, "press_ms": press, "button": 0, "is_trusted": True, "pointer": "mouse"}
        self._open = [row for row in self._open if row["ts"] > self.t - LOOK_AHEAD_MS]
        self._open.append(self.row("click", **element(line), **told))
        if answer is not None:
            answer(self)

    def answered(self, kind: str, after: float, **columns: Any) -> None:
        """A row that answers the click of this moment, in the words of this source."""
        for click in self._open if self.is_recording else ():
            delay = max(self.t + after - click["ts"], 0.0)
            if delay < min(click.get("response_delay_ms", LOOK_AHEAD_MS), LOOK_AHEAD_MS):
                click["response_delay_ms"] = delay
        if not (self.is_recording and kind == "mutation"):
            self.row(kind, after, **columns)

    def request(self, after: float, status: int = 200, took: float = 300.0) -> None:
        """A request, where this source sees the network."""
        if self.has_network:
            self.answered("request", after, http_status=status, duration_ms=took, req_url="/api")

    def gaps(self, n: int, median_ms: float) -> list[float]:
        """Pauses between `n` clicks in a row by this hand."""
        return [float(self.tempo * self.rng.lognormal(np.log(median_ms), 0.2)) for _ in range(n - 1)]

    def burst(
        self, lines: list[str], median_ms: float, answer: Answer | None = None, drift: float = 0.0
    ) -> None:
        """Clicks one after the other, one on each of these elements; `drift` px from one to the next."""
        spot = (0.0, 0.0)
        for line, gap in zip(lines, [*self.gaps(len(lines), median_ms), 0.0], strict=True):
            self.click(line, answer, spot)
            self.t += gap
            spot = (spot[0] + drift * float(self.rng.normal()), spot[1] + drift * float(self.rng.normal()))

    def some(self, low: int, high: int) -> int:
        """A number, small ones more often."""
        return low + int((high - low + 1) * self.rng.random() ** 1.6)

    def one_of(self, answers: Sequence[Answer]) -> Answer:
        """Any of these ways to answer."""
        return answers[int(self.rng.integers(len(answers)))]

    def chance(self, share: float) -> bool:
        """True this often."""
        return bool(self.rng.random() < share)


def changes(stage: Stage) -> None:
    """The page changes at once, as by a script."""
    stage.answered("mutation", float(np.clip(stage.rng.lognormal(np.log(35), 0.6), 4, 900)))


def fetches(stage: Stage) -> None:
    """A request, and the page changes when it is answered."""
    took = float(np.clip(stage.rng.lognormal(np.log(320), 0.6), 40, 2_400))
    stage.request(float(stage.rng.uniform(2, 25)), took=took)
    if stage.chance(0.5):
        changes(stage)
    stage.answered("mutation", took + 20)


def presses(stage: Stage) -> None:
    """It opens on the press, before the click is complete."""
    stage.answered("mutation", -float(stage.rng.uniform(5, 75)))


def leads(stage: Stage) -> None:
    """Another page opens."""
    stage.page = f"/page-{stage.some(1, 8)}"
    stage.answered("page_view", float(np.clip(stage.rng.lognormal(np.log(450), 0.6), 60, 2_600)))


def scrolls(stage: Stage) -> None:
    """The page moves to another place."""
    for at in (30.0, 130.0, 230.0, 330.0):
        stage.answered("scroll", at + float(stage.rng.uniform(-20, 20)))


def leaves_the_window(stage: Stage) -> None:
    """Another window or program comes to the front."""
    stage.answered("blur" if stage.chance(0.6) else "visibility", float(stage.rng.uniform(60, 700)))
