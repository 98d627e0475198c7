"""Many sessions as one event table, and what each of them means."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl

from friction.schema import EVENT
from tests.truth.labelled.harms import HARMS
from tests.truth.labelled.look_alikes import LOOK_ALIKES
from tests.truth.labelled.scene import Scene
from tests.truth.labelled.stage import Row, Stage, changes, fetches, leads, presses

SCENES: tuple[Scene, ...] = (*HARMS, *LOOK_ALIKES)
HARMLESS_FOR_ONE_HARM = 2.0
"""Scenes without harm for each rage click and each dead click."""
START = datetime(2026, 3, 2, tzinfo=UTC)
USED = (
    "main > div.results > a.result-title[href=/item]{Lamp}",
    "header > nav > a.nav-link[href=/shop]{Shop}",
    "main > button.apply{Apply}",
    "aside > label.filter > input[type=checkbox]",
)


@dataclass(frozen=True)
class Population:
    """An event table, and for each of its sessions the name and meaning of its scene."""

    events: pl.DataFrame
    truth: pl.DataFrame
    """`session_id, kind, means, held_out`, and `told`: by a recorder or a tracker."""


def population(seed: int, sessions: int) -> Population:
    """Seeded sessions; the n-th is the same however many there are."""
    chances = np.cumsum(weights())
    made: list[Row] = []
    truth = []
    for number in range(sessions):
        rng = np.random.default_rng([seed, number])
        scene = SCENES[int(np.searchsorted(chances, rng.random(), side="right"))]
        name = f"s{number:06}"
        stage = _session(rng, scene)
        begin = START + timedelta(seconds=float(rng.uniform(0, 20 * 86_400)))
        for row in stage.rows:
            at = begin + timedelta(milliseconds=row["ts"])
            made.append({**row, "ts": at, "session_id": name, "visitor_id": name})
        told = "recorder" if stage.is_recording else "tracker"
        truth.append((name, scene.name, scene.means, scene.held_out, told))
    columns = {column for row in made for column in row}
    frame = pl.DataFrame(made, schema={name: kind for name, kind in EVENT.items() if name in columns})
    known = pl.DataFrame(truth, schema=["session_id", "kind", "means", "held_out", "told"], orient="row")
    return Population(frame.sort("session_id", "ts", maintain_order=True), known)


def pooled(seeds: Sequence[int], sessions: int) -> Population:
    """The sessions of several seeds as one population."""
    made = [population(seed, sessions) for seed in seeds]
    renamed = [
        (one.events.with_columns(session_id=name), one.truth.with_columns(session_id=name))
        for seed, one in zip(seeds, made, strict=True)
        for name in [pl.format("{}-{}", pl.lit(seed), "session_id")]
    ]
    events = pl.concat([events for events, _ in renamed], how="diagonal")
    return Population(events, pl.concat([truth for _, truth in renamed]))


def weights() -> list[float]:
    """Chance of each scene: a share for rage clicks, one for dead clicks, and twice their sum for look-alikes."""
    totals: dict[str, float] = {}
    for scene in SCENES:
        totals[scene.means] = totals.get(scene.means, 0.0) + scene.weight
    share = {"rage_click": 1.0, "dead_click": 1.0, "nothing": 2 * HARMLESS_FOR_ONE_HARM}
    raw = [scene.weight / totals[scene.means] * share[scene.means] for scene in SCENES]
    return [each / sum(raw) for each in raw]


def _session(rng: np.random.Generator, scene: Scene) -> Stage:
    stage = Stage(rng, is_recording=bool(rng.random() < 0.5), has_network=bool(rng.random() < 0.6))
    stage.tempo = float(rng.lognormal(0.0, 0.28))
    stage.row("page_view")
    _browse(stage, stage.some(1, 5))
    stage.wait(1_200, 8_000)
    scene.play(stage, str(rng.choice(scene.lines)))
    if stage.rows[-1]["kind"] != "page_leave":
        stage.wait(1_500, 7_000)
        _browse(stage, stage.some(1, 5))
        stage.wait(500, 9_000)
        stage.row("page_leave")
    if not stage.is_recording and stage.chance(0.1):
        _ticks(stage)
    return stage


def _browse(stage: Stage, steps: int) -> None:
    """Reading, scrolling, and clicks on what works."""
    for _ in range(steps):
        for _ in range(stage.some(0, 4)):
            stage.row("scroll")
            stage.wait(150, 1_500)
        stage.wait(800, 9_000)
        stage.click(str(stage.rng.choice(USED)), stage.one_of([changes, fetches, leads, presses]))
        stage.wait(1_500, 6_000)


def _ticks(stage: Stage) -> None:
    """Something on the page changes all the time: a clock, a teaser, an advertisement."""
    every = float(stage.rng.uniform(400, 6_000))
    last = max(row["ts"] for row in stage.rows)
    for at in np.arange(stage.rng.uniform(0, every), last, every):
        stage.rows.append({"ts": float(at + stage.rng.normal(0, 8)), "kind": "mutation", "url": "/"})
