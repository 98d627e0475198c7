"""`python -m tests.isolate`: peaks of memory with inputs that are too large, and what isolation costs; a minute."""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from friction import isolate
from tests.isolate.big import LINE, analysed, bomb, table

CEILING = 768 * 10**6
TOLERATED = 1.1
PLAN = {"command": "event_schema", "output": "answer.json"}


def main() -> int:
    """Print both tables; 1 when a peak is beyond what is tolerated."""
    print("input                        exit  problem             peak MB   seconds")
    with tempfile.TemporaryDirectory() as folder:
        generous = ("--config", str(_generous(folder)))
        cases: tuple[tuple[str, Callable[[], Path], tuple[str, ...]], ...] = (
            ("100 MB CSV", lambda: table(Path(folder, "a"), 10**8), ()),
            ("400 MB CSV", lambda: table(Path(folder, "b"), 4 * 10**8), ()),
            ("gz of 2 GB", lambda: bomb(Path(folder, "c"), 2 * 10**9), ()),
            ("the same, ratio allowed", lambda: Path(folder, "c"), generous),
            ("gz of 2 GB of JSON", lambda: bomb(Path(folder, "d"), 2 * 10**9, b"", LINE), generous),
        )
        peaks = [_line(name, make(), options) for name, make, options in cases]
    print(f"\none trivial plan: {_cost():.3f} s in a process of its own, bounds included (median of 15)")
    return int(max(peaks) > TOLERATED * CEILING)


def _line(name: str, path: Path, options: tuple[str, ...]) -> int:
    run = analysed(path, CEILING, *options)
    size = f"{name} ({path.stat().st_size / 1e6:.1f} MB)"
    print(
        f"{size:<36}{run.exit_code:>4}  {run.problem or '-':<18}{run.peak / 1e6:>8.0f}{run.seconds:>9.1f}",
        flush=True,
    )
    return run.peak


def _generous(folder: str) -> Path:
    path = Path(folder, "friction.toml")
    path.write_text("[limits]\nratio = 10_000\n", encoding="utf-8")
    return path


def _cost() -> float:
    took = []
    with isolate.workspace():
        for _ in range(15):
            started = time.perf_counter()
            isolate.run(PLAN)
            took.append(time.perf_counter() - started)
    return statistics.median(took)


if __name__ == "__main__":
    sys.exit(main())
