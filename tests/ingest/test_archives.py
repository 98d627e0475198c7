"""An archive is analysed as the files in it; what is not read is said, and costs nothing else."""

from __future__ import annotations

import gzip
import tarfile
from pathlib import Path

import pytest

from friction import scan
from friction.compare import POSITIONS
from friction.config import Settings
from friction.errors import InputError, LimitError
from friction.report import PassedOver, Report
from friction.tables import files
from tests.exports import analysed, visits, written
from tests.tables.packing import ENCRYPTED, Packed, tarred, zipped


@pytest.fixture
def days(tmp_path: Path) -> list[bytes]:
    """Two exports."""
    return [written(tmp_path / f"{day}.csv", visits(40, seed=day)).read_bytes() for day in (1, 2)]


def archived(tmp_path: Path, content: bytes) -> Path:
    path = tmp_path / "export.zip"
    path.write_bytes(content)
    return path


def test_members_are_read_as_the_files_they_are(tmp_path: Path, days: list[bytes]) -> None:
    packed = [Packed(b"members/a.csv", days[0]), Packed(b"members/b.csv.gz", gzip.compress(days[1]))]
    report = analysed(archived(tmp_path, zipped(packed)))
    plain = analysed(tmp_path / "1.csv", tmp_path / "2.csv")

    assert [file.name for file in report.input.files] == [
        "export.zip › members/a.csv",
        "export.zip › members/b.csv.gz",
    ]
    assert [file.sha256 for file in report.input.files] == [file.sha256 for file in plain.input.files]
    assert report.points == [] or report.points[0].id == plain.points[0].id
    assert (report.input.events, report.input.sessions) == (plain.input.events, plain.input.sessions)


@pytest.mark.parametrize("compress", [bytes, gzip.compress])
def test_a_tar_is_read_likewise(tmp_path: Path, days: list[bytes], compress: type[bytes]) -> None:
    tar = tarred([(f"{at}.csv", day, tarfile.REGTYPE) for at, day in enumerate(days)])
    report = analysed(archived(tmp_path, compress(tar)))

    assert [file.name for file in report.input.files] == ["export.zip › 0.csv", "export.zip › 1.csv"]


def test_what_is_not_read_is_said_with_its_reason(tmp_path: Path, days: list[bytes]) -> None:
    packed = [
        Packed(b"d/"),
        Packed(b"README.txt", b"a letter to a friend\n"),
        Packed(b"a.csv", days[0]),
        Packed(b"b.csv", days[1], crc=1),
        Packed(b"c.csv", days[1], crc=1),
        Packed(b"secret.csv", days[1], flags=ENCRYPTED),
    ]
    read = analysed(archived(tmp_path, zipped(packed))).input

    assert [file.name for file in read.files] == ["export.zip › a.csv"]
    assert [
        (each.reason, each.members, each.example, each.is_loss)
        for each in read.passed_over
        if each.reason[:6] != "input."
    ] == [
        ("folder", 1, "export.zip › d", False),
        ("wrong_checksum", 2, "export.zip › b.csv", True),
        ("encrypted", 1, "export.zip › secret.csv", True),
    ]
    assert [(each.example, each.is_loss) for each in read.passed_over if each.reason[:6] == "input."] == [
        ("export.zip › README.txt", False)
    ]


@pytest.mark.parametrize(
    ("members", "code"),
    [
        ([], "input.empty_archive"),
        ([Packed(b"d/"), Packed(b"a.csv")], "input.empty_archive"),
        ([Packed(b"a.csv", b"a,b\n", flags=ENCRYPTED), Packed(b"b", b"a,b\n", crc=1)], "input.encrypted"),
        ([Packed(b"a.csv", b"a,b\n", crc=1)], "input.damaged_archive"),
        ([Packed(b"a.csv", b"a,b\n", 14)], "input.packed_otherwise"),
        ([Packed(b"a.png", b"\x89PNG....")], "input.not_a_table"),
    ],
)
def test_an_archive_that_gives_nothing_is_refused_by_name(
    tmp_path: Path, members: list[Packed], code: str
) -> None:
    with pytest.raises(InputError) as caught:
        analysed(archived(tmp_path, zipped(members)))

    assert caught.value.problem.code == code
    assert str(caught.value.problem.file).startswith("export.zip")


def test_limits_of_the_settings_hold_inside_archives(tmp_path: Path, days: list[bytes]) -> None:
    path = archived(tmp_path, zipped([Packed(b"a.csv", days[0]), Packed(b"b.csv", days[1])]))

    with pytest.raises(LimitError) as caught:
        analysed(path, limits={"members": 1})

    assert (caught.value.problem.code, caught.value.problem.file) == ("limit.members", "export.zip")


def test_limits_of_the_settings_hold_for_one_compressed_file(tmp_path: Path, days: list[bytes]) -> None:
    with pytest.raises(LimitError) as caught:
        analysed(archived(tmp_path, gzip.compress(days[0])), limits={"inflated_size": 1_000})

    assert caught.value.problem.code == "limit.inflated_size"


def test_a_damaged_member_leaves_no_file_behind(tmp_path: Path, days: list[bytes]) -> None:
    def kept() -> int:
        return len(list(files._folder().iterdir()))

    before = kept()
    analysed(archived(tmp_path, zipped([Packed(b"a.csv", days[0]), Packed(b"b.csv", days[1], crc=1)])))

    assert kept() == before + 1


def test_inspect_shows_members(tmp_path: Path, days: list[bytes]) -> None:
    path = archived(tmp_path, zipped([Packed(b"a.csv", days[0]), Packed(b".DS_Store", b"x")]))
    found = scan.inspect([path], None, Settings())

    assert [file["name"] for file in found["files"]] == ["export.zip › a.csv"]
    assert found["passed_over"] == [
        {"file": "export.zip", "reason": "system_file", "members": 1, "example": "export.zip › .DS_Store"}
    ]


def test_what_was_passed_over_survives_as_json_and_is_a_position(tmp_path: Path, days: list[bytes]) -> None:
    report = analysed(archived(tmp_path, zipped([Packed(b"a.csv", days[0]), Packed(b"e.csv")])))

    assert Report.from_json(report.to_json()).input.passed_over == [
        PassedOver("export.zip", "empty", 1, "export.zip › e.csv")
    ]
    assert "input.passed_over" in POSITIONS
