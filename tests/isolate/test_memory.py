"""How much there is, how much is held, and the wall of the kernel where it can be had."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from friction.isolate import memory
from friction.isolate.cgroup import enclosed
from friction.isolate.watch import watched

HOLDING = "import sys; held = b'x' * int(sys.argv[1]); print('ready', flush=True); sys.stdin.read()"
MB = 10**6


def group(folder: Path, **files: str) -> Path:
    """A directory that looks like a control group; `memory_max="5"` writes `memory.max`."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name.replace("_", ".", 1)).write_text(text)
    return folder


def membership(folder: Path, *lines: str) -> Path:
    path = folder / "membership"
    path.write_text("\n".join(lines))
    return path


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A machine of 10 GB, whose control groups lie in the folder."""
    monkeypatch.setattr(memory, "_of_machine", lambda: [10**10])
    monkeypatch.setattr(memory, "_CONTROL", tmp_path / "control")
    monkeypatch.setattr(memory, "_MEMBERSHIP", tmp_path / "membership")
    return tmp_path


@pytest.mark.usefixtures("machine")
def test_the_ceiling_is_a_share_of_the_machine() -> None:
    assert memory.ceiling() == 8 * 10**9
    assert memory.ceiling(among=2) == 4 * 10**9


def test_the_tightest_group_on_the_way_up_counts(machine: Path) -> None:
    group(machine / "control" / "a", memory_max="5000000000")
    group(machine / "control" / "a" / "b", memory_max="max")
    membership(machine, "0::/a/b")

    assert memory.ceiling() == 4 * 10**9


def test_groups_of_version_1_count_and_their_word_for_no_limit_does_not(machine: Path) -> None:
    membership(machine, "4:cpu,memory:/x/y", "0::/")
    group(machine / "control" / "memory", memory_limit_in_bytes="1000000000")
    group(machine / "control" / "memory" / "x" / "y", memory_limit_in_bytes=str(2**63 - 4096))

    assert memory.ceiling() == 8 * 10**8


def test_a_container_that_sees_only_its_own_group_finds_the_limit_at_the_root(machine: Path) -> None:
    group(machine / "control", memory_max="1000000000")
    membership(machine, "0::/../../somewhere/else")

    assert memory.ceiling() == 8 * 10**8


def test_what_a_process_and_its_children_hold_is_added_up() -> None:
    code = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {HOLDING!r}, '60000000'])"
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        held = memory.resident(process.pid)
        process.communicate()

    assert 60 * MB < held < 120 * MB
    assert memory.resident(process.pid) == 0


def test_a_watch_sees_the_peak_and_ends_what_passes_the_ceiling() -> None:
    ended = threading.Event()
    with watched(os.getpid(), 1, time.monotonic() + 60, ended.set) as watch:
        assert ended.wait(2)

    assert (watch.why, watch.peak > 10 * MB) == ("memory", True)


def test_a_watch_knows_the_time() -> None:
    ended = threading.Event()
    with watched(os.getpid(), None, time.monotonic() + 0.1, ended.set) as watch:
        assert ended.wait(2)

    assert watch.why == "time"


def test_a_watch_that_sees_nothing_ends_nothing() -> None:
    ended = threading.Event()
    with watched(os.getpid(), 10**15, time.monotonic() + 60, ended.set) as watch:
        time.sleep(0.1)

    assert (watch.why, ended.is_set()) == (None, False)


def handing_down(root: Path, **files: str) -> Path:
    """A group `own` below `root` that hands the memory controller down."""
    group(root, cgroup_controllers="cpu memory")
    return group(root / "own", cgroup_subtree_control="cpu memory", **files)


def test_a_child_is_put_into_a_group_with_its_ceiling(tmp_path: Path) -> None:
    own = handing_down(tmp_path / "control")
    cell = enclosed(77, 5 * MB, tmp_path / "control", membership(tmp_path, "0::/own"))

    assert cell is not None
    assert cell.folder == own / "friction-77"
    written = {path.name: path.read_text() for path in cell.folder.iterdir()}
    assert written == {
        "memory.max": "5000000",
        "memory.swap.max": "0",
        "memory.oom.group": "1",
        "cgroup.procs": "77",
    }


@pytest.mark.parametrize(("kills", "overflowed"), [("0", False), ("2", True)])
def test_the_kernel_says_whether_the_wall_was_hit(tmp_path: Path, kills: str, overflowed: bool) -> None:
    handing_down(tmp_path / "control")
    cell = enclosed(77, 5 * MB, tmp_path / "control", membership(tmp_path, "0::/own"))

    assert cell is not None
    assert not cell.overflowed()
    (cell.folder / "memory.events").write_text(f"low 0\nmax 9\noom 1\noom_kill {kills}\n")
    assert cell.overflowed() is overflowed


def test_the_group_above_serves_as_well(tmp_path: Path) -> None:
    handing_down(tmp_path / "control")
    group(tmp_path / "control" / "own" / "scope", cgroup_subtree_control="")
    cell = enclosed(77, 5 * MB, tmp_path / "control", membership(tmp_path, "0::/own/scope"))

    assert cell is not None
    assert cell.folder.parent.name == "own"


@pytest.mark.parametrize("lines", [["4:memory:/own"], ["0::/nowhere/at/all"], []])
def test_without_a_group_that_hands_memory_down_there_is_no_wall(tmp_path: Path, lines: list[str]) -> None:
    handing_down(tmp_path / "control")

    assert enclosed(77, 5 * MB, tmp_path / "control", membership(tmp_path, *lines)) is None


def test_a_group_that_refuses_is_left_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = handing_down(tmp_path / "control")
    refused = "friction.isolate.cgroup._write"
    monkeypatch.setattr(refused, lambda *_: (_ for _ in ()).throw(PermissionError()))

    assert enclosed(77, 5 * MB, tmp_path / "control", membership(tmp_path, "0::/own")) is None
    assert [path.name for path in own.iterdir()] == ["cgroup.subtree_control"]
