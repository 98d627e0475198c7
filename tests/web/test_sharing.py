"""A shared link: one report, to be read, until it expires or is revoked."""

from __future__ import annotations

import datetime as dt
import re

import pytest
import sqlalchemy as sa
from fastapi.testclient import TestClient

from api.service import Service
from api.store.tables import shares
from tests.render.samples import every_kind


@pytest.fixture
def link(reader: TestClient, report_id: str) -> str:
    """The path of a new link."""
    page = reader.post(f"/reports/{report_id}/share", data={"days": "7"}).text
    found = re.search(r'value="http://127\.0\.0\.1(/s/[\w-]{32})"', page)
    assert found
    return found[1]


def test_a_link_shows_list_and_points_and_leads_nowhere_else(reader: TestClient, link: str) -> None:
    listed = reader.get(link).text
    point = reader.get(f"{link}/points/{every_kind().points[0].id}").text
    inside = {href for page in (listed, point) for href in re.findall(r'(?:href|action)="(/[^"]*)"', page)}

    assert "until" in listed
    assert not {each for each in inside if not each.startswith((link, "/static/", "/lang/", "/theme"))}
    assert "<iframe" not in point


def test_nothing_can_be_changed_behind_a_link(reader: TestClient, link: str) -> None:
    point = every_kind().points[0].id

    assert "/life" not in reader.get(f"{link}/points/{point}").text
    assert reader.post(f"{link}/points/{point}/life", data={"note": "x"}).status_code in {404, 405}


def test_an_expired_link_shows_nothing(reader: TestClient, link: str, service: Service) -> None:
    past = dt.datetime.now(dt.UTC) - dt.timedelta(seconds=1)
    with service.store.write() as scope:
        scope.connection.execute(sa.update(shares).values(expires=past))
    answer = reader.get(link)

    assert answer.status_code == 404
    assert "has expired" in answer.text


def test_a_revoked_link_is_closed_at_once(reader: TestClient, report_id: str, link: str) -> None:
    page = reader.get(f"/reports/{report_id}/share").text
    found = re.search(r'action="([^"]+/revoke)"', page)
    assert found
    reader.post(found[1])

    assert reader.get(link).status_code == 404
    assert "/revoke" not in reader.get(f"/reports/{report_id}/share").text


def test_what_stands_in_the_address_is_nowhere_in_the_store(link: str, service: Service) -> None:
    token = link.rpartition("/")[2].encode()

    assert not [path for path in service.folder.root.glob("*.sqlite*") if token in path.read_bytes()]


def test_the_address_is_told_to_no_other_page_and_no_machine_lists_it(reader: TestClient, link: str) -> None:
    headers = reader.get(link).headers

    assert headers["referrer-policy"] == "no-referrer"
    assert "noindex" in headers["x-robots-tag"]


def test_the_api_makes_and_closes_the_same_links(reader: TestClient, report_id: str) -> None:
    made = reader.post(f"/v1/reports/{report_id}/shares", json={"days": 1}).json()
    shown = reader.get(made["path"]).status_code
    closed = reader.delete(f"/v1/reports/{report_id}/shares/{made['share_id']}").status_code

    assert (shown, closed, reader.get(made["path"]).status_code) == (200, 204, 404)
    assert reader.get(f"/v1/reports/{report_id}/shares").json() == {"shares": []}
