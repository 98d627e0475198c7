"""Files appear complete or not at all, whichever write, sync or rename fails, and the exit code tells the truth."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from friction import files
from friction.child.commands import COMMANDS
from friction.child.run import _carry_out, named
from friction.errors import FrictionError
from friction.files import committed, write
from tests.exports import visits, written

ROOT = Path(__file__).parents[1]
CODES = {errno.ENOSPC: "limit.disk", errno.EFBIG: "limit.output_size", errno.EIO: "output.not_written"}
OPERATIONS = ((os, "fsync"), (Path, "replace"), (Path, "touch"), (files, "_fill"))


@contextmanager
def failing(number: int, code: int, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Operations on files of which the one with this number fails; the list says which did."""
    counter, failed = count(1), list[str]()

    def faulty(name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def operation(*args: Any, **more: Any) -> Any:
            if next(counter) == number:
                failed.append(name)
                raise OSError(code, os.strerror(code))
            return real(*args, **more)

        return operation

    with monkeypatch.context() as patch:
        for owner, name in OPERATIONS:
            patch.setattr(owner, name, faulty(name, getattr(owner, name)))
        yield failed


def outcome(work: Callable[[], object]) -> FrictionError | None:
    try:
        work()
    except BaseException as fault:
        return named(fault)
    return None


@pytest.mark.parametrize("code", CODES)
def test_whichever_operation_fails_the_old_file_stays_or_the_new_one_is_whole(
    code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "report.json"
    for number in count(1):
        path.write_bytes(b"old")
        with failing(number, code, monkeypatch) as failed:
            error = outcome(lambda: write(path, b"new"))
        if not failed:
            break
        assert error is not None, failed
        assert error.problem.code == CODES[code]
        # The folder is made durable after the file has its name: then it is the new one, and whole.
        assert path.read_bytes() == (b"new" if number == 5 else b"old")
        assert list(tmp_path.iterdir()) == [path]

    assert number == 6, "touch, write, sync, rename, sync of the folder, and then none"
    assert error is None
    assert path.read_bytes() == b"new"


@pytest.mark.parametrize("code", CODES)
def test_a_disk_that_fills_up_between_two_pieces_leaves_the_old_file(code: int, tmp_path: Path) -> None:
    def pieces() -> Iterator[bytes]:
        yield b"n" * (files.PIECE + 1)
        raise OSError(code, os.strerror(code))

    path = tmp_path / "report.json"
    path.write_bytes(b"old")
    error = outcome(lambda: write(path, pieces()))

    assert error is not None
    assert error.problem.code == CODES[code]
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("command", "outputs"),
    [("analyze", ("rejects",)), ("convert", ("table",)), ("raw", ("table",)), ("detect", ("table",))],
)
def test_whichever_operation_of_a_plan_fails_no_file_is_half_there(
    command: str, outputs: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = written(tmp_path / "events.csv", visits(8))
    for number in count(1):
        folder = tmp_path / str(number)
        folder.mkdir()
        places = {name: str(folder / f"{name}.csv") for name in outputs}
        plan = {"command": command, "inputs": [str(source)], "output": str(folder / "answer.json"), **places}
        plan |= {"detectors": ["rage_click"]} if command == "detect" else {}
        with failing(number, errno.ENOSPC, monkeypatch) as failed:
            error = outcome(lambda plan=plan: _carry_out(COMMANDS, plan, lambda _: None))  # type: ignore[misc]
        names = {path.name for path in folder.iterdir()}
        if not failed:
            break
        assert error is not None, failed
        assert error.problem.code == "limit.disk"
        assert names <= {"answer.json", *(f"{name}.csv" for name in outputs)}

    assert error is None
    assert names == {"answer.json", *(f"{name}.csv" for name in outputs)}


def test_a_file_in_place_survives_a_failure_of_its_successor(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("before")

    with pytest.raises(ZeroDivisionError), committed(path) as part:
        part.write_text(f"half {1 / 0}")

    assert path.read_text() == "before"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("No space left on device: 's3cret'", "limit.disk"),
        ("File too large (os error 27)", "limit.output_size"),
    ],
)
def test_a_full_disk_is_known_by_the_words_of_an_engine_too(text: str, code: str) -> None:
    found = files.full_disk(RuntimeError(text))

    assert found is not None
    assert found.problem.code == code
    assert "s3cret" not in str(found.problem)


def friction(*words: str, cwd: Path, largest: str = "1GB", out: int = subprocess.PIPE) -> tuple[int, str]:
    """Exit code and stderr of the command, where no file that it writes grows beyond `largest`."""
    done = subprocess.run(
        [sys.executable, "-m", "friction", *words],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT), "FRICTION_LIMITS__OUTPUT_SIZE": largest},
        stdout=out,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    return done.returncode, done.stderr


@pytest.mark.parametrize(
    "words",
    [
        ("convert", "events.csv", "-o", "out.parquet"),
        ("convert", "events.csv", "--raw", "-o", "out.csv"),
        ("detect", "events.csv", "--detector", "rage_click", "-o", "out.csv"),
        ("analyze", "events.csv", "-o", "out.json"),
        ("analyze", "events.csv", "--rejects", "out.csv"),
    ],
    ids=" ".join,
)
def test_where_files_cannot_grow_there_is_none_and_the_exit_code_is_3(
    words: tuple[str, ...], tmp_path: Path
) -> None:
    path = written(tmp_path / "events.csv", visits(60))
    path.write_text(path.read_text(encoding="utf-8") + "torn\n" * 200, encoding="utf-8")

    code, said = friction(*words, cwd=tmp_path, largest="1024")

    assert code == 3
    assert "code: limit." in said
    assert [path.name for path in tmp_path.iterdir()] == ["events.csv"]


def test_a_full_device_behind_stdout_is_no_fault_of_ours(tmp_path: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        code, said = friction("detectors", "list", cwd=tmp_path, out=full.fileno())

    assert code == 3
    assert "code: limit.disk" in said
    assert "Traceback" not in said


@pytest.mark.parametrize(
    "words",
    [
        ("analyze", "events.csv", "-o", "/proc/out.json"),
        ("analyze", "events.csv", "--rejects", "/proc/out.csv"),
        ("convert", "events.csv", "-o", "/proc/out.parquet"),
        ("detect", "events.csv", "--detector", "rage_click", "-o", "/proc/out.csv"),
    ],
)
def test_a_place_where_nothing_can_be_written_is_wrong_usage_before_the_work(
    words: tuple[str, ...], tmp_path: Path
) -> None:
    (tmp_path / "events.csv").write_text("never read")

    code, said = friction(*words, cwd=tmp_path)

    assert code == 2
    assert "code: output.not_written" in said
