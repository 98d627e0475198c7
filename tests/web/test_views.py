"""The views of a report: each shows what lies beside it, says so where nothing does, and has its JSON twin."""

from __future__ import annotations

import html
import json
import re

import pytest
from fastapi.testclient import TestClient

from api.service import Service
from api.web.replay import epoch_ms, nearest
from friction.beside import folder
from friction.report import Report
from tests.web.recorded import recorded

VIEWS = ("overview", "funnels", "forms", "speed", "paths", "sessions", "quality")


@pytest.fixture
def shop(service: Service) -> str:
    return recorded(service)


def heading(page: str) -> str:
    found = re.search(r"<h1>(.*?)</h1>", page, re.DOTALL)
    assert found is not None
    return html.unescape(re.sub(r"<[^>]+>", "", found[1])).strip()


@pytest.mark.parametrize("code", ["en", "fr"])
@pytest.mark.parametrize("view", VIEWS)
def test_a_view_is_there_in_both_languages(view: str, code: str, reader: TestClient, shop: str) -> None:
    answer = reader.get(f"/reports/{shop}/{view}", headers={"Accept-Language": code})

    assert answer.status_code == 200
    assert f'<html lang="{code}"' in answer.text
    assert f'/{view}" aria-current="page"' in answer.text
    assert " style=" not in answer.text


@pytest.mark.parametrize("view", VIEWS)
def test_a_report_without_anything_beside_it_is_still_shown(
    view: str, reader: TestClient, report_id: str
) -> None:
    assert reader.get(f"/reports/{report_id}/{view}").status_code == 200


def test_the_funnel_names_the_step_where_most_are_lost(reader: TestClient, shop: str) -> None:
    page = reader.get(f"/reports/{shop}/funnels").text

    assert "“/checkout/address”" in heading(page)
    assert 'class="hot"' in page


def test_what_is_clicked_on_the_page_stands_on_the_page_of_its_point(reader: TestClient, shop: str) -> None:
    report = reader.get(f"/v1/reports/{shop}").json()
    point = next(each for each in report["points"] if each["detector"] == "rage_click")
    page = reader.get(f"/reports/{shop}/points/{point['id']}").text
    wire = page[page.index('<ol class="clicked">') :].partition("</ol>")[0]

    assert wire.count('aria-current="true"') == 1
    assert html.escape(point["label"]) in wire.partition('aria-current="true"')[2].partition("</li>")[0]
    assert "with trouble" in wire
    assert "heat4" in wire.partition("</li>")[0], "the most clicked element comes first"


def test_clicks_are_drawn_where_they_fell_or_it_is_said_that_nobody_knows(
    reader: TestClient, service: Service, shop: str
) -> None:
    report = reader.get(f"/v1/reports/{shop}").json()
    address = (
        f"/reports/{shop}/points/{next(each['id'] for each in report['points'] if each['page'] == '/cart')}"
    )
    drawn = reader.get(address).text
    beside = service.folder.beside(shop)
    views = folder.views(beside)
    for each in views["clicks"]:
        each["layouts"] = []
    (beside / folder.VIEWS).write_bytes(folder.canonical(views))
    listed = reader.get(address).text

    assert drawn.count('<figure class="tight mt clickmap">') == 2, "wide windows and narrow"
    assert 'class="bad"' in drawn
    assert '<circle class="no here"' in drawn
    assert "do not say where" not in drawn
    assert "do not say where" in listed
    assert "clickmap" not in listed


def test_forms_lead_to_their_fields_and_name_the_worst(reader: TestClient, shop: str) -> None:
    page = reader.get(f"/reports/{shop}/forms").text
    link = html.unescape(re.findall(rf'href="(/reports/{shop}/forms\?[^"]+address[^"]*)"', page)[0])
    form = reader.get(link).text

    assert "phone" in heading(form)
    assert reader.get(f"/reports/{shop}/forms?page=/none&form=x").status_code == 404


def test_the_table_of_ways_is_what_the_twin_says(reader: TestClient, shop: str) -> None:
    page = reader.get(f"/reports/{shop}/paths").text
    ways = reader.get(f"/v1/reports/{shop}/views").json()["paths"]["from_start"]["all"]

    assert page.count('<path class="way') == len(ways)
    assert "/category/:id" in heading(page)


def test_around_a_page_stand_those_before_and_after_it(reader: TestClient, shop: str) -> None:
    page = reader.get(f"/reports/{shop}/paths", params={"page": "/cart"}).text

    assert "/cart" in heading(page)
    assert "start of the session" in page or "/product/:id" in page


def test_sessions_are_filtered_by_point_goal_and_recording(reader: TestClient, shop: str) -> None:
    report = Report.from_json(reader.get(f"/v1/reports/{shop}").content)
    point = next(point for point in report.points if point.detector == "rage_click")
    twin = reader.get(f"/v1/reports/{shop}/sessions", params={"point": point.id}).json()
    page = reader.get(f"/reports/{shop}/sessions", params={"point": point.id, "replay": "true"}).text

    assert twin["listed"] == point.sessions_affected
    assert page.count("▶ recording") == sum(each["replay"] for each in twin["sessions"]) > 0
    none = reader.get(f"/reports/{shop}/sessions", params={"q": "nobody"}).text
    assert "No session fits" in none


def test_the_twin_of_sessions_goes_on_where_a_page_ended(reader: TestClient, shop: str) -> None:
    first = reader.get(f"/v1/reports/{shop}/sessions", params={"limit": 15}).json()
    second = reader.get(f"/v1/reports/{shop}/sessions", params={"limit": 500, "cursor": first["next"]}).json()

    ids = [each["id"] for each in (*first["sessions"], *second["sessions"])]
    assert len(ids) == len(set(ids)) == first["listed"]
    assert second["next"] is None


