"""An address says where data lie, and never holds a secret."""

from __future__ import annotations

import pytest

from friction.config import SourceSettings
from friction.errors import UsageError
from friction.places import is_address, parse
from tests.cli.conftest import Run

SECRETS = [
    "postgresql://analyst:s3cret@db.example.com/shop?table=events",
    "postgresql://db.example.com/shop?table=events&password=s3cret",
    "postgresql://db.example.com/shop?table=events&sslpassword=s3cret",
    "snowflake://me:s3cret@account/db/public?table=events",
    "s3://AKIAEXAMPLE:s3cret@bucket/events.csv",
]
WRONG = {
    "s4://bucket/events.csv": "place.unknown",
    "https://example.com/events.csv": "place.unknown",
    "s3:///events.csv": "place.no_bucket",
    "postgresql://db/shop?table=events&query=SELECT+1": "place.table_and_query",
    "source:shop": "place.unknown_source",
}


@pytest.mark.parametrize(
    ("text", "kind", "at", "name", "table"),
    [
        ("s3://b/a%20b?c#d.csv", "s3", "s3://b/a%20b?c#d.csv", "s3://b/a%20b?c#d.csv", None),
        ("s3a://b/x/", "s3", "s3://b/x/", "s3://b/x/", None),
        (
            "postgres://analyst@db:5433/shop?table=web.events&sslmode=require",
            "postgresql",
            "postgresql://analyst@db:5433/shop?sslmode=require",
            "postgresql://db:5433/shop?table=web.events",
            "web.events",
        ),
        (
            "sqlite:///a.db?table=events",
            "sqlite",
            "sqlite:///a.db",
            "sqlite:///a.db?table=events",
            "events",
        ),
        (
            "sqlite:////data/a.db?table=e",
            "sqlite",
            "sqlite:////data/a.db",
            "sqlite:////data/a.db?table=e",
            "e",
        ),
    ],
)
def test_an_address_says_the_place_and_its_name_tells_no_user(
    text: str, kind: str, at: str, name: str, table: str | None
) -> None:
    place = parse(text)

    assert (place.kind, place.at, place.name, place.table) == (kind, at, name, table)


@pytest.mark.parametrize("path", ["events.csv", "C:\\events.csv", "a:b", "-", "s3", "./s3:/x"])
def test_a_path_is_no_address(path: str) -> None:
    assert not is_address(path)


@pytest.mark.parametrize("text", SECRETS)
def test_a_password_in_an_address_is_refused_and_never_repeated(friction: Run, text: str) -> None:
    outcome = friction("analyze", text, "--verbose")

    assert (outcome.code, outcome.out) == (2, "")
    assert "place.secret_in_address" in outcome.err
    assert "s3cret" not in outcome.err


@pytest.mark.parametrize("text", WRONG)
def test_what_an_address_says_wrongly_has_a_name(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse(text)

    assert caught.value.problem.code == WRONG[text]
    assert caught.value.problem.remedy


def test_a_source_of_the_configuration_is_a_place_under_its_own_name() -> None:
    shop = SourceSettings(
        at="postgresql://me@db/shop", query="SELECT 1", watermark="at", credentials="/k.env"
    )
    place = parse("source:shop", {"shop": shop})

    assert (place.name, place.query, place.watermark) == ("source:shop", "SELECT 1", "at")
    assert (place.at, place.credentials) == ("postgresql://me@db/shop", "/k.env")


def test_a_misspelt_source_is_offered_as_it_is_spelt() -> None:
    with pytest.raises(UsageError) as caught:
        parse("source:shpo", {"shop": SourceSettings(at="s3://b/")})

    assert caught.value.problem.remedy == 'did you mean "shop"?'
