"""`make bench`: speed and memory on generated events, and the same counts by others, printed in one run.

    python -m tests.bench            1, 10 and 50 M events from Parquet, 1 and 10 M from CSV and JSON lines; 3 rounds,
                                     one of what is large; into `build/bench.md` and, with a drawing, the README
    python -m tests.bench --quick    1 M only, one round, nothing written
    python -m tests.bench --most N   no input of more than N million events
    python -m tests.bench --sources  how fast each source reads (`tests.bench.sources`)
    python -m tests.bench --detectors only what each detector adds to an analysis of 1 M, or 10 M with --full
    python -m tests.bench --peers    only six counts, by friction and by what one would use instead
    python -m tests.bench --bounded  only memory: 10 and 50 M events in order, 50 M in any (200 M with --most 200)

Nothing fails when a goal is missed: other work on the machine moves times more than a change to the code.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median

from tests.bench.bounded import bounded
from tests.bench.cases import LARGE, Case, Result, alone, analysed, detector_costs, helped, middle, results
from tests.bench.data import FOLDER, ROOT, files, generator
from tests.bench.growth import growth
from tests.bench.pace import THERE_S, pace
from tests.bench.peers.against import Compared, against
from tests.bench.plot import drawn
from tests.bench.sources import bench_sources
from tests.bench.table import detectors, lonely, page
from tests.readme.page import README, replaced

SMALL, HUGE = 1_000_000, 50_000_000
BOUNDED = (LARGE, HUGE, 200_000_000)
OUTPUT = ROOT / "build" / "bench.md"
PICTURE = ROOT / "fixtures" / "speed.svg"
SEEN = "Bars: processor seconds for the same six counts, by friction and by others; lines: time and memory by events"
"""What the picture shows, for who does not see it."""


def main(words: Sequence[str] | None = None) -> None:
    """Measure, print, and write the page."""
    asked = argparse.ArgumentParser(
        prog="python -m tests.bench", description="Speed and memory on generated events."
    )
    asked.add_argument("--rounds", type=int, help="how often each case is run (default 3, with --quick 1)")
    asked.add_argument("--quick", action="store_true", help="1 M events only, one round")
    asked.add_argument("--most", type=int, default=HUGE // SMALL, help="million events of the largest input")
    asked.add_argument("--full", action="store_true", help="with --detectors: 10 M events")
    asked.add_argument("--sources", action="store_true", help="only how fast each source reads")
    asked.add_argument("--records", type=int, default=SMALL, help="records a source with --sources")
    asked.add_argument("--peers", action="store_true", help="only the six counts, ours against others")
    asked.add_argument("--detectors", action="store_true", help="only what each detector adds")
    asked.add_argument("--bounded", action="store_true", help="only whether memory stays within its bounds")
    given = asked.parse_args(words)
    if given.sources:
        print(bench_sources(given.records, FOLDER / "sources", here), end="")
        return
    if given.bounded:
        print(bounded([size for size in BOUNDED if size <= given.most * SMALL], generator(), say), end="")
        return
    rounds = given.rounds or (1 if given.quick else 3)
    if given.detectors:
        print(added(LARGE if given.full else SMALL, rounds))
        return
    most = 1 if given.quick else given.most
    compared = peers(min(most * SMALL, LARGE), rounds)
    six = f"Six counts, {compared.events:,} events. {compared.page}\n"
    if given.peers:
        print(six, end="")
        return
    text, found = bench(inputs(most), rounds)
    text = f"{text}\n{six}"
    print(text, end="")
    if not given.quick:
        written(text, compared, found)


def written(text: str, compared: Compared, found: Sequence[Result]) -> None:
    """The page into `build` and the README, the picture beside it."""
    OUTPUT.write_text(f"# Speed and memory\n\n{text}", encoding="utf-8")
    sizes = [one for one in found if one.case.format == "parquet"]
    PICTURE.write_text(drawn(compared.middle, compared.events, sizes), encoding="utf-8")
    shown = f"![{SEEN}]({PICTURE.relative_to(ROOT)})\n\n{text}"
    whole = replaced(README.read_text(encoding="utf-8"), "bench", shown, by="make bench")
    README.write_text(whole, encoding="utf-8")


def inputs(most: int) -> dict[int, tuple[str, ...]]:
    """Formats by number of events, of which there are at most so many million."""
    every = ("parquet", "csv", "jsonl")
    all_: dict[int, tuple[str, ...]] = {SMALL: every, LARGE: every, HUGE: ("parquet",)}
    return {events: formats for events, formats in all_.items() if events <= most * SMALL}


def bench(
    wanted: Mapping[int, Sequence[str]], rounds: int, script: Path | None = None, folder: Path = FOLDER
) -> tuple[str, list[Result]]:
    """The page of figures, detectors on the largest Parquet file up to 10 M; `script` makes the data in `folder`."""
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
    several = (one for one in found if one.case.format == "parquet" and one.case.events <= LARGE)
    largest = max(several, key=lambda one: one.case.events)
    by_itself = middle([alone(largest.case.path) for _ in range(rounds)])
    more = [growth(found), lonely(largest.case, by_itself, largest.scan)]
    costs = detector_costs(largest.case, rounds)
    return page(
        found, help_found, costs, largest.case, rounds, here(min(wanted), script, folder), more
    ), found


def added(events: int, rounds: int) -> str:
    """What each detector adds to an analysis of Parquet."""
    case = Case(events, "parquet", files(events, ("parquet",), generator())["parquet"])
    whole = median(analysed(case.path).cpu_s for _ in range(rounds))
    return detectors(detector_costs(case, rounds), case, whole, rounds)


def peers(events: int, rounds: int) -> Compared:
    """Six counts on Parquet, ours and others' in turn."""
    return against(files(events, ("parquet",), generator())["parquet"], events, rounds, here(), say)


def here(events: int = SMALL, script: Path | None = None, folder: Path = FOLDER) -> float:
    """The pace of this machine now, by so many events."""
    say("the pace of this machine")
    return pace(files(events, THERE_S, script or generator(), folder), events)


def say(what: str) -> None:
    """Progress, on stderr."""
    print(f"bench: {what}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
