"""What holds for every page: policy, language, theme, errors in the reader's words, files that are kept for good."""

from __future__ import annotations

import re

import pytest
from fastapi.testclient import TestClient

from api.web import assets


def test_a_page_may_load_nothing_from_elsewhere_and_run_nothing_inline(reader: TestClient) -> None:
    answer = reader.get("/")
    policy = answer.headers["content-security-policy"]

    assert answer.status_code == 200
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert not re.findall(r"""(?:src|href|action)=["']?(?:https?:)?//""", answer.text)
    assert not re.findall(r"<style|\sstyle=|<script(?![^>]*\bsrc=\"/static/)|\son[a-z]+=", answer.text)


def test_the_browser_is_answered_in_the_language_it_asks_for(reader: TestClient) -> None:
    answer = reader.get("/", headers={"Accept-Language": "fr-CH, en;q=0.7"})

    assert '<html lang="fr">' in answer.text
    assert "Déposez les fichiers ici" in answer.text


def test_a_chosen_language_beats_the_one_of_the_browser_and_leads_back(reader: TestClient) -> None:
    answer = reader.get("/lang/fr", params={"to": "/reports/x?sort=state"})

    assert (answer.status_code, answer.headers["location"]) == (303, "/reports/x?sort=state")
    assert '<html lang="fr">' in reader.get("/", headers={"Accept-Language": "en"}).text


@pytest.mark.parametrize(
    "to", ["https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example", "x"]
)
def test_choosing_a_language_leads_nowhere_else(reader: TestClient, to: str) -> None:
    assert reader.get("/lang/en", params={"to": to}).headers["location"] == "/"


def test_a_theme_is_kept_and_given_up_by_choosing_it_again(reader: TestClient) -> None:
    reader.post("/theme", data={"theme": "dark", "to": "/"})
    chosen = reader.get("/").text
    reader.post("/theme", data={"theme": "dark", "to": "/"})

    assert '<html lang="en" data-theme="dark">' in chosen
    assert '<html lang="en">' in reader.get("/").text


def test_what_is_not_there_is_said_as_a_page_to_readers_and_as_a_problem_to_programs(
    reader: TestClient,
) -> None:
    page = reader.get("/reports/none", headers={"Accept-Language": "fr"})
    program = reader.get("/v1/reports/none")

    assert page.status_code == program.status_code == 404
    assert "Il n’y a rien à cette adresse" in page.text
    assert program.headers["content-type"] == "application/problem+json"


def test_files_are_kept_for_good_under_the_address_of_their_content(reader: TestClient) -> None:
    known = reader.get(assets.asset("page.css"))
    old = reader.get("/static/0000/page.css")

    assert "immutable" in known.headers["cache-control"]
    assert old.headers["cache-control"] == "no-cache"
    assert known.content == old.content
    assert reader.get(f"/static/{assets.digest()}/vendor/versions.txt").status_code == 404


def test_what_was_not_fetched_has_no_address() -> None:
    assert assets.asset("vendor/nothing.js") == ""
