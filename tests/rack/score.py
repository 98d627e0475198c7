"""How well broken tables are read: `python -m tests.rack.score [--set tuning|held-out] [--flaws] [--command]`.

Each file gives 0–10 points: one for an answer at all, and one each for precision, recall and F1 of the header's
cells, of the records and of all cells. *Simple* is the mean over the files; *weighted* is the mean of the
classes by how often each is met (`tests.rack.flaws.FLAWS`). Nothing is said to the reader about any file.

The seeds were fixed before anything was tuned. Only the tuning set may be looked into.
"""

from __future__ import annotations

import argparse
import csv
import io
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator
from pathlib import Path
from statistics import fmean

from friction.errors import InputError
from friction.raw import write_raw
from tests.rack.flaws import FLAWS, Case, Rows, made

ROOT = Path(__file__).parents[2]
FILES_A_FLAW = 25
SEEDS = {"tuning": 1_000, "held-out": 9_000}
Reader = Callable[[bytes], Rows | None]


def cases(name: str, files: int = FILES_A_FLAW) -> Iterator[Case]:
    """All files of one set."""
    for flaw in FLAWS:
        for number in range(files):
            yield made(flaw, SEEDS[name] + number)


def read_raw(content: bytes) -> Rows | None:
    """What friction reads, as `friction convert --raw` writes it; null when it refuses the file."""
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "file"), Path(folder, "table.csv")
        source.write_bytes(content)
        try:
            write_raw([source], ["file"], {}, target)
        except InputError:
            return None
        return list(csv.reader(io.StringIO(target.read_text(encoding="utf-8"), newline="")))


def read_by_command(content: bytes) -> Rows | None:
    """The same through the command line, data process and all; slower by the start of two interpreters."""
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "file"), Path(folder, "table.csv")
        source.write_bytes(content)
        command = [sys.executable, "-m", "friction", "convert", str(source), "--raw", "-o", str(target)]
        done = subprocess.run([*command, "--quiet"], cwd=ROOT, capture_output=True, check=False)
        if done.returncode:
            return None
        return list(csv.reader(io.StringIO(target.read_text(encoding="utf-8"), newline="")))


def points(wanted: Rows, read: Rows | None) -> float:
    """0–10 for one file."""
    if read is None:
        return 0.0
    halves = [(wanted[:1], read[:1]), (wanted[1:], read[1:])]
    header = _agreement(_cells(halves[0][0]), _cells(halves[0][1]))
    records = _agreement(map(tuple, halves[1][0]), map(tuple, halves[1][1]))
    return 1.0 + header + records + _agreement(_cells(wanted), _cells(read))


def _cells(rows: Rows) -> Iterator[str]:
    return (cell for row in rows for cell in row)


def _agreement(wanted: Iterable[Hashable], read: Iterable[Hashable]) -> float:
    """Precision, recall and F1 of two collections, added up."""
    ours, theirs = Counter(read), Counter(wanted)
    if not ours and not theirs:
        return 3.0
    common = (ours & theirs).total()
    if not common:
        return 0.0
    precision, recall = common / ours.total(), common / theirs.total()
    return precision + recall + 2 * precision * recall / (precision + recall)


def scores(found: dict[str, list[float]]) -> tuple[float, float]:
    """Simple and weighted score of points by class."""
    simple = fmean(value for values in found.values() for value in values)
    total = sum(FLAWS[flaw][0] for flaw in found)
    return simple, sum(FLAWS[flaw][0] * fmean(values) for flaw, values in found.items()) / total


def measured(files: Iterable[Case], read: Reader = read_raw) -> dict[str, list[float]]:
    """Points of each file by class."""
    found = defaultdict(list)
    for case in files:
        found[case.flaw].append(points(case.rows, read(case.content)))
    return dict(found)


def main() -> int:
    """Print the scores, and with `--flaws` those of each class."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--set", choices=SEEDS, default="held-out")
    parser.add_argument("--flaws", action="store_true", help="the score of each class")
    parser.add_argument("--files", type=int, default=FILES_A_FLAW, help=f"of each class ({FILES_A_FLAW})")
    parser.add_argument("--command", action="store_true", help="read with `friction convert --raw` itself")
    given = parser.parse_args()
    found = measured(cases(given.set, given.files), read_by_command if given.command else read_raw)
    for flaw, values in found.items() if given.flaws else ():
        print(f"{fmean(values):7.3f}  {min(values):7.3f}  {flaw}")
    simple, weighted = scores(found)
    print(f"{given.set}: {sum(map(len, found.values()))} files, simple {simple:.3f}, weighted {weighted:.3f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
