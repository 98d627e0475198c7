"""A redeploy changes selectors and templates, not the trouble; what is another trouble stays apart."""

from __future__ import annotations

from dataclasses import replace

import pytest

from friction.nightly.days import moved
from friction.nightly.update import update
from tests.nightly.made_up import FIRST, Place, Site, between, steady
from tests.nightly.test_update import CHANGE, LAST, QUIET, kinds, lived


def redeployed(target: str, page: str = "/cart", label: str | None = None, rate: float = 0.08) -> Site:
    """`old` ends on CHANGE where `fresh` begins."""
    until = moved(CHANGE, -1)
    old = Place(
        "old", between(0, 0.08, FIRST, until), 0.3, page="/cart", target="button.Buy_btn-x7f3a", label=label
    )
    old = replace(old, seen=lambda day: page == "/cart" or day <= until)
    fresh = Place("fresh", between(0, rate, CHANGE), 0.3, page=page, target=target, label=label)
    fresh = replace(fresh, seen=lambda day: page == "/cart" or day >= CHANGE)
    return Site([*QUIET, old, fresh])


@pytest.mark.parametrize(
    ("target", "page", "label"),
    [
        ("button.Buy_btn-9q2zz4", "/cart", None),
        ("button.Buy_btn-9q2zz4", "/cart", "Buy now"),
        ("div.cta > a.purchase", "/cart", "Buy now"),
        ("button.Buy_btn-x7f3a", "/shop/cart", None),
    ],
    ids=["other hash", "other hash, same words", "other markup, same words", "other template"],
)
def test_a_redeploy_is_no_news(target: str, page: str, label: str | None) -> None:
    book, said = lived(redeployed(target, page, label))

    assert not said
    match = book.lives["old"].also[0]
    assert match.id == "fresh"
    assert "takes_over" in match.reasons
    assert book.owner_of("fresh") is book.lives["old"]


def test_another_button_of_the_page_is_another_point() -> None:
    _, said = lived(redeployed("a#voucher"))

    assert set(kinds(said)) == {("new", "fresh"), ("fixed", "old")}


def test_a_much_higher_rate_is_another_trouble() -> None:
    book, _ = lived(redeployed("button.Buy_btn-9q2zz4", rate=0.6))

    assert not book.lives["old"].also


def test_what_a_person_set_apart_is_never_joined_again() -> None:
    site = redeployed("button.Buy_btn-9q2zz4")
    book, _ = lived(site, moved(CHANGE, -1))
    book = book.changed(replace(book.lives["old"], apart=("fresh",)))

    after, said = lived(site, LAST, book)

    assert not after.lives["old"].also
    assert ("new", "fresh") in kinds(said)


def test_two_that_look_the_same_are_not_joined_at_random() -> None:
    until = moved(CHANGE, -1)
    old = [
        Place(
            f"old-{at}", between(0, 0.08, FIRST, until), 0.3, page="/list", target=f"li:nth-child({at}) a.go"
        )
        for at in (1, 2)
    ]
    fresh = Place("fresh", between(0, 0.08, CHANGE), 0.3, page="/list", target="li:nth-child(3) a.go")
    book, _ = lived(Site([*QUIET, *old, fresh]), moved(CHANGE, 4))

    assert not [life for life in book.lives.values() if life.also]


def test_the_life_goes_on_under_both_ids() -> None:
    site = redeployed("button.Buy_btn-9q2zz4")
    book, _ = lived(site)

    days = book.lives["old"].days

    assert all(k for day, (_, k) in days.items() if moved(CHANGE, -10) <= day <= LAST)
    assert "fresh" not in book.lives
    assert not update(book, site.night(LAST), {}).events
    assert steady(0.1)("any day") == 0.1
