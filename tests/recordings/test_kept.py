"""What of a recording may be kept: nothing typed, no address, no script, no picture; but the looks of the page."""

from __future__ import annotations

import json
from typing import Any

import pytest

from friction.recordings.containers import Event
from friction.recordings.kept_events import kept
from friction.recordings.kept_styles import masked_css

Data = dict[str, Any]


def element(number: int, tag: str, attributes: Data | None = None, *children: Data) -> Data:
    return {
        "type": 2,
        "id": number,
        "tagName": tag,
        "attributes": attributes or {},
        "childNodes": list(children),
    }


def text(number: int, words: str) -> Data:
    return {"type": 3, "id": number, "textContent": words}


def page(*body: Data) -> Data:
    root = {"type": 0, "id": 1, "childNodes": [element(2, "html", {}, element(3, "body", {}, *body))]}
    return {"type": 2, "data": {"node": root, "initialOffset": {"left": 0, "top": 3}}}


def change(**data: Any) -> Data:
    return {
        "type": 3,
        "data": {"source": 0, "adds": [], "removes": [], "texts": [], "attributes": [], **data},
    }


def masked(*events: Data) -> list[Data]:
    return kept([Event(1e12 + at, at + 1, None, event) for at, event in enumerate(events)])


def body(*nodes: Data) -> list[Data]:
    found: list[Data] = masked(page(*nodes))[0]["data"]["node"]["childNodes"][0]["childNodes"][0][
        "childNodes"
    ]
    return found


def test_what_was_typed_is_as_many_dots() -> None:
    typed = {"type": 3, "data": {"source": 5, "id": 9, "text": "Jane", "isChecked": False}}

    assert masked(page(), typed)[1]["data"] == {"source": 5, "id": 9, "isChecked": False, "text": "••••"}


def test_values_of_fields_are_dots_and_those_of_buttons_are_their_labels() -> None:
    fields = body(
        element(4, "input", {"type": "text", "value": "Jane"}),
        element(5, "input", {"type": "password", "value": "secret"}),
        element(6, "input", {"type": "hidden", "value": "a1b2"}),
        element(7, "input", {"type": "submit", "value": "Pay now"}),
        element(8, "option", {"value": "FR", "selected": True}),
    )

    assert [field["attributes"].get("value") for field in fields] == ["••••", None, None, "Pay now", None]


@pytest.mark.parametrize(
    "holder", [("textarea", {}), ("div", {"contenteditable": "true"}), ("p", {"contenteditable": ""})]
)
def test_words_in_an_editor_are_typed_also_those_that_come_later(holder: tuple[str, Data]) -> None:
    events = masked(
        page(element(4, holder[0], holder[1], element(5, "b", {}, text(6, "my own")))),
        change(texts=[{"id": 6, "value": "my very own"}]),
        change(adds=[{"parentId": 5, "nextId": None, "node": text(7, "more")}]),
    )

    assert "own" not in json.dumps(events)
    assert events[1]["data"]["texts"] == [{"id": 6, "value": "•• •••• •••"}]
    assert events[2]["data"]["adds"][0]["node"]["textContent"] == "••••"


def test_an_element_that_becomes_an_editor_is_one_from_then_on() -> None:
    events = masked(
        page(element(4, "div", {}, text(5, "Hello"))),
        change(attributes=[{"id": 4, "attributes": {"contenteditable": "true"}}]),
        change(texts=[{"id": 5, "value": "private words"}]),
    )

    assert events[2]["data"]["texts"][0]["value"] == "••••••• •••••"


def test_a_child_that_is_told_before_its_editor_is_inside_of_it() -> None:
    child = {"parentId": 8, "nextId": None, "node": text(9, "private")}
    editor = {"parentId": 3, "nextId": None, "node": element(8, "div", {"contenteditable": "true"})}

    adds = masked(page(), change(adds=[child, editor]))[1]["data"]["adds"]

    assert {add["node"]["id"]: add["node"].get("textContent") for add in adds}[9] == "•••••••"


def test_what_was_typed_is_not_shown_where_the_page_repeats_it() -> None:
    typed = {"type": 3, "data": {"source": 5, "id": 9, "text": "Millicent", "isChecked": False}}

    events = masked(
        page(element(4, "h1", {"title": "for millicent"}, text(5, "Results for Millicent"))), typed
    )

    assert "illicent" not in json.dumps(events)


def test_texts_keep_the_words_of_the_site_and_lose_those_of_a_person() -> None:
    said = [
        node["textContent"]
        for node in body(
            text(4, " Add to cart "),
            text(5, "Hello Jane!"),
            text(6, "jane@example.com"),
            text(7, "call 0612345678"),
        )
    ]

    assert said[0] == " Add to cart "
    assert "Jane" not in said[1]
    assert "example" not in said[2]
    assert "0612345678" not in said[3]


