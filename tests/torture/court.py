"""Judging many files: a few processes, each asked one file after the other, replaced when one dies or hangs."""

from __future__ import annotations

import json
import os
import selectors
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from tests.torture.case import Case

ROOT = Path(__file__).parents[2]
PATIENCE_S = 30.0
"""A file of the rack that takes longer hangs: the slowest ordinary one takes two seconds."""


@dataclass(frozen=True)
class Verdict:
    """What became of a case."""

    case: Case
    code: str
    """`read`, the code of an error, or `death` and `hang` of the process that read it."""
    unexplained: int = 0
    total: int | None = None
    accepted: int = 0
    sessions: frozenset[str] = frozenset()
    shown: str = ""
    seconds: float = 0.0
    fault: str = ""
    problem: dict[str, Any] = field(default_factory=dict)

    @property
    def kept(self) -> int:
        """Base rows that came through."""
        return len(self.sessions)


class Judge:
    """One process that judges."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "upload"
        self._temporary = folder / "temporary"
        self._temporary.mkdir(exist_ok=True)
        self._log = (folder / "log").open("ab")
        self._process: subprocess.Popen[bytes] | None = None

    def close(self) -> None:
        if self._process is not None:
            _ended(self._process)
        self._log.close()

    def verdict(self, case: Case, *, whole: bool) -> Verdict:
        """Ask for one case; afterwards the process may be a new one."""
        self._path.write_bytes(case.content)
        self._process = self._process or self._started()
        asked = {"path": str(self._path), "name": case.file, "whole": whole}
        answer = _asked(self._process, json.dumps(asked).encode() + b"\n")
        if isinstance(answer, str):
            code = _ended(self._process)
            self._process = None
            return Verdict(case, answer, fault=f"exit {code}", seconds=PATIENCE_S)
        return Verdict(case, sessions=frozenset(answer.pop("sessions", ())), **answer)

    def _started(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", "tests.torture"],
            cwd=ROOT,
            # One that is ended in the middle of its work leaves its files where they go with the folder.
            env={
                **os.environ,
                "POLARS_MAX_THREADS": "1",
                "RUST_BACKTRACE": "0",
                "TMPDIR": str(self._temporary),
            },
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
        )


def verdicts(cases: Sequence[Case], folder: Path, whole: Callable[[int], bool]) -> list[Verdict]:
    """One verdict a case, in their order; `whole(place)` says for which the whole analysis is run."""
    shares = [range(start, len(cases), 2) for start in range(2)]
    folders = [folder / str(number) for number in range(2)]

    def judge(share: range, place: Path) -> Iterable[tuple[int, Verdict]]:
        place.mkdir(parents=True, exist_ok=True)
        judge = Judge(place)
        try:
            return [(at, judge.verdict(cases[at], whole=whole(at))) for at in share]
        finally:
            judge.close()

    with ThreadPoolExecutor(2) as pool:
        found = [pair for pairs in pool.map(judge, shares, folders) for pair in pairs]
    return [verdict for _, verdict in sorted(found, key=lambda pair: pair[0])]


def _asked(process: subprocess.Popen[bytes], line: bytes) -> dict[str, Any] | str:
    """The answer, or `death` or `hang`."""
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        process.stdin.write(line)
        process.stdin.flush()
    except BrokenPipeError:
        return "death"
    pieces = list(_read(process.stdout))
    answer = b"".join(pieces)
    if not answer.endswith(b"\n"):
        # An end of what it says is its own end, also before the system has told us.
        return "death" if pieces[-1:] == [b""] else "hang"
    found: dict[str, Any] = json.loads(answer)
    return found


def _read(stream: IO[bytes]) -> Iterator[bytes]:
    """Pieces up to the end of a line; fewer when nothing comes any more."""
    with selectors.DefaultSelector() as selector:
        selector.register(stream, selectors.EVENT_READ)
        while selector.select(PATIENCE_S):
            piece = os.read(stream.fileno(), 1 << 20)
            yield piece
            if not piece or piece.endswith(b"\n"):
                return


def _ended(process: subprocess.Popen[bytes]) -> int:
    process.kill()
    code = process.wait()
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            stream.close()
    return code
