from __future__ import annotations

import json
from typing import Any

import pytest

from friction.recordings.describe import Element
from tests.recordings.build import Node, Tape, el, mirror, text


def facts(number: int, *body: Node) -> dict[str, Any]:
    made = mirror(*body)
    element = Element(made, made.nodes[number])
    return element.plain() | element.deep()


def test_text_is_gathered_in_one_line() -> None:
    button = el(10, "button", text(11, "\n  Add "), el(12, "b", text(13, "to\tcart")))
    assert facts(10, button)["el_text"] == "Add to cart"


def test_text_is_masked_before_it_is_cut() -> None:
    found = facts(
        10, el(10, "p", text(11, "Card 4111 1111 1111 1111 of ann.b@mail.example, room 12 " + "x" * 200))
    )
    assert found["el_text"].startswith("Card # of @, room 12 xxx")
    assert len(found["el_text"]) == 100


@pytest.mark.parametrize(
    "field",
    [
        el(10, "textarea", text(11, "dear diary")),
        el(10, "input", value="dear diary"),
        el(10, "input", type="hidden", value="dear diary"),
        el(10, "div", el(11, "p", text(12, "dear diary")), contenteditable=""),
        el(20, "div", el(10, "p", text(12, "dear diary")), contenteditable="true"),
        el(10, "label", text(12, "Note"), el(11, "textarea", text(13, "dear diary"), value="dear diary")),
        el(10, "div", el(11, "div", text(12, "dear diary"), contenteditable="plaintext-only")),
    ],
)
def test_typed_text_is_in_no_column(field: Node) -> None:
    assert "diary" not in json.dumps(facts(10, field))


def test_the_caption_of_an_old_button_is_its_text() -> None:
    assert facts(10, el(10, "input", type="submit", value="Send"))["el_text"] == "Send"


def test_an_address_keeps_names_and_loses_values() -> None:
    link = el(10, "a", href="https://u:p@x.example/a?token=s3cret&page=2#state=abc")
    assert facts(10, link)["el_href"] == "https://x.example/a?token=&page=#state="


@pytest.mark.parametrize(
    ("href", "kept"), [("mailto:a@b.example", "mailto:"), ("javascript:void(0)", "javascript:void(0)")]
)
def test_an_address_that_is_a_person_keeps_only_its_scheme(href: str, kept: str) -> None:
    assert facts(10, el(10, "a", href=href))["el_href"] == kept


def test_ancestors_come_nearest_first_and_at_most_eight() -> None:
    inner = el(10, "i")
    for number in range(11, 21):
        inner = el(number, "div", inner)
    above = json.loads(facts(10, inner)["el_ancestors"])
    assert [one["node_id"] for one in above] == list(range(11, 19))


def test_attributes_come_with_their_names() -> None:
    found = json.loads(
        facts(10, el(10, "a", download=True, data_id="88123456", style="cursor:pointer"))["el_attrs"]
    )
    assert found == {"download": "", "data-id": "#", "style": "cursor:pointer", "cursor": "pointer"}


def test_a_label_names_its_control() -> None:
    pair = (el(10, "label", for_="mail"), el(11, "input", id="mail", type="email"))
    assert json.loads(facts(10, *pair)["el_control"])["type"] == "email"


@pytest.mark.parametrize(
    ("node", "expected"),
    [
        (el(10, "div"), False),
        (el(10, "div", role="tab"), True),
        (el(10, "div", tabindex="0"), True),
        (el(10, "div", tabindex="-1"), False),
        (el(10, "div", onclick="go()"), True),
        (el(11, "a", el(12, "span", el(10, "b"))), True),
        (
            el(
                11,
                "a",
                el(12, "p", el(13, "p", el(14, "p", el(15, "p", el(16, "p", el(10, "b")))))),
                href="/",
            ),
            False,
        ),
    ],
)
def test_interactive_is_what_answers_by_its_nature(node: Node, expected: bool) -> None:
    assert facts(10, node)["el_interactive"] is expected


@pytest.mark.parametrize(
    "node",
    [
        el(10, "button", disabled=True),
        el(11, "fieldset", el(10, "input"), disabled=""),
        el(11, "button", el(10, "span"), aria_disabled="true"),
    ],
)
def test_disabled_is_inherited(node: Node) -> None:
    assert facts(10, node)["el_disabled"] is True


def test_a_field_is_called_by_its_name_and_its_form() -> None:
    found = facts(11, el(10, "form", el(11, "input", name="email", type="email"), id="signup"))
    assert (found["form"], found["field"], found["field_type"]) == ("signup", "email", "email")


def test_a_field_may_name_a_form_elsewhere() -> None:
    assert facts(11, el(10, "form", id="pay"), el(11, "input", form="pay"))["form"] == "pay"


@pytest.mark.parametrize(
    "change",
    [
        {"texts": [(13, "Full")]},
        {"adds": [(12, text(14, "Full"))]},
        {"removes": [(12, 13)]},
        {"attributes": [(12, {"contenteditable": "true"})]},
    ],
)
def test_what_an_ancestor_says_is_said_anew_after_a_change(change: dict[str, Any]) -> None:
    card = el(10, "div", el(11, "section", el(12, "p", text(13, "Empty")), el(15, "button"), el(16, "a")))
    still, changed = Tape(card), Tape(card)
    changed.press(1_000, 15).mutate(1_200, **change).press(2_000, 16)
    still.mutate(1_200, **change).press(2_000, 16)
    assert changed.rows("click")[1]["el_ancestors"] == still.row("click")["el_ancestors"]
    assert changed.rows("click")[0]["el_ancestors"] != still.row("click")["el_ancestors"]


def test_what_was_typed_since_is_hidden_in_what_an_ancestor_says() -> None:
    made = Tape(
        el(10, "div", el(11, "p", text(12, "wellington")), el(13, "button"), el(14, "input"), el(15, "a"))
    )
    made.press(1_000, 13).type(1_500, 14, "wellington").press(3_000, 15)
    before, after = (row["el_ancestors"] for row in made.rows("click"))
    assert ("wellington" in before, "wellington" in after) == (True, False)
