"""The ranked list: what its address asks for is what is shown."""

from __future__ import annotations

import re
from dataclasses import replace

from fastapi.testclient import TestClient

from api.service import Service
from friction.report import Report
from tests.render.samples import every_kind
from tests.web.conftest import published


def titles(page: str) -> list[str]:
    """The points in the order shown, by their id."""
    return re.findall(r'<li class="pt[^"]*" id="p-([0-9a-z]+)"', page)


def test_points_are_ranked_by_cost_and_link_to_their_pages(reader: TestClient, report_id: str) -> None:
    page = reader.get(f"/reports/{report_id}").text
    found = titles(page)

    assert len(found) > 3
    assert all(f"/reports/{report_id}/points/{each}" in page for each in found)
    assert re.findall(r'<span class="vh">Rank </span>(\d+)', page) == sorted(
        re.findall(r'<span class="vh">Rank </span>(\d+)', page), key=int
    )


def test_a_search_that_nothing_fits_says_how_many_points_there_are(
    reader: TestClient, report_id: str
) -> None:
    page = reader.get(f"/reports/{report_id}", params={"q": "no such words"}).text

    assert titles(page) == []
    assert "these filters leave none" in page


def test_points_too_rare_to_rank_are_not_nothing(reader: TestClient, service: Service) -> None:
    found = every_kind()
    rare = replace(found.points[0], rank=None, impact=replace(found.points[0].impact, estimate=None))
    page = reader.get(f"/reports/{published(service, replace(found, points=[rare]))}").text

    assert "Nothing was met often enough" in page
    assert "Nothing found" not in page


def broken() -> Report:
    """Nothing was found but a place after which nearly everyone leaves."""
    found = every_kind()
    cost = replace(found.points[0].impact, estimate=None, reason="marker")
    way_out = replace(found.points[0], rank=None, impact=cost, reason="marker", sessions_affected=117)
    return replace(found, points=[], aside=[way_out])


def test_a_place_after_which_nearly_everyone_leaves_is_named_and_not_nothing(
    reader: TestClient, service: Service
) -> None:
    base = f"/reports/{published(service, broken())}"
    page = reader.get(base).text

    assert "Nothing found" not in page
    assert "To check by hand: 1 place after which nearly everyone leaves" in page
    assert f'<a class="rows" href="{base}/sessions?point={broken().aside[0].id}">117</a>' in page
    assert f'<a class="rows" href="{base}/points/{broken().aside[0].id}">' in page


def test_a_place_after_which_nearly_everyone_leaves_has_a_page_that_says_so(
    reader: TestClient, service: Service
) -> None:
    found = broken()
    said = reader.get(f"/reports/{published(service, found)}/points/{found.aside[0].id}")

    assert said.status_code == 200
    assert "no cost can be told" in said.text
    assert "Nearly everyone leaves after it" in said.text


def test_a_list_of_nothing_offers_no_keys_to_move_in_it(reader: TestClient, service: Service) -> None:
    page = reader.get(f"/reports/{published(service, replace(every_kind(), points=[]))}").text

    assert "Nothing found" in page
    assert "0 of 0 shown" not in page
    assert "<kbd>j</kbd> next" not in page


def test_filters_leave_what_fits(reader: TestClient, report_id: str) -> None:
    every = titles(reader.get(f"/reports/{report_id}").text)
    page = reader.get(f"/reports/{report_id}", params={"detector": "rage_click"}).text

    assert 0 < len(titles(page)) < len(every)
    assert f"of {len(every)} shown" in page


def test_sorting_by_sessions_puts_the_most_hit_first(reader: TestClient, report_id: str) -> None:
    page = reader.get(f"/reports/{report_id}", params={"sort": "sessions"}).text
    hit = [
        int(each.replace(",", ""))
        for each in re.findall(r'Sessions hit </span><span class="big"><a [^>]+>([\d,]+)', page)
    ]

    assert hit == sorted(hit, reverse=True)


def test_for_htmx_only_the_list_is_sent(reader: TestClient, report_id: str) -> None:
    part = reader.get(f"/reports/{report_id}", headers={"HX-Request": "true", "HX-Target": "section#list"})

    assert part.text.lstrip().startswith('<section id="list"')


def test_a_report_can_be_taken_away(reader: TestClient, report_id: str) -> None:
    answer = reader.get(f"/reports/{report_id}/file/json")

    assert answer.json()["points"]
    assert "attachment" in answer.headers["content-disposition"]


def test_deleting_says_first_what_goes_and_then_it_is_gone(reader: TestClient, report_id: str) -> None:
    asked = reader.get(f"/reports/{report_id}/delete").text
    still = reader.get(f"/reports/{report_id}").status_code
    answer = reader.post(f"/reports/{report_id}/delete")

    assert "goes, in every form" in asked
    assert (still, answer.headers["location"]) == (200, "/")
    assert reader.get(f"/reports/{report_id}").status_code == 404


def test_an_error_is_said_in_the_language_of_the_reader(reader: TestClient) -> None:
    page = reader.get("/reports/none", headers={"Accept-Language": "fr"}).text

    assert "Ce rapport n’existe pas." in page
    assert "GET /v1" not in page
