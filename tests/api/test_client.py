"""The typed client against the service as it is, the way a product team would use it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from friction.client import Client, api
from friction.errors import FrictionError, InputError, InternalError, UsageError
from tests.api.real import Server, serving
from tests.api.test_real import QUICK, shop


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("client") / "data") as server:
        yield server


@pytest.fixture
def client(server: Server) -> Iterator[Client]:
    with Client(f"http://127.0.0.1:{server.port}") as client:
        yield client


@pytest.fixture
def export(tmp_path: Path) -> Path:
    path = tmp_path / "événements.csv"
    path.write_bytes(shop(QUICK))
    return path


def test_from_a_file_to_its_evidence(client: Client, export: Path) -> None:
    only = ["rage_click", "funnel_dropoff"]
    report = client.analyze(export, goal="page=/cart", funnel="/shop > /cart", detector=only)
    points = list(client.points(report.id))

    assert [point["target"] for point in points] == ["button#buy"]
    assert client.evidence(report, points[0]["id"])[0]["rows"]
    assert client.document(report)["points"] == points
    assert [step["name"] for step in client.document(report)["funnels"][0]["steps"]] == ["", "/shop", "/cart"]
    assert report.summary["input"]["files"][0]["name"] == "événements.csv"
    assert next(client.reports()).id == report.id
    assert client.rendered(report, "md", "fr").decode().startswith("#")
    assert client.compare(report, report)["changes"]
    assert client.change(points[0]["id"], owner="ana")["owner"] == "ana"


def test_one_key_makes_one_job(client: Client, export: Path) -> None:
    upload = client.upload(export)
    first, again = (client.order([upload], key="k-1") for _ in range(2))

    assert first.id == again.id
    assert client.wait(first).id == first.report_id
    assert client.cancel(first).state == "succeeded"


def test_large_files_go_in_pieces(client: Client, export: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "RESUMABLE_FROM", 1)
    monkeypatch.setattr(api, "CHUNK_BYTES", 100)
    export.write_bytes(shop([*QUICK, 950]))
    upload = client.upload(export)

    assert (upload.state, upload.bytes, upload.name) == ("stored", export.stat().st_size, export.name)
    assert client.inspect(upload)["files"][0]["rows_total"] == 6


def test_a_file_that_cannot_be_used_is_the_error_of_the_command_line(client: Client, tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_bytes(b"a,b\n1,2\n")
    with pytest.raises(InputError) as caught:
        client.analyze(tmp_path / "x.csv")

    assert caught.value.problem.code.startswith("input.")
    assert caught.value.problem.file == "x.csv"


def test_wrong_options_and_wrong_ids_are_errors(client: Client, export: Path) -> None:
    with pytest.raises(UsageError, match="time zone"):
        client.analyze(export, tz="Europe/Pariss")
    with pytest.raises(FrictionError, match="no such report"):
        client.document("rep_x")


def test_a_service_that_is_away_is_an_error_with_a_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("friction.client.transport.PAUSE_S", 0.0)
    with Client("http://127.0.0.1:9") as nobody, pytest.raises(InternalError) as caught:
        nobody.job("job_x")

    assert caught.value.problem.code == "service.away"
