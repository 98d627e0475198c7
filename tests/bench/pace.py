"""How fast this machine computes now, `python -m tests.bench.pace PARQUET CSV EVENTS`: 0.5 for half as fast as the
machine on which the goals in events a second were set.

Those goals stand beside what a bare read of the kit's nine columns took there (`performance.md` §4: 0.54 s of the
processor for ten million events of Parquet, 2.0 s of CSV). The same read here says what a second of this processor is
worth: neighbours on the same cores can halve it from one hour to the next.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Mapping
from math import prod
from pathlib import Path

from tests.bench.data import ROOT
from tests.bench.floor import scan, touched
from tests.bench.measure import environment

THERE_S = {"parquet": 0.54, "csv": 2.0}
"""Seconds of the processor for `OF` events, by format."""
OF = 10_000_000
COLUMNS = ("session_id", "ts", "type", "url", "target", "x", "y", "load_ms", "form_id")
TURNS = 5


def pace(paths: Mapping[str, Path], events: int) -> float:
    """That of this machine, by the files of `THERE_S` with so many events each; the mean of both ratios."""
    files = [str(paths[form]) for form in THERE_S]
    command = [sys.executable, "-m", "tests.bench.pace", *files, str(events)]
    done = subprocess.run(command, env=environment(), cwd=ROOT, stdout=subprocess.PIPE, check=True)
    here: list[float] = json.loads(done.stdout)
    return prod(there / took for there, took in zip(THERE_S.values(), here, strict=True)) ** (1 / len(here))


def least(path: Path, events: int) -> float:
    """Seconds of the processor for `OF` events of this file: the least of some turns."""
    return min(_read(path) for _ in range(TURNS)) * OF / events


def _read(path: Path) -> float:
    began = time.process_time()
    touched(scan(path).select(COLUMNS))
    return time.process_time() - began


if __name__ == "__main__":
    print(json.dumps([least(Path(path), int(sys.argv[-1])) for path in sys.argv[1:-1]]))
