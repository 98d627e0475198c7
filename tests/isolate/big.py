"""Inputs that are too large, and what the command holds in memory while it deals with them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from friction.isolate import memory

HEADER = b"timestamp,session_id,visitor_id,event,url,target,x,y,device\n"
ROW = b"2026-05-01T10:00:00Z,s1,v1,click,https://shop.example/cart,button#buy,10,20,mobile\n"
LINE = b'{"timestamp": "2026-05-01T10:00:00Z", "session_id": "s1", "event": "click", "url": "https://shop.example/cart"}\n'
SESSIONS = 400
"""Sessions in one block."""


@dataclass(frozen=True)
class Run:
    """How a command ended; `peak` is in bytes, of the command and all its processes together."""

    exit_code: int
    problem: str | None
    """Code of its problem."""
    peak: int
    seconds: float


def analysed(path: Path, ceiling: int, *options: str) -> Run:
    """`friction analyze` of the file under `--memory-limit`, looked at every 5 ms."""
    words = ["analyze", str(path), "--memory-limit", str(ceiling), "--format", "json", "--quiet", *options]
    started, peak = time.monotonic(), 0
    with subprocess.Popen(
        [sys.executable, "-m", "friction", *words],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(Path(memory.__file__).parents[2])},
    ) as process:
        while process.poll() is None:
            peak = max(peak, memory.resident(process.pid))
            time.sleep(0.005)
        assert process.stderr is not None
        said = process.stderr.read()
    code = json.loads(said)["code"] if process.returncode else None
    return Run(process.returncode, code, peak, time.monotonic() - started)


def table(path: Path, size: int) -> Path:
    """A CSV of about `size` bytes, every session and every address in it unlike all others."""
    with path.open("wb") as file:
        file.write(HEADER)
        block = 0
        while file.tell() < size:
            file.write(b"".join(_sessions(block)))
            block += 1
    return path


def bomb(path: Path, size: int, head: bytes = HEADER, row: bytes = ROW) -> Path:
    """A gz of one row over and over, `size` bytes when unpacked; some 300 times smaller than that."""
    block = row * (2**20 // len(row))
    packer = zlib.compressobj(6, wbits=31)
    with path.open("wb") as file:
        file.write(packer.compress(head))
        for _ in range(size // len(block)):
            file.write(packer.compress(block))
        file.write(packer.flush())
    return path


def _sessions(block: int) -> Iterator[bytes]:
    day, hour = 1 + block % 28, block // 28 % 24
    for name in range(block * SESSIONS, (block + 1) * SESSIONS):
        who = f"session-{name:08d},visitor-{name // 2:08d}"
        for step in range(20):
            at = f"2026-05-{day:02d}T{hour:02d}:{name % 60:02d}:{step * 2:02d}Z"
            kind, target = ("click", "button#buy") if step % 3 else ("page_view", "")
            url = f"https://shop.example/item/{name % 997}?q={name * 20 + step}"
            yield f"{at},{who},{kind},{url},{target},{step * 7},{name % 2000},mobile\n".encode()
