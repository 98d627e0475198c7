"""The bench runs, and counts what it says it counts. No test asserts a time."""

from __future__ import annotations

import sys
from pathlib import Path
from xml.etree import ElementTree

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from friction.testing.exports import made as export
from tests.bench.__main__ import bench, inputs
from tests.bench.bounded import bounded, shuffled
from tests.bench.cases import Case, Help, Result
from tests.bench.clickstream import clickstream
from tests.bench.data import OWN, files
from tests.bench.floor import NEEDED, scan, touched
from tests.bench.growth import growth
from tests.bench.measure import Usage, measured
from tests.bench.pace import pace
from tests.bench.peers.against import against
from tests.bench.plot import drawn
from tests.bench.sources import apart, bench_sources, enlarged
from tests.bench.sources import measured as measured_here
from tests.bench.table import page

EVENTS = 20_000
FORMS = ("| parquet | ", "| csv | ", "| jsonl | ")
PARENT_MB, CHILD_MB = 40, 90
HOLD = "import time; held = bytearray({size} * 1_000_000); held[::4096] = b'x' * len(held[::4096]); "
CHILD = HOLD.format(size=CHILD_MB) + "time.sleep(0.3)"
PARENT = (
    HOLD.format(size=PARENT_MB) + f"import subprocess, sys; subprocess.run([sys.executable, '-c', {CHILD!r}])"
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("bench")


@pytest.fixture(scope="module")
def made(folder: Path) -> dict[str, Path]:
    return files(EVENTS, ("parquet", "csv", "jsonl"), OWN, folder)


def test_the_bench_runs_from_end_to_end(made: dict[str, Path], folder: Path) -> None:
    text, found = bench({EVENTS: tuple(made)}, rounds=1, script=OWN, folder=folder)

    assert [one.case.format for one in found] == list(made)
    assert [line.split(" | ")[:3] for line in text.splitlines() if line.startswith(FORMS)] == [
        [f"| {form}", "20,000", "1"] for form in made
    ]
    assert "`friction detect --detector rage_click`" in text


def test_the_six_counts_are_the_same_by_all_hands(
    made: dict[str, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    text = against(made["parquet"], EVENTS, 1, 1.0, print).page

    assert "| friction | 1 |" in text
    assert "| pandas | 1 |" in text
    assert "round 1 of 1: pandas" in capsys.readouterr().out


def test_memory_is_that_of_a_process_and_of_what_it_starts() -> None:
    alone = measured([sys.executable, "-c", "pass"])
    both = measured([sys.executable, "-c", PARENT])

    assert both.peak_mb > PARENT_MB + CHILD_MB
    assert alone.peak_mb < PARENT_MB


def test_processor_time_is_that_of_a_process_and_of_what_it_starts() -> None:
    work = "import time\nwhile time.process_time() < 0.2: pass"
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {work!r}])"

    assert measured([sys.executable, "-c", parent]).cpu_s >= 0.2


def test_a_command_that_fails_is_no_figure() -> None:
    with pytest.raises(RuntimeError, match="no such thing"):
        measured([sys.executable, "-c", "raise SystemExit('no such thing')"])


def test_the_same_arguments_make_the_same_events() -> None:
    assert_frame_equal(pl.concat(clickstream(EVENTS)), pl.concat(clickstream(EVENTS)))


def test_generated_events_are_as_many_as_asked_and_in_order(made: dict[str, Path]) -> None:
    events = pl.read_parquet(made["parquet"])

    assert events.height == EVENTS
    assert events["ts"].is_sorted()


def test_a_session_begins_with_a_page_view(made: dict[str, Path]) -> None:
    events = pl.read_parquet(made["parquet"])
    first = events.group_by("session_id", maintain_order=True).first()

    assert (first["type"] == "page_view").all()


def test_files_that_are_there_are_used_again(made: dict[str, Path], folder: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in made.values()}

    again = files(EVENTS, made, OWN, folder)

    assert {path: path.stat().st_mtime_ns for path in again.values()} == before


@pytest.mark.parametrize("form", ["parquet", "csv", "jsonl"])
def test_the_bare_scan_reads_every_needed_column(made: dict[str, Path], form: str) -> None:
    row = touched(scan(made[form]))

    assert tuple(row.columns) == NEEDED
    assert not any(row.row(0)[i] is None for i in range(len(NEEDED)))


def test_the_large_input_is_left_out_of_a_quick_run() -> None:
    assert list(inputs(most=1)) == [1_000_000]
    assert list(inputs(most=10)) == [1_000_000, 10_000_000]


def test_growth_is_the_exponent_between_two_sizes() -> None:
    small, large = (
        Result(Case(events, "parquet", Path()), 1, Usage(1, seconds, 100), Usage(1, 1, 1))
        for events, seconds in ((1_000_000, 2), (10_000_000, 20))
    )

    assert (
        "| 1,000,000 | 10,000,000 | 1.00 | 0.00 | time ≤ 1.1 ✓, memory of the last step ≤ 0.3 ✓ |"
        in growth([small, large])
    )
    assert growth([small]) == ""


def test_the_drawing_names_everybody_and_every_size() -> None:
    taken = {"friction": Usage(1, 2, 300), "DuckDB <1>": Usage(3, 4, 500)}
    sizes = [
        Result(Case(events, "parquet", Path()), 1, Usage(1, 2, 300), Usage(1, 1, 1))
        for events in (1_000_000, 10_000_000)
    ]

    root = ElementTree.fromstring(drawn(taken, 10_000_000, sizes))

    said = [element.text for element in root.iter("{http://www.w3.org/2000/svg}text")]
    assert {"friction", "DuckDB <1>", "4.0 s, 0.5 GB", "1 M", "10 M"} <= set(said)


def test_processor_time_of_what_nobody_waits_for_counts() -> None:
    busy = "import time\nwhile time.process_time() < 0.3: pass\ntime.sleep(0.2)"
    leaves = (
        f"import subprocess, sys, time; subprocess.Popen([sys.executable, '-c', {busy!r}]); time.sleep(2)"
    )

    assert measured([sys.executable, "-c", leaves]).cpu_s >= 0.25


def test_a_goal_in_events_a_second_is_one_of_a_machine_of_pace_1() -> None:
    case = Case(10_000_000, "csv", Path("events.csv"))
    result = Result(case, 1, Usage(wall_s=16, cpu_s=2, peak_mb=400), Usage(wall_s=1, cpu_s=1, peak_mb=100))

    at_once, at_half = (
        page([result], Help([0.1], loads_polars=False), {}, case, 1, here) for here in (1.0, 0.5)
    )

    assert "≥ 1 M/s ✗" in at_once
    assert "| 625,000 | 1,250,000 |" in at_half
    assert "≥ 1 M/s ✓" in at_half


def test_the_pace_is_that_of_a_bare_read(made: dict[str, Path]) -> None:
    assert pace(made, EVENTS) > 0


def test_a_missed_goal_has_a_cross_and_a_reached_one_a_tick() -> None:
    case = Case(1_000_000, "csv", Path("events.csv"))
    run, floor = Usage(wall_s=2, cpu_s=2, peak_mb=400), Usage(wall_s=1, cpu_s=1, peak_mb=100)

    text = page([Result(case, 3, run, floor)], Help([0.1] * 10, loads_polars=False), {}, case, 3, 1.0)

    assert "≥ 0.8 M/s ✗, ≤ 500 MB ✓" in text
    assert "< 0.15 s ✓, without polars ✓" in text


def test_bounds_are_those_of_rows_in_order_and_in_any(made: dict[str, Path], folder: Path) -> None:
    text = bounded([EVENTS], OWN, print, folder, limit_mb=3_000)

    assert "| ordered | 20,000 |  |" in text
    assert "| shuffled | 20,000 | 3,000 MB |" in text
    ordered, any_ = pl.read_parquet(made["parquet"]), pl.read_parquet(shuffled(made["parquet"]))
    assert not any_["ts"].is_sorted()
    assert_frame_equal(ordered, any_, check_row_order=False)


def test_every_source_with_repeated_records_is_measured(folder: Path) -> None:
    text = bench_sources(50, folder / "sources", lambda: 1.0, measured_here)

    assert all(f"| {name}/" in text for name in ("ga4", "amplitude", "access_log", "snowplow"))


def test_a_source_is_measured_in_a_process_of_its_own(folder: Path) -> None:
    path = enlarged(export("umami", 60)["expanded.csv"], "expanded.csv", 50, folder)

    assert apart("umami/expanded.csv", path).records >= 50
