"""Forgetting a visitor: afterwards no byte of them is in the data folder, and every report is what it would be."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.evidence import keep_owners
from api.jobs.analysis import keep
from api.keyed import keyed
from api.service import Bounds, Service
from api.store import audit, erased
from api.store import reports as rows
from friction.compare import exact
from friction.lake import Lake

from .conftest import HERE, AtOnce

WHO, SESSION = "ada-4711@example.com", "visit-of-ada-0815"
OTHERS = 40


def export(*, without: str | None = None) -> bytes:
    """Clicks of many visitors on a button that does nothing, and of one who is to be forgotten."""
    lines = ["timestamp,session_id,visitor_id,event,url,target,x,y"]
    people = [(WHO, SESSION), *((f"visitor-{n}", f"session-{n}") for n in range(OTHERS))]
    for number, (visitor, session) in enumerate(people):
        start = f"2026-05-{1 + number % 20:02}T10:{number:02}:"
        if visitor == without:
            continue
        lines.append(f"{start}00.000Z,{session},{visitor},page_view,https://shop.example/cart,,,")
        clicks = 6 if visitor == WHO or number % 3 == 0 else 1
        lines += [
            f"{start}05.{at}00Z,{session},{visitor},click,https://shop.example/cart,button#pay,10,10"
            for at in range(clicks)
        ]
        if number % 2:
            lines.append(f"{start}30.000Z,{session},{visitor},conversion,https://shop.example/thanks,,,")
    return ("\n".join(lines) + "\n").encode()


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    before = os.umask(0o077)
    service = Service.open(tmp_path / "data", bounds=Bounds(rate="100000/minute"))
    service.queue.close()
    service.queue = AtOnce(service)  # type: ignore[assignment]
    yield service
    service.store.close()
    os.umask(before)


@pytest.fixture
def client(service: Service) -> Iterator[TestClient]:
    with TestClient(create_app(service), headers={"Prefer": "wait=60"}, **HERE) as client:
        yield client


def report(client: TestClient, service: Service, content: bytes) -> str:
    """The id of the report of this export."""
    answer = client.post("/v1/analyze", content=content)
    assert answer.status_code == 200, answer.text
    ended(service)
    return answer.headers["content-location"].rpartition("/")[2]


def forget(client: TestClient, service: Service, who: str) -> dict[str, Any]:
    """The job, at its end."""
    answer = client.post("/v1/erasures", json={"visitor_id": who})
    assert answer.status_code == 202
    assert who not in answer.text
    ended(service)
    job: dict[str, Any] = client.get(answer.headers["location"]).json()
    assert (job["kind"], job["state"], job["problem"]) == ("erasure", "succeeded", None)
    return job


def ended(service: Service) -> None:
    service.queue.close()  # of the line that works at once: wait for what it does


def holding(service: Service, *words: str) -> list[str]:
    """Files of the data folder in which one of these words stands, in any usual form."""
    wanted = [form for word in words for form in (word.encode(), word.encode("utf-16-le"))]
    return [
        str(path.relative_to(service.folder.root))
        for path in service.folder.root.rglob("*")
        if path.is_file() and any(each in path.read_bytes() for each in wanted)
    ]


def test_no_byte_is_left_and_the_report_is_that_of_the_others(client: TestClient, service: Service) -> None:
    mine = report(client, service, export())
    before = client.get(f"/v1/reports/{mine}").content
    assert SESSION.encode() in before, "a moment of theirs is shown"
    client.get(f"/v1/reports/{mine}.html")
    client.post("/v1/uploads", content=export() + b"\n")
    assert holding(service, WHO)
    forget(client, service, WHO)
    after = client.get(f"/v1/reports/{mine}").content
    alone = client.get(f"/v1/reports/{report(client, service, export(without=WHO))}").content

    assert not holding(service, WHO, SESSION)
    kept = holding(service, keyed(service.folder, service.project, WHO))
    assert [name for name in kept if not name.startswith("friction.sqlite")] == []
    assert exact(alone, after) == []
    assert exact(alone, before) != []
    with service.store.read(service.project) as scope:
        row = rows.get(scope, mine)
        assert "forgotten" in [each.action for each in audit.several(scope, 20)]
    assert row is not None
    assert row.bytes == len(after)
    points = client.get(f"/v1/reports/{mine}/points").json()["points"]
    assert [point["id"] for point in points] == [point["id"] for point in json.loads(after)["points"]]


def test_whoever_was_forgotten_stays_so_when_their_data_come_again(
    client: TestClient, service: Service
) -> None:
    forget(client, service, WHO.upper() if "@" in WHO else WHO)
    mine = client.get(f"/v1/reports/{report(client, service, export())}").content
    alone = client.get(f"/v1/reports/{report(client, service, export(without=WHO))}").content

    assert exact(alone, mine) == []
    assert not holding(service, WHO, SESSION)


def test_once_more_changes_nothing(client: TestClient, service: Service) -> None:
    mine = report(client, service, export())
    forget(client, service, WHO)
    first = client.get(f"/v1/reports/{mine}").headers["etag"]
    forget(client, service, keyed(service.folder, service.project, WHO))

    assert client.get(f"/v1/reports/{mine}").headers["etag"] == first
    with service.store.read(service.project) as scope:
        assert len(erased.several(scope)) == 1


def test_an_older_report_loses_the_evidence_and_keeps_its_sums(client: TestClient, service: Service) -> None:
    mine = report(client, service, export())
    before = client.get(f"/v1/reports/{mine}").json()
    Lake(service.folder.lake).remove(service.project)
    keep_owners(service.folder, mine)
    service.folder.forget_beside(mine)
    forget(client, service, WHO)
    after = client.get(f"/v1/reports/{mine}").json()

    assert not holding(service, WHO, SESSION)
    assert [point["findings"] for point in after["points"]] == [p["findings"] for p in before["points"]]
    assert after["input"]["sessions"] == before["input"]["sessions"] == OTHERS + 1


def test_who_is_unknown_is_forgotten_alike(client: TestClient, service: Service) -> None:
    mine = report(client, service, export())
    tag = client.get(f"/v1/reports/{mine}").headers["etag"]
    forget(client, service, "nobody")

    assert client.get(f"/v1/reports/{mine}").headers["etag"] == tag


def test_another_project_keeps_its_visitor_of_the_same_name(service: Service) -> None:
    assert keyed(service.folder, "prj_a", WHO) != keyed(service.folder, "prj_b", WHO)


def test_forgetting_cannot_be_cancelled(client: TestClient, service: Service) -> None:
    job = forget(client, service, WHO)

    assert client.delete(f"/v1/jobs/{job['job_id']}").json()["code"] == "job.not_cancellable"


def test_whoever_is_forgotten_before_the_uploads_are_in_the_lake_is_out_of_the_sums_as_well(
    client: TestClient, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    late: list[tuple[Any, ...]] = []
    monkeypatch.setattr("tests.api.conftest.keep", lambda *asked: late.append(asked))
    mine = report(client, service, export())
    assert not Lake(service.folder.lake).datasets(service.project), "nothing is kept yet"
    forget(client, service, WHO)
    at_once = client.get(f"/v1/reports/{mine}").content
    for asked in late:
        keep(*asked)
    ended(service)
    after = client.get(f"/v1/reports/{mine}").content
    monkeypatch.undo()
    alone = client.get(f"/v1/reports/{report(client, service, export(without=WHO))}").content

    assert exact(alone, at_once) == []
    assert at_once == after
    assert not holding(service, WHO, SESSION)
