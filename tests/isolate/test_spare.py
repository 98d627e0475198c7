"""A child that waits is as bounded and as alone as one that is started for its plan."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from friction import isolate
from friction.errors import InternalError

SCRIPT = """
import os, resource, sys, tempfile
from friction.child.commands import COMMANDS
from friction.child.run import main

STARTED = os.getcwd()


def tell(plan, progress):
    import json
    print("noise")
    if plan.get("fault"):
        raise ValueError("fault")
    limits = [resource.getrlimit(which)[0] for which in (resource.RLIMIT_AS, resource.RLIMIT_FSIZE)]
    here = [os.getcwd(), tempfile.gettempdir(), os.environ["TMPDIR"], STARTED]
    nets = sorted(os.listdir("/sys/class/net")), open("/proc/self/net/dev").read().count(":")
    return json.dumps([os.getpid(), here, limits, nets[1]]).encode()


COMMANDS["tell"] = tell
sys.exit(main(beforehand=lambda: None))
"""


@pytest.fixture
def spare(tmp_path: Path) -> Iterator[isolate.Spare]:
    script = tmp_path / "ready.py"
    script.write_text(SCRIPT)
    spare = isolate.Spare((sys.executable, str(script)))
    yield spare
    spare.close()


def told(spare: isolate.Spare, **more: object) -> list[object]:
    plan = {"command": "tell", "output": "a.json", "settings": {"limits": {"output_size": 12345}}, **more}
    found: list[object] = json.loads(isolate.run(plan, spare=spare).read_bytes())
    return found


def waited(done: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + 20
    while not done() and time.monotonic() < deadline:
        time.sleep(0.02)
    return done()


def test_it_works_in_the_folder_and_the_bounds_of_its_plan_and_has_no_network(spare: isolate.Spare) -> None:
    spare.prepare()
    waiting = spare.pid
    with isolate.workspace() as folder:
        pid, here, limits, networks = told(spare)
        log = isolate.log_of(folder)

    assert (pid, spare.pid) == (waiting, None)
    assert isinstance(here, list)
    assert here[:3] == [here[0]] * 3
    assert here[0].startswith(str(folder))
    assert here[3] == os.sep
    assert isinstance(limits, list)
    assert limits[1] == 12345
    assert limits[0] > 0
    assert networks == 1, "the loop of the machine itself alone"
    assert log == "noise\n"


def test_each_plan_has_a_child_of_its_own(spare: isolate.Spare) -> None:
    pids = []
    with isolate.workspace():
        for _ in range(2):
            spare.prepare()
            spare.prepare()
            pids.append(told(spare)[0])

    assert len(set(pids)) == 2


def test_its_fault_is_told_as_that_of_any_child(spare: isolate.Spare) -> None:
    spare.prepare()

    with isolate.workspace(), pytest.raises(InternalError) as caught:
        told(spare, fault=True)

    assert caught.value.problem.code == "internal.fault"


def test_one_that_has_died_is_not_taken_and_neither_for_a_plan_with_threads_of_its_own(
    spare: isolate.Spare,
) -> None:
    spare.prepare()
    assert spare.take({"settings": {"limits": {"threads": 1}}}) is None
    pid = spare.pid
    assert pid is not None
    os.kill(pid, 9)

    assert waited(lambda: spare.pid is None)
    assert spare.take({}) is None


def test_it_goes_with_whoever_had_it_started(spare: isolate.Spare) -> None:
    spare.prepare()
    pid = spare.pid
    spare.close()
    spare.prepare()

    assert spare.pid is None
    assert not Path(f"/proc/{pid}").exists()
