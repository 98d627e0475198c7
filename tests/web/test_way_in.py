"""From files to a report without script: sent, recognised, mapped, checked, analysed, followed."""

from __future__ import annotations

import re
import tomllib

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.service import Bounds, Service
from api.store import jobs, mappings
from tests.api.conftest import AtOnce
from tests.web.conftest import busy, sent

KNOWN = (
    "time,session,page,event\n2026-10-03T14:22:00Z,s1,/a,page_view\n2026-10-03T14:23:00Z,s1,/b,page_view\n"
)
UNKNOWN = "Quand;id_client;adresse\n03/10/2026 14:22;c-1;/merci\n04/10/2026 09:10;c-2;/compte\n"
CHOICES = {"m.ts": "Quand", "m.visitor_id": "id_client", "m.url": "adresse"}

pytestmark = pytest.mark.usefixtures("workers")


def test_files_that_were_sent_together_are_one_drop(reader: TestClient) -> None:
    files = [("file", (name, KNOWN.replace("s1", name))) for name in ("a.csv", "b.csv")]
    answer = reader.post("/uploads", files=files)
    page = reader.get(answer.headers["location"]).text

    assert answer.status_code == 303
    assert "Analyse 2 files" in page
    assert all(name in page for name in ("a.csv", "b.csv"))


def test_a_known_table_goes_from_the_form_to_the_report(reader: TestClient, workers: AtOnce) -> None:
    page = sent(reader, "known.csv", KNOWN)
    card = reader.get(page).text
    answer = reader.post(f"{page}/analyze", data={"goal": "page=/b"})
    job = busy(reader, answer.headers["location"])
    workers.close()  # the report is there before its events are in the lake

    assert "This table can be read" in card
    assert "These files are no longer here" in reader.get(page).text
    assert re.fullmatch(r"/reports/rep_\w+", job)
    assert "known.csv" in reader.get(job).text


def test_an_unknown_table_asks_for_time_session_and_page(reader: TestClient) -> None:
    page = reader.get(sent(reader, "unknown.csv", UNKNOWN)).text

    assert "We do not know this file" in page
    assert page.count('<option value="Quand">') >= 6


def test_dates_that_can_be_read_both_ways_are_asked_for_by_written_out_days(reader: TestClient) -> None:
    place = sent(reader, "unknown.csv", UNKNOWN)
    part = reader.post(f"{place}/columns", data=CHOICES, headers={"HX-Request": "true"}).text

    assert "3 October 2026" in part
    assert "10 March 2026" in part


def test_the_preview_shows_the_rows_as_they_would_be_read(reader: TestClient) -> None:
    place = sent(reader, "unknown.csv", UNKNOWN)
    said = {**CHOICES, "ts_format": "d/m/Y"}
    part = reader.post(f"{place}/columns", data=said, headers={"HX-Request": "true"}).text

    assert "3 Oct 2026, 14:22:00" in part
    assert "/merci" in part


def test_a_mapping_is_kept_saved_by_its_name_and_offered_for_the_next_file(
    reader: TestClient, service: Service
) -> None:
    place = sent(reader, "unknown.csv", UNKNOWN)
    said = {**CHOICES, "ts_format": "d/m/Y", "name": "Atelier Nove"}
    reader.post(f"{place}/mapping", data=said)
    with service.store.read(service.project) as scope:
        kept = mappings.get(scope, "Atelier-Nove")
    file = tomllib.loads(reader.get("/mappings/Atelier-Nove.toml").text)
    again = reader.get(sent(reader, "more.csv", UNKNOWN.replace("c-1", "c-9"))).text

    assert kept is not None
    assert file == kept.columns
    assert kept.columns == {
        "ts": "Quand",
        "visitor_id": "id_client",
        "url": "adresse",
        "ts_format": "d/m/Y",
    }
    assert "This table can be read" in reader.get(place).text
    assert "<option>Atelier-Nove</option>" in again


def test_what_cannot_be_read_says_why_and_what_to_do(reader: TestClient) -> None:
    page = reader.get(sent(reader, "picture.png", b"\x89PNG\r\n\x1a\n" + bytes(100))).text

    assert "This cannot be read" in page
    assert 'role="alert"' in page


@pytest.mark.parametrize(
    ("name", "content", "remedy"),
    [
        ("picture.png", b"\x89PNG\r\n\x1a\n" + bytes(100), "Donnez l’export d’événements lui-même"),
        ("none.csv", b"timestamp,session_id,url,event\n", "Vérifiez la période et les filtres de l’export"),
    ],
)
def test_what_to_do_is_said_in_the_language_of_the_reader(
    name: str, content: bytes, remedy: str, reader: TestClient
) -> None:
    page = reader.get(sent(reader, name, content), headers={"Accept-Language": "fr"}).text

    assert "Cela ne peut pas être lu" in page
    assert remedy in page


