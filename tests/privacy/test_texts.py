"""What a text, a property and an id may keep."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from friction.privacy.columns import Policy, mask_agent, mask_properties, mask_selector
from friction.privacy.identities import session, visitor
from friction.privacy.texts import LIMIT, mask_text
from tests.pace import slower

TEXTS = {
    "Hello Anna!": "Hello :text!",
    "Bienvenue, Zoé Durand": "Bienvenue, :text",
    "Call +33 6 12 34 56 78 now": "Call :number now",
    "Order 12345678 failed": "Order :number failed",
    "Card 4111 1111 1111 1111": "Card :number",
    "IBAN DE89 3704 0044 0532 0130 00 ok": "IBAN :number ok",
    "from 203.0.113.7:80 and 2001:db8::ff00:42:8329": "from :ip:80 and :ip",
    "password=hunter2 and more": "password=:token and more",
    '{"phone": "0171 1234567"}': '{"phone": :text}',
    "Authorization: Bearer abc.def": "Authorization: :token :token",
    "GET https://a.test/reset/x9Kd?token=1 404": "GET https://a.test/reset/:token?token 404",
    "GET /api/users/anna@example.org 404": "GET /api/users/:email 404",
    "key sk_live_abcdEFGH1234": "key :token",
    "user 0f8fad5b-d9cb-469f-a165-70867728950e": "user :token",
    "two\nlines\tand \x1b[2J": "two lines and [2J",
}
KEPT = (
    "Add to cart",
    "Welcome To The Shop!",
    "Hi there",
    "1 299 000 €",
    "1,299.00 €",
    "Page 3 of 12",
    "v1.2.3 of 2026-03-02 10:00:00",
    "Password: required",
    "TypeError: Cannot read properties of undefined (reading 'x')",
    "div.product-card > button.add:nth-child(2)",
    "section.checkout__summary-total-price-label",
    "button#buy-123456789",
)


@pytest.mark.parametrize(("text", "kept"), TEXTS.items())
def test_a_text_loses_whom_it_speaks_of(text: str, kept: str) -> None:
    assert mask_text(text) == kept


@pytest.mark.parametrize("text", KEPT)
def test_an_ordinary_text_stays_as_it_is(text: str) -> None:
    assert mask_text(text) == text


@pytest.mark.parametrize("text", ["/z/787\x007.737\x00\x007.7S#7", "a@b.c" * 9, "password=" * 9])
def test_what_was_made_to_confuse_settles(text: str) -> None:
    assert mask_text(mask_text(text)) == mask_text(text)


def test_an_attribute_in_a_selector_is_no_property_of_a_person() -> None:
    assert mask_selector("form#login input[name='password']") == "form#login input[name='password']"
    assert mask_selector("a[href='mailto:anna@example.org']") == "a[href='mailto::email']"


PIECES = st.sampled_from(
    [
        *TEXTS,
        *KEPT,
        ":",
        "=",
        "password",
        ":token",
        "@",
        "a.b",
        "1234567",
        "+",
        "/",
        "?",
        " ",
        "https://",
        '"',
        "%40",
    ]
)


@given(st.one_of(st.text(max_size=80), st.lists(PIECES, max_size=5).map("".join)))
def test_masking_twice_is_masking_once(text: str) -> None:
    once = mask_text(text)

    assert mask_text(once) == once
    assert len(once) <= LIMIT


@pytest.mark.parametrize(
    "piece", ["a", "1 ", "a@", "a.", "/", "=:", "-", "Aa ", "::", "DE89 ", "%40", "eyJ", "x-"]
)
def test_no_text_takes_long(piece: str) -> None:
    began = time.process_time()
    mask_text(piece * 2_000)

    assert time.process_time() - began < 0.2 * slower()


def test_a_property_is_judged_by_its_name_first() -> None:
    kept = mask_properties(
        '{"plan":"gold","seats":3,"first_name":"Zoe","a":{"phone":171123},"href":"/a?x=1"}'
    )

    assert kept == '{"a":{"phone":":text"},"first_name":":text","href":"/a?x","plan":"gold","seats":3}'
    assert mask_properties('{"plan": "gold"}') == '{"plan": "gold"}'
    assert mask_properties("anna@example.org") == "{}"


def test_a_browser_is_its_family() -> None:
    assert mask_agent("Mozilla/5.0 (X11; Anna's machine)") == "Mozilla"
    assert mask_agent("Chrome 120") == "Chrome 120"


def test_a_visitor_is_the_same_under_one_key_and_nobody_without() -> None:
    assert visitor("anna", "k") == visitor("anna", "k")
    assert len({visitor("anna", "k"), visitor("anna", "l"), visitor("anna", ""), visitor("berta", "k")}) == 4
    assert visitor(visitor("anna", "k"), "l") == visitor("anna", "k")


def test_a_session_keeps_the_id_by_which_its_tool_finds_it() -> None:
    known = {"v1"}

    assert (
        session("0f8fad5b-d9cb-469f-a165-70867728950e", "", known) == "0f8fad5b-d9cb-469f-a165-70867728950e"
    )
    assert session("1700000000123456", "", known) == "1700000000123456"
    assert session("v1.1700000000", "", known) == visitor("v1", "") + ".1700000000"
    assert session("v1", "", known) == visitor("v1", "")
    assert session("anna@example.org", "", known).startswith("v_")


def test_every_column_of_text_has_a_role_or_is_no_text_of_anybody() -> None:
    import polars as pl

    from friction.schema import EVENT

    texts = {name for name, dtype in EVENT.items() if dtype == pl.String()}

    assert {name for name in texts if Policy().rule(name) is None} == {"session_id"}


STEPS = (
    "main h2 div.card button.action-1144 li:nth-child(6) #a-1-b basic bearer.abc glpat-x p.xoxa-1 hi.dear"
    " a.deadbeef-dead-beef-dead i.zqxvjkwzqxvjkwz-zqxvj td:nth-of-type(12) b.x-123456-123456"
)


@given(st.lists(st.sampled_from(STEPS.split()), min_size=1, max_size=8))
def test_a_plain_selector_is_kept_at_once_and_stays_what_the_rules_for_texts_make_of_it(
    steps: list[str],
) -> None:
    selector = " > ".join(steps)
    assert mask_selector(selector) == mask_text(selector, pairs=False)
