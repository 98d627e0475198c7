"""What a child may use: worked out by the door, put into force by the child itself."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from friction.isolate import memory
from friction.isolate.bounds import ADDRESS_LEAST, Bounds
from friction.isolate.outcome import End

GIB = 2**30


def plan(**limits: Any) -> dict[str, Any]:
    return {"settings": {"limits": limits}}


def inside(bounds: dict[str, Any], code: str) -> subprocess.CompletedProcess[str]:
    """A process that puts `bounds` on itself and then runs `code`."""
    text = f"from friction.child import bounds\nbounds.apply({bounds!r})\n{code}"
    environment = {**os.environ, "PYTHONPATH": str(Path(memory.__file__).parents[2])}
    return subprocess.run(
        [sys.executable, "-c", text], capture_output=True, text=True, env=environment, check=False
    )


def test_limits_become_figures() -> None:
    bounds = Bounds.of(plan(memory=2 * GIB, time=30.0, threads=2, output_size=5))

    assert bounds == Bounds(memory=2 * GIB, address=6 * GIB, cpu_s=60, time_s=30.0, file=5)


def test_without_settings_a_share_of_the_machine_is_the_ceiling() -> None:
    assert Bounds.of({}).memory == memory.ceiling()


@pytest.mark.parametrize("ceiling", [1, 10**8, GIB, 10 * GIB])
def test_address_space_is_never_a_tight_limit(ceiling: int) -> None:
    address = Bounds.of(plan(memory=ceiling)).address

    assert address is not None
    assert address >= max(2 * ceiling, ADDRESS_LEAST)


def test_files_that_are_mapped_do_not_use_the_address_space_up(tmp_path: Path) -> None:
    path = tmp_path / "a"
    with path.open("wb") as file:
        file.truncate(3 * GIB)

    assert Bounds.of({**plan(memory=GIB), "inputs": [str(path)]}).address == ADDRESS_LEAST + 3 * GIB


def test_the_child_puts_its_limits_on_before_it_does_anything() -> None:
    code = (
        "import json, resource as r\n"
        "names = r.RLIMIT_CORE, r.RLIMIT_FSIZE, r.RLIMIT_CPU, r.RLIMIT_AS\n"
        "print(json.dumps([r.getrlimit(name) for name in names]))"
    )
    found = json.loads(inside({"file": 10**6, "cpu_s": 7, "address": 3 * GIB}, code).stdout)

    assert found == [[0, 0], [10**6, 10**6], [7, 12], [3 * GIB, 3 * GIB]]


def test_a_limit_of_the_system_is_not_raised() -> None:
    code = (
        "import resource\nresource.setrlimit(resource.RLIMIT_FSIZE, (50, 50))\n"
        "bounds.apply({'file': 100})\nprint(resource.getrlimit(resource.RLIMIT_FSIZE))"
    )

    assert inside({}, code).stdout == "(50, 50)\n"


def test_processor_time_ends_a_process_that_the_clock_does_not() -> None:
    spinning = inside({"cpu_s": 1}, "while True: pass")

    assert spinning.returncode == -signal.SIGXCPU
    failure = End(spinning.returncode).failure(Bounds.of(plan(time=9.0)))
    assert "9 s" in str(failure)


def test_a_write_beyond_the_limit_fails_and_does_not_kill(tmp_path: Path) -> None:
    code = f"try: open({str(tmp_path / 'a')!r}, 'wb').write(bytes(10**6))\nexcept OSError as error: print(error.errno)"

    assert inside({"file": 1000}, code).stdout == "27\n"


def test_where_the_kernel_allows_it_there_is_no_network() -> None:
    code = (
        "import os, socket\nbefore = os.getuid(), os.getgid()\nleft = bounds.leave_network()\n"
        "names = [name for _, name in socket.if_nameindex()]\n"
        "print(not left or names == ['lo'], before == (os.getuid(), os.getgid()))"
    )

    assert inside({}, code).stdout == "True True\n"


def test_files_of_the_user_stay_readable_without_the_network(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("content")
    (tmp_path / "a").chmod(0o600)

    assert inside({}, f"print(open({str(tmp_path / 'a')!r}).read())").stdout == "content\n"


@pytest.mark.parametrize(
    ("end", "again"),
    [
        (End(0, why="memory"), False),
        (End(-9, why="memory"), True),
        (End(-9, why="time"), False),
        (End(-9), True),
        (End(-signal.SIGXCPU), False),
        (End(3, {"problem": {"code": "input.empty", "detail": "x"}, "again": False}), False),
        (End(3, {"problem": {"code": "limit.memory", "detail": "x"}, "again": True}), True),
        (End(130), False),
        (End(3), False),
    ],
)
def test_only_who_died_or_lacked_memory_is_worth_another_attempt(end: End, again: bool) -> None:
    assert end.worth_another is again


def test_a_result_that_was_done_in_time_counts_although_its_end_was_decided() -> None:
    assert End(0, why="time").failure(Bounds.of({})) is None