def test_what_is_passed_over_is_named_with_its_reason(reader: TestClient) -> None:
    files = [
        ("file", ("known.csv", KNOWN.encode())),
        ("file", ("picture.png", b"\x89PNG\r\n\x1a\n" + bytes(100))),
    ]
    page = reader.get(reader.post("/uploads", files=files).headers["location"]).text

    assert "picture.png, no table of events" in page
    assert ">Analyse the file</button>" in page


def test_one_row_of_many_that_was_set_aside_is_not_none(reader: TestClient) -> None:
    rows = "".join(f"2026-10-03T14:22:00Z,s{n},/a,page_view\n" for n in range(3000))
    place = sent(reader, "known.csv", f"time,session,page,event\n{rows}never,s1,/a,page_view\n")
    page = (
        reader.get(place, headers={"Accept-Language": "fr"}).text.replace("\xa0", " ").replace("\u202f", " ")
    )

    assert "1 mise de côté (&lt; 0,1 %)" in page


def test_files_that_are_gone_are_said_to_be_gone(reader: TestClient, service: Service) -> None:
    place = sent(reader, "known.csv", KNOWN)
    upload = next(service.folder.spool.iterdir()).name
    reader.delete(f"/v1/uploads/{upload}")

    assert "no longer here" in reader.get(place).text


def test_a_goal_that_is_none_is_refused_where_it_is_said(reader: TestClient) -> None:
    answer = reader.post(f"{sent(reader, 'known.csv', KNOWN)}/analyze", data={"goal": "no goal at all"})

    assert answer.status_code in {400, 422}
    assert 'role="alert"' in answer.text


def test_a_cancelled_job_leads_back_to_its_files(reader: TestClient, service: Service) -> None:
    place = sent(reader, "known.csv", KNOWN)
    service.queue.put = lambda _: None  # type: ignore[method-assign,assignment]
    job = reader.post(f"{place}/analyze", data={}).headers["location"]
    waits = reader.get(job).text
    reader.post(f"{job}/cancel")
    page = reader.get(job).text

    assert '<li class="now" aria-current="step">' in waits
    assert "The analysis was cancelled" in page
    assert f'href="{place}"' in page


def test_what_is_kept_of_the_first_rows_is_shown_without_what_was_there(reader: TestClient) -> None:
    place = sent(reader, "known.csv", KNOWN.replace("/b", "/b?mail=ada@example.com"))
    page = reader.get(f"{place}/masked").text

    assert "ada@example.com" not in page
    assert "What is kept of the first rows" in page


def test_the_sample_is_the_same_file_each_time(reader: TestClient, service: Service) -> None:
    service.queue.put = lambda _: None  # type: ignore[method-assign,assignment]
    answers = [reader.post("/sample") for _ in range(2)]

    assert all(answer.status_code == 303 for answer in answers)
    assert len(list(service.folder.spool.iterdir())) == 2


def test_a_job_that_waits_is_under_way_on_the_start_page(reader: TestClient, service: Service) -> None:
    service.queue.put = lambda _: None  # type: ignore[method-assign,assignment]
    reader.post("/sample")

    assert "Under way" in reader.get("/").text


def test_a_job_that_stopped_is_not_under_way_and_says_why(reader: TestClient, service: Service) -> None:
    service.queue.put = lambda _: None  # type: ignore[method-assign,assignment]
    job = reader.post("/sample").headers["location"].rpartition("/")[2]
    with service.store.write(service.project) as scope:
        jobs.end(scope, job, "failed", {"code": "input.empty", "detail": "the file is empty"})
    page = reader.get("/", headers={"Accept-Language": "fr"}).text

    assert "En cours" not in page
    assert "Arrêtées avant la fin" in page
    assert "Le fichier est vide" in page


def test_whoever_asks_too_often_or_sends_too_much_in_a_browser_is_told_on_a_page(service: Service) -> None:
    service.bounds = Bounds(rate="2/minute", upload_bytes=1000)
    headers = {"Accept": "text/html", "Accept-Language": "fr"}
    with TestClient(
        create_app(service), base_url="http://127.0.0.1", client=("127.0.0.1", 50000), headers=headers
    ) as reader:
        too_large = reader.post("/uploads", files={"file": ("a.csv", "x" * 2000)})
        reader.get("/")
        too_often = reader.get("/")

    for answer, status in ((too_large, 413), (too_often, 429)):
        assert (answer.status_code, answer.headers["content-type"]) == (status, "text/html; charset=utf-8")
        assert '<html lang="fr"' in answer.text
    assert int(too_often.headers["retry-after"]) > 0
