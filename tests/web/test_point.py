"""A point's page, and what people say about a point: the same on the page and over the API."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from fastapi.testclient import TestClient

from api.service import Service
from api.store import nights
from tests.render.samples import every_kind


@pytest.fixture
def points() -> list[str]:
    """The ids of all points of the report."""
    return [point.id for point in every_kind().points]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_point_has_a_page_whatever_is_known_of_it(
    reader: TestClient, report_id: str, points: list[str], language: str
) -> None:
    answers = [
        reader.get(f"/reports/{report_id}/points/{each}", headers={"Accept-Language": language})
        for each in points
    ]

    assert {answer.status_code for answer in answers} == {200}


def test_a_cost_never_stands_without_its_range(reader: TestClient, report_id: str, points: list[str]) -> None:
    page = reader.get(f"/reports/{report_id}/points/{points[0]}").text

    assert re.search(r'<p class="fig">(?:about|up to|less than)[^<]+</p><p class="quiet">[^<]+</p>', page)


def test_release_marks_stand_in_the_chart_of_the_days_they_came(
    reader: TestClient, report_id: str, points: list[str], service: Service
) -> None:
    first, last = every_kind().points[0].trend[0].start, every_kind().points[0].trend[-1].start
    with service.store.write(service.project) as scope:
        for number, (day, text) in enumerate(((first, "release 7.4"), ("1999-01-01", "long ago"))):
            nights.add_mark(
                scope, f"mrk_{number}", dt.datetime.fromisoformat(day[:10] + "T12:00:00+00:00"), text
            )
    page = reader.get(f"/reports/{report_id}/points/{points[0]}").text

    assert last >= first
    assert "release 7.4" in page
    assert "long ago" not in page


def test_a_point_that_is_none_of_the_report_is_said_to_be_missing(reader: TestClient, report_id: str) -> None:
    assert reader.get(f"/reports/{report_id}/points/0000000000000000").status_code == 404


def test_owner_note_and_tracker_are_kept_and_shown_in_the_list(
    reader: TestClient, report_id: str, points: list[str]
) -> None:
    place = f"/reports/{report_id}/points/{points[0]}"
    for said in (
        {"owner": "Checkout team"},
        {"note": "Seen on phones"},
        {"link": "https://tracker.example/7"},
    ):
        assert reader.post(f"{place}/life", data=said).status_code == 303
    listed = reader.get(f"/reports/{report_id}").text
    life = reader.get(f"/v1/points/{points[0]}").json()

    assert "Checkout team" in listed
    assert 'href="https://tracker.example/7"' in listed
    assert (life["owner"], life["note"]) == ("Checkout team", "Seen on phones")


def test_a_muted_point_stays_in_its_rank_and_can_be_heard_again(
    reader: TestClient, report_id: str, points: list[str]
) -> None:
    place = f"/reports/{report_id}/points/{points[0]}"
    reader.post(f"{place}/life", data={"muted": "yes", "until": "week", "reason": "known"})
    muted = reader.get(f"/reports/{report_id}").text
    reader.post(f"{place}/life", data={"muted": "no"})

    assert f'<li class="pt muted" id="p-{points[0]}">' in muted
    assert "pt muted" not in reader.get(f"/reports/{report_id}").text


def test_a_point_is_muted_until_it_is_met_so_much_more_often(
    reader: TestClient, report_id: str, points: list[str]
) -> None:
    place = f"/reports/{report_id}/points/{points[0]}"
    reader.post(f"{place}/life", data={"muted": "yes", "until": "worse", "worse": "25"})

    assert reader.get(f"/v1/points/{points[0]}").json()["mute_beyond"] == 1.25
    assert "Muted until it is met 25\u202f% more often" in reader.get(place).text.replace("\xa0", "\u202f")


def test_muting_for_ever_needs_a_reason(reader: TestClient, report_id: str, points: list[str]) -> None:
    place = f"/reports/{report_id}/points/{points[0]}"
    answer = reader.post(f"{place}/life", data={"muted": "yes", "until": "ever", "reason": " "})

    assert answer.status_code == 422
    assert reader.get(f"/v1/points/{points[0]}").json()["state"] != "muted"


@pytest.mark.parametrize("link", ["javascript:alert(1)", "tracker", "//x"])
def test_a_link_that_is_no_address_is_refused(
    reader: TestClient, report_id: str, points: list[str], link: str
) -> None:
    place = f"/reports/{report_id}/points/{points[0]}"

    assert reader.post(f"{place}/life", data={"link": link}).status_code == 422
