from __future__ import annotations

import pytest

from friction.recordings.selectors import is_stable, selector, stable_classes
from tests.recordings.build import Node, el, mirror


def name(number: int, *body: Node) -> str:
    made = mirror(*body)
    return selector(made, made.nodes[number])


def test_a_stable_id_is_where_the_name_begins() -> None:
    assert name(12, el(10, "form", el(11, "p", el(12, "button")), id="pay")) == "form#pay > p > button"


def test_five_levels_are_the_most() -> None:
    deep = el(10, "main", el(11, "div", el(12, "div", el(13, "div", el(14, "div", el(15, "a"))))))
    assert name(15, deep) == "div > div > div > div > a"


def test_body_and_html_are_no_levels() -> None:
    assert name(10, el(10, "button", class_="buy")) == "button.buy"


def test_a_position_is_given_only_among_siblings_of_the_same_name() -> None:
    bar = el(10, "nav", el(11, "a", class_="home"), el(12, "a", class_="help"), el(13, "a", class_="help"))
    assert (name(11, bar), name(13, bar)) == ("nav > a.home", "nav > a.help:nth-of-type(3)")


def test_a_name_or_test_id_tells_siblings_apart() -> None:
    form = el(10, "form", el(11, "input", name="mail"), el(12, "input", data_testid="phone"))
    assert (name(11, form), name(12, form)) == (
        'form > input[name="mail"]',
        'form > input[data-testid="phone"]',
    )


def test_signs_in_an_id_are_escaped() -> None:
    assert name(10, el(10, "div", id="a.b")) == "div#a\\.b"


@pytest.mark.parametrize(
    "word",
    [
        *("css-175oi2r", "sc-bdVaJa", "ng-star-inserted", "_ngcontent-abc", "jss12", "svelte-1tky8bj"),
        *(
            "r-lrvibr",
            "r-ws14",
            "x3fK9q",
            "item-12345",
            "radix-:r3:",
            "ember42",
            "0b7f3c1e",
            "Button_root__3xK2a",
        ),
        "me@home.example",
    ],
)
def test_what_a_build_or_database_made_up_is_not_stable(word: str) -> None:
    assert not is_stable(word)


@pytest.mark.parametrize(
    "word", ["buy", "add-to-cart", "step-2", "col-6", "h2", "checkout_form", "row2", "main-nav"]
)
def test_words_of_people_are_stable(word: str) -> None:
    assert is_stable(word)


def test_states_are_no_part_of_a_name() -> None:
    assert stable_classes("tab active is-open menu--expanded hover btn-loading tab-item") == ".tab.tab-item"


def test_utility_classes_with_signs_are_left_out() -> None:
    assert stable_classes("hover:bg-red w-1/2 card") == ".card"
