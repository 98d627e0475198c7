"""What happens in the middle of a session, and what it means."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from tests.truth.labelled.stage import Answer, Stage

Meaning = Literal["rage_click", "dead_click", "nothing"]


@dataclass(frozen=True)
class Scene:
    """One kind of scene: `play(stage, line)` writes it for one of the elements `lines`."""

    name: str
    means: Meaning
    lines: tuple[str, ...]
    play: Callable[[Stage, str], None]
    weight: float = 1.0
    held_out: bool = False
    """Not looked at while the detectors were improved."""
    of_recordings: bool = True
    """False: only a tracker tells it so."""


def burst(
    least: int, most: int, median_ms: float, answer: Answer | None = None, drift: float = 0.0
) -> Callable[[Stage, str], None]:
    """Clicks on one element, as many as this and as quick as that."""

    def play(stage: Stage, line: str) -> None:
        stage.burst([line] * stage.some(least, most), median_ms, answer, drift)

    return play


def once(answer: Answer | None = None) -> Callable[[Stage, str], None]:
    """One click."""

    def play(stage: Stage, line: str) -> None:
        stage.click(line, answer)

    return play
