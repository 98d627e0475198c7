"""The runs of `make bench`: `friction analyze` as a user types it, in turn with a bare scan of the file."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from tests.bench.data import ROOT
from tests.bench.measure import Usage, environment, measured

HELP_RUNS = 10
LARGE = 10_000_000
_LOADS = "import sys; from friction.cli import main; main(['--help']); sys.exit('polars' in sys.modules)"
Say = Callable[[str], None]


@dataclass(frozen=True)
class Case:
    """One input."""

    events: int
    format: str
    path: Path

    @property
    def is_large(self) -> bool:
        """Whether one run takes minutes: more than 10 M events, or as many as text."""
        return self.events > LARGE or (self.events == LARGE and self.format != "parquet")


@dataclass(frozen=True)
class Result:
    """Medians over the rounds of one case: the analysis, and the bare scan under it."""

    case: Case
    rounds: int
    analysis: Usage
    scan: Usage


@dataclass(frozen=True)
class Help:
    """Wall seconds of `friction --help`, and whether it loaded Polars."""

    runs: list[float]
    loads_polars: bool


def friction(*words: str | Path) -> list[str | Path]:
    """A command line of the installed command beside this interpreter, else of the checkout."""
    installed = Path(sys.executable).with_name("friction")
    return [installed, *words] if installed.is_file() else [sys.executable, "-m", "friction", *words]


def results(cases: Sequence[Case], rounds: int, say: Say) -> list[Result]:
    """Every case `rounds` times (large ones once), all cases of a round before the next, scan and analysis in turn."""
    analyses: dict[Case, list[Usage]] = {case: [] for case in cases}
    scans: dict[Case, list[Usage]] = {case: [] for case in cases}
    for number in range(1, rounds + 1):
        for case in (case for case in cases if number == 1 or not case.is_large):
            say(f"round {number} of {rounds}: {case.events:,} events from {case.format}")
            scans[case].append(measured([sys.executable, "-m", "tests.bench.floor", case.path]))
            analyses[case].append(analysed(case.path))
    return [Result(case, len(analyses[case]), middle(analyses[case]), middle(scans[case])) for case in cases]


def analysed(path: Path, *more: str) -> Usage:
    """`friction analyze FILE --format json -o REPORT`, from start to end, with `more` options."""
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / "report.json"
        return measured(friction("analyze", path, "--format", "json", "-o", output, *more))


def alone(path: Path, detector: str = "rage_click") -> Usage:
    """`friction detect FILE` with one detector, from start to end."""
    with tempfile.TemporaryDirectory() as folder:
        found = Path(folder) / "findings.parquet"
        return measured(friction("detect", path, "--detector", detector, "-o", found))


def middle(usages: Sequence[Usage]) -> Usage:
    """Medians, figure by figure."""
    return Usage(
        wall_s=median(usage.wall_s for usage in usages),
        cpu_s=median(usage.cpu_s for usage in usages),
        peak_mb=median(usage.peak_mb for usage in usages),
    )


def helped(runs: int = HELP_RUNS) -> Help:
    """Ask for help `runs` times."""
    took = []
    for _ in range(runs):
        start = time.perf_counter()
        subprocess.run(friction("--help"), env=environment(), cwd=ROOT, capture_output=True, check=True)
        took.append(time.perf_counter() - start)
    loads = subprocess.run(
        [sys.executable, "-c", _LOADS], env=environment(), cwd=ROOT, capture_output=True, check=False
    )
    return Help(took, loads_polars=loads.returncode != 0)


def detector_costs(case: Case, rounds: int) -> dict[str, float | None]:
    """Milliseconds of processor time by detector, as `tests.bench.detectors` prints them."""
    command = [sys.executable, "-m", "tests.bench.detectors", str(case.path), str(rounds)]
    done = subprocess.run(command, env=environment(), cwd=ROOT, stdout=subprocess.PIPE, check=True)
    found: dict[str, float | None] = json.loads(done.stdout)
    return found
