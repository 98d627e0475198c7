"""Whatever way rows arrive, they give the report that the command line gives; what is no data is said."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pytest

import friction
from friction.compare import exact
from tests.library.frames import FRAMES, GOAL


@pytest.mark.parametrize("kind", FRAMES)
def test_a_frame_gives_the_report_of_the_file_it_came_from(
    kind: str, export: Path, by_command: bytes
) -> None:
    frame = FRAMES[kind](export.read_bytes())

    found = friction.analyze(frame, goal=GOAL)

    assert found.input.files[0].name == "frame 1"
    assert not exact(by_command, found.to_json().encode())


def test_a_path_gives_the_bytes_of_the_command_line(export: Path, by_command: bytes) -> None:
    assert friction.analyze(str(export), goal=GOAL).to_json().encode() == by_command


def test_a_process_of_its_own_gives_the_same_bytes(export: Path, by_command: bytes) -> None:
    assert friction.analyze(export, goal=GOAL, isolate=True).to_json().encode() == by_command


def test_the_event_table_gives_the_report_of_the_export(export: Path, by_command: bytes) -> None:
    found = friction.analyze(friction.read(export), goal=GOAL)

    assert not exact(by_command, found.to_json().encode())


def test_several_inputs_of_different_kinds_are_one_data_set(export: Path, by_command: bytes) -> None:
    rows = pl.read_csv(export)
    half = rows.height // 2
    (export.parent / "half.csv").write_text(rows[:half].write_csv())

    one = friction.analyze(export.parent / "half.csv", rows[half:], goal=GOAL)
    other = friction.analyze([rows[half:], str(export.parent / "half.csv")], goal=GOAL)

    assert [file.name for file in one.input.files][1:] == ["frame 1"]
    assert one.to_json() == other.to_json()
    assert not exact(by_command, one.to_json().encode())


def test_a_frame_with_names_of_its_own_needs_a_mapping(export: Path, by_command: bytes) -> None:
    frame = pl.read_csv(export).rename({"timestamp": "Zeitpunkt", "session_id": "Besuch"})

    with pytest.raises(friction.InputError):
        friction.analyze(frame, goal=GOAL)
    found = friction.analyze(frame, goal=GOAL, mapping={"ts": "Zeitpunkt", "session_id": "Besuch"})

    assert found.input.sessions == friction.Report.from_json(by_command).input.sessions


def test_a_mapping_may_be_a_file(export: Path, tmp_path: Path) -> None:
    (tmp_path / "mapping.toml").write_text('session_id = "Besuch"\n')
    frame = pl.read_csv(export).rename({"session_id": "Besuch"})

    assert friction.analyze(frame, mapping=tmp_path / "mapping.toml").input.sessions == 120


def test_numbers_of_sessions_stay_whole_where_pandas_made_floats_of_them(export: Path) -> None:
    frame = pd.read_csv(export)
    frame["session_id"] = frame["session_id"].str[1:].astype(float).where(frame.index > 0)

    events = friction.read(frame)

    assert events["session_id"].unique().sort().head(2).to_list() == ["0", "1"]


def test_a_frame_stays_as_it_was_and_leaves_nothing_behind(
    export: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    frame = pl.read_csv(export)
    before = frame.clone()

    friction.analyze(frame)

    assert frame.equals(before)
    assert not list(tmp_path.iterdir())


NOT_DATA: dict[str, Any] = {
    "nothing": (),
    "a number": (7,),
    "a column of polars": (pl.Series([1, 2]),),
    "a column of pandas": (pd.Series([1, 2]),),
    "objects": (pl.DataFrame({"ts": pl.Series([object()], dtype=pl.Object())}),),
    "mixed kinds": (pd.DataFrame({"ts": [1, "x"]}),),
    "a lazy frame that fails": (pl.LazyFrame({"ts": ["x"]}).select(pl.col("ts").cast(pl.Int64())),),
}


@pytest.mark.parametrize("what", NOT_DATA)
def test_what_is_no_data_is_said(what: str) -> None:
    with pytest.raises(friction.UsageError) as caught:
        friction.analyze(*NOT_DATA[what])

    assert caught.value.problem.remedy


def test_a_path_that_leads_to_nothing_is_said(tmp_path: Path) -> None:
    with pytest.raises(friction.InputError, match="there is no file"):
        friction.analyze(tmp_path / "events.csv")


def test_pandas_without_pyarrow_is_told_what_is_missing(
    export: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    frame = pd.read_csv(export)
    monkeypatch.setitem(sys.modules, "pyarrow", None)

    with pytest.raises(friction.MissingExtra) as caught:
        friction.analyze(frame)

    assert caught.value.problem.remedy == "pip install pyarrow"
