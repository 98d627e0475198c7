"""Backup and restore: while the service runs, from one database to the other, from one schema to the next."""

from __future__ import annotations

import io
import json
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import zstandard
from alembic.script import ScriptDirectory
from fastapi.testclient import TestClient

from api.app import create_app
from api.backup import backup, restore, rows, snapshot, taking
from api.backup.rows import tables_of
from api.folder import DataFolder
from api.service import Service
from api.store import Store
from api.store.migrate import _config, is_current, revision, upgrade
from friction.errors import FrictionError, InputError, UsageError
from friction.lake.manifest import Manifest
from tests.api.conftest import HERE, REPORT
from tests.api.real import address

KINDS = ("sqlite", "postgresql")
CSV = b"timestamp,session_id,url\n2026-05-01T10:00:00Z,s1,/a\n"
NAMES = iter(range(1_000))


@pytest.fixture
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[str], tuple[Path, str | None]]:
    """A new data folder, and an address where the database is PostgreSQL."""

    def made(kind: str) -> tuple[Path, str | None]:
        number = next(NAMES)
        if kind == "sqlite":
            return tmp_path / f"data{number}", None
        return tmp_path / f"data{number}", address(request.getfixturevalue("database"), f"backup{number}")

    return made


@pytest.fixture
def used(client: TestClient, service: Service) -> Path:
    """The data folder of a running service that has made a report, with something in its lake."""
    report = client.post("/v1/analyze", content=CSV, headers={"Prefer": "wait=30"})
    assert report.status_code == 200
    dataset = service.folder.lake / service.project / "site"
    dataset.mkdir(parents=True)
    Manifest(1, "p", "v").commit_to(dataset)
    (service.folder.root / snapshot.SECRET).write_text("the secret")
    return service.folder.root


def held(folder: Path, database: str | None) -> dict[str, list[bytes]]:
    """All rows of all tables, but those of what runs."""
    store = Store.open(database or DataFolder(folder).store_url)
    with taking._pinned(store) as connection:
        found = {table.name: list(rows.lines(connection, table)) for table in tables_of(connection)}
    store.close()
    return {name: each for name, each in found.items() if name != "workers"}


@pytest.mark.parametrize("kind", KINDS)
def test_what_runs_is_there_again_after_a_restore(
    used: Path, kind: str, empty: Callable[[str], tuple[Path, str | None]], tmp_path: Path
) -> None:
    """From SQLite to either database, with the same rows, and from there to a file once more."""
    archive, again = tmp_path / "a.tar.zst", tmp_path / "b.tar.zst"
    target, database = empty(kind)

    backup(used, None, archive)
    restore(archive, target, database)
    backup(target, database, again)
    last, _ = empty("sqlite")
    restore(again, last, None)

    assert held(used, None) == held(target, database) == held(last, None)
    assert archive.stat().st_mode & 0o077 == 0
    assert not list(used.glob(".backup-*"))
    service = Service.open(last)
    with TestClient(create_app(service), **HERE) as client:
        (report,) = client.get("/v1/reports").json()["reports"]
        assert client.get("/v1/reports/" + report["report_id"]).content == REPORT
    assert (last / "secret.key").read_text() == "the secret"
    assert Manifest.of(next((last / "lake").glob("*/site"))) == Manifest(1, "p", "v")


def test_the_secret_can_stay_behind(used: Path, tmp_path: Path) -> None:
    backup(used, None, tmp_path / "a.tar.zst", with_secret=False)

    assert not [name for name in members(tmp_path / "a.tar.zst") if "secret" in name]


def versions() -> list[str]:
    walked = ScriptDirectory.from_config(_config()).walk_revisions()
    return [script.revision for script in walked][::-1]


@pytest.fixture(params=KINDS)
def old(
    request: pytest.FixtureRequest, empty: Callable[[str], tuple[Path, str | None]]
) -> Iterator[Callable[[str], tuple[Store, Path, str | None]]]:
    """A store as an earlier version left it, with a row in every table that had them from the first."""
    opened: list[Store] = []

    def made(version: str) -> tuple[Store, Path, str | None]:
        folder, database = empty(request.param)
        place = DataFolder.prepared(folder)
        store = Store.open(database or place.store_url)
        opened.append(store)
        upgrade(store, version)
        with store.write() as scope:
            for name, line in ROWS.items():
                table = next(each for each in tables_of(scope.connection) if each.name == name)
                rows.put(scope.connection, table, [json.dumps(line).encode()])
        return store, folder, database

    yield made
    for store in opened:
        store.close()


WHEN = "2026-05-01T10:00:00+00:00"
ROWS: dict[str, dict[str, Any]] = {
    "projects": {"id": "prj_1", "name": "shop", "created": WHEN},
    "uploads": {
        "id": "upl_1", "project_id": "prj_1", "name": "é\n.csv", "state": "stored", "bytes": 7, "received": 7,
        "sha256": "a" * 64, "created": WHEN, "removed": None,
    },
    "jobs": {
        "id": "job_1", "project_id": "prj_1", "report_id": "rep_1", "state": "queued", "stage": None, "share": 0.25,
        "rows": 2**40, "version": 1, "attempts": 0, "uploads": ["upl_1"], "settings": {"goals": {}}, "problem": None,
        "created": WHEN, "started": None, "ended": None,
    },
}  # fmt: skip


