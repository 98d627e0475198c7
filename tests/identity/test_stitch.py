"""Who is who: links in any order give the same people, and what speaks against a link keeps it apart."""

from __future__ import annotations

import random

import numpy as np
import polars as pl
import pytest

from friction.identity import LINK, MOST_ACCOUNTS, People, of_words, stitched
from friction.identity.stitch import components
from friction.privacy.identities import visitor

Pair = tuple[str, str, str, str]
LOGINS: list[Pair] = [
    ("visitor", "phone", "user", "ada"),
    ("visitor", "laptop", "user", "ada"),
    ("user", "ada", "email", "ada@x.example"),
    ("visitor", "tablet", "email", "ada@x.example"),
    ("visitor", "kiosk", "user", "ada"),
    ("visitor", "kiosk", "user", "bob"),
    ("user", "bob", "email", "bob@x.example"),
]


def links(pairs: list[Pair]) -> pl.DataFrame:
    rows = [(*pair, "login", 1, 0, at) for at, pair in enumerate(pairs)]
    return pl.DataFrame(rows, schema=LINK, orient="row")


def groups(people: People) -> set[frozenset[str]]:
    """The words of each person."""
    return {frozenset(own["word"]) for own in people.members.partition_by("person")}


def test_devices_accounts_and_addresses_of_one_person_are_together() -> None:
    assert groups(stitched(links(LOGINS))) == {
        frozenset({"phone", "laptop", "tablet", "ada", "ada@x.example"}),
        frozenset({"bob", "bob@x.example"}),
    }


@pytest.mark.parametrize("seed", range(5))
def test_the_order_of_links_does_not_matter(seed: int) -> None:
    shuffled = random.Random(seed).sample(LOGINS, len(LOGINS))

    assert stitched(links(shuffled)).members.equals(stitched(links(LOGINS)).members)


def test_a_device_of_several_people_belongs_to_none_of_them() -> None:
    people = stitched(links(LOGINS))

    assert people.shared["word"].to_list() == ["kiosk"]
    assert people.of(pl.Series(["kiosk", "phone"])).to_list()[0] is None
    assert set(people.links.filter(a="kiosk")["why_not"]) == {"shared_device"}


def addresses(kind: str, *ids: str) -> pl.DataFrame:
    return of_words(pl.Series(ids), kind)


@pytest.mark.parametrize("kind", ["visitor", "user"])
def test_an_id_that_is_an_address_is_the_same_in_any_case_and_no_other_id_is(kind: str) -> None:
    ids = ["Ada@x.example", "ada@x.example", " ADA@x.example", "bob@x.example", "U1", "u1", "@Ada", "@ada"]
    found = stitched(addresses(kind, *ids)).of(pl.Series(ids)).to_list()

    assert len(set(found[:3])) == 1
    assert None not in found[:4]
    assert found[3] != found[0]
    assert found[4:] == [None] * 4


def test_many_spellings_of_one_address_are_no_shared_mailbox() -> None:
    ids = [f"{'A' * n}{'a' * (9 - n)}@x.example" for n in range(MOST_ACCOUNTS + 3)]

    assert len(set(stitched(addresses("user", *ids)).of(pl.Series(ids)))) == 1


def test_a_device_named_by_an_address_is_its_account_s_or_of_nobody() -> None:
    own = addresses("visitor", "ada@x.example", "kiosk@x.example")
    logins = [("visitor", "ada@x.example", "user", "ada")]
    logins += [("visitor", "kiosk@x.example", "user", f"u{n}") for n in range(9)]
    people = stitched(pl.concat([own, links(logins)]))

    assert frozenset({"ada@x.example", "ada"}) in groups(people)
    assert people.shared["word"].to_list() == ["kiosk@x.example"]


def test_two_accounts_of_one_address_are_one_person_and_so_are_their_devices() -> None:
    people = stitched(
        links(
            [
                ("user", "u1", "email", "a@x.example"),
                ("user", "u2", "email", "a@x.example"),
                ("visitor", "both", "user", "u1"),
                ("visitor", "both", "user", "u2"),
            ]
        )
    )

    assert groups(people) == {frozenset({"u1", "u2", "a@x.example", "both"})}


def test_a_mailbox_that_many_share_joins_nobody() -> None:
    many = [("user", f"u{number}", "email", "info@x.example") for number in range(MOST_ACCOUNTS + 1)]

    people = stitched(links(many))

    assert people.is_empty
    assert set(people.links["why_not"]) == {"shared_mailbox"}
    assert len(groups(stitched(links(many[:-1])))) == 1


def test_a_device_whose_id_is_that_of_an_account_is_the_account() -> None:
    people = stitched(links([("visitor", "ada", "email", "ada@x.example"), ("visitor", "pc", "user", "ada")]))

    assert groups(people) == {frozenset({"ada", "pc", "ada@x.example"})}


def test_an_address_is_kept_apart_however_it_is_written() -> None:
    people = stitched(links(LOGINS), apart=["Ada@X.example "])

    assert groups(people) >= {frozenset({"phone", "laptop", "ada"})} or "ada@x.example" not in {
        word for group in groups(people) for word in group
    }
    assert "apart" in set(people.links["why_not"])


def test_hashed_ids_are_the_same_people_as_those_they_were_made_of() -> None:
    half = [
        (kind, visitor(word, "key"), *rest) if word == "phone" else (kind, word, *rest)
        for kind, word, *rest in LOGINS
    ]

    people = stitched(links(half), key="key")  # type: ignore[arg-type]

    assert (
        people.of(pl.Series(["phone"])).to_list()
        == people.of(pl.Series([visitor("laptop", "key")])).to_list()
    )


@pytest.mark.parametrize("seed", range(5))
def test_components_are_those_of_a_walk_along_the_edges(seed: int) -> None:
    chance = np.random.default_rng(seed)
    a, b = chance.integers(0, 200, 150, np.uint32), chance.integers(0, 200, 150, np.uint32)
    near: dict[int, set[int]] = {node: {node} for node in range(200)}
    for one, other in zip(a.tolist(), b.tolist(), strict=True):
        near[one].add(other)
        near[other].add(one)

    found = components(200, a, b).tolist()

    for start in range(200):
        seen, left = {start}, [start]
        while left:
            fresh = near[left.pop()] - seen
            seen |= fresh
            left += fresh
        assert found[start] == min(seen)


def test_an_address_is_one_id_in_any_capitals() -> None:
    assert visitor(" Ada@X.example", "k") == visitor("ada@x.example", "k")
    assert visitor("Ada", "k") != visitor("ada", "k")
