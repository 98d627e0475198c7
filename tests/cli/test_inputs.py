"""What the user names, as files."""

from __future__ import annotations

import io
import os
import threading
from pathlib import Path

import pytest

from friction.cli.inputs import found
from friction.errors import InputError


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with exports in it."""
    for name in (
        "a1.csv",
        "b.csv",
        "a[1].csv",
        "deep/er/c.csv",
        "deep/.hidden.csv",
        "deep/.git/d.csv",
        ".e.csv",
    ):
        path = tmp_path / "here" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    (tmp_path / "here" / "empty").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    return tmp_path / "here"


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    ("asked", "names"),
    [
        (["b.csv"], ["b.csv"]),
        (["b.csv", "a1.csv"], ["b.csv", "a1.csv"]),
        (["*.csv"], ["a1.csv", "a[1].csv", "b.csv"]),
        (["a[1].csv"], ["a[1].csv"]),
        (["[a-b].csv"], ["b.csv"]),
        (["deep"], ["deep/er/c.csv"]),
        (["**/*.csv"], ["a1.csv", "a[1].csv", "b.csv", "deep/er/c.csv"]),
        (["d*"], ["deep/er/c.csv"]),
        (["b.csv", "*.csv"], ["b.csv", "a1.csv", "a[1].csv"]),
        (["./b.csv", "b.csv"], ["./b.csv"]),
    ],
)
def test_a_name_leads_to_its_files_once_and_in_order(
    tmp_path: Path, asked: list[str], names: list[str]
) -> None:
    assert found(asked, tmp_path).names == names


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    ("asked", "code", "says"),
    [
        ("bb.csv", "input.missing", 'did you mean "b.csv"?'),
        ("deep/er/C.csv", "input.missing", 'did you mean "deep/er/c.csv"?'),
        ("x*.json", "input.missing", "check the name"),
        ("nowhere/b.csv", "input.missing", "check the name"),
        ("empty", "input.empty_folder", "name the folder"),
    ],
)
def test_a_name_that_leads_nowhere_is_an_error(tmp_path: Path, asked: str, code: str, says: str) -> None:
    with pytest.raises(InputError) as caught:
        found([asked], tmp_path)

    assert caught.value.problem.code == code
    assert says in str(caught.value.problem.remedy)


def test_standard_input_is_spooled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"ts,session\n")))
    inputs = found(["-"], tmp_path)

    assert inputs.names == ["-"]
    assert Path(inputs.paths[0]).read_bytes() == b"ts,session\n"


def test_a_pipe_is_spooled_since_it_can_be_read_only_once(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_bytes, args=(b"1,2\n",))
    writer.start()
    inputs = found([str(pipe)], tmp_path)
    writer.join()

    assert Path(inputs.paths[0]).read_bytes() == b"1,2\n"
    assert inputs.names == [str(pipe)]
