"""How fast every source reads: look-alike exports of a million records, from recognising the file to narrow rows,
and recordings of real pages by rrweb, of which megabytes count.

    python -m tests.bench --sources                     every file of every source
    python -m tests.bench --sources --records 100000    fewer records, for a look

Each file is read in a process of its own, as by the command. Words repeat as they do in a real site's export. Of a
million records every one stands there some 20 to 40 times, sessions and times with it: whoever reads what repeats only
once gains more from that than with a real export.
"""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import polars as pl

from friction import detectors
from friction.ingest.columns import wanted
from friction.ingest.gather import Pools, gather
from friction.isolate.process import ALONE, READ_AHEAD, freed
from friction.sources import recognise
from friction.sources.base import Options
from friction.testing.exports import EXPORTS, made
from tests.bench.table import goal, machine, table

RECORDINGS = Path(__file__).parents[2] / "fixtures" / "sites" / "recorded" / "recordings"
NAMED = b'{"session_id":"'
BYTES_A_RECORD = 100
"""Of recordings are read this many bytes for every record of the other exports."""
FEWEST_VISITS, VISITS, RECORDS_A_VISIT = 60, 2_000, 50
"""Visits that are made up, at least and at most; fewer for fewer records."""
GOAL_PER_S = {".csv": 0.5e6, ".tsv": 0.5e6, ".log": 0.5e6, ".jsonl": 0.3e6}
"""Records a second that must be reached, by the end of the name, on a machine of pace 1 (`tests.bench.pace`)."""
GOAL_RECORDED = 30e6
"""Bytes of recordings a second."""
REPEATED = (".csv", ".tsv", ".jsonl", ".log")
"""Files whose records are lines, so that more of them are only more lines."""


@dataclass(frozen=True)
class Speed:
    """One file."""

    name: str
    records: int
    size: int
    """Bytes."""
    wall_s: float
    cpu_s: float
    pace: float = 1.0
    """That of the machine before and after it (`tests.bench.pace`)."""


Measure = Callable[[str, Path], Speed]


def speeds(records: int, folder: Path, say: Callable[[str], None], measure: Measure) -> Iterator[Speed]:
    """Every file in turn."""
    visits = min(VISITS, max(FEWEST_VISITS, records // RECORDS_A_VISIT))
    for name in EXPORTS:
        for file, content in made(name, visits).items():
            if file.endswith((*REPEATED, ".parquet")):
                say(f"{name}/{file}")
                yield _gone(measure, f"{name}/{file}", enlarged(content, file, records, folder))
    say("rrweb/sessions.jsonl")
    yield _gone(measure, "rrweb/sessions.jsonl", recorded(records * BYTES_A_RECORD, folder))


def beside(measure: Measure, pace: Callable[[], float]) -> Measure:
    """Likewise, with the pace at which the machine computes meanwhile: it changes from one minute to the next."""
    paces = [pace()]

    def timed(name: str, path: Path) -> Speed:
        found = measure(name, path)
        paces.append(pace())
        return replace(found, pace=sum(paces[-2:]) / 2)

    return timed


def _gone(measure: Measure, name: str, path: Path) -> Speed:
    """The speed of a file that is needed no longer then."""
    try:
        return measure(name, path)
    finally:
        path.unlink()


def enlarged(content: bytes, file: str, records: int, folder: Path) -> Path:
    """The file with about as many records, one after the other again and again."""
    path = folder / file
    if file.endswith(".parquet"):
        frame = pl.read_parquet(content)
        pl.concat([frame] * (records // frame.height + 1)).write_parquet(path, row_group_size=100_000)
        return path
    has_header = file.endswith((".csv", ".tsv")) and "bare" not in file
    head = content[: content.index(b"\n") + 1] if has_header else b""
    body = content[len(head) :]
    with path.open("wb") as stream:
        stream.write(head)
        for _ in range(records // body.count(b"\n") + 1):
            stream.write(body)
    return path


def recorded(size: int, folder: Path) -> Path:
    """About `size` bytes of recordings, one a line, again and again with ids of their own."""
    lines = [gzip.decompress(path.read_bytes()) for path in sorted(RECORDINGS.glob("*.json.gz"))]
    path, written, number = folder / "sessions.jsonl", 0, 0
    with path.open("wb") as stream:
        while written < size:
            line = lines[number % len(lines)].strip().replace(NAMED, b"%b%d-" % (NAMED, number), 1)
            number += 1
            written += stream.write(line + b"\n")
    return path


def apart(name: str, path: Path) -> Speed:
    """`measured`, in a process of its own with the memory settings that an analysis has."""
    command = [sys.executable, "-m", "tests.bench.sources", name, str(path)]
    run = subprocess.run(
        command, check=True, stdout=subprocess.PIPE, env={**os.environ, **ALONE, **READ_AHEAD, **freed()}
    )
    return Speed(**json.loads(run.stdout))


def measured(name: str, path: Path) -> Speed:
    """Recognise, read and gather what all detectors want."""
    want = wanted({column for one in detectors.configure(None, {}) for column in one.columns})
    wall, cpu = time.perf_counter(), _cpu_s()
    source, _, file = recognise(path, path.name)
    found = gather(source.read(file, Options(columns=want.raw)), want, Pools())
    return Speed(name, found.total, path.stat().st_size, time.perf_counter() - wall, _cpu_s() - cpu)


def _cpu_s() -> float:
    """Of this process and of those it has started and ended."""
    used = os.times()
    return time.process_time() + used.children_user + used.children_system


_HEADS = (
    *("file", "records", "B a record", "wall s", "CPU s", "records a wall s", "pace", "at pace 1"),
    *("records a CPU s", "MB a wall s", "goal"),
)


def page(found: Sequence[Speed]) -> str:
    """The figures as Markdown."""
    return f"{machine()}. {PACED}\n\n{table(_HEADS, map(_row, found))}\n"


PACED = (
    "`pace`: how fast it computed before and after each file, by the time of a bare read (`tests/bench/pace.py`), 1 on "
    "the machine on which the goals in records a second were set; `at pace 1`: what it would be there."
)


def _row(one: Speed) -> tuple[str, ...]:
    per_wall = one.records / one.wall_s
    return (
        *(one.name, f"{one.records:,}", f"{one.size / one.records:,.0f}"),
        *(f"{one.wall_s:.1f}", f"{one.cpu_s:.1f}"),
        *(f"{per_wall:,.0f}", f"{one.pace:.2f}", f"{per_wall / one.pace:,.0f}"),
        *(f"{one.records / one.cpu_s:,.0f}", f"{one.size / one.wall_s / 1e6:,.0f}", _goal(one)),
    )


def _goal(one: Speed) -> str:
    if one.name.startswith("rrweb/"):
        return goal(one.size / one.wall_s >= GOAL_RECORDED * one.pace, f"≥ {GOAL_RECORDED / 1e6:g} MB/s")
    wanted = GOAL_PER_S.get(Path(one.name).suffix)
    return goal(one.records / one.wall_s >= wanted * one.pace, f"≥ {wanted / 1e6:g} M/s") if wanted else ""


def bench_sources(records: int, folder: Path, pace: Callable[[], float], measure: Measure = apart) -> str:
    """The page of figures; files are made in `folder`, one at a time. `pace` tells that of this machine now."""
    folder.mkdir(parents=True, exist_ok=True)

    def say(what: str) -> None:
        print(f"bench: {what}", file=sys.stderr, flush=True)

    return page(list(speeds(records, folder, say, beside(measure, pace))))


if __name__ == "__main__":
    print(json.dumps(asdict(measured(sys.argv[1], Path(sys.argv[2])))))
