"""What a project settles: kept section by section, checked, and followed by analyses that leave it open."""

from __future__ import annotations

import sqlite3
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api import settled
from api.detectors import ordered
from api.nights.carrying import Yard
from api.routes import settings as twin
from api.service import Service
from api.web.views.settings import PARTS, changed
from friction import config
from friction.report import DetectorRun
from tests.web.recorded import recorded

NAMES = [code for code, _ in PARTS]


@pytest.mark.parametrize("code", ["en", "fr"])
@pytest.mark.parametrize("part", NAMES)
def test_every_part_has_its_page(part: str, code: str, reader: TestClient, service: Service) -> None:
    recorded(service)
    answer = reader.get(f"/settings/{part}", headers={"Accept-Language": code})

    assert answer.status_code == 200
    assert f'href="/settings/{part}" aria-current="page"' in answer.text


def test_goals_are_kept_in_their_order_without_the_empty_ones(reader: TestClient) -> None:
    form = {
        "when": ["event=purchase", "", "page=/thanks"],
        "name": ["Order", "", ""],
        "value": ["49,90", "", ""],
        "currency": ["EUR", "", ""],
    }
    answer = reader.post("/settings/goal", data=form)
    kept = reader.get("/v1/settings").json()["goals"]

    assert answer.status_code == 303
    assert list(kept) == ["Order", "page=/thanks"]
    assert kept["Order"] == {"when": "event=purchase", "value": 49.9, "currency": "EUR"}
    assert 'value="event=purchase"' in reader.get(answer.headers["location"]).text


def test_one_part_leaves_the_others_as_they_are(reader: TestClient) -> None:
    reader.post("/settings/funnels", data={"name": ["buy"], "steps": ["/cart\n/pay"]})
    reader.post("/settings/privacy", data={"keep": "plan", "agents": "*Pingdom*\n\n"})
    reader.post(
        "/settings/pages", data={"templates": "/item/:slug", "type-cart": "/basket*", "main_host": ""}
    )
    kept = reader.get("/v1/settings").json()

    assert kept["funnels"]["buy"]["steps"] == ["page=/cart", "page=/pay"]
    assert kept["privacy"] == {"keep": ["plan"]}
    assert kept["exclude"]["agents"] == ["*Pingdom*"]
    assert kept["pages"]["types"] == {"cart": ["/basket*"]}


def test_what_cannot_be_read_is_refused_and_nothing_is_kept(reader: TestClient) -> None:
    bad = {"when": ["no such thing"], "name": [""], "value": [""], "currency": [""]}

    assert reader.post("/settings/goal", data=bad).status_code in {400, 422}
    assert reader.put("/v1/settings", json={"pages": {"kinds": 3}}).status_code in {400, 422}
    assert reader.get("/v1/settings").json()["goals"] == {}


def test_an_analysis_follows_the_project_where_its_request_says_nothing(service: Service) -> None:
    twin.keep(service, {"goals": {"order": {"when": "event=purchase"}}, "exclude": {"agents": ["*bot*"]}})
    silent = config.read({}, "the test").model_dump(mode="json")
    said = config.read({"goals": {"other": {"when": "page=/x"}}}, "the test").model_dump(mode="json")
    with service.store.read(service.project) as scope:
        followed, own = settled.under(scope, silent), settled.under(scope, said)

    assert list(followed["goals"]) == ["order"]
    assert followed["exclude"]["agents"] == ["*bot*"]
    assert list(own["goals"]) == ["other"]
    assert list(config.read(followed, "the test").goals) == ["order"]


def test_settings_are_those_of_one_project(service: Service) -> None:
    twin.keep(service, {"goals": {"order": {"when": "event=purchase"}}})
    with service.store.read("prj_of_somebody_else") as scope:
        assert settled.under(scope, {"goals": {}}) == {"goals": {}}


def test_the_key_of_the_project_is_no_setting_of_it(reader: TestClient) -> None:
    assert reader.put("/v1/settings", json={"privacy": {"key": ["x"]}}).status_code in {400, 422}


def run(**parameters: Any) -> DetectorRun:
    return DetectorRun("rage_click", None, parameters, "ran", None, 3)


def test_only_thresholds_that_differ_are_changed() -> None:
    said = {
        "rage_click.known": "1",
        "rage_click.enabled": "1",
        "rage_click.min_clicks": "5",
        "rage_click.ms": "900",
    }

    assert changed([run(min_clicks=3, ms=900)], said) == {"rage_click": {"min_clicks": 5}}


def test_a_detector_whose_mark_was_taken_away_does_not_run() -> None:
    assert changed([run()], {"rage_click.known": "1"}) == {"rage_click": {"enabled": False}}


