"""Elements of PostHog: chains and lists say the same of what was clicked, and nothing typed or personal remains."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from friction.sources.posthog_chain import parsed
from friction.sources.posthog_elements import facts
from friction.testing import posthog as made_up
from tests.sources.posthog import FILES, FIXTURES, event, frame


def test_a_chain_is_read_with_its_quotes() -> None:
    button, card, main = parsed(made_up.elements_chain(made_up.BUY))[:3]
    assert (button.tag, button.text, button.nth) == ("button", 'Buy "now"; ship later', 2)
    assert (card.tag, card.classes) == ("div", ["card", "md:flex"])
    assert main.attributes["id"] == "app"


@given(st.lists(st.text(min_size=1, max_size=20), min_size=1, max_size=6))
def test_any_text_survives_the_chain(texts: list[str]) -> None:
    elements = [
        {
            "tag_name": "div",
            "nth_child": 1,
            "nth_of_type": 1,
            "attributes": {"attr__title": text.replace("\\", "")},
        }
        for text in texts
    ]
    found = [part.attributes.get("title", "") for part in parsed(made_up.elements_chain(elements))]
    assert found == [text.replace("\\", "") for text in texts]


@given(st.text(alphabet='ab.:;="\\[]{} ', max_size=60))
def test_rubbish_is_no_error(text: str) -> None:
    assert isinstance(facts(text), dict)


@pytest.mark.parametrize("elements", [made_up.BUY, made_up.LINK, made_up.EMAIL, made_up.EMAIL[1:]])
def test_chain_and_lists_say_the_same(elements: list[made_up.Element]) -> None:
    chain = facts(made_up.elements_chain(elements))
    assert facts(json.dumps(made_up.old_elements(elements))) == chain
    assert facts(json.dumps(elements)) == chain


def test_a_selector_ends_at_a_stable_id_and_leaves_out_what_was_generated() -> None:
    assert facts(made_up.elements_chain(made_up.LINK))["target"] == "main#app > a.entry > span"
    deep = ";".join('div:nth-child="1"nth-of-type="1"' for _ in range(9))
    assert facts(deep)["target"] == " > ".join(["div"] * 5)
    assert facts('p:nth-of-type="2";body:nth-of-type="1";html:')["target"] == "p:nth-of-type(2)"


def test_at_most_eight_ancestors_are_kept() -> None:
    assert len(json.loads(facts(";".join(['div:nth-child="1"'] * 30))["el_ancestors"])) == 8


def test_facts_of_an_element() -> None:
    email = facts(made_up.elements_chain(made_up.EMAIL))
    assert (email["form"], email["field"], email["field_type"]) == ("sign-up", "email", "email")
    assert email["el_text"] is None
    off = facts('span:text="Pay";button:attr__disabled=""attr__style="cursor: pointer"')
    assert (off["el_disabled"], off["el_interactive"], off["field"]) == (True, True, None)
    assert facts('div:attr__contenteditable="true"text="my diary"')["el_text"] is None
    assert facts('b:text="my diary";div:attr__contenteditable="true"')["el_text"] is None
    assert json.loads(facts('div:attr__style="cursor: pointer"')["el_attrs"])["cursor"] == "pointer"


def test_a_captured_click_was_on_something_that_answers(tmp_path: Path) -> None:
    plain = 'div:text="More"nth-child="1"'
    captured = event(tmp_path, event="$autocapture", event_type="click", chain=plain)
    dead = event(tmp_path, event="$dead_click", event_type="click", chain=plain)
    assert (captured["el_interactive"], dead["el_interactive"]) == (True, None)


def test_without_a_chain_the_text_stands_for_the_element(tmp_path: Path) -> None:
    path = tmp_path / "short.csv"
    path.write_text(
        "*.event,*.timestamp,*.distinct_id,*.properties.$event_type,*.properties.$el_text\n"
        "$autocapture,2026-03-02T08:00:00.250Z,d1,click,Add to cart\n",
        encoding="utf-8",
    )
    found = frame(path).row(0, named=True)
    assert (found["kind"], found["target"], found["el_text"]) == ("click", "Add to cart", "Add to cart")


def test_nothing_typed_and_nobody_remains() -> None:
    for name in FILES:
        told = frame(FIXTURES / name).drop("visitor_id").write_ndjson()
        for secret in ("ann@example.org", "secret words", "4711 22", "abc123"):
            assert secret not in told
