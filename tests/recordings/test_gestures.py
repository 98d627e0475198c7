from __future__ import annotations

import pytest

from friction.recordings.player import play
from tests.recordings.build import Node, Tape, el, text

FORM = el(
    20,
    "form",
    el(21, "input", name="mail", type="email"),
    el(22, "button", el(23, "span", text(24, "Send"))),
    el(25, "button", type="button"),
    el(26, "button", disabled=True),
    id="signup",
)
BODY = (
    el(10, "button", text(11, "Buy"), class_="buy"),
    el(12, "label", el(13, "input", type="checkbox")),
    FORM,
)


def tape(*body: Node) -> Tape:
    return Tape(*(body or BODY))


def test_a_click_carries_element_place_press_and_page() -> None:
    row = tape().press(1_000, 10, 400, 300).row("click")
    expected = {
        "target": "button.buy",
        "node_id": 10,
        "el_text": "Buy",
        "x": 400.0,
        "y": 300.0,
        "press_ms": 100.0,
    }
    expected |= {
        "pointer": "mouse",
        "url": "https://shop.example/basket",
        "viewport_w": 1280.0,
        "scroll_y": 0.0,
    }
    assert {key: row[key] for key in expected} == expected


def test_the_target_is_the_one_at_the_time_of_the_click() -> None:
    made = tape().press(1_000, 10).mutate(1_001, removes=[(6, 10)])
    assert made.row("click")["target"] == "button.buy"


def test_a_click_on_an_unknown_node_stays_without_a_target() -> None:
    row = tape().press(1_000, 99).row("click")
    assert (row.get("target"), row["node_id"]) == (None, 99)


def test_a_click_on_text_is_one_on_its_element() -> None:
    assert tape().press(1_000, 11).row("click")["node_id"] == 10


@pytest.mark.parametrize("place", [(0, 0), (None, None)])
def test_a_click_without_a_place_is_the_keyboard_s(place: tuple[float | None, float | None]) -> None:
    row = tape().touch(1_000, 2, 10, *place).row("click")
    assert (row["x"], row["y"], row["pointer"], row.get("press_ms")) == (None, None, "keyboard", None)


def test_a_press_in_the_corner_is_a_click_in_the_corner() -> None:
    row = tape().press(1_000, 10, 0, 0).row("click")
    assert (row["x"], row["y"], row["pointer"]) == (0.0, 0.0, "mouse")


def test_enter_after_a_drag_is_not_given_the_press_of_the_drag() -> None:
    row = tape().touch(100, 1, 10).touch(200, 0, 10).touch(2_000, 2, 10, 0, 0).row("click")
    assert (row["pointer"], row.get("press_ms")) == ("keyboard", None)


def test_a_click_by_a_script_while_the_mouse_is_down_is_synthetic() -> None:
    made = tape().touch(900, 1, 10).touch(950, 2, 13, 0, 0).touch(999, 0, 10).touch(1_000, 2, 10)
    assert [row["pointer"] for row in made.rows("click")] == ["synthetic", "mouse"]


def test_a_label_s_click_on_its_control_is_synthetic() -> None:
    made = tape().press(1_000, 12).touch(1_001, 2, 13)
    assert [row["pointer"] for row in made.rows("click")] == ["mouse", "synthetic"]


def test_a_tap_is_one_click() -> None:
    made = tape().touch(900, 7, 10).touch(990, 9, 10).touch(1_000, 2, 10, pointerType=2)
    assert [(row["kind"], row["pointer"]) for row in made.rows() if row.get("node_id") == 10] == [
        ("touch_start", "touch"),
        ("touch_end", "touch"),
        ("click", "touch"),
    ]


def test_older_recorders_tell_a_tap_by_its_touch() -> None:
    made = tape().touch(900, 7, 10).touch(990, 9, 10).touch(1_000, 2, 10)
    assert made.row("click")["pointer"] == "touch"


@pytest.mark.parametrize("number", [22, 23])
def test_a_click_on_a_submit_control_sends_the_form(number: int) -> None:
    made = tape().press(1_000, number)
    row = made.row("submit")
    assert (row["form"], row["node_id"], row["at"]) == ("signup", 22, 1_000)


def test_the_submit_follows_its_click() -> None:
    kinds = [row["kind"] for row in tape().press(1_000, 22).rows()]
    assert kinds[-3:] == ["click", "submit", "recording_end"]


@pytest.mark.parametrize("number", [10, 13, 21, 25, 26])
def test_other_clicks_send_nothing(number: int) -> None:
    assert tape().press(1_000, number).rows("submit") == []


def test_enter_in_a_field_is_seen_by_the_click_the_browser_makes() -> None:
    row = tape().focus(500, 21).touch(1_000, 2, 22, 0, 0).row("submit")
    assert (row["form"], row["pointer"]) == ("signup", "keyboard")


def test_double_clicks_and_context_menus_are_kinds_of_their_own() -> None:
    kinds = [row["kind"] for row in tape().touch(10, 4, 10).touch(20, 3, 10).rows()]
    assert kinds == ["page_view", "dblclick", "contextmenu", "recording_end"]


@pytest.mark.parametrize("kind", [8, 10, 77, True, None, [2]])
def test_other_interactions_give_no_row(kind: object) -> None:
    made = tape().change(10, 2, type=kind, id=10)
    assert len(made.rows()) == 2


def test_submits_can_be_seen_where_a_form_with_a_submit_control_was_used() -> None:
    assert play(tape().type(10, 21, "a@b").recording(), frozenset()).facts["submits"] == 1


def test_submits_cannot_be_seen_of_a_field_without_a_form() -> None:
    assert play(tape(el(10, "input")).type(10, 10, "a").recording(), frozenset()).facts["submits"] == 0
