"""Whatever ends the data process, the door has one named error, one more attempt behind it, and nothing lying about."""

from __future__ import annotations

import random
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from friction import isolate
from friction.errors import FrictionError, InputError
from tests.isolate.faults import CHECKPOINTS
from tests.pace import slower

DEADLY = ("ABRT", "SEGV", "BUS", "ILL", "FPE", "SYS", "TRAP", "KILL", "TERM", "HUP", "QUIT", "USR1", "ALRM")
"""Signals that end a process which does nothing about them."""
RANDOM = random.Random(20261122)
KILLED = [(name, RANDOM.randint(1, CHECKPOINTS)) for name in DEADLY]

Fault = tuple[str, int] | None


@pytest.fixture(autouse=True)
def folder(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setattr(isolate, "CHILD", (sys.executable, str(Path(__file__).with_name("faults.py"))))
    with isolate.workspace() as folder:
        yield folder


def answer(first: Fault, second: Fault = None, *, timeout_s: float | None = None, **more: Any) -> bytes:
    """What comes home from two attempts with these faults; `limits` may be among `more`."""
    settings = {"limits": more.pop("limits", {})}
    plan = {"command": "work", "faults": [first, second], "settings": settings, "output": "x.json", **more}
    return isolate.run(plan, timeout_s=timeout_s).read_bytes()


def refusal(first: Fault, second: Fault, **more: Any) -> FrictionError:
    with pytest.raises(FrictionError) as caught:
        answer(first, second, **more)
    return caught.value


@pytest.mark.parametrize(("name", "checkpoint"), KILLED)
def test_a_signal_at_any_checkpoint_is_a_named_error(
    name: str, checkpoint: int, folder: Path, tmp_path: Path
) -> None:
    fault = (str(int(signal.Signals[f"SIG{name}"])), checkpoint)
    error = refusal(fault, fault, table=str(tmp_path / "table.csv"))

    assert isinstance(error, InputError)
    assert (error.problem.code, error.exit_code, error.status) == ("input.crashed_reader", 3, 422)
    assert error.problem.remedy
    assert not list(tmp_path.iterdir())
    assert [path.name for path in folder.iterdir()] == ["child.log"]


@pytest.mark.parametrize("checkpoint", range(1, CHECKPOINTS + 1))
def test_a_reader_that_dies_once_gets_another_chance(checkpoint: int, tmp_path: Path) -> None:
    assert answer((str(int(signal.SIGSEGV)), checkpoint), table=str(tmp_path / "table.csv")) == b"second"


def test_a_reader_that_does_not_die_is_asked_once() -> None:
    assert answer(None, ("abort", 1)) == b"first"


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ("abort", "input.crashed_reader"),
        ("half a line", "input.crashed_reader"),
        ("panic", "input.crashed_reader"),
        ("no memory", "limit.memory"),
    ],
)
def test_what_may_be_cured_by_less_at_a_time_is_tried_again(fault: str, code: str) -> None:
    assert answer((fault, 2)) == b"second"
    assert refusal((fault, 2), (fault, 3)).problem.code == code


def test_the_second_attempt_is_told_to_who_follows() -> None:
    told: list[str] = []
    plan = {"command": "work", "faults": [("abort", 2), None], "settings": {}, "output": "x.json"}
    isolate.run(plan, progress=lambda message: told.append(message["stage"]))

    again = "trying again in smaller parts"
    assert told == ["working"] * 2 + [again] + ["working"] * CHECKPOINTS


def test_one_that_hangs_is_ended_in_time_and_not_asked_again() -> None:
    started = time.monotonic()
    error = refusal(("hang", 4), None, limits={"time": 0.6})

    assert (error.problem.code, error.problem.limit, error.status) == ("limit.time", "0.6 s", 413)
    assert time.monotonic() - started < 2 * slower()


def test_who_asks_may_have_less_patience_than_the_settings() -> None:
    assert refusal(("hang", 1), None, limits={"time": 50}, timeout_s=0.5).problem.limit == "0.5 s"


def test_no_file_grows_beyond_its_limit() -> None:
    error = refusal(("large file", 1), None, limits={"output_size": 10**6})

    assert (error.problem.code, error.status) == ("limit.output_size", 413)


@pytest.mark.parametrize("ceiling", [2 * 10**8, 4 * 10**8])
def test_one_that_takes_ever_more_memory_is_ended_at_the_ceiling(ceiling: int) -> None:
    error = refusal(("allocate", 1), ("allocate", 1), limits={"memory": ceiling})

    assert (error.problem.code, error.problem.limit) == ("limit.memory", f"{ceiling // 10**6} MB")
    assert (error.exit_code, error.status) == (3, 413)
    assert answer(("allocate", 1), None, limits={"memory": ceiling}) == b"second"


@pytest.mark.parametrize("size", [10, 10**6])
def test_one_that_dies_before_it_reads_its_plan_is_a_named_error(
    size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(isolate, "CHILD", (sys.executable, "-c", "import os; os.close(0); os.abort()"))

    assert refusal(None, None, names=["x" * size]).problem.code == "input.crashed_reader"