def test_a_session_shows_what_it_did_and_its_recording_at_the_moment(reader: TestClient, shop: str) -> None:
    name, _ = next(iter(reader.get(f"/v1/reports/{shop}/recordings").json()["recordings"].items()))
    page = reader.get(f"/reports/{shop}/sessions/{name}").text

    assert f'src="/replay/{shop}/{name}?at=' in page
    assert 'sandbox="allow-scripts"' in page
    assert "The same as a table" in page
    assert reader.get(f"/reports/{shop}/sessions/nobody").status_code == 404


def test_a_replay_can_reach_nothing(reader: TestClient, shop: str) -> None:
    name = next(iter(reader.get(f"/v1/reports/{shop}/recordings").json()["recordings"]))
    answer = reader.get(f"/replay/{shop}/{name}")
    policy = answer.headers["content-security-policy"]

    assert policy.startswith("sandbox allow-scripts; default-src 'none'; script-src 'nonce-")
    assert "unsafe-inline" not in policy.partition("script-src")[2].partition(";")[0]
    assert set(re.findall(r'sandbox="([^"]*)"', answer.text)) == {"allow-scripts"}
    assert re.findall(r'(?:src|href)="(?!data:)[^"]+"', answer.text) == []


def test_events_cannot_end_the_script_they_stand_in(
    reader: TestClient, shop: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    hostile = [{"type": 4, "timestamp": 1, "data": {"href": "</script><script>alert(1)</script>"}}]
    monkeypatch.setattr("api.beside.recording", lambda *_: [hostile])

    page = html.unescape(reader.get(f"/replay/{shop}/x").text)

    assert "<script>alert(1)" not in page
    assert "\\u003c/script>\\u003cscript>alert(1)" in page


def test_a_recording_has_its_twin(reader: TestClient, shop: str) -> None:
    name = next(iter(reader.get(f"/v1/reports/{shop}/recordings").json()["recordings"]))
    tabs = reader.get(f"/v1/reports/{shop}/recordings/{name}").json()["tabs"]

    assert tabs[0][0]["type"] in {2, 4}
    assert "//" not in json.dumps(tabs)
    assert reader.get(f"/v1/reports/{shop}/recordings/nobody").status_code == 404


def test_views_of_a_report_that_is_not_there_are_not_there(reader: TestClient) -> None:
    for address in ("/reports/rep_no/overview", "/replay/rep_no/x", "/v1/reports/rep_no/views"):
        assert reader.get(address).status_code == 404


def test_the_tab_is_the_one_where_something_was_done_nearest_to_the_moment() -> None:
    click = {"type": 3, "data": {"source": 2}}
    tabs = [[{**click, "timestamp": 100}], [{**click, "timestamp": 900}], [{"timestamp": 500, "data": {}}]]

    assert nearest(tabs, 520) == 1
    assert nearest(tabs, 90) == 0
    assert nearest(tabs, None) == 0


@pytest.mark.parametrize(
    ("text", "moment"),
    [("1700000000000", 1700000000000), ("2023-11-14T22:13:20Z", 1700000000000), ("", None)],
)
def test_a_moment_is_a_time_or_milliseconds(text: str, moment: int | None) -> None:
    assert epoch_ms(text) == moment


def test_a_moment_that_is_no_time_is_refused(reader: TestClient, shop: str) -> None:
    name = next(iter(reader.get(f"/v1/reports/{shop}/recordings").json()["recordings"]))

    assert reader.get(f"/replay/{shop}/{name}", params={"at": "soon"}).status_code == 422


def test_two_reports_stand_side_by_side(reader: TestClient, shop: str, service: Service) -> None:
    other = recorded(service)
    page = reader.get("/compare", params={"old": shop, "new": other}).text

    assert "unchanged" in page or "too little data" in page
    assert f"/reports/{other}/points/" in page


def test_without_a_choice_the_two_newest_reports_are_offered(
    reader: TestClient, shop: str, service: Service
) -> None:
    other = recorded(service)
    page = reader.get("/compare").text

    assert re.search(rf'<option value="{shop}" selected>', page)
    assert re.search(rf'<option value="{other}" selected>', page)


def test_one_report_alone_cannot_be_compared(reader: TestClient, shop: str) -> None:
    assert shop
    assert "Two reports are needed" in reader.get("/compare").text


@pytest.mark.parametrize("view", ["overview", "funnels", "forms", "speed", "paths"])
def test_numbers_lead_to_what_they_mean_and_to_their_sessions(
    view: str, reader: TestClient, shop: str
) -> None:
    page = reader.get(f"/reports/{shop}/{view}").text
    meant = reader.get(f"/reports/{shop}/quality").text
    codes = set(re.findall(rf'/reports/{shop}/quality#([\w-]+)"', page))
    rows = {html.unescape(each) for each in re.findall(rf'href="(/reports/{shop}/sessions[^"]*)"', page)}

    assert "meaning" in codes
    assert all(f'id="{code}"' in meant for code in codes)
    assert len(rows) > 1
    assert all(reader.get(each).status_code == 200 for each in sorted(rows)[:3])


def test_sessions_that_saw_all_of_some_pages_can_be_asked_for(reader: TestClient, shop: str) -> None:
    def listed(query: str) -> list[dict[str, object]]:
        found: list[dict[str, object]] = reader.get(f"/v1/reports/{shop}/sessions{query}").json()["sessions"]
        return found

    both = listed("?saw=/cart&saw=/checkout/address")

    assert 0 < len(both) < len(listed(""))
    assert all({"/cart", "/checkout/address"} <= set(each["pages"]) for each in both)  # type: ignore[call-overload]
    assert 'name="saw" value="/cart" checked' in reader.get(f"/reports/{shop}/sessions?saw=/cart").text
