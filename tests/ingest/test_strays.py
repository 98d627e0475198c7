"""Exports lie in folders with other things: what is no table at all is passed over beside them, and said."""

from __future__ import annotations

from pathlib import Path

import pytest

from friction import scan
from friction.cli import main
from friction.errors import InputError

ROWS = "session_id,ts,event,url\ns1,2026-03-01T10:00:00Z,page_view,/a\ns1,2026-03-01T10:00:05Z,click,/a\n"
STRAYS = {
    "LICENSE": b"Take it.\nKeep my name.\n",
    "cover.png": b"\x89PNG\r\n\x1a\n" + bytes(100),
    "empty.csv": b"",
    "letter.pdf": b"%PDF-1.7\n1 0 obj\n",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Strays around one export."""
    for name, content in STRAYS.items():
        (tmp_path / name).write_bytes(content)
    (tmp_path / "events.csv").write_text(ROWS)
    return tmp_path


def test_strays_are_passed_over_and_said(folder: Path) -> None:
    found = scan.analyze(sorted(folder.iterdir())).input

    assert [(file.name, file.rows_total) for file in found.files] == [("events.csv", 2)]
    assert [(each.file, each.example, each.reason, each.is_loss) for each in found.passed_over] == [
        ("LICENSE", "LICENSE", "input.not_a_table", False),
        ("cover.png", "cover.png", "input.not_a_table", False),
        ("empty.csv", "empty.csv", "input.empty", False),
        ("letter.pdf", "letter.pdf", "input.not_a_table", False),
    ]


def test_what_is_found_is_that_of_the_export_alone(folder: Path) -> None:
    alone, among = (scan.analyze(inputs) for inputs in ([folder / "events.csv"], sorted(folder.iterdir())))

    assert (among.points, among.input.events) == (alone.points, alone.input.events)


def test_a_folder_is_read_though_other_things_lie_in_it(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(["analyze", str(folder), "--quiet", "--lang", "fr"])
    shown = " ".join(capsys.readouterr().out.split())

    assert code == 0
    assert shown.count("Ignoré") == len(STRAYS)
    assert "empty.csv, vide" in shown
    assert shown.count("pas une table d’événements") == 3


def test_strays_alone_are_refused_by_name(folder: Path) -> None:
    (folder / "events.csv").unlink()

    with pytest.raises(InputError) as caught:
        scan.analyze(sorted(folder.iterdir()))

    assert (caught.value.problem.code, caught.value.problem.file) == ("input.not_a_table", "LICENSE")


def test_what_could_be_an_export_is_refused_beside_others(folder: Path) -> None:
    (folder / "people.csv").write_text("name,town\nAda,Paris\n")

    with pytest.raises(InputError) as caught:
        scan.analyze(sorted(folder.iterdir()))

    assert caught.value.problem.file == "people.csv"
