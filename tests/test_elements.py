"""What is known of an element."""

from __future__ import annotations

import json
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from friction.elements import Flag, facts
from friction.elements.selectors import nodes_of
from friction.schema import EVENT

NONE = Flag(0)
PRESSED = Flag.INTERACTIVE


def of_target(target: str) -> Flag:
    return Flag(facts(pl.DataFrame({"target": [target]}))[0])


def of(**columns: Any) -> Flag:
    told = {name if name == "target" else f"el_{name}": [value] for name, value in columns.items()}
    frame = pl.DataFrame(told, schema={name: EVENT[name] for name in told})
    return Flag(facts(frame)[0])


TARGETS = {
    "button#buy": PRESSED,
    "#product-main > div:nth-child(3) > button.btn-12": PRESSED,
    "#product-main > div:nth-child(3) > span.icon-5": Flag.INERT,
    "a:hover > svg > path": PRESSED | Flag.LINK,
    "a + p": Flag.INERT | Flag.TEXT,
    "td.spec": Flag.INERT | Flag.TEXT,
    "button > p": PRESSED,
    "button.grip": PRESSED | Flag.HANDLE,
    "li > span.drag-handle": Flag.INERT | Flag.HANDLE,
    "div.ui-resizable-handle": Flag.INERT | Flag.HANDLE,
    "button.reorder": PRESSED,
    "div[draggable=true]": Flag.INERT | Flag.HANDLE,
    "a[draggable=true]": PRESSED,
    "div[data-rfd-drag-handle-draggable-id='4']": Flag.INERT | Flag.HANDLE,
    "div[role=separator][aria-valuenow='30']": Flag.INERT | Flag.HANDLE,
    "hr[role=separator]": Flag.INERT,
    "div[aria-roledescription=sortable][tabindex='0']": PRESSED | Flag.HANDLE,
    "div.card": Flag.INERT,
    "div.btn.btn-primary": PRESSED,
    "div.btn-group": Flag.INERT,
    "div[role=button] span": PRESSED,
    "div[tabindex='0']": PRESSED,
    "div[tabindex='-1']": Flag.INERT,
    "div[onclick]": PRESSED,
    "product-card.big": NONE,
    "a[href='/price.pdf']": PRESSED | Flag.LINK | Flag.DOWNLOAD,
    "a[href='#']": PRESSED,
    'a[href="/x"][target="_blank"]': PRESSED | Flag.LINK | Flag.NEW_TAB,
    "button:disabled": PRESSED | Flag.DISABLED,
    "fieldset[disabled] > input[type=text]": PRESSED | Flag.DISABLED | Flag.TEXT_ENTRY,
    "form > button": PRESSED | Flag.SUBMIT,
    "form > button[type=button]": PRESSED,
    "input[type='submit']": PRESSED | Flag.SUBMIT,
    "form#address > input.street": PRESSED | Flag.TEXT_ENTRY,
    "div[contenteditable] > p": PRESSED | Flag.TEXT_ENTRY,
    "select.size > option": PRESSED | Flag.NATIVE_CONTROL,
    "input[type=date]": PRESSED | Flag.NATIVE_CONTROL,
    "input[type=checkbox]": PRESSED | Flag.TOGGLE,
    "ul > li > a.tab[role=tab][aria-selected=true]": PRESSED | Flag.CHOSEN,
    "a[role=tab][aria-selected=false]": PRESSED,
    "nav > a.active": PRESSED | Flag.LINK | Flag.CHOSEN,
    "nav > a[aria-current=page]": PRESSED | Flag.CHOSEN,
    "div > a.active": PRESSED | Flag.LINK,
    "button.swatch.selected": PRESSED | Flag.CHOSEN,
    "a[href='#top']": PRESSED | Flag.LINK | Flag.CHOSEN,
    "button.tooltip": PRESSED | Flag.HINT,
    "button.upload": PRESSED | Flag.NATIVE_CONTROL,
    "form > button.upload": PRESSED | Flag.SUBMIT,
    "div.selected": Flag.INERT,
    "input[type=radio]": PRESSED | Flag.TOGGLE | Flag.CHOSEN,
    "button.quantity-plus": PRESSED | Flag.STEPPER,
    "div.qty > button.icon-minus": PRESSED | Flag.STEPPER,
    "button.icon-plus": PRESSED,
    "ul.pagination > li > a.page-link": PRESSED | Flag.LINK | Flag.PAGER,
    "div.swiper > button.swiper-button-next": PRESSED | Flag.CAROUSEL,
    "button.carouselNext": PRESSED | Flag.CAROUSEL,
    "div.swiper > div.slide > button.buy": PRESSED,
    "div.react-datepicker__day--012": Flag.INERT | Flag.CALENDAR,
    "button.calendar-next-month": PRESSED | Flag.CALENDAR,
    "button.add-to-calendar": PRESSED,
    "input[type=range]": PRESSED | Flag.SLIDER,
    "div.noUi-handle": Flag.INERT | Flag.SLIDER,
    "span.MuiSlider-thumb": Flag.INERT | Flag.SLIDER,
    "video.room-tour": Flag.INERT | Flag.MEDIA,
    "div.video-player > div.controls > button.mute": PRESSED | Flag.MEDIA,
    "a.player-card": PRESSED | Flag.LINK,
    "canvas#store-map": Flag.INERT | Flag.CANVAS,
    "div.leaflet-pane > img.leaflet-tile": Flag.INERT | Flag.CANVAS,
    "button.ph-no-rageclick": PRESSED | Flag.OPT_OUT,
    "div[data-friction-ignore] > p": Flag.INERT | Flag.TEXT | Flag.OPT_OUT,
    "div[data-dd-ignore-frustration='all'] > p": Flag.INERT | Flag.TEXT | Flag.OPT_OUT,
    "form.search > input[name=term]": PRESSED | Flag.TEXT_ENTRY | Flag.SEARCH,
    "form#login > input[name=email]": PRESSED | Flag.TEXT_ENTRY | Flag.LOGIN,
    "form#register > input[name=password]": PRESSED | Flag.TEXT_ENTRY,
    "form.sign-in > input[name=password]": PRESSED | Flag.TEXT_ENTRY | Flag.LOGIN,
    "/html/body/div[2]/button[1]": PRESSED,
    "//form[@id='x']//input[@type='checkbox']": PRESSED | Flag.TOGGLE,
}


