from __future__ import annotations

import io
import json
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import polars as pl
import pytest

from friction.recordings import crew, sections, stretches
from friction.recordings.cells import COLUMNS, NUMBERS
from friction.recordings.stretches import Read, Stretch
from friction.recordings.told import Ask
from friction.recordings.whole import Whole, whole
from friction.schema import EVENT
from tests.recordings.build import Tape, el

ASK = Ask(800, frozenset({"mutation"}), None, is_deep=True)


def tape(number: int) -> list[dict[str, Any]]:
    made = Tape(el(10, "button", id="b"), el(11, "p"), href=f"https://shop.example/{number}")
    made.press(1_000 + number, 10).mutate(1_100 + number, adds=[(11, el(12, "b"))]).press(3_000, 12)
    return made.events


def lines(values: Sequence[Any]) -> bytes:
    return b"\n".join(json.dumps(value).encode() for value in values)


SESSIONS = lines([{"session_id": f"s{n}", "distinct_id": f"p{n}", "events": tape(n)} for n in range(20)])
HALVES = lines(
    [
        *({"session_id": f"s{n}", "events": tape(n)[:5]} for n in range(20)),
        *(
            {"session_id": f"s{n}", "distinct_id": f"p{n}", "events": tape(n)[5:]}
            for n in reversed(range(20))
        ),
    ]
)
EVENTS = lines([{**event, "sessionId": f"s{n}"} for n in range(20) for event in tape(n)])
NAMELESS = lines([{"events": tape(n)} for n in range(20)])
ONE = lines([event for n in range(20) for event in tape(n)])
SHARES = lines(
    [
        {
            "type": 5,
            "timestamp": 1e12 + n,
            "data": {"tag": "options", "payload": {"sessionSampleRate": 1 / (n + 1)}},
        }
        for n in range(40)
    ]
)
TORN = (
    HALVES.replace(b"}\n{", b"}\n\n{", 3).replace(b"}]}\n", b"}\n", 2)
    + b'\n{"session_id": "s3", "events": [{"typ'
)


def read(data: bytes, workers: int = 1) -> Whole:
    @contextmanager
    def opened() -> Iterator[Read]:
        yield io.BytesIO(data).read

    return whole(opened, ASK, workers)


def same(one: Whole, other: Whole) -> bool:
    facts = [
        (found.records, found.recordings, found.share, found.facts, found.kinds) for found in (one, other)
    ]
    rejects = [sorted(found.rejects, key=lambda reject: reject[0]) for found in (one, other)]
    return (
        facts[0] == facts[1]
        and rejects[0] == rejects[1]
        and one.events.collect().equals(other.events.collect())
    )


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stretches, "BLOCK_BYTES", 4_096)
    monkeypatch.setattr(stretches, "STRETCH_BYTES", 8_000)


@pytest.mark.parametrize("data", [SESSIONS, HALVES, EVENTS, NAMELESS, ONE, SHARES, TORN])
def test_a_file_in_stretches_tells_what_it_tells_at_once(
    data: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_once = read(data)
    monkeypatch.setattr(stretches, "BLOCK_BYTES", 2_048)
    for size in (2_500, 8_000):
        monkeypatch.setattr(stretches, "STRETCH_BYTES", size)
        assert same(read(data), at_once)
    monkeypatch.setattr(sections, "MOST_EVENTS", 30)
    assert same(read(data), at_once)


@pytest.mark.usefixtures("small")
def test_rejects_keep_their_number_and_line() -> None:
    lost = read(SESSIONS.replace(b"\n", b"\n{\n")).rejects
    events = len(tape(0))
    assert lost == [(n * (events + 1), 2 * n, "torn_json") for n in range(1, 20)]


@pytest.mark.usefixtures("small")
def test_several_processes_tell_what_one_tells() -> None:
    assert same(read(HALVES, workers=2), read(HALVES))


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("command", [["false"], ["friction-no-such-program"], ["sh", "-c", "kill -9 $$"]])
def test_what_a_process_that_died_did_not_tell_is_told_without_it(
    command: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crew, "COMMAND", command)
    assert same(read(SESSIONS, workers=2), read(SESSIONS))


@pytest.mark.usefixtures("small")
def test_a_process_that_gives_up_a_stretch_leaves_it_to_its_owner(monkeypatch: pytest.MonkeyPatch) -> None:
    gives_up = "import sys, pickle; from friction.recordings.worker import *; received(sys.stdin.buffer)"
    gives_up += "; sent(sys.stdout.buffer, None); sys.stdin.buffer.read()"
    monkeypatch.setattr(crew, "COMMAND", [sys.executable, "-c", gives_up])
    assert same(read(SESSIONS, workers=2), read(SESSIONS))


@pytest.mark.usefixtures("small")
def test_an_end_in_the_middle_leaves_no_process_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[subprocess.Popen[bytes] | None] = []
    start = crew._started

    def noted() -> subprocess.Popen[bytes] | None:
        started.append(start())
        return started[-1]

    monkeypatch.setattr(crew, "COMMAND", ["sleep", "60"])
    monkeypatch.setattr(crew, "_started", noted)

    def interrupted() -> Iterator[Stretch]:
        yield Stretch(SESSIONS, 1)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        list(crew.played(interrupted(), ASK, 2))
    assert [one is not None and one.poll() for one in started] == [-signal.SIGKILL] * 2


def test_a_worker_ends_with_its_owner() -> None:
    worker = crew._started()
    assert worker is not None
    assert worker.stdin is not None
    worker.stdin.close()
    assert worker.wait(timeout=60) == 0
    crew._end(worker)


def test_a_worker_starts_without_engines() -> None:
    code = "import sys, friction.recordings.worker; print({'polars', 'numpy'} & set(sys.modules))"
    found = subprocess.run(
        [*crew.COMMAND[:4], "-c", code], env=crew._environment(), capture_output=True, check=True
    )
    assert found.stdout.strip() == b"set()"


def test_the_columns_of_texts_are_those_of_the_event_table() -> None:
    texts = {name for name in COLUMNS if EVENT[name] == pl.String() or isinstance(EVENT[name], pl.Enum)}
    assert set(COLUMNS) - NUMBERS == texts