def test_no_address_is_left_wherever_it_stood() -> None:
    hostile = element(
        4,
        "a",
        {
            "href": "https://other.example/x?token=1",
            "src": "//other.example/a.png",
            "srcset": "https://other.example/a.png 2x",
            "style": "background: url(https://other.example/a.png)",
            "data-url": "https://other.example",
            "class": "x //other.example",
            "id": "https://other.example",
            "poster": "//other.example",
            "action": "https://other.example",
            "fill": "url(//other.example#a)",
            "rr_src": "https://other.example",
            "rr_dataURL": "data:image/png;base64,AAAA",
            "xmlns": "http://www.w3.org/2000/svg",
        },
        element(
            5,
            "style",
            {},
            text(6, '@import "https://other.example/a.css"; b { background: URL( "//other.example" ) }'),
        ),
        element(
            7,
            "link",
            {
                "_cssText": "i{background:image-set('https://other.example/a' 1x)}",
                "href": "https://other.example",
            },
        ),
        {"type": 1, "id": 8, "name": "html", "publicId": "-//W3C//DTD", "systemId": "http://www.w3.org/"},
        {"type": 5, "id": 9, "textContent": "https://other.example"},
    )
    later = [
        {"type": 4, "data": {"href": "https://other.example/me", "width": 800, "height": 600}},
        {
            "type": 3,
            "data": {
                "source": 8,
                "id": 7,
                "adds": [{"rule": "a{background:url('//other.example')}", "index": [0, 1]}],
            },
        },
        {
            "type": 3,
            "data": {
                "source": 13,
                "index": [0],
                "set": {"property": "background", "value": "url(//other.example)"},
            },
        },
        {
            "type": 3,
            "data": {
                "source": 15,
                "styleIds": [1],
                "styles": [{"styleId": 1, "rules": [{"rule": "@import '//other.example';"}]}],
            },
        },
        change(
            attributes=[
                {"id": 4, "attributes": {"style": {"background": ["url(//other.example)", "important"]}}}
            ]
        ),
        {"type": 5, "data": {"tag": "breadcrumb", "payload": {"url": "https://other.example"}}},
        {"type": 6, "data": {"plugin": "rrweb/console@1", "payload": {"payload": ["https://other.example"]}}},
    ]

    events = masked(page(hostile), *later)
    found = json.dumps(events)

    assert "other.example" not in found
    assert "//" not in found
    assert "url(" not in found
    assert [event["data"].get("source") for event in events[2:]] == [8, 13, 15, 0]


def test_scripts_and_what_runs_them_are_gone() -> None:
    found = json.dumps(
        body(
            element(4, "script", {"src": "/a.js"}, text(5, "alert(1)")),
            element(6, "button", {"onclick": "alert(1)", "class": "go"}, text(7, "Go")),
            element(8, "iframe", {"srcdoc": "<script>alert(1)</script>", "src": "javascript:alert(1)"}),
            element(9, "a", {"href": "javascript:alert(1)"}),
        )
    )

    assert "alert" not in found
    assert '"class": "go"' in found


def test_the_looks_of_a_page_stay() -> None:
    looks = {
        "class": "card css-1x2y3z big",
        "style": "color: red; width: 12px",
        "hidden": "",
        "data-state": "open",
    }
    shape = {"viewBox": "0 0 8 8", "fill": "url(#shade)", "d": "M0 0L8 8"}

    found = body(element(4, "div", looks), element(5, "svg", shape), element(6, "use", {"href": "#icon"}))

    assert [node["attributes"] for node in found] == [looks, shape, {"href": "#icon"}]


def test_a_style_sheet_keeps_all_but_what_it_would_fetch() -> None:
    sheet = "/* //a.com */ .a { color: red; background: url(x.png) no-repeat, url(#b) } @media (x) { .b { top: 0 } }"

    once = masked_css(sheet)

    assert once == " .a { color: red; background: none no-repeat, url(#b) } @media (x) { .b { top: 0 } }"
    assert masked_css(once) == once


def test_what_comes_before_the_first_picture_of_the_page_is_left_out() -> None:
    meta = {"type": 4, "data": {"href": "/", "width": 800, "height": 600}}
    click = {"type": 3, "data": {"source": 2, "type": 2, "id": 3, "x": 1, "y": 2}}

    events = masked(click, meta, page(), click)

    assert [event["type"] for event in events] == [4, 2, 3]
    assert masked(click, meta) == []


@pytest.mark.parametrize(
    "node", [None, 7, "x", {"id": "1"}, {"id": 4, "type": 9}, {"id": 4, "type": 2, "attributes": 3}]
)
def test_a_node_that_is_none_harms_nothing(node: Any) -> None:
    events = masked(
        page(element(4, "p")),
        change(adds=[{"parentId": 4, "nextId": None, "node": node}], texts=[3, {"id": "x"}]),
    )

    assert events[0]["type"] == 2
    assert json.dumps(events)


def test_a_page_nested_very_deep_is_kept_without_falling() -> None:
    deep = text(9999, "end")
    for number in range(5000, 8000):
        deep = element(number, "div", {}, deep)

    assert masked(page(deep))[0]["type"] == 2
