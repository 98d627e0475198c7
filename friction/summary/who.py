"""Who somebody is, explained: the ids that are one person, by what was said where, and what was left out and why."""

from __future__ import annotations

from typing import Any

import polars as pl

from friction.identity import People
from friction.identity.links import normal
from friction.ingest import Ingested
from friction.privacy.identities import visitor


def who(ingested: Ingested, asked: str) -> dict[str, Any]:
    """The person with this id of a device or account, or this e-mail address, as the input has it.

    All ids are told as they are kept. Where nothing joins the id with another one, it is a person of its own.
    """
    people, key = ingested.heard.people, ingested.events.policy.key
    person = _person(people, asked)
    members = (
        people.members.filter(pl.col("person") == person) if person is not None else people.members.clear()
    )
    words = (
        set(members["word"])
        | {asked, _lower(asked)}
        | ({visitor(asked, key)} if people.key is not None else set())
    )
    links = people.links.filter(pl.col("a").is_in(list(words)) | pl.col("b").is_in(list(words)))
    files = [file.name for file in ingested.books.files]
    return {
        "asked": visitor(asked, key),
        "is_joined": person is not None,
        "is_shared": asked in set(people.shared["word"]),
        "ids": [
            {"kind": kind, "id": visitor(word, key)}
            for kind, word in members.select("kind", "word").iter_rows()
        ],
        "links": [_link(row, files, key) for row in links.iter_rows(named=True)],
    }


def _person(people: People, asked: str) -> int | None:
    found = people.of(pl.Series([asked])).to_list() + people.of_email(pl.Series([_lower(asked)])).to_list()
    return next((person for person in found if person is not None), None)


def _lower(asked: str) -> str:
    return str(pl.select(normal(pl.lit(asked))).item())


def _link(row: dict[str, Any], files: list[str], key: str) -> dict[str, Any]:
    place = {"file": files[row["file_id"]], "row": row["row_no"]} if row["row_no"] is not None else {}
    return {
        "one": {"kind": row["a_kind"], "id": visitor(row["a"], key)},
        "other": {"kind": row["b_kind"], "id": visitor(row["b"], key)},
        "rule": row["rule"],
        "rows": row["rows"],
        **place,
        "why_not": row["why_not"],
    }
