"""Everything a project holds, as a ZIP, and nothing of another one."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

from fastapi.testclient import TestClient

from api.operator import export_project
from api.service import Service
from api.store import projects
from tests.api.test_access import bearer, secret
from tests.api.test_retention import published
from tests.render.samples import every_kind


def test_everything_is_in_it_and_no_secret(client: TestClient, service: Service) -> None:
    admin = secret(service, "admin")
    report_id = published(service, every_kind())
    client.put("/v1/mappings/shop", json={"columns": {"ts": "when"}}, headers=bearer(admin))
    part = service.folder.lake / service.project / "shop" / "day=2026-05-01" / "part-00.parquet"
    part.parent.mkdir(parents=True)
    part.write_bytes(b"PAR1")
    answer = client.get("/v1/export", headers=bearer(admin))

    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/zip")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        read = {name: archive.read(name) for name in names}
    assert read[f"reports/{report_id}/report.json"] == every_kind().to_json()
    assert read["lake/shop/day=2026-05-01/part-00.parquet"] == b"PAR1"
    assert json.loads(read["tables/mappings.jsonl"])["columns"] == {"ts": "when"}
    assert json.loads(read["project.json"])["project_id"] == service.project
    assert {"tables/keys.jsonl", "tables/audit.jsonl", "tables/points.jsonl"} <= set(names)
    assert "tables/logins.jsonl" not in names
    assert b"digest" not in read["tables/keys.jsonl"]


def test_nothing_of_another_project_is_in_it(client: TestClient, service: Service) -> None:
    report_id = published(service, every_kind())
    with service.store.write() as scope:
        shop = projects.make(scope, "shop")
    assert shop is not None
    other = secret(service.of(shop.id), "admin")
    with zipfile.ZipFile(io.BytesIO(client.get("/v1/export", headers=bearer(other)).content)) as archive:
        content = b"".join(archive.read(name) for name in archive.namelist())

    assert report_id.encode() not in content
    assert service.project.encode() not in content


def test_the_command_line_writes_the_same(service: Service, tmp_path: Path) -> None:
    published(service, every_kind())
    place = tmp_path / "local.zip"
    size = export_project(service.folder.root, None, "local", place)

    assert size == place.stat().st_size
    with zipfile.ZipFile(place) as archive:
        assert any(name.endswith("report.json") for name in archive.namelist())