@pytest.mark.parametrize(
    ("code", "words"),
    [("en", "Minimum clicks in a burst"), ("fr", "Nombre minimal de clics d’une rafale")],
)
def test_thresholds_are_named_in_words(code: str, words: str, reader: TestClient, service: Service) -> None:
    place = f"/settings/detectors?report={recorded(service)}"
    page = reader.get(place, headers={"Accept-Language": code}).text

    assert f'<label for="rage_click.min_clicks">{words}</label>' in page
    assert "<code>min_clicks</code>" in page


def test_thresholds_are_kept_for_all_analyses(reader: TestClient, service: Service) -> None:
    form = {"report": recorded(service), "act": "save", "rage_click.min_clicks": "7"}

    assert reader.post("/settings/detectors", data=form).status_code == 303
    assert reader.get("/v1/settings").json()["detectors"] == {"rage_click": {"min_clicks": 7}}


def test_a_key_is_shown_once_and_revoked_on_the_page(reader: TestClient) -> None:
    made = reader.post("/settings/keys", data={"name": "nightly", "scope": "read"})

    assert made.status_code == 200
    assert "shown this once" in made.text


def test_scans_have_a_page_with_the_schedule_and_marks(reader: TestClient) -> None:
    reader.post("/scans/marks", data={"text": "v2.3"})
    page = reader.get("/scans").text

    assert "v2.3" in page
    assert "Nothing was scanned yet" in page
    mark = reader.get("/v1/annotations").json()["annotations"][0]["annotation_id"]
    reader.post(f"/scans/marks/{mark}/remove")
    assert "Nothing is noted" in reader.get("/scans").text


def test_a_schedule_that_is_no_object_is_refused(reader: TestClient) -> None:
    assert reader.post("/scans/schedule", data={"settings": "[1]"}).status_code in {400, 422}
    assert reader.post("/scans", data={}).status_code == 409


def test_sources_of_scans_are_added_planned_and_taken_away(reader: TestClient, service: Service) -> None:
    inbox = Yard(service.store, service.folder).inbox(service.project)
    (inbox / "monday.csv").write_text("timestamp,session_id,event,url\n")
    reader.post("/scans/sources", data={"name": "shop", "at": "*.csv"})
    with sqlite3.connect(inbox / "till.db") as till:
        till.execute("CREATE TABLE visits (at)")
    till.close()
    reader.post(
        "/scans/sources", data={"name": "till", "at": "sqlite:///till.db", "rows": "SELECT at FROM visits"}
    )

    planned = reader.post("/scans/check", data={"since": "2026-03-01", "until": "2026-03-02"}).text
    reader.post("/scans/sources/shop/remove")

    assert "monday.csv" in planned
    assert "Look at 2 nights: " in " ".join(planned.split())
    left = reader.get("/v1/schedule").json()["settings"]["sources"]
    assert left == {"till": {"at": "sqlite:///till.db", "query": "SELECT at FROM visits"}}
    assert reader.post("/scans/check", data={"since": "soon"}).status_code == 422
    assert reader.post("/scans/sources", data={"name": "x", "at": "ftp://x"}).status_code == 422


def test_a_report_without_a_journey_offers_to_draw_it(reader: TestClient, report_id: str) -> None:
    page = reader.get(f"/reports/{report_id}/journey").text

    assert "Draw the journey" in page
    assert reader.get(f"/reports/{report_id}/journey/file/svg").status_code == 404


def test_a_detector_that_is_only_run_when_asked_for_can_be_asked_for(
    reader: TestClient, service: Service
) -> None:
    report_id = recorded(service)
    page = reader.get(f"/settings/detectors?report={report_id}").text
    reader.post("/settings/detectors", data={"report": report_id, "act": "save", "bounce.wake": "1"})

    assert 'name="bounce.wake"' in page
    assert 'name="rage_click.wake"' not in page
    assert reader.get("/v1/settings").json()["detectors"] == {"bounce": {"enabled": True}}


def test_options_stand_as_in_the_file_of_the_detector_and_unknown_ones_last() -> None:
    run = DetectorRun(
        "rage_click", None, {"zoom": 1, "radius_px": 9, "min_clicks": 3, "window_ms": 8}, "ran", None, 1
    )

    assert [name for name, _ in ordered(run)] == ["min_clicks", "window_ms", "radius_px", "zoom"]


def test_what_a_tool_calls_its_options_is_tried_and_never_saved() -> None:
    run = DetectorRun("rage_click", "datadog", {"clicks": 3}, "ran", None, 7)
    said = {"rage_click.clicks": "4", "rage_click.known": "1", "rage_click.enabled": "1"}

    assert changed([run], said) == {"rage_click": {"clicks": 4}}
    assert changed([run], said, of_tools=False) == {}
