"""A child that stays: it has its engines loaded and answers one small question after another, within a moment.

Starting a child takes half a second, too long for live events. So one waits, in a process of its own with the bounds of
every other child; it keeps nothing between two questions. After `RENEWED_AFTER` questions another one takes its place,
started beforehand, so that nothing piles up in it; one that dies, or takes too long, is replaced at once.

    to the child    one JSON line, its bounds; then one JSON line a question
    from the child  one JSON line an answer: {"answer": ...} or {"problem": ...}
"""

from __future__ import annotations

import json
import selectors
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from friction import scratch
from friction.errors import InternalError
from friction.isolate.bounds import Bounds
from friction.isolate.process import environment

CHILD: Sequence[str] = (sys.executable, "-P", "-X", "utf8", "-m", "friction.child.live")
RENEWED_AFTER, PREPARED_BEFORE = 1_000, 50
ANSWER_S, START_S = 10.0, 60.0
MEMORY = 2 * 2**30
SETTINGS: Mapping[str, Any] = {"limits": {"threads": 1, "memory": MEMORY, "time": 3_600.0}}


class Warm:
    """Answers questions one at a time; safe for threads."""

    def __init__(self, command: Sequence[str] = CHILD, renewed_after: int = RENEWED_AFTER) -> None:
        self._command, self._after = command, renewed_after
        self._lock = threading.Lock()
        self._child: _Child | None = None
        self._next: _Child | None = None

    def ask(self, question: Mapping[str, Any]) -> Any:
        """The answer; `InternalError` when two children in a row have none."""
        with self._lock:
            for _ in range(2):
                child = self._ready()
                told = child.ask(question)
                if told is not None and "answer" in told:
                    return told["answer"]
                child.end()
                self._child = None
        raise InternalError("live.no_answer", "the batch cannot be judged now", remedy="send it once more")

    def close(self) -> None:
        """End whatever runs."""
        with self._lock:
            for child in (self._child, self._next):
                if child is not None:
                    child.end()
            self._child = self._next = None

    def _ready(self) -> _Child:
        if self._child is not None and self._child.asked >= self._after:
            self._child.end()
            self._child, self._next = self._next, None
        if self._child is not None and not self._child.lives:
            self._child.end()
            self._child = None
        if self._child is None:
            self._child = self._next or _Child(self._command)
            self._next = None
        if self._next is None and self._child.asked >= self._after - PREPARED_BEFORE:
            self._next = _Child(self._command)
        return self._child


class _Child:
    """One process and its folder."""

    def __init__(self, command: Sequence[str]) -> None:
        self.asked = 0
        self._folder = scratch.make()
        self._log = (self._folder / "child.log").open("ab")
        plan = {"command": "live", "settings": SETTINGS}
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            cwd=self._folder,
            env=environment(plan, Path(self._folder)),
            start_new_session=True,
        )
        self._heard = b""
        self._tell({"bounds": Bounds.of(plan).as_dict()})

    @property
    def lives(self) -> bool:
        """Whether it still runs."""
        return self._process.poll() is None

    def ask(self, question: Mapping[str, Any]) -> dict[str, Any] | None:
        """Its answer; null when it has none in time."""
        patience = ANSWER_S if self.asked else START_S
        self.asked += 1
        if not self._tell(question):
            return None
        line = self._line(time.monotonic() + patience)
        try:
            told = json.loads(line) if line else None
        except ValueError:  # it died in the middle of its answer
            return None
        return told if isinstance(told, dict) else None

    def end(self) -> None:
        """Now, with its folder."""
        if self.lives:
            self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with suppress(OSError):  # what it no longer reads is lost with it
                    pipe.close()
        self._log.close()
        scratch.remove(self._folder)

    def _tell(self, message: Mapping[str, Any]) -> bool:
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(json.dumps(dict(message)).encode() + b"\n")
            self._process.stdin.flush()
        except OSError:
            return False
        return True

    def _line(self, deadline: float) -> bytes:
        """The next line it says; empty when it ends or time is over."""
        assert self._process.stdout is not None
        file = self._process.stdout
        with selectors.DefaultSelector() as selector:
            selector.register(file, selectors.EVENT_READ)
            while b"\n" not in self._heard:
                left = deadline - time.monotonic()
                if left <= 0 or not selector.select(left):
                    return b""
                piece = file.read1(1 << 16)  # type: ignore[attr-defined]
                if not piece:
                    return b""
                self._heard += piece
        line, _, self._heard = self._heard.partition(b"\n")
        return line
