"""What is wrong with a request is said in words that fit HTTP, and in the language that is asked for."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.service import Service
from api.store import jobs
from api.wording import kept, over_http
from friction.errors import Problem
from friction.i18n import language
from friction.i18n.problems import SENTENCES, say

HEAD = b"timestamp,session_id,event,url\n"
FRENCH = {"Accept-Language": "fr-FR,fr;q=0.9"}
COMMAND_LINE = ("--", "friction ", "`friction")
FRAMEWORK = ("Input should", "Field required", "JSON decode", "URI", "List should", "String should")


def wrong(client: TestClient, body: Any) -> list[dict[str, str]]:
    """What is said of each part of an order of a report."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    answer = client.post("/v1/reports", content=content, headers={"Content-Type": "application/json"})
    assert answer.status_code == 422
    found: list[dict[str, str]] = answer.json()["errors"]
    return found


@pytest.mark.parametrize(
    ("body", "where", "detail"),
    [
        (b'{"uploads"', "body", "it is no JSON from character 11 on"),
        (b"", "body", "write a JSON object, and send it with the header Content-Type: application/json"),
        ([], "body", "write a JSON object, and send it with the header Content-Type: application/json"),
        ({}, "body.uploads", "it is missing"),
        ({"uploads": []}, "body.uploads", "there have to be at least 1"),
        ({"uploads": "upl_1"}, "body.uploads", "write a list, also of a single one"),
        (
            {"uploads": ["upl_1"], "options": {"journey": "perhaps"}},
            "body.options.journey",
            "write true or false",
        ),
    ],
)
def test_a_body_that_does_not_fit_is_told_in_our_words(
    body: Any, where: str, detail: str, client: TestClient
) -> None:
    assert wrong(client, body) == [{"where": where, "detail": detail}]


@pytest.mark.parametrize(
    ("query", "detail"),
    [
        ("limit=many", "write a whole number"),
        ("limit=0", "it has to be at least 1"),
        ("limit=9999", "it has to be at most 500"),
    ],
)
def test_a_parameter_that_does_not_fit_is_told_in_our_words(
    query: str, detail: str, client: TestClient
) -> None:
    assert client.get(f"/v1/reports?{query}").json()["errors"] == [{"where": "query.limit", "detail": detail}]


def test_a_form_is_no_json(client: TestClient) -> None:
    told = client.post("/v1/reports", data={"uploads": "upl_1"}).json()

    assert "Content-Type: application/json" in told["errors"][0]["detail"]


@pytest.mark.parametrize(
    ("method", "path", "status"), [("GET", "/v1/nope", 404), ("PUT", "/v1/analyze", 405)]
)
def test_what_the_framework_refuses_is_told_in_our_words(
    method: str, path: str, status: int, client: TestClient
) -> None:
    told = client.request(method, path).json()

    assert told["status"] == status
    assert not any(word in told["detail"] for word in FRAMEWORK)


@pytest.mark.parametrize(
    ("query", "begins"),
    [
        ("tz=Paris", "tz: 'Paris' is no time zone"),
        ("since=soon", "since: 'soon' is no date"),
        (
            "since=2026-03-05&until=2026-03-04",
            "until: 2026-03-04 ends the period before it begins at 2026-03-05",
        ),
    ],
)
def test_an_option_is_called_as_the_request_calls_it(query: str, begins: str, client: TestClient) -> None:
    told = client.post(f"/v1/analyze?{query}", content=HEAD).json()

    assert told["detail"].startswith(begins)
    assert "(the request)" not in told["detail"]
    assert told["remedy"] == "see /v1/openapi.json for the options and their values"


def test_a_detector_that_is_none_is_told_before_anything_is_sent_to_the_line(client: TestClient) -> None:
    answer = client.post("/v1/analyze?detector=rage_clik", content=HEAD)

    assert (answer.status_code, answer.json()["code"]) == (422, "detector.unknown")
    assert answer.json()["remedy"] == 'did you mean "rage_click"?'
    assert client.get("/v1/jobs").json()["jobs"] == []


@pytest.mark.parametrize(
    "remedy",
    [
        'name it in --mapping: ts = "…", one of: a, b (looked for timestamp, time …)',
        "see which columns were found with `friction inspect`, and name the right ones with --mapping",
        "widen --since and --until",
        "friction schema config says what it may be",
        "run this again with --verbose to see the details",
    ],
)
def test_remedies_name_nothing_of_the_command_line(remedy: str) -> None:
    for said in (
        over_http(Problem("input.any", "what is wrong", remedy)).remedy,
        kept({"remedy": remedy})["remedy"],
    ):
        assert not any(word in str(said) for word in COMMAND_LINE), said


