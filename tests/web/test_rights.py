"""What people see who may only read: no control that would be refused, and what is refused as a page."""

from __future__ import annotations

import re

import pytest
from fastapi.testclient import TestClient

from api.access.gate import too_little
from api.service import Service
from friction.i18n import language
from friction.i18n.problems import say
from tests.api.test_access import secret
from tests.api.test_login import hidden
from tests.render.samples import every_kind

OFFERED = re.compile(r'<(?:form[^>]* method="post" action|a[^>]* href)="(/[^"]*)"')
OWN = ("/theme", "/logout", "/account")
"""What anybody may send: how the page looks, and the way out."""


@pytest.fixture
def looking(reader: TestClient, service: Service) -> TestClient:
    """A browser in which somebody logged in who may only read."""
    assert reader.post("/login", data={"key": secret(service, "read")}).status_code == 303
    return reader


def offered(page: str) -> set[str]:
    """Where forms and links of a page lead, without those that stand in a fieldset that is switched off."""
    return set(OFFERED.findall(re.sub(r"(?s)<fieldset disabled.*</fieldset>", "", page)))


@pytest.mark.parametrize(
    "place", ["", "/share", "/journey", "/quality", f"/points/{every_kind().points[0].id}"]
)
def test_whoever_may_only_read_a_report_is_offered_nothing_else(
    looking: TestClient, report_id: str, place: str
) -> None:
    page = looking.get(f"/reports/{report_id}{place}").text
    changing = re.compile(r"/(goal|share|delete|life|journey/notes|revoke)$")

    assert not [to for to in offered(page) if changing.search(to)]
    assert set(re.findall(r'method="post" action="([^"]*)"', page)) <= set(OWN)


@pytest.mark.parametrize("place", ["/", "/scans", "/settings/goal", "/settings/detectors"])
def test_pages_that_change_something_say_that_one_may_only_read(looking: TestClient, place: str) -> None:
    page = looking.get(place).text
    forms = re.findall(
        r'method="post" action="([^"]*)"', re.sub(r"(?s)<fieldset disabled.*</fieldset>", "", page)
    )

    assert "You may read here" in page
    assert set(forms) <= set(OWN)
    assert "/settings/keys" not in offered(page)


def test_whoever_may_only_read_is_told_of_no_key_that_changes_something(
    looking: TestClient, report_id: str
) -> None:
    page = looking.get(f"/reports/{report_id}").text

    assert "search the list" in page
    assert "mute the point" not in page
    assert "say who looks after it" not in page


def test_whoever_may_only_read_and_asks_to_delete_is_offered_no_button(
    looking: TestClient, report_id: str
) -> None:
    page = looking.get(f"/reports/{report_id}/delete").text

    assert "You may read here" in page
    assert f'action="/reports/{report_id}/delete"' not in page


def test_whoever_may_only_read_chooses_the_report_whose_thresholds_are_shown(
    looking: TestClient, report_id: str
) -> None:
    page = looking.get("/settings/detectors").text
    switched_off = "".join(re.findall(r"(?s)<fieldset disabled.*</fieldset>", page))

    assert f'<option value="{report_id}"' in page
    assert '<select class="in long" id="report"' not in switched_off


@pytest.mark.parametrize("needed", ["read", "write", "admin", "operator"])
def test_what_a_key_lacks_is_said_in_words_of_the_reader(needed: str) -> None:
    told = say(too_little(needed).problem.detail, language("fr"))

    assert f"({needed})" in told
    assert "droits" not in told


def test_what_is_refused_is_told_as_a_page_of_the_reader(looking: TestClient, report_id: str) -> None:
    token = hidden(looking.get("/account").text)
    answer = looking.post(f"/reports/{report_id}/share", data={"_csrf": token, "days": "7"})

    assert (answer.status_code, answer.headers["content-type"]) == (403, "text/html; charset=utf-8")
    assert "This is not open to you" in answer.text
    assert 'href="/account"' in answer.text
    assert looking.get("/v1/keys").json()["code"] == "access.scope"


def test_a_form_sent_after_the_login_has_ended_leads_to_the_login_and_back_to_its_page(
    looking: TestClient, report_id: str
) -> None:
    looking.cookies.clear()
    came = {"Referer": f"http://127.0.0.1/reports/{report_id}?sort=newest"}
    answer = looking.post(f"/reports/{report_id}/goal", data={"goal": "event=purchase"}, headers=came)

    assert answer.status_code == 303
    assert answer.headers["location"] == f"/login?next=%2Freports%2F{report_id}%3Fsort%3Dnewest"


def test_a_part_of_a_page_asked_for_after_the_login_has_ended_is_no_login_page(
    looking: TestClient, report_id: str
) -> None:
    looking.cookies.clear()
    answer = looking.get(f"/reports/{report_id}?q=x", headers={"HX-Request": "true"})

    assert answer.status_code == 401
    assert "<html" not in answer.text
    assert 'href="/login"' in answer.text
    assert "Bearer" not in answer.text