@pytest.mark.parametrize(("target", "flags"), TARGETS.items())
def test_a_selector_alone_says_much(target: str, flags: Flag) -> None:
    assert of_target(target) == flags


LABELS = {
    "Buy now": NONE,
    "select a size": NONE,
    "Menu": NONE,
    "menu": NONE,
    "VIDEO": NONE,
    "In den Warenkorb (2)": NONE,
    "": NONE,
    "+": Flag.STEPPER,
    "\N{MINUS SIGN}": Flag.STEPPER,
    "Augmenter la quantité": Flag.STEPPER,
    "Next": Flag.PAGER,
    "Précédent": Flag.PAGER,
    "Page suivante": Flag.PAGER,
    "\N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK}": Flag.PAGER,
}


@pytest.mark.parametrize(("label", "flags"), LABELS.items())
def test_of_a_label_nothing_is_known_but_what_it_says(label: str, flags: Flag) -> None:
    assert of_target(label) == flags


def test_nothing_known_is_no_fact() -> None:
    assert of(tag=None, target=None) == NONE


def test_a_click_on_the_icon_of_a_button_is_on_the_button() -> None:
    above = [{"tag": "button", "type": "submit", "attrs": {"type": "submit"}}, {"tag": "form"}]

    assert of(tag="svg", ancestors=json.dumps(above)) == PRESSED | Flag.SUBMIT


def test_a_cursor_that_moves_or_a_label_that_says_so_makes_a_handle() -> None:
    assert of(tag="div", attrs='{"cursor": "grab"}') == Flag.INERT | Flag.HANDLE
    assert of(tag="td", attrs='{"cursor": "ew-resize"}') == Flag.INERT | Flag.TEXT | Flag.HANDLE
    assert of(tag="div", attrs='{"cursor": "pointer", "draggable": "true"}') == PRESSED
    assert of(tag="button", aria_label="Drag to reorder") == PRESSED | Flag.HANDLE
    assert of(tag="button", text="Drag race tickets") == PRESSED


def test_words_that_answer_nothing_can_be_marked() -> None:
    assert of(tag="span", text="within three days") == Flag.INERT | Flag.TEXT
    assert of(tag="span", text="12") == of(tag="span") == Flag.INERT
    assert of(tag="product-card", text="Oak") == NONE


def test_a_cursor_that_points_or_the_word_of_the_source_makes_an_element_interactive() -> None:
    assert of(tag="div", attrs='{"cursor": "pointer"}') == PRESSED
    assert of(tag="div", interactive=True) == PRESSED
    assert of(tag=None, interactive=False) == Flag.INERT
    assert of(tag="div", classes=["btn"], interactive=False) == PRESSED


