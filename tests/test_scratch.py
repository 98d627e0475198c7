"""Private folders: they go with their process, however it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from friction import scratch
from friction.scratch import PREFIX

ROOT = Path(__file__).parents[1]
MAKE = "import sys; from friction import scratch; print(scratch.make(), flush=True); sys.stdin.read()"
ANALYZE = [sys.executable, "-m", "friction", "analyze"]


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where temporary files go in this process and in those it starts."""
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    scratch.sweep.cache_clear()
    return folder


def start() -> subprocess.Popen[bytes]:
    """A process that has made a folder and waits."""
    process = subprocess.Popen([sys.executable, "-c", MAKE], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.readline()
    return process


def test_a_folder_is_private_and_goes_when_it_is_removed(work: Path) -> None:
    folder = scratch.make()
    assert (folder.parent, folder.stat().st_mode & 0o777) == (work, 0o700)
    scratch.remove(folder)

    assert list(work.iterdir()) == []


def test_what_a_killed_process_left_goes_at_the_next_start(work: Path) -> None:
    with start() as process:
        left = next(work.iterdir())
        (left / "upload").write_text("data")
        process.kill()
    scratch.sweep()

    assert list(work.iterdir()) == []


def test_the_folder_of_a_living_process_stays(work: Path) -> None:
    with start() as process:
        scratch.sweep()
        stayed = list(work.iterdir())
        process.communicate()

    assert len(stayed) == 1


def test_what_is_no_folder_of_ours_stays(work: Path) -> None:
    for name in ("friction-notes", f"{PREFIX}mine", f"{PREFIX}12345678", "elsewhere"):
        (work / name).mkdir()
        (work / name).chmod(0o755)  # whatever mask this process has
    (work / f"{PREFIX}aaaaaaaa").symlink_to(work / "elsewhere")
    (work / f"{PREFIX}bbbbbbbb").touch()
    (work / f".{PREFIX}cccccccc").mkdir(mode=0o700)
    before = sorted(work.iterdir())
    scratch.sweep()

    assert sorted(work.iterdir()) == before


def test_the_folder_of_somebody_else_stays(work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with start() as process:
        process.kill()
    monkeypatch.setattr(os, "geteuid", lambda: 12345)
    scratch.sweep()

    assert len(list(work.iterdir())) == 1


def test_a_folder_that_was_never_locked_goes_after_a_day(work: Path) -> None:
    folder = work / f".{PREFIX}aaaaaaaa"
    folder.mkdir(mode=0o700)
    long_ago = time.time() - 2 * scratch.DAY_S
    os.utime(folder, (long_ago, long_ago))
    scratch.sweep()

    assert not folder.exists()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_a_command_that_is_ended_while_it_takes_its_input_leaves_nothing(work: Path, number: int) -> None:
    pipe = work.parent / "pipe"
    os.mkfifo(pipe)
    # A pipe opens once the command reads.
    with subprocess.Popen([*ANALYZE, str(pipe)], stderr=subprocess.DEVNULL) as process, pipe.open("wb"):
        process.send_signal(number)
        process.wait(5)
    if number == signal.SIGKILL:
        # Nobody is left to tidy up: the next command does.
        subprocess.run([*ANALYZE, "nothing.csv"], capture_output=True, check=False)

    assert list(work.iterdir()) == []


def test_a_data_process_whose_door_was_killed_removes_what_both_had(work: Path) -> None:
    events = work.parent / "events.csv"
    line = "2026-03-02T10:00:{:02},s{},page_view,/p{}\n"
    rows = (line.format(at % 60, at // 7, at % 9) for at in range(400_000))
    events.write_text("timestamp,session_id,event,url\n" + "".join(rows))
    words = [*ANALYZE, str(events), "--rejects", str(work.parent / "rejects.csv")]
    with subprocess.Popen(words, stderr=subprocess.DEVNULL) as process:
        while not (begun := list(work.glob(f"{PREFIX}*/work-*"))):
            time.sleep(0.01)
        time.sleep(0.5)
        process.kill()
    until = time.monotonic() + 5
    while list(work.iterdir()) and time.monotonic() < until:
        time.sleep(0.05)

    assert begun
    assert list(work.iterdir()) == []
    assert [path.name for path in work.parent.glob(".rejects*")] == []
