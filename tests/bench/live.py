"""`python -m tests.bench.live`: how long `POST /v1/events` takes, over a thousand calls to a running service.

Fifty sessions side by side, each of ten batches of two events, then of as many again, as a page sends them. Prints the
middle, the 95th and the 99th percentile of what the caller waits, and the processor time of service and child a call.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from statistics import quantiles
from typing import Any

from tests.api.real import serving

SIDE_BY_SIDE, LIMIT_MS = 50, 100.0
"""Sessions at a time, and what 95 of a hundred calls may take."""


def main() -> int:
    """1 when the 95th percentile is beyond the limit."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--calls", type=int, default=1000)
    calls = parser.parse_args().calls
    folder = tempfile.TemporaryDirectory(prefix="friction-live-")
    with folder as name, serving(Path(name) / "data") as server:
        connection = HTTPConnection("127.0.0.1", server.port)
        batches = list(_batches(calls + SIDE_BY_SIDE))
        for batch in batches[:SIDE_BY_SIDE]:  # the child is started by the first
            _sent(connection, batch)
        assert server.process is not None
        before = _processor_s(server.process.pid)
        took = [_sent(connection, batch) for batch in batches[SIDE_BY_SIDE:]]
        spent = _processor_s(server.process.pid) - before
        connection.close()
    cuts = quantiles(took, n=100)
    middle, p95, p99 = cuts[49], cuts[94], cuts[98]
    print(
        f"{calls} calls: middle {middle:.1f} ms, p95 {p95:.1f} ms, p99 {p99:.1f} ms, longest {max(took):.1f} ms"
    )
    print(f"processor time of the service and its children: {1000 * spent / calls:.1f} ms a call")
    return 1 if p95 > LIMIT_MS else 0


def _batches(calls: int) -> Iterator[dict[str, Any]]:
    for call in range(calls):
        session, number = call % SIDE_BY_SIDE, call // SIDE_BY_SIDE
        moment = f"2026-03-03T10:{2 * number % 60:02d}:0"
        view = {"ts": f"{moment}0Z", "kind": "page_view", "url": f"https://shop.example/item/{number}"}
        click = {"ts": f"{moment}2Z", "kind": "click", "url": view["url"], "target": "button#buy"}
        yield {"session_id": f"s{session}", "events": [view, click]}


def _sent(connection: HTTPConnection, batch: dict[str, Any]) -> float:
    """Milliseconds until the answer is there."""
    began = time.perf_counter()
    connection.request("POST", "/v1/events", json.dumps(batch), {"Content-Type": "application/json"})
    answer = connection.getresponse()
    content = answer.read()
    took = (time.perf_counter() - began) * 1000
    assert answer.status == 200, content
    return took


def _processor_s(pid: int) -> float:
    """Of the process and all below it, those that have ended among them."""
    below = [pid]
    for each in below:
        below += [int(child) for task in Path(f"/proc/{each}/task").iterdir() for child in _children(task)]
    return sum(sum(_ticks(each)) for each in below) / os.sysconf("SC_CLK_TCK")


def _children(task: Path) -> list[str]:
    return (task / "children").read_text(encoding="ascii").split()


def _ticks(pid: int) -> list[int]:
    """Of itself and of its children that have ended, as user and as system; proc(5)."""
    said = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return [int(number) for number in said[11:15]]


if __name__ == "__main__":
    sys.exit(main())
