"""Keys and projects of a service, managed on its machine."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run


@pytest.fixture
def where(tmp_path: Path) -> tuple[str, str]:
    return "--data-dir", str(tmp_path / "data")


def test_for_others_it_serves_only_with_a_key(friction: Run, where: tuple[str, str]) -> None:
    refused = friction("serve", "--host", "0.0.0.0", *where)

    assert (refused.code, refused.out) == (2, "")
    assert "friction keys create NAME --scope operator" in refused.err
    assert "code: serve.no_key" in refused.err


def test_the_secret_of_a_key_is_all_that_is_printed(friction: Run, where: tuple[str, str]) -> None:
    made = friction("keys", "create", "nightly", "--scope", "write", "--expires", "90d", *where)
    listed = json.loads(friction("keys", "list", "--format", "json", *where).out)

    assert made.out.startswith("frk_")
    assert made.out.count("\n") == 1
    assert listed[0]["id"] in made.err
    assert (listed[0]["project"], listed[0]["scope"], listed[0]["state"]) == ("local", "write", "valid")
    assert made.out.split("_", 2)[2].strip() not in json.dumps(listed)


def test_a_person_gets_a_key_without_a_secret(friction: Run, where: tuple[str, str]) -> None:
    words = ("keys", "create", "ada", "--person", "Ada@Example.com", "--format", "json")
    made = json.loads(friction(*words, *where).out)

    assert (made["person"], made["secret"]) == ("ada@example.com", None)


def test_a_revoked_key_is_listed_as_such(friction: Run, where: tuple[str, str]) -> None:
    made = json.loads(friction("keys", "create", "ada", "--format", "json", *where).out)
    assert friction("keys", "revoke", made["id"], *where).code == 0

    assert "revoked" in friction("keys", "list", *where).out


def test_a_key_opens_the_project_that_is_named(friction: Run, where: tuple[str, str]) -> None:
    made = friction("projects", "create", "shop", *where)
    friction("keys", "create", "ada", "--project", "shop", *where)

    assert made.out.startswith("prj_")
    assert [line.split()[0] for line in friction("projects", "list", *where).out.splitlines()] == [
        *("name", "local", "shop")
    ]
    assert json.loads(friction("keys", "list", "--format", "json", *where).out)[0]["project"] == "shop"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["keys", "create", "ada", "--project", "shop"], "there is no project shop"),
        (["keys", "create", "ada", "--expires", "soon"], "2027-01-31, 90d or 12h"),
        (["keys", "create", "ada", "--expires", "2020-01-01"], "expired already"),
        (["keys", "revoke", "key_1"], "friction keys list"),
        (["projects", "create", "local"], "choose another name"),
        (["projects", "create", "../x"], "letters, digits, dots and dashes"),
    ],
)
def test_what_is_wrong_is_said(friction: Run, where: tuple[str, str], words: list[str], says: str) -> None:
    outcome = friction(*words, *where)

    assert (outcome.code, outcome.out) == (2, "")
    assert says in outcome.err
