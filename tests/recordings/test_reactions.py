from __future__ import annotations

import pytest

from tests.recordings.build import Tape, el, text

BODY = (
    el(10, "button"),
    el(11, "p", text(12, "0")),
    el(13, "div", el(14, "i"), el(15, "i")),
    el(16, "label", el(17, "input")),
)


def delay(tape: Tape) -> float | None:
    """How long the last click waited."""
    found = tape.rows("click")[-1].get("response_delay_ms")
    assert found is None or isinstance(found, float)
    return found


def tape() -> Tape:
    return Tape(*BODY)


def restless(until: float, step: float = 16) -> Tape:
    """A page whose node 14 turns all the time."""
    made, at = tape(), 100.0
    while at < until:
        made.mutate(at, attributes=[(14, {"style": {"transform": f"rotate({at}deg)"}})])
        at += step
    return made


def test_the_first_change_after_the_click_answers_it() -> None:
    assert (
        delay(tape().press(1_000, 10).mutate(1_250, texts=[(12, "1")]).mutate(1_400, texts=[(12, "2")]))
        == 250
    )


def test_a_click_without_any_change_has_no_answer() -> None:
    assert delay(tape().press(1_000, 10)) is None


@pytest.mark.parametrize(("after", "answered"), [(2_999, True), (3_000, False)])
def test_three_seconds_are_too_late(after: float, answered: bool) -> None:
    assert (delay(tape().press(1_000, 10).mutate(1_000 + after, texts=[(12, "1")])) is not None) is answered


def test_a_menu_that_opens_on_the_press_answers_the_click() -> None:
    made = (
        tape().touch(900, 1, 10).mutate(905, adds=[(6, el(20, "ul"))]).touch(999, 0, 10).touch(1_000, 2, 10)
    )
    assert delay(made) == 0


def test_a_change_before_the_press_answers_nothing() -> None:
    assert delay(tape().mutate(890, texts=[(12, "1")]).press(1_000, 10)) is None


def test_what_turns_all_the_time_answers_nobody() -> None:
    assert delay(restless(4_000).press(2_000, 10)) is None


def test_another_change_beside_the_turning_one_does_answer() -> None:
    made = restless(4_000).press(2_000, 10).mutate(2_100, texts=[(12, "1")])
    made.events.sort(key=lambda event: event["timestamp"])
    assert delay(made) == 100


def test_what_has_stopped_turning_may_answer() -> None:
    made = restless(600).press(2_000, 10).mutate(2_050, attributes=[(14, {"class": "open"})])
    assert delay(made) == 50


def ticking(*acts: float, until: float = 12_000) -> Tape:
    """A page on which a countdown ticks once a second, while the visitor scrolls at these times."""
    made = tape()
    ticks = [(500.0 + second * 1_000, True) for second in range(int(until / 1_000))]
    for at, is_tick in sorted([*ticks, *((at, False) for at in acts)]):
        if is_tick:
            made.mutate(at + at % 7, texts=[(12, str(at))])
        else:
            made.change(at, 3, id=1, x=0, y=int(at))
    return made


@pytest.mark.parametrize(
    "acts", [(), (6_900.0,), (5_700.0, 6_900.0, 7_800.0), tuple(range(4_000, 7_900, 90))], ids=len
)
def test_a_countdown_answers_no_click_whatever_else_the_visitor_does(acts: tuple[float, ...]) -> None:
    made = ticking(*acts)
    made.press(8_200, 10)
    made.events.sort(key=lambda event: event["timestamp"])
    assert delay(made) is None


def test_beside_a_countdown_other_changes_answer() -> None:
    made = ticking(6_900).press(8_200, 10).mutate(8_300, attributes=[(14, {"class": "open"})])
    made.events.sort(key=lambda event: event["timestamp"])
    assert delay(made) == 100


def test_a_countdown_that_has_stopped_is_no_longer_one() -> None:
    assert delay(ticking(until=5_000).press(8_200, 10).mutate(8_300, texts=[(12, "over")])) == 100


def test_a_number_that_goes_up_with_each_click_is_an_answer_however_even_the_clicks_are() -> None:
    made = tape()
    for at in range(1_000, 8_001, 1_000):
        made.press(at, 10).mutate(at + 20, texts=[(12, str(at))])
    assert delay(made) == 20


def test_children_that_take_turns_are_restless_together() -> None:
    made = tape()
    for at in range(100, 4_000, 400):
        made.mutate(at, attributes=[(14 + at // 400 % 2, {"class": str(at)})])
    assert delay(made.press(2_010, 10)) is None


def test_a_number_that_changes_once_after_each_click_answers_each() -> None:
    made = tape()
    for n in range(8):
        made.press(1_000 + 300 * n, 10).mutate(1_020 + 300 * n, texts=[(12, str(n))])
    assert [row.get("response_delay_ms") for row in made.rows("click")] == [20.0] * 8


def test_a_ticker_that_replaces_its_lines_is_restless() -> None:
    made = tape()
    for n in range(12):
        line = el(100 + n, "li", text(200 + n, "news"))
        made.mutate(500 * n + 100, adds=[(11, line)], removes=[(11, 99 + n)])
    assert delay(made.press(3_010, 10)) is None


def test_a_cursor_overlay_is_no_answer() -> None:
    made = Tape(el(10, "button"), el(20, "div", class_="custom-cursor"))
    made.press(1_000, 10).mutate(1_200, attributes=[(20, {"style": {"left": "9px"}})])
    assert delay(made) is None


@pytest.mark.parametrize(("after", "expected"), [(200, 200.0), (301, None)])
def test_a_scroll_answers_only_at_once(after: float, expected: float | None) -> None:
    assert delay(tape().press(1_000, 10).change(1_000 + after, 3, id=1, x=0, y=400)) == expected


def test_a_caret_is_no_answer_and_a_selection_is() -> None:
    caret = [{"start": 12, "startOffset": 1, "end": 12, "endOffset": 1}]
    word = [{"start": 12, "startOffset": 0, "end": 12, "endOffset": 4}]
    made = tape().press(1_000, 10).change(1_050, 14, ranges=caret).change(1_100, 14, ranges=word)
    assert delay(made) == 100


def test_a_focus_on_the_clicked_element_is_no_answer() -> None:
    assert delay(tape().press(1_000, 10).focus(1_010, 10)) is None


def test_a_focus_that_goes_elsewhere_is_one() -> None:
    assert delay(tape().press(1_000, 16).focus(1_010, 17)) == 10


@pytest.mark.parametrize("source", [8, 9, 13, 15])
def test_style_sheets_and_canvases_answer(source: int) -> None:
    assert delay(tape().press(1_000, 10).change(1_100, source, id=10)) == 100


def test_a_page_view_answers() -> None:
    assert delay(tape().press(1_000, 10).meta(1_800, "https://shop.example/thanks").snapshot(1_801)) == 800


def test_a_checkout_does_not() -> None:
    assert delay(tape().press(1_000, 10).meta(1_800).snapshot(1_801, *BODY)) is None


def test_a_request_counts_when_it_started_though_it_is_told_later() -> None:
    slow = {"name": "/api", "startTime": 100, "endTime": 9_000}
    made = tape().press(1_000, 10).plugin(9_950, "network", requests=[slow])
    assert delay(made) == 50


def test_a_request_from_before_the_click_does_not_count() -> None:
    early = {"name": "/api", "startTime": 100, "endTime": 900}
    made = tape().press(1_000, 10).plugin(1_500, "network", requests=[early])
    assert delay(made) is None
