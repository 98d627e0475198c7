"""How far the work is: a line on the terminal with the stage, the share done, rows a second and the time left."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from friction.i18n import Language

STAGES: dict[str, tuple[float, float]] = {
    "fetching": (0.0, 0.3),
    "reading": (0.0, 0.55),
    "sorting": (0.55, 0.65),
    "detecting": (0.65, 0.95),
    "ranking": (0.95, 1.0),
}
"""From where to where the bar goes in a stage: shares of the time that an analysis of some million rows took."""
SURE_AFTER_S, SURE_FROM = 2.0, 0.05
"""Before so many seconds, and below this share, nothing is said of the time left."""


@dataclass
class Meter:
    """What was heard of the work so far. `now` is a clock in seconds."""

    speak: Language
    now: Callable[[], float] = time.monotonic
    stage: str = "starting"
    share: float = 0.0
    """Of the whole work; it never goes back."""
    rows: int = 0
    _began: float = field(init=False)

    def __post_init__(self) -> None:
        self._began = self.now()

    def hear(self, message: dict[str, Any]) -> None:
        """One message of the data process: `stage`, `share` of it, `rows` so far."""
        self.stage = str(message["stage"])
        first, last = STAGES.get(self.stage, (self.share, self.share))
        self.share = max(self.share, first + (last - first) * float(message["share"]))
        self.rows = max(self.rows, int(message.get("rows") or 0))

    def line(self) -> str:
        """`Reading · 240,000 rows/s · 12 s left`; what is not known yet is left out."""
        spent = self.now() - self._began
        parts = [self.speak.word("stage", self.stage)]
        if self.rows and spent > 0:
            parts.append(self.speak.text("{rate} rows/s", rate=self.speak.decimal(self.rows / spent, 2)))
        if spent >= SURE_AFTER_S and SURE_FROM <= self.share < 1:
            left = spent * (1 - self.share) / self.share
            parts.append(self.speak.text("{time} left", time=self.speak.duration(max(1, round(left)))))
        return " · ".join(parts)
