"""A scan of the service that reads a bucket, with credentials that an operator has put there, and a PostgreSQL."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path
from typing import Any

import adbc_driver_postgresql.dbapi as postgresql
import pytest
from fastapi.testclient import TestClient

from api.nights import carrying
from api.nights.carrying import Yard, carry_out
from api.service import Service
from friction.lake import Manifest
from friction.lake.files import read_open
from friction.nightly.days import between, moved
from tests.nightly.test_places import NIGHT, rows
from tests.places.conftest import KEY, SECRET, bucket, database, endpoint

__all__ = ["bucket", "database", "endpoint"]

DAYS = list(between("2026-01-01", NIGHT))


def settings(address: str) -> dict[str, Any]:
    """A project that is scanned in two places, of which each holds a fourth of the shop's visits."""
    return {
        "sources": {
            "shop": {"at": "s3://shop/served/*.csv", "credentials": "shop.env"},
            "branch": {"at": address, "table": "served", "watermark": "timestamp"},
        },
        "goals": {"bought": {"when": "event=purchase"}},
        "schedule": {"at": "04:00", "window_days": 8},
        "time": {"zone": "UTC"},
    }


def filled(bucket: Any, address: str, folder: Path, endpoint: str) -> int:
    """Bring the visits to both places and the credentials into the data folder; how many events there are."""
    for day in DAYS:
        bucket.put(f"served/{day}.csv", rows([day], 0).write_csv().encode())
    with postgresql.connect(address) as connection, connection.cursor() as cursor:
        cursor.adbc_ingest("served", rows(DAYS, 1).to_arrow(), mode="create")
        connection.commit()
    (folder / "credentials").mkdir()
    said = {"AWS_ACCESS_KEY_ID": KEY, "AWS_SECRET_ACCESS_KEY": SECRET, "AWS_ENDPOINT_URL": endpoint}
    (folder / "credentials" / "shop.env").write_text(
        "".join(f"{name}={value}\n" for name, value in said.items())
    )
    return rows(DAYS, 0).height + rows(DAYS, 1).height


def test_the_service_scans_a_bucket_and_a_database_and_shows_no_credentials(
    client: TestClient,
    service: Service,
    bucket: Any,
    database: str,
    endpoint: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.undo()  # the data process is the real one here
    for name in [name for name in os.environ if name.startswith(("AWS_", "PG"))]:
        monkeypatch.delenv(name)
    moment = dt.datetime.fromisoformat(f"{moved(NIGHT, 1)}T05:00:00+00:00")
    monkeypatch.setattr(carrying, "now", lambda: moment)
    yard, there = Yard(service.store, service.folder), filled(bucket, database, service.folder.root, endpoint)
    assert client.put("/v1/schedule", json={"settings": settings(database)}).status_code == 200

    planned = client.post("/v1/schedule/check").json()
    scan_id = client.post("/v1/scans").json()["scan_id"]
    outcome = carry_out(yard, service.project, scan_id)

    assert {each["name"]: len(each["new"]) for each in planned["sources"]} == {"branch": 1, "shop": len(DAYS)}
    assert outcome == "succeeded", client.get(f"/v1/scans/{scan_id}").json()["problem"]
    dataset = yard.desk(service.project).dataset
    manifest = Manifest.of(dataset)
    assert manifest is not None
    assert manifest.rows + read_open(dataset, manifest).height == there
    sources = client.get("/v1/sources")
    assert {each["name"]: each["objects"] for each in sources.json()["sources"]} == {
        "branch": 1,
        "shop": len(DAYS),
    }
    assert SECRET not in sources.text + client.get("/v1/schedule").text + client.get("/v1/audit").text
