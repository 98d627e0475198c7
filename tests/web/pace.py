"""`python -m tests.web.pace`: how long a reader waits for the page, in real Chromium against `friction serve`.

    sample    from the click on "Try the sample" to the ranked list
    export    a table of 100,000 events: from the file's choice to its card, and from "Analyse" to the list
    list      a report of 500 points: what the server takes to answer, and the first paint

Beside the clock stands what the service's processes took of the processor together (user and system), since other
work on the machine moves the clock. Nothing fails when a goal is missed.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import Page, sync_playwright

from api.service import Service
from tests.api.real import Server, serving
from tests.bench.data import files, generator
from tests.browser.conftest import found
from tests.web.conftest import published
from tests.web.test_speed import many

EVENTS = 100_000
SETTLED_S = 12.0
"""What a service gets before it is measured: when nothing has happened for a while, its worker has a child ready."""
GOALS = {"sample": "≤ 5 s", "export": "≤ 15 s", "server": "≤ 0.3 s", "paint": "≤ 1 s"}
PAINTED = """() => new Promise(done => new PerformanceObserver(list => {
    const [way] = performance.getEntriesByType("navigation");
    done([(way.responseEnd - way.requestStart) / 1000, list.getEntries().at(-1).startTime / 1000]);
}).observe({type: "paint", buffered: true}))"""
"""Seconds of the answer, and seconds to the first paint."""


@dataclass(frozen=True)
class Took:
    """Seconds by the clock, and of the processor by all processes of the service."""

    what: str
    wall_s: float
    cpu_s: float

    def __str__(self) -> str:
        return f"{self.what:<58} {self.wall_s:6.2f} s   {self.cpu_s:6.2f} s of the processor"


def spent(pid: int) -> float:
    """Seconds of the processor that a process, those below it and those that have ended there have taken."""
    ticks = 0
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        ticks = sum(map(int, fields[11:15]))
        below = [
            int(child)
            for task in Path(f"/proc/{pid}/task").iterdir()
            for child in (task / "children").read_text(encoding="ascii").split()
        ]
    except OSError:  # it has ended meanwhile; whoever waited for it has its seconds
        below = []
    return ticks / os.sysconf("SC_CLK_TCK") + sum(map(spent, below))


def timed(what: str, server: Server, way: Callable[[], object]) -> Took:
    """What `way` takes."""
    assert server.process is not None
    began, used = time.perf_counter(), spent(server.process.pid)
    way()
    return Took(what, time.perf_counter() - began, spent(server.process.pid) - used)


def sample(page: Page, server: Server) -> Took:
    """From the click to the list; anew each time, for what the service has read it does not read again."""
    page.goto("/")

    def way() -> None:
        page.click("text=Try the sample")
        page.wait_for_url("**/reports/rep_*", timeout=120_000, wait_until="commit")
        page.locator("#rows .pt h3").first.wait_for()

    return timed(f"sample, click to list ({GOALS['sample']})", server, way)


def export(page: Page, server: Server, file: Path) -> list[Took]:
    """The file to its card, and the card to the list."""
    page.goto("/")

    def known() -> None:
        page.set_input_files("#f", file)
        page.locator("text=Analyse the file").wait_for(timeout=120_000)

    def analysed() -> None:
        page.click("text=Analyse the file")
        page.wait_for_url("**/reports/rep_*", timeout=120_000, wait_until="commit")
        page.locator("main h1").first.wait_for()

    first, second = (
        timed("100,000 events, file to card", server, known),
        timed("100,000 events, card to list", server, analysed),
    )
    both = (first.wall_s + second.wall_s, first.cpu_s + second.cpu_s)
    return [first, second, Took(f"100,000 events, both ({GOALS['export']})", *both)]


def long_list(page: Page, server: Server, report_id: str, rounds: int) -> list[Took]:
    """Answer and paint: the first time, and the middle of the others."""
    shown: list[tuple[float, float, float]] = []
    for _ in range(rounds + 1):

        def way() -> Any:
            page.goto(f"/reports/{report_id}")

        cpu = timed("", server, way).cpu_s
        answer, paint = page.evaluate(PAINTED)
        shown.append((answer, paint, cpu))
    middle = [median(column) for column in zip(*shown[1:], strict=True)]
    return [
        Took("list of 500 points, answer, the first time", shown[0][0], shown[0][2]),
        Took(f"list of 500 points, answer ({GOALS['server']})", middle[0], middle[2]),
        Took(f"list of 500 points, first paint ({GOALS['paint']})", middle[1], middle[2]),
    ]


def stages(server: Server) -> str:
    """How the last job spent its time, by the service's own books: it ends after its list is shown."""

    def last() -> dict[str, str]:
        found: dict[str, str] = server.ask("GET", "/v1/jobs?limit=1").json()["jobs"][0]
        return found

    server.wait(lambda: last()["ended"] is not None, "ended")
    job = last()
    return f"    its job: created {job['created'][14:23]}, begun {job['started'][14:23]}, ended {job['ended'][14:23]}"


def prepared(data: Path) -> str:
    """A report of 500 points in the folder of a service that does not run yet; its id."""
    before = os.umask(0o077)
    service = Service.open(data)
    report_id = published(service, many())
    service.queue.close()
    service.store.close()
    os.umask(before)
    return report_id


def main() -> None:
    """Measure and print."""
    asked = argparse.ArgumentParser(prog="python -m tests.web.pace", description="How long a reader waits.")
    asked.add_argument("--only", choices=["sample", "export", "list"], help="one of the three ways")
    asked.add_argument("--rounds", type=int, default=5, help="how often the list is loaded (5)")
    given = asked.parse_args()
    csv = files(EVENTS, ["csv"], generator())["csv"] if given.only in (None, "export") else None
    with tempfile.TemporaryDirectory(prefix="pace-") as folder, sync_playwright() as playwright:
        data = Path(folder) / "data"
        report_id = prepared(data)
        browser = playwright.chromium.launch(executable_path=found(), args=["--no-sandbox"])
        with serving(data) as server:
            time.sleep(SETTLED_S)
            at: dict[str, Any] = {"base_url": f"http://127.0.0.1:{server.port}", "locale": "en-GB"}
            page = browser.new_page(**at)
            if given.only in (None, "sample"):
                print(sample(page, server), stages(server), sep="\n", flush=True)
            if csv is not None:
                print(*export(page, server, csv), stages(server), sep="\n", flush=True)
            if given.only in (None, "list"):
                print(
                    *long_list(browser.new_page(**at), server, report_id, given.rounds), sep="\n", flush=True
                )
        browser.close()


if __name__ == "__main__":
    main()
