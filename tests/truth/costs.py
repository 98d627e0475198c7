"""Costs through the command line: exports of shops whose losses are known, and their reports judged.

    python -m tests.truth.costs               every world, five seeds; small uploads; a million sessions
    python -m tests.truth.costs --seeds 1     fewer seeds
    python -m tests.truth.costs --only main   one part: a world, "agents", "agents, null", "small" or "large"

Seeds from 101 on were used for nothing else. Goals are those of `statistics.md` §2.5 and §2.9.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from tests.truth import agents
from tests.truth.case import Case, slot_of
from tests.truth.frames import export
from tests.truth.linear import losses
from tests.truth.scores import Told, ndcg, score
from tests.truth.shop import PAGES, SLOTS, WORLDS, Floats, world
from tests.truth.walk import live

SEEDS = range(101, 106)
SESSIONS = 100_000
SMALL = (1_500, 5_000, 20_000)
GOALS = {
    "main": (0.94, 0.93, 0.50, (0.8, 1.15), 0.92),
    "detour": (0.92, 0.91, 0.40, (0.7, 1.1), 0.88),
    "carry-over": (0.89, 0.89, 0.46, (0.55, 1.1), 0.80),
    "symptom": (0.93, 0.91, 0.46, (0.75, 1.2), 0.90),
    "randomized": (0.94, 0.93, 0.44, (0.85, 1.15), 0.93),
    "agents": (0.92, 0.93, 0.62, (0.7, 1.1), 0.80),
}
"""NDCG@10, top-10 share and tau at least; total ratio within; coverage at least. False discoveries: 0.10 at most."""
AGENTS = ("agents", "agents, null")
DETECTORS = ("rage_click", "error_click", "slow_page")
HEAD = " " * 26 + "".join(
    f"{word:>8}" for word in "NDCG@10,top 10,tau,ratio,cover,FDR,shown,count,naive".split(",")
)


def main(words: Sequence[str] | None = None) -> int:
    """Print the table; 1 when a goal is missed."""
    asked = argparse.ArgumentParser(prog="python -m tests.truth.costs", description=__doc__)
    asked.add_argument("--seeds", type=int, default=len(SEEDS), help="how many shops of each kind")
    asked.add_argument("--only", choices=[*WORLDS, *AGENTS, "small", "large"], help="one part of the table")
    given = asked.parse_args(words)
    seeds = SEEDS[: given.seeds]
    parts: dict[str, Callable[[], int]] = {name: partial(_world, name, seeds) for name in [*WORLDS, *AGENTS]}
    parts["small"] = lambda: sum([_small(sessions, seeds) for sessions in SMALL])
    parts["large"] = _large
    print(
        f"{SESSIONS:,} sessions × 200 points (agents 96), mean of {len(seeds)}; below each world its goals\n{HEAD}",
        flush=True,
    )
    return int(sum([work() for name, work in parts.items() if given.only in {None, name}]) > 0)


def _large() -> int:
    """A million sessions: only whether it is done in time and room; most of both is reading and detection."""
    row = judged("main", SEEDS[0], 1_000_000)
    return _line("main, 1,000,000 sessions", [row], None)


def _world(name: str, seeds: Sequence[int]) -> int:
    rows = [judged(name, seed, SESSIONS) for seed in seeds]
    return _line(name, rows, GOALS.get(name))


def _small(sessions: int, seeds: Sequence[int]) -> int:
    missed = 0
    for name, order, inside in (("main", 0.80, 0.93), ("agents", 0.70, 0.87)):
        rows = [judged(name, seed, sessions) for seed in seeds]
        goal = (order, 0.0, -1.0, (0.0, 1.5), inside) if sessions == 5_000 else None
        missed += _line(f"{name}, {sessions:,} sessions", rows, goal)
        print(f"{'  above counts in':26}{sum(row[9] < row[0] for row in rows):>8} of {len(rows)}", flush=True)
    for name in ("null", "agents, null"):
        missed += _line(
            f"{name}, {sessions:,} sessions", [judged(name, seed, sessions) for seed in seeds], None
        )
    return missed


Figures = Floats
"""Of one shop: those of `Score`, then NDCG@10 of counts and of the naive figure, seconds and MB of the command."""


def judged(name: str, seed: int, sessions: int) -> Figures:
    """One shop through the command line."""
    shop = agents.case(name, seed, sessions) if name in AGENTS else case(name, seed, sessions)
    true = shop.true
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "export.parquet"
        shop.events.write_parquet(path)
        report, took, memory = analysed(path)
    told, counts, naive = read(report, shop)
    rivals = [ndcg(each, true) if true.sum() else np.nan for each in (counts, naive)]
    return np.append(score(told, true, shop.harmful).row(), [*rivals, took, memory])


def case(name: str, seed: int, sessions: int) -> Case:
    """A shop of pages, whose truth is solved for."""
    shop = world(name, seed)
    life = live(shop, sessions, seed)
    true = losses(shop, life.arrivals).ravel() if name != "null" else np.zeros(len(PAGES) * len(SLOTS))
    return Case(export(shop, life), true, shop.harmful.ravel(), place)


def analysed(path: Path) -> tuple[dict[str, Any], float, float]:
    """The report on an export, the seconds it took, and the MB the command and its child held at most."""
    output = path.with_suffix(".json")
    command = [sys.executable, "-m", "friction", "analyze", str(path), "--goal", "event=purchase", "--quiet"]
    command += [word for name in DETECTORS for word in ("--detector", name)] + ["-o", str(output)]
    begun = time.perf_counter()
    subprocess.run(
        command, check=True, stdout=subprocess.DEVNULL, env={**os.environ, "PYTHONWARNINGS": "ignore"}
    )
    took = time.perf_counter() - begun
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return json.loads(output.read_bytes()), took, memory


def read(report: dict[str, Any], shop: Case) -> tuple[Told, Floats, Floats]:
    """What a report says of each point of the shop; affected sessions; the naive figure."""
    size = len(shop.true)
    columns = {key: np.full(size, np.nan) for key in ("estimate", "low", "high", "naive", "q_value")}
    counts = np.zeros(size)
    for point in report["points"]:
        at = shop.place(point)
        counts[at] = point["sessions_affected"]
        for key, column in columns.items():
            value = point["impact"][key]
            column[at] = np.nan if value is None else value
    told = Told(columns["estimate"], columns["low"], columns["high"], columns["q_value"] <= 0.10)
    return told, counts, np.nan_to_num(columns["naive"])


def place(point: dict[str, Any]) -> int:
    """Which point of the shop this is: page × slot."""
    return PAGES.index(point["page"]) * len(SLOTS) + slot_of(point)


def _line(
    name: str, rows: Sequence[Figures], goal: tuple[float, float, float, tuple[float, float], float] | None
) -> int:
    """Print a world's line and its goals; how many of these it misses."""
    mean = np.array([_mean(column) for column in zip(*rows, strict=True)])
    ndcg_, top, tau, ratio, cover, fdr, _, shown, total, counts, naive, took, memory = mean.tolist()
    print(
        f"{name:26}"
        + "".join(f"{value:8.3f}" for value in (ndcg_, top, tau, ratio, cover, fdr))
        + f"{shown:8.0f}{counts:8.3f}{naive:8.3f}   {took:.0f} s, {memory:.0f} MB",
        flush=True,
    )
    if goal is None:
        few = sum(row[6] for row in rows)
        if "null" in name:
            print(
                f"{'  false points in all':26}{few:8.0f}   (goal: at most 2)  costs in all {total:.1f} a run",
                flush=True,
            )
        return int("null" in name and few > 2)
    low, high = goal[3]
    print(
        f"{'  goal':26}{goal[0]:8.2f}{goal[1]:8.2f}{goal[2]:8.2f}{f'{low}-{high}':>8}{goal[4]:8.2f}{0.10:8.2f}"
    )
    met = [
        ndcg_ >= goal[0],
        top >= goal[1],
        tau >= goal[2],
        low <= ratio <= high,
        cover >= goal[4],
        fdr <= 0.1,
    ]
    return met.count(False)


def _mean(values: Iterable[float]) -> float:
    known = [value for value in values if not np.isnan(value)]
    return float(np.mean(known)) if known else np.nan


if __name__ == "__main__":
    sys.exit(main())
