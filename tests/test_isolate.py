"""The process that touches the data: whatever happens to it ends as a result or as one named error."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from friction import isolate
from friction.errors import FrictionError, InputError, InternalError, LimitError, UsageError
from friction.files import committed
from friction.isolate.process import environment

FAULTY = """
import os, sys, time
from pathlib import Path
from friction.child.commands import COMMANDS
from friction.files import committed
from friction.child.run import main
from friction.errors import UsageError


class PanicException(BaseException):
    pass


def fail(plan, progress):
    if plan.get("table"):
        with committed(plan["table"]) as part:
            part.write_text("half")
            progress("half", os.getpid())
            time.sleep(60)
    if plan["fault"] == "hang":
        progress("hanging", os.getpid())
        time.sleep(60)
    if plan["fault"] == "signal":
        os.kill(os.getpid(), plan["number"])
    if plan["fault"] == "leave":
        os._exit(3)
    print("noise on the result channel")
    print("noise with the secret of a cell", file=sys.stderr)
    raise {
        "panic": PanicException("secret"),
        "memory": MemoryError(),
        "disk": OSError(28, "secret"),
        "bug": ValueError("secret"),
        "usage": UsageError("config.unknown_key", "no such thing", remedy="another", file="a.csv", line=3),
        "interrupt": KeyboardInterrupt(),
    }[plan["fault"]]


COMMANDS["fail"] = fail
sys.exit(main())
"""


@pytest.fixture
def faulty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A child that knows one more command: to fail in a way the plan names."""
    script = tmp_path / "child.py"
    script.write_text(FAULTY)
    monkeypatch.setattr(isolate, "CHILD", (sys.executable, str(script)))


def outcome(fault: str, **more: Any) -> BaseException:
    with isolate.workspace(), pytest.raises(BaseException) as caught:  # noqa: PT011 - which one is the question
        isolate.run({"command": "fail", "fault": fault, "output": "x.json", **more})
    return caught.value


def test_a_plan_ends_as_a_committed_file_in_a_private_folder() -> None:
    with isolate.workspace() as folder:
        result = isolate.run({"command": "environment", "output": "answer.json"})
        answer = json.loads(result.read_bytes())

        assert (result.parent, folder.stat().st_mode & 0o777) == (folder, 0o700)
        assert answer["works"]
    assert not folder.exists()


def test_the_number_of_threads_reaches_the_engine() -> None:
    with isolate.workspace():
        plan = {"command": "environment", "output": "a.json", "settings": {"limits": {"threads": 1}}}
        assert json.loads(isolate.run(plan).read_bytes())["threads"] == 1


def test_delimited_text_is_cut_small_unless_the_user_says_how_large(monkeypatch: pytest.MonkeyPatch) -> None:
    pieces = "POLARS_CSV_CHUNK_SIZE"
    monkeypatch.delenv(pieces, raising=False)
    assert environment({}, None)[pieces] == str(2 << 20)

    monkeypatch.setenv(pieces, "1000")
    assert environment({}, None)[pieces] == "1000"


