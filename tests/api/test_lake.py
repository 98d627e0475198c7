"""Uploads are converted once; what is asked of them later is read from the lake."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.folder import DataFolder
from api.keyed import key
from friction.compare import exact
from friction.lake import Lake
from tests.exports import analysed, visits, written

RECORDED = Path(__file__).parents[2] / "fixtures" / "sources" / "rrweb" / "shop.json"


@pytest.fixture
def folder(tmp_path: Path, real_client: TestClient) -> DataFolder:
    """The data folder of the service of `real_client`."""
    del real_client
    return DataFolder(tmp_path / "data")


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    return written(tmp_path / "shop.csv", visits(120))


def sent(client: TestClient, path: Path) -> str:
    answer = client.post("/v1/uploads", files={"file": (path.name, path.read_bytes())})
    return str(answer.json()["upload_id"])


def report(client: TestClient, upload: str, **options: Any) -> bytes:
    """The report of an upload, once its job is over."""
    job = client.post("/v1/reports", json={"uploads": [upload], "options": options}).json()
    client.app.state.service.queue.close()  # type: ignore[attr-defined]
    return client.get(f"/v1/reports/{job['report_id']}").content


def test_the_bytes_of_an_upload_go_when_its_events_are_in_the_lake(
    real_client: TestClient, folder: DataFolder, shop: Path
) -> None:
    upload = sent(real_client, shop)
    assert [path.name for path in folder.spool.iterdir()] == [upload]

    report(real_client, upload)

    assert not list(folder.spool.iterdir())
    assert real_client.get(f"/v1/uploads/{upload}").json()["state"] == "kept"
    (project,) = folder.lake.iterdir()
    (dataset,) = Lake(folder.lake).datasets(project.name).values()
    assert dataset.sessions == 120


def test_another_question_is_answered_from_the_lake_as_from_the_file(
    real_client: TestClient, folder: DataFolder, shop: Path
) -> None:
    upload = sent(real_client, shop)
    first = report(real_client, upload)

    again = report(real_client, upload, goal=["page=/thanks"])

    (project,) = folder.lake.iterdir()
    asked = {"privacy": {"key": key(folder, project.name)}, "analysis": {"journey": True}}
    goals = {"page=/thanks": {"when": "page=/thanks"}}
    assert exact(analysed(shop, **asked).to_json(), first) == []
    assert exact(analysed(shop, **asked, goals=goals).to_json(), again) == []
    assert json.loads(again)["input"]["files"] == json.loads(first)["input"]["files"]


def test_another_way_of_reading_needs_the_file_once_more(
    real_client: TestClient, folder: DataFolder, shop: Path
) -> None:
    upload = sent(real_client, shop)
    report(real_client, upload)
    body = {"uploads": [upload], "options": {"tz": "Europe/Paris"}}

    refused = real_client.post("/v1/reports", json=body)

    assert (refused.status_code, refused.json()["code"]) == (409, "upload.unusable")
    assert "another way" in refused.json()["detail"]
    report(real_client, sent(real_client, shop), tz="Europe/Paris")
    assert sum(len(Lake(folder.lake).datasets(project.name)) for project in folder.lake.iterdir()) == 2


def test_a_failed_analysis_keeps_the_upload(
    real_client: TestClient, folder: DataFolder, tmp_path: Path
) -> None:
    path = tmp_path / "x.csv"
    path.write_text("timestamp,session_id\nnever,s1\n")
    upload = sent(real_client, path)

    report(real_client, upload)

    assert [each.name for each in folder.spool.iterdir()] == [upload]


def test_a_removed_upload_takes_its_events_with_it(
    real_client: TestClient, folder: DataFolder, shop: Path
) -> None:
    upload = sent(real_client, shop)
    report(real_client, upload)

    assert real_client.delete(f"/v1/uploads/{upload}").status_code == 204

    assert not [path for path in folder.lake.rglob("*") if path.is_file()]


def test_recordings_are_there_for_a_report_that_is_made_anew(
    real_client: TestClient, folder: DataFolder
) -> None:
    upload = sent(real_client, RECORDED)
    first, again = report(real_client, upload), report(real_client, upload, goal=["page=/thanks"])
    del first, again

    kept = [
        {path.name for path in each.glob("beside/recordings/*")} for each in sorted(folder.reports.iterdir())
    ]

    assert len(kept) == 2
    assert kept[0] == kept[1]


def test_a_file_that_is_sent_again_is_the_same_upload_and_is_there_again(
    real_client: TestClient, folder: DataFolder, shop: Path
) -> None:
    upload = sent(real_client, shop)
    report(real_client, upload)

    assert sent(real_client, shop) == upload

    assert [path.name for path in folder.spool.iterdir()] == [upload]
    assert real_client.get(f"/v1/uploads/{upload}").json()["state"] == "stored"