def test_a_problem_is_told_in_the_language_that_is_asked_for(client: TestClient) -> None:
    answer = client.get("/v1/reports?limit=many", headers=FRENCH)
    told = answer.json()

    assert answer.headers["Content-Type"] == "application/problem+json"
    assert (answer.headers["Content-Language"], answer.headers["Vary"]) == ("fr", "Accept-Language")
    assert told["code"] == "request.invalid"
    assert told["detail"] == "la demande ne correspond pas à sa description"
    assert told["errors"] == [{"where": "query.limit", "detail": "écrivez un nombre entier"}]


@pytest.mark.parametrize("sentence", [each for each in SENTENCES if kept({"remedy": each})["remedy"] != each])
def test_a_remedy_in_words_of_http_is_said_in_french_too(sentence: str) -> None:
    remedy = kept({"remedy": sentence})["remedy"]

    assert say(remedy, language("fr")) != remedy


def test_what_stands_before_the_routes_refuses_in_the_language_that_is_asked_for(service: Service) -> None:
    service.bounds = replace(service.bounds, rate="2/minute")
    with TestClient(create_app(service), base_url="http://127.0.0.1", client=("127.0.0.1", 5)) as client:
        wrong_key = client.get("/v1/jobs", headers={**FRENCH, "Authorization": "Bearer none"})
        elsewhere = client.get("/v1/jobs", headers={**FRENCH, "Host": "elsewhere.example"})
        too_many = client.get("/v1/jobs", headers=FRENCH)
    told = [answer.json()["detail"] for answer in (wrong_key, elsewhere, too_many)]

    assert [answer.status_code for answer in (wrong_key, elsewhere, too_many)] == [401, 403, 429]
    assert told == [
        "la clé est inconnue, expirée ou révoquée",
        "sans clé, le service ne répond que sur cette machine",
        "trop de demandes",
    ]
    assert too_many.headers["Content-Language"] == "fr"
    assert too_many.headers["Retry-After"]


def test_too_large_a_body_is_refused_in_the_language_that_is_asked_for(service: Service) -> None:
    service.bounds = replace(service.bounds, upload_bytes=9)
    with TestClient(create_app(service), base_url="http://127.0.0.1", client=("127.0.0.1", 5)) as client:
        answer = client.post("/v1/analyze", content=HEAD, headers=FRENCH)

    assert answer.status_code == 413
    assert answer.json()["detail"].startswith("l’envoi dépasse 9")


def test_too_large_an_order_is_refused_as_too_large(client: TestClient) -> None:
    answer = client.post("/v1/reports", json={"uploads": ["x" * (1 << 20)]}, headers=FRENCH)

    assert (answer.status_code, answer.json()["code"]) == (413, "limit.upload_bytes")
    assert answer.json()["remedy"] == "envoyez les fichiers à POST /v1/uploads et nommez-les ici"


def test_why_a_job_failed_is_told_in_the_language_that_is_asked_for(
    client: TestClient, service: Service
) -> None:
    problem = {"code": "input.empty", "detail": "the file is empty", "remedy": "widen --since and --until"}
    with service.store.write(service.project) as scope:
        jobs.add(scope, "job_1", "rep_1", [], {})
        jobs.end(scope, "job_1", "failed", problem)
    followed = client.get("/v1/jobs/job_1/events", headers=FRENCH).text
    told = [
        client.get("/v1/jobs/job_1", headers=FRENCH).json(),
        client.get("/v1/jobs", headers=FRENCH).json()["jobs"][0],
        json.loads(followed.partition("data: ")[2].partition("\n")[0]),
    ]

    assert [each["problem"]["detail"] for each in told] == 3 * ["le fichier est vide"]
    assert [each["problem"]["remedy"] for each in told] == 3 * ["élargissez since et until"]


@pytest.mark.parametrize("asked", ["", "de", "en-GB", "*"])
def test_other_languages_are_answered_in_english(asked: str, client: TestClient) -> None:
    answer = client.get("/v1/nope", headers={"Accept-Language": asked})

    assert answer.headers["Content-Language"] == "en"
    assert answer.json()["detail"] == "there is nothing at this address"


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ("fr, en;q=0.7", "fr"),
        ("en;q=0.7, fr", "fr"),
        ("en;q=0.3,fr ; Q = 0.30,de", "en"),
        ("de, fr;q=0.001, en;q=0", "fr"),
        ("fr;q=0, en", "en"),
        ("fr;q=much, en;q=0.1", "en"),
        ("fr;q=0", "en"),
    ],
)
def test_the_language_that_is_wanted_most_is_spoken(asked: str, code: str, client: TestClient) -> None:
    answer = client.get("/v1/nope", headers={"Accept-Language": asked})

    assert answer.headers["Content-Language"] == code


def test_every_parameter_is_described(client: TestClient) -> None:
    paths = client.get("/v1/openapi.json").json()["paths"]
    silent = [
        f"{method} {path} {each['name']}"
        for path, methods in paths.items()
        for method, operation in methods.items()
        for each in operation.get("parameters", ())
        if each["in"] == "query" and not each.get("description")
    ]

    assert silent == []
