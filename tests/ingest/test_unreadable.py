"""Cells that hold something no one can read are null, counted by column, and said."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest

import friction

HEADER = "session_id,ts,event,url,load_ms,x\n"
CELLS = ["120", "fast", "", "80", "n/a", "1e999", '""']


def export(folder: Path, cells: list[str] = CELLS, name: str = "a.csv") -> Path:
    rows = [f"s{at},2026-03-02T09:00:{at:02}Z,click,/a,{cell},{at}\n" for at, cell in enumerate(cells)]
    path = folder / name
    path.write_text(HEADER + "".join(rows), encoding="utf-8")
    return path


def facts(path: Path) -> dict[str, Any]:
    found = friction.analyze([path]).input.files[0]
    return dict(found.facts)


def test_unreadable_cells_are_counted_under_the_name_that_the_file_has(tmp_path: Path) -> None:
    path = export(tmp_path)
    path.write_text(path.read_text(encoding="utf-8").replace("load_ms", "Load ms"), encoding="utf-8")

    assert facts(path)["unreadable_cells"] == {"Load ms": 3}


def test_a_file_without_any_says_nothing_of_them(tmp_path: Path) -> None:
    assert "unreadable_cells" not in facts(export(tmp_path, ["1", "", "2.5", '""']))


@pytest.mark.parametrize("nothing", ["null", "\\N", "-", "NaN"])
def test_a_word_for_nothing_is_read_as_such(tmp_path: Path, nothing: str) -> None:
    assert "unreadable_cells" not in facts(export(tmp_path, ["1", nothing, "2"]))


def test_cells_of_records_that_are_set_aside_are_not_counted_again(tmp_path: Path) -> None:
    path = export(tmp_path)
    path.write_text(path.read_text(encoding="utf-8") + "s9,never,click,/a,slow,1\n", encoding="utf-8")

    assert facts(path)["unreadable_cells"] == {"load_ms": 3}


@pytest.mark.parametrize("form", ["jsonl", "parquet"])
def test_other_formats_count_them_as_well(tmp_path: Path, form: str) -> None:
    frame = pl.read_csv(export(tmp_path), infer_schema=False)
    path = tmp_path / f"a.{form}"
    if form == "parquet":
        frame.write_parquet(path)
    else:
        frame.write_ndjson(path)

    assert facts(path)["unreadable_cells"] == {"load_ms": 3}


def test_they_are_a_remark_on_the_quality(tmp_path: Path) -> None:
    found = friction.analyze([export(tmp_path)]).quality[0]

    assert (found.check, found.verdict, found.detail["unreadable_cells"]) == ("rows_read", "remark", 3)
