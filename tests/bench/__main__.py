"""`make bench`: speed and memory on generated events, printed and kept as `build/bench.md`.

    python -m tests.bench            1 M events from Parquet, CSV and JSON lines, 10 M from Parquet; 3 rounds
    python -m tests.bench --quick    1 M only, one round
    python -m tests.bench --full     also 10 M from CSV
    python -m tests.bench --sources  how fast each source reads (`tests.bench.sources`)
    python -m tests.bench --detectors only what each detector adds to an analysis of 1 M, or 10 M with --full
    python -m tests.bench --peers    only six counts, by friction and by what one would use instead

Nothing fails when a goal is missed: other work on the machine moves times more than a change to the code.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median

from tests.bench.cases import Case, analysed, detector_costs, helped, results
from tests.bench.data import FOLDER, ROOT, files, generator
from tests.bench.peers.against import against
from tests.bench.sources import bench_sources
from tests.bench.table import detectors, page

SMALL, LARGE = 1_000_000, 10_000_000
OUTPUT = ROOT / "build" / "bench.md"


def main(words: Sequence[str] | None = None) -> None:
    """Measure, print, and write the page."""
    asked = argparse.ArgumentParser(
        prog="python -m tests.bench", description="Speed and memory on generated events."
    )
    asked.add_argument("--rounds", type=int, help="how often each case is run (default 3, with --quick 1)")
    asked.add_argument("--quick", action="store_true", help="1 M events only, one round")
    asked.add_argument("--full", action="store_true", help="also 10 M events from CSV")
    asked.add_argument("--sources", action="store_true", help="only how fast each source reads")
    asked.add_argument("--records", type=int, default=SMALL, help="records a source with --sources")
    asked.add_argument("--peers", action="store_true", help="only the six counts, ours against others")
    asked.add_argument("--detectors", action="store_true", help="only what each detector adds")
    given = asked.parse_args(words)
    if given.sources:
        print(bench_sources(given.records, FOLDER / "sources"), end="")
        return
    rounds = given.rounds or (1 if given.quick else 3)
    if given.detectors:
        print(added(LARGE if given.full else SMALL, rounds))
        return
    six = peers(SMALL if given.quick else LARGE, rounds)
    if given.peers:
        print(six, end="")
        return
    text = f"{bench(inputs(quick=given.quick, full=given.full), rounds)}\n{six}"
    OUTPUT.write_text(text, encoding="utf-8")
    print(text, end="")


def inputs(*, quick: bool, full: bool) -> dict[int, tuple[str, ...]]:
    """Formats by number of events."""
    small: dict[int, tuple[str, ...]] = {SMALL: ("parquet", "csv", "jsonl")}
    return small if quick and not full else {**small, LARGE: ("parquet", "csv") if full else ("parquet",)}


def bench(
    wanted: Mapping[int, Sequence[str]], rounds: int, script: Path | None = None, folder: Path = FOLDER
) -> str:
    """The page of figures, detectors on the largest Parquet file; `script` makes the data in `folder`."""
    script = script or generator()
    say(f"events of {script.name}")
    cases = [
        Case(events, form, path)
        for events, forms in wanted.items()
        for form, path in files(events, forms, script, folder).items()
    ]
    found = results(cases, rounds, say)
    say("help")
    help_found = helped()
    say("each detector")
    largest = max((case for case in cases if case.format == "parquet"), key=lambda case: case.events)
    return page(found, help_found, detector_costs(largest, rounds), largest, rounds)


def added(events: int, rounds: int) -> str:
    """What each detector adds to an analysis of Parquet."""
    case = Case(events, "parquet", files(events, ("parquet",), generator())["parquet"])
    whole = median(analysed(case.path).cpu_s for _ in range(rounds))
    return detectors(detector_costs(case, rounds), case, whole, rounds)


def peers(events: int, rounds: int) -> str:
    """Six counts on Parquet, ours and others' in turn."""
    path = files(events, ("parquet",), generator())["parquet"]
    return f"# Six counts, {events:,} events\n\n{against(path, events, rounds, say)}\n"


def say(what: str) -> None:
    """Progress, on stderr."""
    print(f"bench: {what}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
