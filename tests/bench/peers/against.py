"""All hands in turn on one file: the same counts, and what each took."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from shutil import which

from tests.bench.cases import middle
from tests.bench.data import ROOT
from tests.bench.measure import Usage, environment, measured
from tests.bench.table import GOAL_SIX, goal, table

HANDS = {
    "friction": ("ours",),
    "DuckDB": ("duck",),
    "DuckDB, hashed": ("duck", "--hashed"),
    "chDB": ("house",),
    "pandas": ("frames",),
    "Spark, local": ("spark",),
}
NEEDS = {"duck": "duckdb", "house": "chdb", "frames": "pandas", "spark": "pyspark"}
GOALS = {"DuckDB": 2, "DuckDB, hashed": 1.5, "chDB": 2, "pandas": 3, "Spark, local": 20}
"""How many times longer than friction each should take."""
SLOW = frozenset({"Spark, local"})
"""Measured once, whatever the number of rounds."""
_HEADS = (
    "by",
    "n",
    "wall s",
    "CPU s",
    "peak MB",
    "events/s",
    "at pace 1",
    "× wall of friction",
    "× CPU of friction",
    "goal",
)


@dataclass(frozen=True)
class Compared:
    """What each took for the same counts."""

    events: int
    counts: dict[str, int]
    taken: dict[str, list[Usage]]
    left_out: dict[str, str]
    """Who is not in it, and why."""
    pace: float
    """Of this machine (`tests.bench.pace`)."""

    @property
    def middle(self) -> dict[str, Usage]:
        """Medians by hand."""
        return {name: middle(usages) for name, usages in self.taken.items()}

    @property
    def page(self) -> str:
        """A table of medians, and who was left out."""
        said = ", ".join(f"{name} {count:,}" for name, count in self.counts.items())
        missing = ", ".join(f"{name} ({why})" for name, why in self.left_out.items())
        note = f"\n\nLeft out: {missing}." if missing else ""
        return f"Counts, the same by all: {said}.\n\n{_table(self)}{note}"


def against(path: Path, events: int, rounds: int, pace: float, say: Callable[[str], None]) -> Compared:
    """Who is installed, in turn, on a machine of this pace.

    Raises `RuntimeError` when two disagree: then one of them is wrong.
    """
    left_out = {name: "not installed" for name, words in HANDS.items() if not _is_here(words[0])}
    counts: dict[str, dict[str, int]] = {}
    for name in (name for name in HANDS if name not in left_out):
        say(f"six counts, to compare them: {name}")
        try:
            counts[name] = _counts(HANDS[name], path)
        except subprocess.CalledProcessError as error:
            if name == "friction":
                raise
            say(error.stderr.decode("utf-8", "replace")[-2_000:])
            left_out[name] = "it fails here"
    here = {name: words for name, words in HANDS.items() if name in counts}
    if any(each != counts["friction"] for each in counts.values()):
        raise RuntimeError(f"the counts differ: {counts}")
    taken: dict[str, list[Usage]] = {name: [] for name in here}
    for number in range(1, rounds + 1):
        for name, words in here.items():
            if number == 1 or name not in SLOW:
                say(f"six counts, round {number} of {rounds}: {name}")
                taken[name].append(measured(_command(words, path)))
    return Compared(events, counts["friction"], taken, left_out, pace)


def _is_here(module: str) -> bool:
    if module == "spark" and which("java") is None:
        return False
    return find_spec(NEEDS.get(module, "friction")) is not None


def _table(compared: Compared) -> str:
    found = compared.middle
    ours = found["friction"]

    def per_s(one: Usage) -> float:
        return compared.events / one.wall_s / compared.pace

    return table(
        _HEADS,
        (
            (
                *(name, str(len(compared.taken[name])), f"{one.wall_s:.2f}", f"{one.cpu_s:.2f}"),
                *(f"{one.peak_mb:,.0f}", f"{compared.events / one.wall_s:,.0f}", f"{per_s(one):,.0f}"),
                *(f"{one.wall_s / ours.wall_s:.2f}", f"{one.cpu_s / ours.cpu_s:.2f}"),
                goal(one.wall_s >= GOALS[name] * ours.wall_s, f"≥ {GOALS[name]:g} ×")
                if name in GOALS
                else goal(per_s(one) >= GOAL_SIX, f"≥ {GOAL_SIX / 1e6:g} M/s at pace 1"),
            )
            for name, one in found.items()
        ),
    )


def _command(words: Sequence[str], path: Path) -> list[str | Path]:
    return [sys.executable, "-m", f"tests.bench.peers.{words[0]}", path, *words[1:]]


def _counts(words: Sequence[str], path: Path) -> dict[str, int]:
    done = subprocess.run(_command(words, path), cwd=ROOT, env=environment(), capture_output=True, check=True)
    found: dict[str, int] = json.loads(done.stdout)
    return dict(sorted(found.items()))