@pytest.mark.parametrize("system", ["linux", "darwin"])
def test_where_the_allocators_know_how_freed_memory_goes_back_soon(
    system: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", system)

    assert {"_RJEM_MALLOC_CONF", "MALLOC_ARENA_MAX"} & environment({}, None).keys() == (
        {"_RJEM_MALLOC_CONF", "MALLOC_ARENA_MAX"} if system == "linux" else set()
    )


@pytest.mark.usefixtures("faulty")
@pytest.mark.parametrize(
    ("fault", "kind", "code"),
    [
        ("panic", InputError, "input.crashed_reader"),
        ("memory", LimitError, "limit.memory"),
        ("disk", LimitError, "limit.disk"),
        ("bug", InternalError, "internal.fault"),
        ("usage", UsageError, "config.unknown_key"),
        ("leave", InternalError, "internal.child"),
    ],
)
def test_a_fault_in_the_child_is_a_named_error_here(fault: str, kind: type[FrictionError], code: str) -> None:
    error = outcome(fault)

    assert isinstance(error, kind)
    assert error.problem.code == code
    assert "secret" not in f"{error} {error.problem}"


@pytest.mark.usefixtures("faulty")
@pytest.mark.parametrize("number", [signal.SIGABRT, signal.SIGSEGV, signal.SIGKILL])
def test_a_child_that_dies_is_a_named_error_here(number: int) -> None:
    error = outcome("signal", number=int(number))

    assert isinstance(error, InputError)
    assert error.problem.code == "input.crashed_reader"


@pytest.mark.usefixtures("faulty")
def test_place_and_remedy_survive_the_way_home() -> None:
    error = outcome("usage")

    assert isinstance(error, UsageError)
    assert (error.problem.remedy, error.problem.file, error.problem.line) == ("another", "a.csv", 3)


@pytest.mark.usefixtures("faulty")
def test_an_interruption_stays_one() -> None:
    assert isinstance(outcome("interrupt"), KeyboardInterrupt)


@pytest.mark.usefixtures("faulty")
def test_what_engines_print_goes_to_the_log_alone(capfd: pytest.CaptureFixture[str]) -> None:
    with isolate.workspace() as folder:
        with pytest.raises(InternalError):
            isolate.run({"command": "fail", "fault": "bug", "output": "x.json"})
        log = isolate.log_of(folder)

    assert "secret of a cell" in log
    assert "noise on the result channel" in log
    assert capfd.readouterr() == ("", "")


@pytest.mark.usefixtures("faulty")
def test_time_is_up_when_it_is_said() -> None:
    started = time.monotonic()
    with isolate.workspace(), pytest.raises(LimitError) as caught:
        isolate.run({"command": "fail", "fault": "hang", "output": "x.json"}, timeout_s=1)

    assert caught.value.problem.code == "limit.time"
    assert time.monotonic() - started < 5


@pytest.mark.usefixtures("faulty")
def test_a_result_that_is_no_longer_wanted_ends_the_child_soon() -> None:
    started = time.monotonic()

    with isolate.workspace(), pytest.raises(isolate.Stopped):
        isolate.run({"command": "fail", "fault": "hang", "output": "x.json"}, stop=lambda: True)

    assert time.monotonic() - started < 5


@pytest.mark.usefixtures("faulty")
def test_who_stops_waiting_ends_the_child_and_leaves_no_half_file(tmp_path: Path) -> None:
    pids: list[int] = []
    table = tmp_path / "events.parquet"

    def interrupt(message: dict[str, Any]) -> None:
        pids.append(int(message["share"]))
        raise KeyboardInterrupt

    plan = {"command": "fail", "fault": "hang", "output": "x.json", "table": str(table)}
    with isolate.workspace(), pytest.raises(KeyboardInterrupt):
        isolate.run(plan, progress=interrupt)

    assert not alive(pids[0])
    assert [path.name for path in tmp_path.iterdir()] == ["child.py"]


@pytest.mark.usefixtures("faulty")
@pytest.mark.parametrize(("number", "code"), [(signal.SIGKILL, -9), (signal.SIGINT, 130)])
def test_a_child_ends_within_a_second_of_its_door(tmp_path: Path, number: int, code: int) -> None:
    door = tmp_path / "door.py"
    door.write_text(
        f"from friction import isolate\nisolate.CHILD = {isolate.CHILD!r}\n"
        "with isolate.workspace():\n"
        "    try:\n"
        "        isolate.run({'command': 'fail', 'fault': 'hang', 'output': 'x.json'},"
        " progress=lambda message: print(message['share'], flush=True))\n"
        "    except KeyboardInterrupt:\n"
        "        raise SystemExit(130)\n"
    )
    environment = {
        **os.environ,
        "PYTHONPATH": str(Path(isolate.__file__).parents[2]),
        "TMPDIR": str(tmp_path),
    }
    with subprocess.Popen([sys.executable, str(door)], stdout=subprocess.PIPE, env=environment) as process:
        assert process.stdout is not None
        child = int(process.stdout.readline())
        process.send_signal(number)

        assert gone_within(1, child)
        assert process.wait(1) == code


def test_a_file_appears_under_its_name_only_when_it_is_complete(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("before")
    with pytest.raises(IsADirectoryError):
        half_written(path)
    assert path.read_text() == "before"
    with committed(str(path)) as part:
        part.write_text("after")
    assert path.read_text() == "after"
    assert list(tmp_path.iterdir()) == [path]


def half_written(path: Path) -> None:
    with committed(str(path)) as part:
        part.write_text("half")
        path.parent.write_text("a folder is no file")


def alive(pid: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):  # gone before the look, or during it
        return False


def gone_within(seconds: float, pid: int) -> bool:
    end = time.monotonic() + seconds
    while alive(pid) and time.monotonic() < end:
        time.sleep(0.05)
    return not alive(pid)
