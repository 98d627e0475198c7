"""What tolerance costs where nothing is broken: `python -m tests.rack.clean [--rounds N]`.

Clean files of a million events are read and analysed as they always are, and once more by a friction that trusts its
input: it is told the dialect and the number of records, and looks for no short or long record, no depth and no
unreadable cell. Processor seconds of a process of its own each time, the two in turn; ratios of the medians.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

from tests.bench.data import ROOT, files, generator
from tests.bench.measure import environment

EVENTS = 1_000_000
FORMS = ("csv", "jsonl")
GOAL = 1.05
Figures = dict[str, float]


def main() -> int:
    """Print a line for each format; 1 when tolerance costs more than it may."""
    asked = argparse.ArgumentParser(prog="python -m tests.rack.clean", description="What tolerance costs.")
    asked.add_argument("--rounds", type=int, default=7, help="of each kind (7)")
    asked.add_argument("--once", metavar="FILE", type=Path, help="one run: print its processor seconds")
    asked.add_argument("--trusting", type=int, metavar="RECORDS", help="with --once: trust the file")
    given = asked.parse_args()
    if given.once:
        print(json.dumps(once(given.once, given.trusting)))
        return 0
    ratios = [_line(form, path, given.rounds) for form, path in files(EVENTS, FORMS, generator()).items()]
    return int(max(ratios) > GOAL)


def _line(form: str, path: Path, rounds: int) -> float:
    trusting, usual = zip(
        *((_run(path, "--trusting", str(EVENTS)), _run(path)) for _ in range(rounds)), strict=True
    )
    both: dict[str, tuple[float, float]] = {
        name: (median(each[name] for each in usual), median(each[name] for each in trusting))
        for name in usual[0]
    }
    shown = "; ".join(
        f"{name} {ours:.2f} s, trusting {theirs:.2f} s, ratio {ours / theirs:.3f}"
        for name, (ours, theirs) in both.items()
    )
    print(f"clean {form}, {EVENTS:,} events, {rounds} rounds: {shown}", flush=True)
    ours, theirs = both["analysis"]
    return ours / theirs


def _run(path: Path, *words: str) -> Figures:
    command = [sys.executable, "-m", "tests.rack.clean", "--once", str(path), *words]
    done = subprocess.run(command, cwd=ROOT, env=environment(), capture_output=True, check=True)
    found: Figures = json.loads(done.stdout)
    return found


def once(path: Path, trusted: int | None) -> Figures:
    """Processor seconds of reading and of the whole analysis; `trusted` is the number of records nobody checks."""
    from friction import scan
    from friction.ingest.gather import gather

    reading: list[float] = []

    def timed(*given: Any, **named: Any) -> Any:
        found = gather(*given, **named)
        reading.append(time.process_time() - start)
        return found

    with trusting(trusted) if trusted else ExitStack(), patch("friction.ingest.gather", timed):
        start = time.process_time()
        report = scan.analyze([path])
        whole = time.process_time() - start
    assert report.input.rows_total == EVENTS
    return {"reading": reading[0], "analysis": whole}


@contextmanager
def trusting(records: int) -> Iterator[None]:
    """Nothing that only serves broken files is done while this lasts."""
    from friction.sources.generic_plan import Plan
    from friction.tables.dialect import Dialect
    from friction.tables.records import Measure

    def always(value: object) -> Callable[..., Any]:
        return lambda *_, **__: value

    measure = Measure(records, regular=True, utf8=True, blank_end=False)
    with ExitStack() as stack:
        for name, value in {
            "friction.tables.written.guess": Dialect(","),
            "friction.tables.written.refuse_long_lines": None,
            "friction.tables.written.measure": measure,
            "friction.tables.jsonl.refuse_long_lines": None,
            "friction.tables.jsonl.Look": SimpleNamespace(lines=records, take=always(None)),
        }.items():
            stack.enter_context(patch(name, always(value)))
        stack.enter_context(patch.object(Plan, "unreadable", always({})))
        yield


if __name__ == "__main__":
    sys.exit(main())
