from __future__ import annotations

import json

from tests.recordings.build import Tape, el, text

BODY = (
    el(10, "input", name="mail", type="email"),
    el(11, "input", name="size", type="radio", value="s"),
    el(12, "input", name="size", type="radio", value="m"),
    el(13, "input", name="news", type="checkbox"),
    el(14, "textarea", name="note"),
    el(15, "ul"),
    el(16, "button"),
)


def tape() -> Tape:
    return Tape(*BODY)


def test_inputs_close_together_are_one() -> None:
    row = tape().type(100, 10, "a").type(1_500, 10, "ab").type(3_500, 10, "abc").row("input")
    assert (row["at"], row["value_len"], row["count"], row["active_ms"]) == (100, 3, 3, 3_400)


def test_more_than_two_seconds_part_them() -> None:
    made = tape().type(100, 10, "a").type(2_101, 10, "ab")
    assert [row["value_len"] for row in made.rows("input")] == [1, 2]


def test_another_field_parts_them() -> None:
    made = tape().type(100, 10, "a").type(200, 14, "b").type(300, 10, "ab")
    assert [row["field"] for row in made.rows("input")] == ["mail", "note", "mail"]


def test_leaving_and_coming_back_parts_them() -> None:
    made = tape().type(100, 10, "a").blur(200, 10).focus(300, 10).type(400, 10, "ab")
    assert len(made.rows("input")) == 2


def test_a_mutation_in_between_does_not() -> None:
    made = tape().type(100, 10, "a").mutate(110, attributes=[(10, {"value": "a"})]).type(200, 10, "ab")
    assert len(made.rows("input")) == 1


def test_a_radio_button_that_goes_off_is_no_row() -> None:
    row = tape().type(100, 12, "m", on=True).type(100, 11, "s", on=False).row("input")
    assert (row["node_id"], row["is_checked"], row["value_len"]) == (12, True, None)


def test_a_checkbox_says_whether_it_is_on() -> None:
    assert tape().type(100, 13, "on", on=False).row("input")["is_checked"] is False


def test_a_field_that_is_no_box_is_not_checked() -> None:
    assert tape().type(100, 10, "a", on=False).row("input")["is_checked"] is None


def test_a_script_s_input_is_not_trusted() -> None:
    made = (
        tape()
        .type(100, 10, "a", userTriggered=False)
        .type(3_000, 10, "b", userTriggered=True)
        .type(9_000, 10, "c")
    )
    assert [row["is_trusted"] for row in made.rows("input")] == [False, True, None]


def test_focus_and_blur_name_their_field() -> None:
    made = tape().focus(100, 10).blur(200, 10)
    assert [(row["kind"], row["field"], row["field_type"]) for row in made.rows()[1:3]] == [
        ("focus", "mail", "email"),
        ("blur", "mail", "email"),
    ]


def test_a_focus_on_an_unknown_node_is_left_out() -> None:
    assert len(tape().focus(100, 99).rows()) == 2


def test_nothing_typed_is_in_any_row() -> None:
    made = tape().focus(50, 14).type(100, 14, "my secret plan").blur(300, 14)
    made.mutate(310, adds=[(15, el(30, "li", text(31, "my secret  plan"), title="my secret plan"))])
    made.mutate(311, attributes=[(14, {"value": "my secret plan"})], texts=[(31, "now: my secret plan!")])
    made.press(900, 30).press(1_900, 14)
    rows = made.rows(wanted=["mutation", "mouse_move"])
    assert "secret" not in json.dumps(rows)
    assert [row["el_text"] for row in rows if row["kind"] == "click"] == ["now: *!", None]


def test_stars_of_a_masking_recorder_hide_nothing_else() -> None:
    made = (
        tape()
        .type(100, 14, "****")
        .blur(200, 14)
        .mutate(210, adds=[(16, text(31, "**** stars"))])
        .press(900, 16)
    )
    assert made.row("click")["el_text"] == "**** stars"
