"""A report whose list is there while its journey, sessions and recordings follow: shown for what it is."""

from __future__ import annotations

import json

import pytest
from fastapi.testclient import TestClient

from api.clock import new_id
from api.service import Service
from api.store import jobs, reports
from api.store.jobs import Job
from friction.report import Report
from tests.api.conftest import AtOnce
from tests.render.samples import every_kind

FOLLOWS = "The list is complete. The journey, paths and sessions are being worked out."


@pytest.fixture
def job(service: Service, monkeypatch: pytest.MonkeyPatch) -> Job:
    """A job that has its list, and that nobody takes over."""
    monkeypatch.setattr(AtOnce, "put", lambda *_: None)
    job_id, report_id = new_id("job"), new_id("rep")
    with service.store.write(service.project) as scope:
        jobs.add(scope, job_id, report_id, [], {})
        jobs.begin(scope, job_id)
        jobs.advance(scope, job_id, "completing", 0.0, 0)
        found = jobs.get(scope, job_id)
    service.folder.report(report_id)
    service.folder.listed(report_id).write_bytes(every_kind().to_json())
    assert found is not None
    return found


def test_the_list_is_shown_and_says_what_follows(reader: TestClient, job: Job) -> None:
    page = reader.get(f"/reports/{job.report_id}").text

    assert FOLLOWS in page
    assert f'data-events="/v1/jobs/{job.id}/events"' in page
    assert page.count('class="pt') == len([each for each in every_kind().points if each.rank])
    assert all(word not in page for word in ("Take away", "Delete…", 'id="mute"', "/sessions?point="))


def test_a_point_of_it_can_be_read(reader: TestClient, job: Job) -> None:
    page = reader.get(f"/reports/{job.report_id}/points/{every_kind().points[0].id}")

    assert page.status_code == 200
    assert FOLLOWS in page.text


@pytest.mark.parametrize("view", ["paths", "journey", "sessions"])
def test_what_is_not_there_yet_is_said_to_follow(view: str, reader: TestClient, job: Job) -> None:
    page = reader.get(f"/reports/{job.report_id}/{view}").text

    assert "This is being worked out" in page
    assert "Draw the journey" not in page


@pytest.mark.parametrize("view", ["overview", "funnels", "forms", "speed", "quality"])
def test_the_other_views_are_there(view: str, reader: TestClient, job: Job) -> None:
    assert reader.get(f"/reports/{job.report_id}/{view}").status_code == 200


def test_who_follows_the_job_is_led_to_its_list(reader: TestClient, job: Job) -> None:
    assert reader.get(f"/jobs/{job.id}").headers["location"] == f"/reports/{job.report_id}"


def test_programs_read_it_under_its_job_and_the_report_when_it_is_whole(
    reader: TestClient, service: Service, job: Job
) -> None:
    early = reader.get(f"/v1/jobs/{job.id}/report")
    there = reader.get(f"/v1/reports/{job.report_id}").status_code
    written = every_kind().to_json()
    service.folder.report(job.report_id).write_bytes(written)
    with service.store.write(service.project) as scope:
        jobs.end(scope, job.id, "succeeded")
        reports.publish(scope, job.report_id, job.id, written)

    assert Report.from_json(early.content).journey is None
    assert there == 404
    assert reader.get(f"/v1/jobs/{job.id}/report").headers["location"] == f"/v1/reports/{job.report_id}"
    assert FOLLOWS not in reader.get(f"/reports/{job.report_id}").text


def test_before_there_is_a_list_there_is_nothing(reader: TestClient, service: Service, job: Job) -> None:
    service.folder.listed(job.report_id).unlink()

    for address in (f"/v1/jobs/{job.id}/report", f"/reports/{job.report_id}"):
        assert reader.get(address).status_code == 404


@pytest.mark.parametrize("state", ["failed", "cancelled"])
def test_a_job_that_came_to_no_good_end_shows_no_list(
    state: str, reader: TestClient, service: Service, job: Job
) -> None:
    with service.store.write(service.project) as scope:
        jobs.end(scope, job.id, state, {"code": "x", "detail": "y", "status": 500})

    assert reader.get(f"/reports/{job.report_id}").status_code == 404


def test_a_list_that_was_begun_again_stays_in_sight(reader: TestClient, service: Service, job: Job) -> None:
    with service.store.write(service.project) as scope:
        jobs.begin(scope, job.id)

    assert reader.get(f"/reports/{job.report_id}").status_code == 200
    assert json.loads(reader.get(f"/v1/jobs/{job.id}").content)["stage"] == "starting"
