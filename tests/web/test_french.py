"""Pages in French keep to its typography: a thin space that does not break stands before `: ; ? !`."""

from __future__ import annotations

import html
import re

import pytest
from fastapi.testclient import TestClient

from api import beside
from api.beside import Wish
from api.service import Service
from tests.web.recorded import recorded

PAGES = ("", "/overview", "/funnels", "/forms", "/speed", "/paths", "/journey", "/sessions", "/quality")
QUOTED = re.compile(r"<(code|option|script|style|title|q)\b.*?</\1>", re.DOTALL)
"""What the files or the machine said, not we."""
BARE = re.compile(r"[^\s\xa0\u202f][:;?!](?=\s|$)")


def said(page: str) -> list[str]:
    """Each piece of text between two tags."""
    return [html.unescape(text) for text in re.split(r"<[^>]+>", QUOTED.sub("", page))]


@pytest.fixture
def shop(service: Service) -> str:
    return recorded(service)


@pytest.mark.parametrize("place", PAGES)
def test_signs_stand_apart(place: str, reader: TestClient, shop: str) -> None:
    page = reader.get(f"/reports/{shop}{place}", headers={"Accept-Language": "fr"}).text

    assert [text for text in said(page) if BARE.search(text)] == []


def test_signs_stand_apart_on_the_page_of_every_kind_of_point(reader: TestClient, report_id: str) -> None:
    french = {"Accept-Language": "fr"}
    listed = reader.get(f"/reports/{report_id}", headers=french).text
    points = sorted(set(re.findall(rf"/reports/{report_id}/points/\w+", listed)))
    pages = [reader.get(point, headers=french).text for point in points]

    assert points
    assert [text for page in [listed, *pages] for text in said(page) if BARE.search(text)] == []


def test_devices_are_called_as_readers_call_them(
    reader: TestClient, service: Service, shop: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    total, kept = beside.sessions(service, shop, Wish())
    on_desk = [{**each, "about": {**each["about"], "device": "desktop"}} for each in kept]
    monkeypatch.setattr(beside, "sessions", lambda *_: (total, on_desk))
    page = reader.get(f"/reports/{shop}/sessions", headers={"Accept-Language": "fr"}).text

    assert '<option value="desktop">ordinateur</option>' in page
