"""All hands in turn on one file: the same counts, and what each took."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path

from tests.bench.cases import middle
from tests.bench.data import ROOT
from tests.bench.measure import Usage, environment, measured
from tests.bench.table import table

HANDS = {
    "friction": ("ours",),
    "DuckDB": ("duck",),
    "DuckDB, hashed": ("duck", "--hashed"),
    "pandas": ("frames",),
}
NEEDS = {"duck": "duckdb", "frames": "pandas"}
_HEADS = ("by", "n", "wall s", "CPU s", "peak MB", "events/s", "× wall of friction", "× CPU of friction")


def against(path: Path, events: int, rounds: int, say: Callable[[str], None]) -> str:
    """A table of medians, and who was left out because the package is missing.

    Raises `RuntimeError` when two disagree: then one of them is wrong.
    """
    here = {name: words for name, words in HANDS.items() if find_spec(NEEDS.get(words[0], "friction"))}
    counts = {name: _counts(words, path) for name, words in here.items()}
    if any(each != counts["friction"] for each in counts.values()):
        raise RuntimeError(f"the counts differ: {counts}")
    taken: dict[str, list[Usage]] = {name: [] for name in here}
    for number in range(1, rounds + 1):
        for name, words in here.items():
            say(f"six counts, round {number} of {rounds}: {name}")
            taken[name].append(measured(_command(words, path)))
    left_out = [name for name in HANDS if name not in here]
    note = f"\n\nLeft out, not installed: {', '.join(left_out)}." if left_out else ""
    found = {name: middle(usages) for name, usages in taken.items()}
    said = ", ".join(f"{name} {count:,}" for name, count in counts["friction"].items())
    return f"Counts, the same by all: {said}.\n\n{_table(found, events, rounds)}{note}"


def _table(found: dict[str, Usage], events: int, rounds: int) -> str:
    ours = found["friction"]
    return table(
        _HEADS,
        (
            (
                *(name, str(rounds), f"{one.wall_s:.2f}", f"{one.cpu_s:.2f}", f"{one.peak_mb:,.0f}"),
                *(f"{events / one.wall_s:,.0f}", f"{one.wall_s / ours.wall_s:.2f}"),
                f"{one.cpu_s / ours.cpu_s:.2f}",
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
