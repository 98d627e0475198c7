from __future__ import annotations

from typing import Any

import pytest

from friction.recordings.containers import Recording
from friction.recordings.player import play
from tests.recordings.build import HREF, START, Tape, el, text

OTHER = "https://shop.example/thanks"
BODY = (el(10, "div", el(11, "button")),)
GROWN = tuple(el(50 + n, "li", class_="row") for n in range(12))


def views(tape: Tape) -> list[tuple[Any, ...]]:
    found = [row for row in tape.rows() if row["kind"] in {"page_view", "route_change", "hashchange"}]
    return [(row["kind"], row["at"], row["url"]) for row in found]


def test_a_meta_is_a_page_view_with_address_title_and_size() -> None:
    row = Tape(*BODY).row("page_view")
    assert (row["url"], row["title"], row["viewport_h"], row["at"]) == (HREF, "Basket", 720.0, 0)


def test_a_snapshot_alone_is_none() -> None:
    assert views(Tape(*BODY).snapshot(9_000, *BODY)) == [("page_view", 0, HREF)]


def test_a_checkout_with_its_meta_is_none() -> None:
    assert views(Tape(*BODY).meta(9_000).snapshot(9_001, *BODY)) == [("page_view", 0, HREF)]


def test_a_checkout_resets_the_mirror() -> None:
    made = Tape(*BODY).snapshot(9_000, el(80, "button", class_="new")).press(9_500, 80).press(9_800, 11)
    assert [row.get("target") for row in made.rows("click")] == ["button.new", None]


def test_another_address_is_a_page_view() -> None:
    assert views(Tape(*BODY).meta(5_000, OTHER).snapshot(5_001, *BODY)) == [
        ("page_view", 0, HREF),
        ("page_view", 5_000, OTHER),
    ]


def test_another_address_of_the_same_document_is_a_route_change() -> None:
    made = Tape(*BODY).mutate(1_000, adds=[(10, node) for node in GROWN])
    made.meta(5_000, OTHER).snapshot(
        5_001, el(10, "div", el(11, "button"), *(el(50 + n, "li", class_="row") for n in range(12)))
    )
    assert views(made)[-1] == ("route_change", 5_000, OTHER)


def test_a_document_that_was_loaded_again_is_a_reload() -> None:
    made = Tape(*BODY).event(4_900, 1).meta(5_000).snapshot(5_001, *BODY)
    assert views(made)[-1] == ("page_view", 5_000, HREF)
    assert made.rows("page_view")[-1]["nav_kind"] == "reload"


def test_the_same_address_with_other_nodes_is_a_reload() -> None:
    made = Tape(*BODY).mutate(1_000, adds=[(10, node) for node in GROWN]).meta(5_000).snapshot(5_001, *BODY)
    assert views(made)[-1] == ("page_view", 5_000, HREF)


def test_rows_after_a_change_of_address_carry_the_new_one() -> None:
    assert Tape(*BODY).meta(5_000, OTHER).snapshot(5_001, *BODY).press(6_000, 11).row("click")["url"] == OTHER


@pytest.mark.parametrize(
    ("tag", "payload", "kind", "url"),
    [
        ("route-change", {"to": "/cart"}, "route_change", "https://shop.example/cart"),
        ("$pageview", {"href": "https://shop.example/cart"}, "route_change", "https://shop.example/cart"),
        ("Navigate", "https://shop.example/cart", "route_change", "https://shop.example/cart"),
        (
            "performanceSpan",
            {"op": "navigation.push", "description": "/cart"},
            "route_change",
            "https://shop.example/cart",
        ),
        ("hashchange", {"url": "#reviews"}, "hashchange", HREF + "#reviews"),
        ("hashchange", {"url": "#/reviews"}, "route_change", HREF + "#/reviews"),
        ("pageview", {"url": HREF}, "custom", HREF),
        ("performanceSpan", {"op": "resource.fetch", "description": "/api"}, "request", HREF),
        ("coupon", {"url": "/cart"}, "custom", HREF),
        ("window hidden", {}, "visibility", HREF),
        ("route", None, "custom", HREF),
        (None, 7, "custom", HREF),
    ],
)
def test_custom_events_tell_routes_by_their_tag(tag: Any, payload: Any, kind: str, url: str) -> None:
    row = Tape(*BODY).custom(1_000, tag, payload).rows()[1]
    assert (row["kind"], row["url"]) == (kind, url)


