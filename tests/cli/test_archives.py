"""Archives on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.exports import visits, written
from tests.tables.packing import Packed, zipped


def export(folder: Path, *more: Packed) -> str:
    content = written(folder / "a.csv", visits(40)).read_bytes()
    (folder / "export.zip").write_bytes(zipped([Packed(b"a.csv", content), *more]))
    return str(folder / "export.zip")


def test_a_member_that_is_lost_makes_a_partial_report(friction: Run, tmp_path: Path) -> None:
    done = friction("analyze", export(tmp_path, Packed(b"b.csv", b"a,b\n1,2\n", crc=1)))

    assert done.code == 4
    assert "1 member of the archives not read (not what was packed (wrong checksum))" in done.err
    assert "Missing" in done.out


@pytest.mark.parametrize(
    "words",
    [
        ("convert", "-o", "out.parquet"),
        ("convert", "--raw", "-o", "out.csv"),
        ("detect", "--detector", "rage_click", "-o", "out.csv"),
    ],
    ids=" ".join,
)
def test_what_is_written_without_a_lost_member_is_partial_too(
    friction: Run, tmp_path: Path, words: tuple[str, ...]
) -> None:
    lost = Packed(b"b.csv", b"a,b\n1,2\n", crc=1)
    done = friction(*words, export(tmp_path, lost), "--format", "json")

    assert done.code == 4
    assert "1 member of the archives not read (not what was packed (wrong checksum))" in done.err
    assert json.loads(done.out)["passed_over"][0]["example"].endswith("› b.csv")
    assert (tmp_path / words[-1]).exists()


def test_what_never_held_data_leaves_the_report_whole(friction: Run, tmp_path: Path) -> None:
    done = friction("analyze", export(tmp_path, Packed(b"__MACOSX/._a.csv", b"x")), "--quiet")

    assert (done.code, done.err) == (0, "")


def test_inspect_shows_the_members_of_an_archive(friction: Run, tmp_path: Path) -> None:
    done = friction("inspect", export(tmp_path, Packed(b"d/")), "--quiet")

    assert done.code == 0
    assert "export.zip › a.csv" in done.out
    assert "folder" in done.out
