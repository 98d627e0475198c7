"""kill -9 of server, worker or data process at random instants: nothing accepted is lost, nothing hangs, and the
reports are those of an undisturbed service, byte for byte.

    python -m tests.api.instants --instants 50      both databases; part of `make e2e-long`
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from tests.api.real import Server, address, postgres, serving

SHOP = Path(__file__).parents[2] / "fixtures" / "sites" / "shop" / "events.parquet"
KINDS = ("server", "worker", "child")
FINAL = ("succeeded", "failed", "cancelled")
END_S = 180.0


def disturbed(server: Server, instants: int, seed: int) -> list[str]:
    """Order analyses and kill something at each instant; what went wrong, in words."""
    chance, content = random.Random(seed), SHOP.read_bytes()
    undisturbed = report(server, ordered(server, content, "first"))
    jobs: dict[str, str] = {}
    for number in range(instants):
        jobs[f"{seed}-{number}"] = ordered(server, content, f"{seed}-{number}")
        time.sleep(chance.uniform(0.0, 3.0))
        server.kill(KINDS[number % len(KINDS)])
    _awaited(server, list(jobs.values()))
    return [said for key, job in jobs.items() for said in judged(server, key, job, content, undisturbed)]


def _awaited(server: Server, jobs: list[str]) -> None:
    """Until all have ended, or none has for so long that the others never will; a loaded machine only takes longer."""
    left, ended = jobs, time.monotonic()
    while left and time.monotonic() < ended + END_S:
        now = [job for job in left if server.ask("GET", f"/v1/jobs/{job}").json()["state"] not in FINAL]
        if len(now) < len(left):
            left, ended = now, time.monotonic()
        time.sleep(0.5)


def ordered(server: Server, content: bytes, key: str) -> str:
    """A job, asked for until it is accepted, always with one key."""
    accepted: list[str] = []

    def done() -> bool:
        sent = server.ask("POST", "/v1/uploads", content=content)
        if sent.status_code not in (200, 201):
            return False
        asked = {"uploads": [sent.json()["upload_id"]], "options": {"goal": ["event=purchase"]}}
        answer = server.ask("POST", "/v1/reports", json=asked, headers={"Idempotency-Key": key})
        if answer.status_code == 202:
            accepted.append(answer.json()["job_id"])
        return bool(accepted)

    server.wait(done, "accepted")
    return accepted[0]


def report(server: Server, job: str) -> bytes:
    """The report of a job, when it has ended well."""
    server.wait(lambda: server.ask("GET", f"/v1/jobs/{job}").json()["state"] in FINAL, "ended", END_S)
    found = server.ask("GET", f"/v1/jobs/{job}").json()
    assert found["state"] == "succeeded", found
    return server.ask("GET", f"/v1/reports/{found['report_id']}").content


def judged(server: Server, key: str, job: str, content: bytes, undisturbed: bytes) -> list[str]:
    """What is wrong with one disturbed job."""
    try:
        written = report(server, job)
    except AssertionError as fault:
        return [f"{key}: {fault}"]
    wrong = [] if written == undisturbed else [f"{key}: another report"]
    return wrong if ordered(server, content, key) == job else [*wrong, f"{key}: its key made a second job"]


def main() -> int:
    """Both databases; exit code 1 when anything was lost, hung or differed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--instants", type=int, default=50)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    asked = parser.parse_args()
    lost = 0
    for database in ("SQLite", "PostgreSQL"):
        with ExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="instants-")))
            url = None
            if database == "PostgreSQL":
                url = address(stack.enter_context(postgres()), "instants")
            server = stack.enter_context(serving(folder / "data", url))
            wrong = disturbed(server, asked.instants, asked.seed)
        print(f"{database}: {asked.instants} instants (seed {asked.seed}), {len(wrong)} faults", flush=True)
        print("".join(f"  {each}\n" for each in wrong), end="")
        lost += len(wrong)
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main())
