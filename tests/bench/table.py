"""The figures as Markdown, each beside its goal."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import version
from statistics import median

from tests.bench.cases import Case, Help, Result
from tests.bench.measure import Usage

GOAL_PER_S = {
    ("parquet", 10_000_000): 2e6,
    ("csv", 1_000_000): 0.8e6,
    ("csv", 10_000_000): 1e6,
    ("jsonl", 10_000_000): 0.5e6,
}
"""Events a second that must be reached, by format and number of events, on a machine of pace 1 (`tests.bench.pace`)."""
GOAL_SIX = 3e6
"""The same for the six counts."""
GOAL_BYTES, GOAL_BASE_MB = 200, 300
"""Memory that may be used: so many bytes an event, and so many million bytes besides."""
GOAL_TIMES_SCAN = 12
"""How many times the processor time of a bare scan of 10 M events an analysis of them may take."""
GOAL_ALONE = 2
"""The same for one detector alone."""
GOAL_MB = {50_000_000: 1_500, 200_000_000: 2_000}
"""Memory that so many events in the order of time may take, in million bytes."""
GOAL_HELP_S = 0.15
GOAL_SHARE = 8
"""Percent of an analysis that one detector may add."""
NONE = "(none)"
PER_EVENTS = 10_000_000

_INPUTS = (
    *("input", "events", "n", "wall s", "CPU s", "events/s", "at pace 1", "peak MB", "B an event"),
    *("scan wall s", "× wall", "scan CPU s", "× CPU", "goals"),
)


def page(
    results: Sequence[Result],
    helped: Help,
    costs: Mapping[str, float | None],
    costed: Case,
    rounds: int,
    pace: float,
    more: Sequence[str] = (),
) -> str:
    """All figures; `costs` are those of `costed`, `pace` is that of this machine, `more` further tables."""
    whole = next((result.analysis.cpu_s for result in results if result.case == costed), None)
    sections = (
        f"{machine()}. {paced(pace)}",
        "Medians of n runs. Whole processes: `friction analyze FILE --format json -o REPORT`, door and child "
        "together. Scan: reading the needed columns and nothing else, in a process of its own.",
        table(_INPUTS, (_input(result, pace) for result in results)),
        *filter(None, more),
        table(("command", "n", "min s", "median s", "loads polars", "goals"), [_help(helped)]),
        detectors(costs, costed, whole, rounds),
    )
    return "\n\n".join(sections) + "\n"


def lonely(case: Case, usage: Usage, scan: Usage) -> str:
    """One detector alone beside the bare scan."""
    times = usage.cpu_s / scan.cpu_s
    row = (
        *("`friction detect --detector rage_click`", f"{case.events:,}", f"{usage.wall_s:.2f}"),
        *(f"{usage.cpu_s:.2f}", f"{usage.peak_mb:,.0f}", f"{times:.1f}"),
        goal(times <= GOAL_ALONE, f"≤ {GOAL_ALONE} ×"),
    )
    return table(("command", "events", "wall s", "CPU s", "peak MB", "× CPU of the scan", "goal"), [row])


def detectors(costs: Mapping[str, float | None], costed: Case, whole: float | None, rounds: int) -> str:
    """What each detector adds to an analysis that takes `whole` seconds of processor time; null: not known."""
    rows = [(name, str(rounds), *_added(name, cost, costed, whole)) for name, cost in costs.items()]
    return (
        f"What each detector adds, in milliseconds of processor time for {PER_EVENTS:,} events (measured on "
        f"{costed.events:,}) and as a share of the whole analysis; `(none)` is what every analysis needs.\n\n"
        + table(("detector", "n", "CPU ms", "share", "goal"), rows)
    )


def _added(name: str, cost: float | None, costed: Case, whole: float | None) -> tuple[str, str, str]:
    if cost is None:
        return "not assessable", "", ""
    scaled = f"{cost * PER_EVENTS / costed.events:,.0f}"
    if whole is None:
        return scaled, "", ""
    share = cost / (10 * whole)
    reached = "" if name == NONE else goal(share <= GOAL_SHARE, f"≤ {GOAL_SHARE} %")
    return scaled, f"{share:.1f} %", reached


def machine() -> str:
    """What the figures were taken on."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    load = os.getloadavg()[0]
    return (
        f"{os.cpu_count()} processors, {memory:.0f} GiB, {platform.system()} {platform.machine()}, "
        f"load {load:.1f}; Python {platform.python_version()}, polars {version('polars')}"
    )


def paced(pace: float) -> str:
    """What the figures at pace 1 are."""
    return (
        f"It computes at {pace:.2f} of the pace of the machine on which the goals in events a second were set, by the "
        "time of a bare read (`tests/bench/pace.py`); `at pace 1` is what it would be there."
    )


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table: the first column to the left, the others to the right."""
    lines = [heads, ["---", *["---:"] * (len(heads) - 1)], *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def goal(reached: bool, words: str) -> str:
    """A goal with a tick or a cross."""
    return f"{words} {'✓' if reached else '✗'}"


def _input(result: Result, pace: float) -> list[str]:
    case, run, scan = result.case, result.analysis, result.scan
    return [
        case.format,
        f"{case.events:,}",
        str(result.rounds),
        f"{run.wall_s:.2f}",
        f"{run.cpu_s:.2f}",
        f"{case.events / run.wall_s:,.0f}",
        f"{case.events / run.wall_s / pace:,.0f}",
        f"{run.peak_mb:,.0f}",
        f"{run.peak_mb * 1e6 / case.events:,.0f}",
        f"{scan.wall_s:.2f}",
        f"{run.wall_s / scan.wall_s:.1f}",
        f"{scan.cpu_s:.2f}",
        f"{run.cpu_s / scan.cpu_s:.1f}",
        ", ".join(_goals(result, pace)),
    ]


def _goals(result: Result, pace: float) -> Iterable[str]:
    case, run = result.case, result.analysis
    if wanted := GOAL_PER_S.get((case.format, case.events)):
        yield goal(case.events / run.wall_s >= wanted * pace, f"≥ {wanted / 1e6:g} M/s")
    if (case.format, case.events) == ("parquet", 10_000_000):
        yield goal(run.cpu_s <= GOAL_TIMES_SCAN * result.scan.cpu_s, f"≤ {GOAL_TIMES_SCAN} × scan")
    most = min(GOAL_BYTES * case.events / 1e6 + GOAL_BASE_MB, GOAL_MB.get(case.events, float("inf")))
    yield goal(run.peak_mb <= most, f"≤ {most:,.0f} MB")


def _help(helped: Help) -> list[str]:
    middle = median(helped.runs)
    goals = (
        goal(middle < GOAL_HELP_S, f"< {GOAL_HELP_S} s"),
        goal(not helped.loads_polars, "without polars"),
    )
    return [
        "`friction --help`",
        str(len(helped.runs)),
        f"{min(helped.runs):.3f}",
        f"{middle:.3f}",
        "yes" if helped.loads_polars else "no",
        ", ".join(goals),
    ]