def test_payloads_of_custom_events_stay_behind() -> None:
    assert "ann" not in str(
        Tape(*BODY).custom(1_000, "login", {"user": "ann", "mail": "ann@x.example"}).rows()
    )


def test_the_recording_ends_with_its_last_event() -> None:
    row = Tape(*BODY).change(8_000, 1, positions=[]).rows()[-1]
    assert (row["kind"], row["at"]) == ("recording_end", 8_000)


def test_events_are_put_in_order_first() -> None:
    made = Tape(*BODY).press(1_000, 11)
    upright = made.rows()
    made.events.reverse()
    assert [row["kind"] for row in made.rows()] == [row["kind"] for row in upright]


def test_each_window_has_a_page_of_its_own() -> None:
    one, two = (
        Tape(el(10, "a")).press(2_000, 10),
        Tape(el(10, "b"), href=None).meta(500, OTHER).snapshot(501, el(10, "b")).press(1_000, 10),
    )
    events = one.recording("w1").events + two.recording("w2").events
    clicks = [row for row in play(Recording("s", None, events), frozenset()).rows if row["kind"] == "click"]
    assert [(row["tab_id"], row["el_tag"], row["url"]) for row in clicks] == [
        ("w2", "b", OTHER),
        ("w1", "a", HREF),
    ]


def test_a_window_that_opens_answers_the_click_in_the_other() -> None:
    one, two = Tape(el(10, "a")).press(1_000, 10), Tape(href=None).meta(1_400, OTHER)
    rows = play(
        Recording("s", None, one.recording("w1").events + two.recording("w2").events), frozenset()
    ).rows
    assert [row["response_delay_ms"] for row in rows if row["kind"] == "click"] == [400.0]


def test_page_scrolls_are_carried_by_later_rows_and_inner_ones_are_not() -> None:
    made = Tape(*BODY).change(100, 3, id=1, x=0, y=300).change(200, 3, id=10, x=0, y=50).press(1_000, 11)
    scrolls = [(row.get("target"), row["scroll_y"]) for row in made.rows("scroll")]
    assert (scrolls, made.row("click")["scroll_y"]) == ([(None, 300.0), ("div", 50.0)], 300.0)


def test_moves_stand_at_their_own_times() -> None:
    spots = [{"x": 1, "y": 2, "id": 10, "timeOffset": -80}, {"x": 3, "y": 4, "id": 11, "timeOffset": 0}]
    made = Tape(*BODY).change(1_000, 1, positions=spots)
    assert [(row["at"], row["x"], row["node_id"]) for row in made.rows("mouse_move", ["mouse_move"])] == [
        (920, 1.0, 10),
        (1_000, 3.0, 11),
    ]


def test_moves_and_mutations_are_left_out_unless_wanted() -> None:
    made = Tape(*BODY).change(1_000, 1, positions=[{"x": 1, "y": 2}]).mutate(1_100, texts=[(5, "x")])
    assert [row["kind"] for row in made.rows()] == ["page_view", "recording_end"]


def test_mutations_of_one_place_within_twenty_milliseconds_are_one_row() -> None:
    made = Tape(*BODY, el(20, "ul")).mutate(
        100, adds=[(20, el(30, "li")), (30, el(31, "b")), (31, text(32, "x"))]
    )
    made.mutate(119, adds=[(20, el(33, "li"))]).mutate(120, attributes=[(11, {"class": "a", "title": "b"})])
    rows = [
        (row["at"], row["node_id"], row["name"], row["count"]) for row in made.rows("mutation", ["mutation"])
    ]
    assert rows == [(100, 20, "childList", 4), (120, 11, "class", 1), (120, 11, "title", 1)]


def test_a_mutation_after_a_click_is_not_counted_to_the_row_before_it() -> None:
    made = Tape(*BODY).mutate(995, texts=[(5, "a")]).touch(1_000, 2, 11).mutate(1_005, texts=[(5, "b")])
    assert [row["at"] for row in made.rows("mutation", ["mutation"])] == [995, 1_005]


def test_times_of_a_tape_are_milliseconds_since_1970() -> None:
    assert Tape(*BODY).rows()[0]["ts"] == START
