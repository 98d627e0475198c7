"""The journey of a report over HTTP: read, taken away, written beside."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.journey.world import world


@pytest.fixture
def report(real_client: TestClient, tmp_path: Path) -> str:
    """The id of a report of a small made-up shop."""
    path = tmp_path / "shop.parquet"
    world(700).events.write_parquet(path)
    with path.open("rb") as file:
        sent = real_client.post("/v1/uploads", files={"file": ("shop.parquet", file)}).json()
    order: dict[str, Any] = {"uploads": [sent["upload_id"]], "options": {"detector": ["rage_click"]}}
    made = real_client.post("/v1/reports", json=order).json()
    with real_client.stream("GET", f"/v1/jobs/{made['job_id']}/events") as told:
        assert "succeeded" in "".join(told.iter_text())
    return str(made["report_id"])


def test_a_report_of_the_service_holds_its_journey_and_what_people_write(
    real_client: TestClient, report: str
) -> None:
    journey = real_client.get(f"/v1/reports/{report}/journey").json()
    assert [each["stage"] for each in journey["stages"]] == [
        *("awareness", "consideration", "decision", "retention", "advocacy")
    ]
    assert real_client.put("/v1/journey/notes/decision", json={"text": "Ask about cards."}).status_code == 204
    for form in ("svg", "drawio", "md", "csv", "canvas"):
        answer = real_client.get(f"/v1/reports/{report}/journey.{form}", params={"lang": "fr"})
        assert answer.status_code == 200, form
        assert "Ask about cards." in answer.text
    point = journey["actions"][0]["point"]
    decision = {"owner": "Checkout team", "effort": "large", "state": "under_way"}
    assert real_client.put(f"/v1/journey/actions/{point}", json=decision).status_code == 204
    assert "Checkout team" in real_client.get(f"/v1/reports/{report}/plan.csv").text
    beside = real_client.get(f"/v1/reports/{report}/journey/beside").json()
    assert beside["actions"][point]["state"] == "under_way"
    assert real_client.put("/v1/journey/notes/decision", json={"text": ""}).status_code == 204
    assert real_client.get(f"/v1/reports/{report}/journey/beside").json()["notes"] == {}
    page = f"/reports/{report}/journey"
    real_client.post(f"{page}/notes", data={"stage": "decision", "text": "Cards fail on Sundays."})
    assert real_client.get(page, headers={"Accept": "text/html"}).text.count("Cards fail on Sundays.") == 2


def test_words_that_are_none_are_refused(real_client: TestClient) -> None:
    assert real_client.put("/v1/journey/notes/nowhere", json={"text": "x"}).status_code == 422
    assert real_client.put("/v1/journey/actions/xyz", json={}).status_code == 422
    assert real_client.get("/v1/reports/none/journey").status_code == 404
