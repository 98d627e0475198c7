"""The order of rows, files, parts and threads never shows in a report, except in the names of positions."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from friction.compare import exact
from friction.impact import estimate
from friction.impact.sample import Room
from friction.ingest import way
from tests.exports import Row, analysed, goal, row, visits, written

ROOT = Path(__file__).parents[2]
GOALS = goal("page=/b", "event=purchase")

TIED = st.builds(
    row,
    session=st.sampled_from(["s1", "s2", "s3"]),
    seconds=st.one_of(st.integers(0, 6), st.sampled_from([1800, 1801, 4000])),
    kind=st.sampled_from(["page_view", "click", "input", "error", "purchase", "submit"]),
    page=st.sampled_from([None, "/a", "/b", "/c"]),
    target=st.sampled_from([None, "button#x", "a.y", "input.q"]),
    form=st.sampled_from([None, "form#f"]),
    field=st.sampled_from([None, "name", "mail"]),
    visitor_id=st.sampled_from([None, "v1", "v2"]),
    device=st.sampled_from([None, "phone", "desktop"]),
    load_ms=st.sampled_from([None, 900, 9000]),
    error_message=st.sampled_from([None, "x is undefined"]),
    value=st.sampled_from([None, 5, 7.5]),
    currency=st.sampled_from([None, "EUR"]),
)
"""Events on a clock of seconds, so that many happen at the same instant."""


def mixed(rows: Sequence[Row], folder: Path, seed: int, files: int) -> list[Path]:
    """The rows in another order, spread over some files."""
    shuffled = random.Random(seed).sample(rows, len(rows))
    folder.mkdir(exist_ok=True)
    return [written(folder / f"{n}.csv", part) for n in range(files) if (part := shuffled[n::files])]


@settings(max_examples=25)
@given(st.lists(TIED, min_size=1, max_size=25), st.integers(0, 99), st.integers(1, 3), st.integers(1, 9))
def test_ties_shuffled_split_and_cut_into_parts_are_the_same_report(
    rows: list[Row], seed: int, files: int, part_rows: int
) -> None:
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        one = analysed(written(Path(folder) / "one.csv", rows), goals=GOALS).to_json()
        patch.setattr(way, "PART_ROWS", part_rows)
        other = analysed(*mixed(rows, Path(folder) / "parts", seed, files), goals=GOALS).to_json()

    assert exact(one, other) == []


@pytest.mark.parametrize(("part_rows", "views"), [(1_000_000, None), (40, None), (40, 300)])
def test_a_ranked_report_is_the_same_for_shuffled_rows_in_five_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, part_rows: int, views: int | None
) -> None:
    """Also where costs rest on a drawn share of the page views."""
    if views:
        small = {**(estimate.__kwdefaults__ or {}), "room": Room(views, 20)}
        monkeypatch.setattr(estimate, "__kwdefaults__", small)
    rows = visits(600, value=9, device="phone")
    one = analysed(written(tmp_path / "one.csv", rows), goals=GOALS)
    monkeypatch.setattr(way, "PART_ROWS", part_rows)
    other = analysed(*mixed(rows, tmp_path / "parts", 4, 5), goals=GOALS)

    assert one.points[0].impact.estimate is not None
    assert ("costs_sampled" in {check.check for check in one.quality}) == bool(views)
    assert exact(one.to_json(), other.to_json()) == []


REPORT = """
import sys
from pathlib import Path
from friction import scan
from friction.config import Settings
sys.stdout.buffer.write(scan.analyze([Path(sys.argv[1])], None, Settings()).to_json())
"""


def test_five_runs_with_one_thread_and_two_give_the_same_bytes(tmp_path: Path) -> None:
    export = written(tmp_path / "one.csv", visits(150))
    outputs = {
        subprocess.run(
            [sys.executable, "-c", REPORT, str(export)],
            env={**os.environ, "POLARS_MAX_THREADS": threads, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            check=True,
        ).stdout
        for threads in ("1", "2", "1", "2", "2")
    }

    assert len(outputs) == 1