def test_a_disabled_element_is_one_by_its_column_too() -> None:
    assert of(tag="button", disabled=True) == PRESSED | Flag.DISABLED
    assert of(tag="button", attrs='{"aria-disabled": "true"}') == PRESSED | Flag.DISABLED


def test_what_sends_a_form_is_no_pager_whatever_it_says() -> None:
    assert of(tag="button", type="submit", text="Next") == PRESSED | Flag.SUBMIT
    assert of(tag="button", type="button", text="Next") == PRESSED | Flag.PAGER


def test_an_arrow_on_a_button_with_words_is_no_pager() -> None:
    assert of(tag="button", type="button", text="Continue to payment", classes=["arrow"]) == PRESSED


def test_a_button_with_words_inside_a_player_is_itself() -> None:
    deep = [{"tag": "div"}] * 4 + [{"tag": "div", "classes": ["player"]}]

    assert of(tag="button", text="Buy the film", ancestors=json.dumps(deep)) == PRESSED
    assert of(tag="button", ancestors=json.dumps(deep)) == PRESSED | Flag.MEDIA


def test_columns_and_selector_complete_each_other() -> None:
    flags = of(tag="input", type="checkbox", target="form#login > input")

    assert flags == PRESSED | Flag.TOGGLE | Flag.LOGIN


def test_an_anchor_without_an_address_is_no_link() -> None:
    assert of(tag="a", attrs="{}") == PRESSED
    assert of(tag="a", attrs='{"href": "javascript:void(0)"}') == PRESSED
    assert of(tag="a", href="/x") == PRESSED | Flag.LINK


BROKEN = ["{", "[]", "null", '[1, "a", null]', '{"class": 3, "x": null}', '{"a": [1]}']


@pytest.mark.parametrize("broken", BROKEN)
def test_json_that_says_nothing_is_nothing(broken: str) -> None:
    assert of(tag="button", attrs=broken, ancestors=broken) == PRESSED


def test_the_last_compound_is_the_element_and_siblings_are_no_ancestors() -> None:
    node, parent, grandparent = nodes_of("ul#menu > li ~ li.big > a[title='b > c d']")

    assert (node.tag, node.label) == ("a", "b > c d")
    assert (parent.tag, parent.classes) == ("li", ("big",))
    assert (grandparent.tag, grandparent.id) == ("ul", "menu")


def test_an_escaped_class_is_read() -> None:
    assert nodes_of(r"div.md\:flex.w-1\/2")[0].classes == ("md:flex", "w-1/2")


rows = st.fixed_dictionaries(
    {
        "target": st.none() | st.sampled_from([*TARGETS, *LABELS]),
        "el_tag": st.sampled_from([None, "a", "button", "div", "input"]),
        "el_text": st.sampled_from([None, "Next", "+", "Buy"]),
        "el_classes": st.none() | st.lists(st.sampled_from(["btn", "slider", "thumb", "player"]), max_size=2),
        "el_disabled": st.none() | st.booleans(),
    }
)


def frame(elements: list[dict[str, Any]]) -> pl.DataFrame:
    names = ("target", "el_tag", "el_text", "el_classes", "el_disabled")
    return pl.DataFrame(elements, schema={name: EVENT[name] for name in names})


@given(st.lists(rows, max_size=20))
def test_every_element_is_judged_by_itself(elements: list[dict[str, Any]]) -> None:
    forwards, backwards = facts(frame(elements)), facts(frame(elements[::-1]))

    assert forwards.dtype == pl.UInt64()
    assert forwards.to_list() == backwards.to_list()[::-1]


@given(st.lists(rows, min_size=1, max_size=20))
def test_nothing_is_both_interactive_and_inert(elements: list[dict[str, Any]]) -> None:
    both = int(Flag.INTERACTIVE | Flag.INERT)

    assert all(flags & both != both for flags in facts(frame(elements)))


@given(st.text(max_size=80))
def test_any_text_may_be_a_target(target: str) -> None:
    assert of_target(target) >= NONE


pieces = st.sampled_from([*"a#.[]='> +:()@", "div", '"', "\\", "//"])


@given(st.lists(pieces, max_size=30).map("".join))
def test_pieces_of_selectors_may_be_a_target(target: str) -> None:
    assert of_target(target) >= NONE
