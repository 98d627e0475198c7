"""Services on folders of their own: one whose jobs are carried out at once, in this process, and real ones."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.app import create_app
from api.jobs.analysis import Bench, begin, carry_out, failed, finish, keep
from api.service import Bounds, Service
from api.store.jobs import Job
from friction import isolate
from tests.api.real import postgres

HERE: dict[str, Any] = {"base_url": "http://127.0.0.1", "client": ("127.0.0.1", 50000)}
"""A request from this machine to this machine: no login is asked."""


class Recorder:
    """A data process that notes the plan and the bytes it was given, and answers `answer` or raises `failure`."""

    def __init__(self) -> None:
        self.plans: list[dict[str, Any]] = []
        self.received: list[bytes] = []
        self.answer = REPORT
        self.failure: Exception | None = None

    def __call__(
        self,
        plan: dict[str, Any],
        *,
        progress: Callable[[dict[str, Any]], None] = lambda _: None,
        stop: Callable[[], bool] = lambda: False,
        spare: object = None,
    ) -> Path:
        assert spare is None
        if plan["command"] == "keep":  # what comes after the report, without another answer
            return Path()
        self.plans.append(plan)
        self.received += [Path(path).read_bytes() for path in plan["inputs"]]
        progress({"stage": "reading", "share": 0.5, "rows": 10})
        assert not stop()
        if self.failure is not None:
            raise self.failure
        result = Path(plan["inputs"][0]).with_suffix(".answer")
        result.write_bytes(self.answer)
        return result


FILES = b'[\n      {\n        "name": "x",\n        "source": "generic"\n      }\n    ]'
REPORT = (
    b'{\n  "goal": null,\n  "input": {\n    "end": null,\n    "events": 1,\n    "files": ' + FILES + b",\n"
    b'    "rows_accepted": 1,\n    "rows_rejected": 0,\n    "rows_total": 1,\n    "sessions": 1,\n'
    b'    "start": null,\n    "visitors": 1\n  },\n  "points": []\n}\n'
)
"""The least that is taken for a report."""


class AtOnce:
    """A line that carries a job out when it is put in, with the steps that a worker carries out."""

    def __init__(self, service: Service) -> None:
        self._bench = Bench(service.store, service.folder, at_once=2)
        self.threads: list[threading.Thread] = []

    def put(self, job: Job) -> None:
        thread = threading.Thread(target=self._work, args=(job.id,))
        self.threads.append(thread)
        thread.start()

    def _work(self, job_id: str) -> None:
        if begin(self._bench, job_id):
            try:
                outcome = carry_out(self._bench, job_id)
            except Exception:
                outcome = failed()
            finish(self._bench, job_id, outcome)
            if outcome.get("later"):
                keep(self._bench, job_id, outcome["forgotten"])

    def take_over(self, _: str) -> list[str]:
        return []

    def held_by(self) -> set[str]:
        return set()

    def ended(self, _: list[str]) -> set[str]:
        return set()

    def close(self) -> None:
        for thread in self.threads:
            thread.join()


@pytest.fixture
def bounds() -> Bounds:
    """What the service accepts."""
    return Bounds(upload_bytes=10_000, rate="100000/minute")


@pytest.fixture
def service(tmp_path: Path, bounds: Bounds) -> Iterator[Service]:
    """A service on SQLite in a folder of its own, whose jobs are carried out at once."""
    before = os.umask(0o077)
    service = Service.open(tmp_path / "data", bounds=bounds)
    service.queue.close()
    service.queue = AtOnce(service)  # type: ignore[assignment]
    yield service
    service.store.close()
    os.umask(before)


@pytest.fixture
def app(service: Service) -> FastAPI:
    return create_app(service)


@pytest.fixture
def analyst(monkeypatch: pytest.MonkeyPatch) -> Recorder:
    """Takes the place of the data process."""
    recorder = Recorder()
    monkeypatch.setattr(isolate, "run", recorder)
    return recorder


@pytest.fixture
def client(app: FastAPI, analyst: Recorder) -> Iterator[TestClient]:
    """Requests of a service whose data process is the recorder."""
    del analyst
    with TestClient(app, raise_server_exceptions=False, **HERE) as client:
        yield client


@pytest.fixture
def real_client(tmp_path: Path) -> Iterator[TestClient]:
    """Requests of a service whose jobs run in real data processes."""
    before = os.umask(0o077)
    service = Service.open(tmp_path / "data", bounds=Bounds(rate="100000/minute"))
    service.queue.close()
    service.queue = AtOnce(service)  # type: ignore[assignment]
    with TestClient(create_app(service), headers={"Prefer": "wait=60"}, **HERE) as client:
        yield client
    os.umask(before)


@pytest.fixture(scope="session")
def database() -> Iterator[Any]:
    """A real PostgreSQL."""
    with postgres() as database:
        yield database
