"""Pages of a service whose jobs are carried out at once, with a report that has one point of every kind."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.clock import new_id
from api.service import Bounds, Service
from api.store import reports
from friction.report import Report
from tests.api.conftest import AtOnce, service
from tests.render.samples import every_kind

__all__ = ["service"]


@pytest.fixture
def bounds() -> Bounds:
    """What the service accepts."""
    return Bounds(rate="100000/minute")


@pytest.fixture
def workers(service: Service) -> Iterator[AtOnce]:
    """Whoever carries out jobs; waited for at the end."""
    line = service.queue
    assert isinstance(line, AtOnce)
    yield line
    line.close()


def sent(reader: TestClient, name: str, content: str | bytes) -> str:
    """Where the drop of this one file is."""
    answer = reader.post("/uploads", files={"file": (name, content)})
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def busy(reader: TestClient, job: str) -> str:
    """Where a job leads when it is done."""
    for _ in range(600):
        answer = reader.get(job)
        if answer.status_code == 303 and reader.get(f"/v1{job}").json()["state"] == "succeeded":
            return str(answer.headers["location"])
        assert "The analysis stopped" not in answer.text, answer.text
        time.sleep(0.1)
    raise AssertionError("the job does not end")


def published(service: Service, report: Report) -> str:
    """The id of the report in this service."""
    report_id, written = new_id("rep"), report.to_json()
    service.folder.report(report_id).write_bytes(written)
    with service.store.write(service.project) as scope:
        reports.publish(scope, report_id, new_id("job"), written)
    return report_id


@pytest.fixture
def report_id(service: Service) -> str:
    """A report with one point of every kind."""
    return published(service, every_kind())


@pytest.fixture
def reader(service: Service) -> Iterator[TestClient]:
    """A browser without script."""
    app = create_app(service)
    headers = {"Accept": "text/html"}
    with TestClient(
        app, base_url="http://127.0.0.1", client=("127.0.0.1", 50000), headers=headers, follow_redirects=False
    ) as client:
        yield client
