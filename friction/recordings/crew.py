"""Processes that play the stretches of one file side by side, for Python plays one recording at a time.

They are children of the process that reads the file: what bounds it and ends it bounds and ends them too. Where one
cannot be started, dies or gives up, its stretch is played here, so nothing is lost and errors are those of one process.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import sysconfig
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue
from threading import Event
from typing import cast

from friction.recordings.stretches import Stretch
from friction.recordings.told import Ask, Told, told
from friction.recordings.worker import received, sent

COMMAND: Sequence[str] = (sys.executable, "-P", "-X", "utf8", "-m", "friction.recordings.worker")
Worker = subprocess.Popen[bytes]


def played(stretches: Iterator[Stretch], ask: Ask, workers: int) -> Iterator[Told]:
    """What each stretch tells, in their order; at most twice as many stretches as workers are held at a time."""
    idle: SimpleQueue[Worker | None] = SimpleQueue()
    is_over = Event()
    crew = [_started() for _ in range(workers)]
    for one in crew:
        idle.put(one)

    def work(stretch: Stretch) -> Told:
        worker = idle.get()
        answer = _asked(worker, stretch, ask) if worker is not None else None
        if answer is None:
            _end(worker)
        idle.put(None if answer is None else worker)
        if answer is None and is_over.is_set():
            raise CancelledError
        return answer or told(stretch, ask)

    under_way: deque[Future[Told]] = deque()
    with ThreadPoolExecutor(2 * workers) as threads:
        try:
            for stretch in stretches:
                if len(under_way) == 2 * workers:
                    yield under_way.popleft().result()
                under_way.append(threads.submit(work, stretch))
            while under_way:
                yield under_way.popleft().result()
        finally:
            is_over.set()
            for future in under_way:
                future.cancel()
            for one in crew:
                _end(one)


def _started() -> Worker | None:
    try:
        return subprocess.Popen(COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=_environment())
    except OSError:
        return None


def _environment() -> dict[str, str]:
    """Ours, with the place of this package where it is not installed: the worker must be of the same kind."""
    known = dict(os.environ, OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1")
    home = Path(__file__).resolve().parents[2]
    if home not in {Path(sysconfig.get_path(name)).resolve() for name in ("purelib", "platlib")}:
        known["PYTHONPATH"] = os.pathsep.join([str(home), *filter(None, [known.get("PYTHONPATH")])])
    return known


def _asked(worker: Worker, stretch: Stretch, ask: Ask) -> Told | None:
    """The worker's answer; null when it gave up or is gone."""
    assert worker.stdin is not None
    assert worker.stdout is not None
    try:
        sent(worker.stdin, (ask, stretch))
        return cast("Told | None", pickle.loads(received(worker.stdout)))
    except (OSError, EOFError, ValueError):  # it died, or its pipes were closed because all is over
        return None


def _end(worker: Worker | None) -> None:
    if worker is None:
        return
    worker.kill()
    worker.wait()
    for pipe in (worker.stdin, worker.stdout):
        if pipe is not None:
            with suppress(OSError):
                pipe.close()