@pytest.mark.parametrize("version", versions()[:-1])
def test_an_earlier_schema_is_brought_up_to_date_with_its_rows(
    version: str, old: Callable[[str], tuple[Store, Path, str | None]]
) -> None:
    store, folder, database = old(version)

    upgrade(store)

    found = held(folder, database)
    assert is_current(store)
    for name, row in ROWS.items():
        (kept,) = map(json.loads, found[name])
        assert {key: kept[key] for key in row} == row


def test_a_backup_of_an_earlier_version_is_restored_to_this_one(
    old: Callable[[str], tuple[Store, Path, str | None]], empty: Callable[[str], tuple[Path, str | None]]
) -> None:
    """Jobs that were not over are handed out again, since the engine knows nothing of them."""
    store, folder, _ = old(versions()[0])
    taking._written(DataFolder(folder), store, folder / "a.tar.zst", with_secret=True)
    target, database = empty("postgresql" if not store.is_postgres else "sqlite")

    answer = restore(folder / "a.tar.zst", target, database)

    restored = Store.open(database or DataFolder(target).store_url)
    assert (answer["schema"], revision(restored)) == (versions()[0], versions()[-1])
    restored.close()
    assert json.loads(held(target, database)["jobs"][0])["state"] == "queued"


def test_a_service_of_another_version_is_not_backed_up(
    old: Callable[[str], tuple[Store, Path, str | None]], tmp_path: Path
) -> None:
    _, folder, database = old(versions()[0])

    assert refused(lambda: backup(folder, database, tmp_path / "a")) == "backup.no_service"
    assert not (tmp_path / "a").exists()


def test_nothing_is_mixed_with_what_is_there(used: Path, tmp_path: Path) -> None:
    backup(used, None, tmp_path / "a.tar.zst")

    assert refused(lambda: restore(tmp_path / "a.tar.zst", used, None)) == "restore.not_empty"


def members(archive: Path) -> dict[str, bytes]:
    stream = io.BytesIO(zstandard.ZstdDecompressor().stream_reader(archive.read_bytes()).read())
    with tarfile.open(fileobj=stream) as opened:
        return {each.name: opened.extractfile(each).read() for each in opened}  # type: ignore[union-attr]


def packed(archive: Path, content: dict[str, bytes], *, link: str | None = None) -> None:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as opened:
        for name, data in content.items():
            about = tarfile.TarInfo(name)
            about.size = len(data)
            opened.addfile(about, io.BytesIO(data))
        if link:
            about = tarfile.TarInfo("data/reports/link")
            about.type, about.linkname = tarfile.SYMTYPE, link
            opened.addfile(about)
    archive.write_bytes(zstandard.ZstdCompressor().compress(stream.getvalue()))


@pytest.mark.parametrize(
    "harm", ["cut", "changed", "missing", "more", "outside", "link", "no archive", "no head", "not there"]
)
def test_a_damaged_or_hostile_archive_changes_nothing(used: Path, tmp_path: Path, harm: str) -> None:
    archive, target = tmp_path / "a.tar.zst", tmp_path / "target"
    backup(used, None, archive)
    content = members(archive)
    report = next(name for name in content if name.endswith("report.json"))
    link = None
    if harm == "changed":
        content[report] += b" "
    elif harm == "missing":
        del content[report]
    elif harm == "more":
        content["data/reports/rep_2/report.json"] = b"{}"
    elif harm == "outside":
        content["data/reports/../../../escaped"] = b"!"
    elif harm == "link":
        link = "/etc/passwd"
    elif harm == "no head":
        del content["backup.json"]
    packed(archive, content, link=link)
    if harm == "cut":
        archive.write_bytes(archive.read_bytes()[:-200])
    elif harm == "no archive":
        archive.write_bytes(b"not an archive")
    elif harm == "not there":
        archive.unlink()

    assert refused(lambda: restore(archive, target, None)) == (
        "input.missing" if harm == "not there" else "restore.damaged"
    )
    assert not (tmp_path / "escaped").exists()
    assert not [path for path in target.rglob("*") if path.is_file() and path.name != "friction.sqlite"]


def test_a_backup_of_a_later_version_is_refused(used: Path, tmp_path: Path) -> None:
    archive = tmp_path / "a.tar.zst"
    backup(used, None, archive)
    content = members(archive)
    content["backup.json"] = content["backup.json"].replace(b'"schema": "', b'"schema": "9')
    packed(archive, content)

    assert refused(lambda: restore(archive, tmp_path / "target", None)) == "restore.later_version"


def test_a_data_set_is_taken_as_one_commit_left_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its files go while they are named, because somebody is erased just then: the next commit is taken."""
    source, target = tmp_path / "site", tmp_path / "copy"
    source.mkdir()
    (source / "sessions-0002.parquet").write_bytes(b"new")
    first = Manifest(1, "p", "v", index=["sessions-0001.parquet"])
    second = Manifest(2, "p", "v", index=["sessions-0002.parquet"])
    second.commit_to(source)
    seen = iter([first, second, second])
    monkeypatch.setattr(Manifest, "of", classmethod(lambda *_: next(seen)))

    snapshot._dataset(source, target)

    assert (target / "sessions-0002.parquet").read_bytes() == b"new"
    assert (target / "manifest.json").read_bytes() == (source / "manifest.json").read_bytes()


def refused(call: Callable[[], object]) -> str:
    with pytest.raises(FrictionError) as caught:
        call()
    assert isinstance(caught.value, (InputError, UsageError))
    assert caught.value.problem.remedy
    return caught.value.problem.code
