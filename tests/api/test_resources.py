"""Uploads, reports, points, jobs and mappings: made, found, changed, removed, and never somebody else's."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from api.store import reports
from tests.api.test_real import QUICK, shop

if TYPE_CHECKING:
    from fastapi.testclient import TestClient

    from api.service import Service

    from .conftest import Recorder

CSV = b"timestamp,session_id,event,url\n2026-05-01T10:00:00Z,s1,page_view,/\n"


def sent(client: TestClient, content: bytes = CSV, name: str = "may.csv") -> dict[str, Any]:
    answer = client.post("/v1/uploads", files={"file": (name, content)})
    assert answer.status_code in (200, 201), answer.text
    found: dict[str, Any] = answer.json()
    return found


def ordered(client: TestClient, service: Service, *uploads: str, **headers: str) -> dict[str, Any]:
    """A job, when it is over."""
    answer = client.post("/v1/reports", json={"uploads": list(uploads)}, headers=headers)
    assert answer.status_code == 202, answer.text
    service.queue.close()
    job: dict[str, Any] = client.get(answer.headers["location"]).json()
    return job


def test_an_upload_is_kept_as_it_was_sent(client: TestClient, service: Service) -> None:
    upload = sent(client)

    assert service.folder.upload(upload["upload_id"]).read_bytes() == CSV
    assert (upload["name"], upload["bytes"], upload["state"]) == ("may.csv", len(CSV), "stored")
    assert client.get(f"/v1/uploads/{upload['upload_id']}").json() == upload


def test_only_their_owner_can_read_what_is_kept(client: TestClient, service: Service) -> None:
    sent(client)
    modes = {path.stat().st_mode & 0o077 for path in service.folder.root.rglob("*")}

    assert modes == {0}


def test_the_same_content_is_kept_once(client: TestClient, service: Service) -> None:
    first, again = sent(client), sent(client, name="june.csv")

    assert again["upload_id"] == first["upload_id"]
    assert len(list(service.folder.spool.iterdir())) == 1


def test_a_refused_upload_leaves_nothing(client: TestClient, service: Service) -> None:
    client.post("/v1/uploads", files={"file": ("x.csv", b"")})
    client.post("/v1/uploads", content=b"x" * 10_001)

    assert not list(service.folder.spool.iterdir())


def test_a_removed_upload_cannot_be_analysed(client: TestClient, service: Service) -> None:
    upload = sent(client)["upload_id"]
    assert client.delete(f"/v1/uploads/{upload}").status_code == 204

    answer = client.post("/v1/reports", json={"uploads": [upload]})

    assert (answer.status_code, answer.json()["code"]) == (409, "upload.unusable")
    assert not list(service.folder.spool.iterdir())


def test_a_job_ends_with_its_report(client: TestClient, service: Service, analyst: Recorder) -> None:
    job = ordered(client, service, sent(client)["upload_id"])
    answer = client.get(f"/v1/reports/{job['report_id']}")

    assert job["state"] == "succeeded"
    assert answer.content == analyst.answer
    assert client.get("/v1/reports").json()["reports"][0]["report_id"] == job["report_id"]


def test_a_failed_job_says_why_and_leaves_no_report(
    client: TestClient, service: Service, analyst: Recorder
) -> None:
    analyst.failure = ValueError("secret of a visitor")
    job = ordered(client, service, sent(client)["upload_id"])

    assert (job["state"], job["problem"]["code"]) == ("failed", "internal.unexpected")
    assert "secret" not in json.dumps(job)
    assert client.get(f"/v1/reports/{job['report_id']}").status_code == 404


def test_one_key_makes_one_job(client: TestClient, service: Service) -> None:
    upload = sent(client)["upload_id"]
    first = ordered(client, service, upload, **{"Idempotency-Key": "a"})
    again = ordered(client, service, upload, **{"Idempotency-Key": "a"})
    other = ordered(client, service, upload, **{"Idempotency-Key": "b"})

    assert first["job_id"] == again["job_id"] != other["job_id"]


def test_one_key_for_two_requests_is_a_conflict(client: TestClient, service: Service) -> None:
    one, two = sent(client)["upload_id"], sent(client, CSV * 2)["upload_id"]
    ordered(client, service, one, **{"Idempotency-Key": "a"})

    answer = client.post("/v1/reports", json={"uploads": [two]}, headers={"Idempotency-Key": "a"})

    assert (answer.status_code, answer.json()["code"]) == (409, "request.key_reused")


def test_a_known_report_is_not_sent_again(client: TestClient, service: Service) -> None:
    job = ordered(client, service, sent(client)["upload_id"])
    place = f"/v1/reports/{job['report_id']}"
    tag = client.get(place).headers["etag"]

    assert client.get(place, headers={"If-None-Match": tag}).status_code == 304
    assert client.get(place, headers={"If-None-Match": '"other"'}).status_code == 200


def test_a_removed_report_is_gone_with_its_files(client: TestClient, service: Service) -> None:
    job = ordered(client, service, sent(client)["upload_id"])
    place = f"/v1/reports/{job['report_id']}"

    assert client.delete(place).status_code == 204
    assert client.get(place).status_code == 404
    assert client.delete(place).status_code == 404
    assert not (service.folder.reports / job["report_id"]).exists()


def test_lists_go_on_where_the_last_page_ended(client: TestClient, service: Service) -> None:
    upload = sent(client)["upload_id"]
    made = [ordered(client, service, upload)["job_id"] for _ in range(5)]
    found, cursor = [], None
    while True:
        page = client.get("/v1/jobs", params={"limit": 2, **({"cursor": cursor} if cursor else {})}).json()
        found += [job["job_id"] for job in page["jobs"]]
        if (cursor := page["next"]) is None:
            break

    assert found == made[::-1]


@pytest.mark.parametrize("cursor", ["", "x", "e30", "WzFd", "WyJhIiwgImIiXQ"])
def test_a_cursor_that_is_none_is_refused(client: TestClient, cursor: str) -> None:
    answer = client.get("/v1/jobs", params={"cursor": cursor})

    assert (answer.status_code, answer.json()["code"]) == (422, "request.invalid")


def test_events_of_a_job_end_with_its_state_and_go_on_after_a_break(
    client: TestClient, service: Service
) -> None:
    job = ordered(client, service, sent(client)["upload_id"])
    place = f"/v1/jobs/{job['job_id']}/events"
    events = client.get(place).text
    last = next(line[4:] for line in events.splitlines() if line.startswith("id: "))

    assert "event: succeeded" in events
    assert client.get(place, headers={"Last-Event-ID": last}).text.strip() == ""


def test_a_job_that_is_over_stays_as_it_ended(client: TestClient, service: Service) -> None:
    job = ordered(client, service, sent(client)["upload_id"])

    assert client.delete(f"/v1/jobs/{job['job_id']}").json()["state"] == "succeeded"


def test_a_saved_mapping_is_used_by_its_name(client: TestClient, service: Service, analyst: Recorder) -> None:
    columns = {"ts": "when", "session_id": "visit"}
    assert client.put("/v1/mappings/shop", json={"columns": columns}).status_code == 201
    assert client.put("/v1/mappings/shop", json={"columns": columns}).status_code == 200
    upload = sent(client)["upload_id"]

    client.post("/v1/reports", json={"uploads": [upload], "mapping": "shop"})
    service.queue.close()

    assert analyst.plans[0]["settings"]["mapping"] == columns
    assert [each["name"] for each in client.get("/v1/mappings").json()["mappings"]] == ["shop"]
    assert client.delete("/v1/mappings/shop").status_code == 204
    assert client.get("/v1/mappings/shop").status_code == 404


@pytest.mark.parametrize(
    "place",
    ["uploads/x", "jobs/x", "jobs/x/events", "reports/x", "reports/x.html", "reports/x/points", "points/x"],
)
def test_what_is_not_there_is_not_found(client: TestClient, place: str) -> None:
    answer = client.get(f"/v1/{place}")

    assert (answer.status_code, answer.json()["code"]) == (404, "request.not_found")


def test_every_answer_carries_an_id_and_the_safe_headers(client: TestClient) -> None:
    for path in ("/healthz", "/nothing", "/v1/jobs"):
        headers = client.get(path, headers={"X-Request-Id": "mine-1"}).headers

        assert headers["x-request-id"] == "mine-1"
        assert headers["x-content-type-options"] == "nosniff"
        assert "default-src 'none'" in headers["content-security-policy"]
    assert (
        client.get("/healthz", headers={"X-Request-Id": "not plain"}).headers["x-request-id"] != "not plain"
    )


def test_points_of_a_real_report(real_client: TestClient) -> None:
    document = real_client.post("/v1/analyze", content=shop(QUICK))
    report, place = document.json(), document.headers["content-location"]
    listed = real_client.get(f"{place}/points").json()["points"]
    first = listed[0]

    assert listed == report["points"]
    assert real_client.get(f"{place}/points/{first['id']}").json() == first
    assert real_client.get(f"{place}/points/{first['id']}/evidence").json()["evidence"] == first["evidence"]
    assert real_client.get(f"{place}/points", params={"detector": "slow_page"}).json()["points"] == []
    assert real_client.get(f"{place}.md").text.startswith("#")
    life = real_client.get(f"/v1/points/{first['id']}")
    assert life.json()["state"] == "new"
    muted = real_client.patch(
        f"/v1/points/{first['id']}",
        json={"muted": True, "mute_reason": "known to all", "note": "known"},
        headers={"If-Match": life.headers["etag"]},
    )
    assert (muted.json()["state"], muted.json()["note"]) == ("muted", "known")
    late = real_client.patch(
        f"/v1/points/{first['id']}", json={"owner": "me"}, headers={"If-Match": life.headers["etag"]}
    )
    assert (late.status_code, late.json()["code"]) == (412, "request.changed_meanwhile")
    assert real_client.get(f"{place}/points", params={"state": "muted"}).json()["points"] == [first]


def test_places_of_points_are_found_whatever_their_texts_say() -> None:
    points = [{"id": f"{n:016x}", "title": '"points": [\n    {', "deep": [{"a": [{}]}]} for n in range(3)]
    from friction.render import json as written

    document = written.dumps(
        {"aside": points[:1], "points": points, "settings": {"points": [{"a": 1}]}}
    ).encode()

    found = [json.loads(document[start : start + length]) for start, length in reports.places(document)]

    assert found == points
    assert not list(reports.places(written.dumps({"points": [], "z": [{"a": 1}]}).encode()))
