"""Pages of a service whose jobs are carried out at once, with a report that has one point of every kind."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.clock import new_id
from api.service import Service
from api.store import reports
from friction.report import Report
from tests.api.conftest import bounds, service
from tests.render.samples import every_kind

__all__ = ["bounds", "service"]


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
