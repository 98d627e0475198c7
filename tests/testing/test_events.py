"""The little language of detector tests."""

from __future__ import annotations

from datetime import timedelta

import polars as pl
import pytest

from friction.elements import Flag
from friction.testing import events, specification
from friction.testing.events import EPOCH, INPUT

CASE = """
# A burst
# on two lines.
expect s1 /pay button#buy aside=stepper events=4
s1  0.0  click  /pay  button#buy

# Nothing here.
expect nothing
s1  0.0  click  /pay
"""


def test_a_line_is_an_event() -> None:
    line = "s1 1.5 click /a input[type=text] el_flags=INTERACTIVE|LINK is_trusted=false x=3 detail=0"
    frame = events(line).collect()
    columns = ("session_id", "kind", "page", "target", "x", "is_trusted", "detail", "row")

    assert frame.schema == INPUT
    assert frame.select(columns).row(0) == ("s1", "click", "/a", "input[type=text]", 3.0, False, 0, 0)
    assert frame["ts"][0] == EPOCH + timedelta(seconds=1.5)
    assert frame["el_flags"][0] == int(Flag.INTERACTIVE | Flag.LINK)


def test_what_is_missing_or_a_dash_is_null() -> None:
    frame = events("s1 0 click\ns1 1 click - b").collect()

    assert frame.select("page", "target").rows() == [(None, None), (None, "b")]


def test_lines_come_in_any_order_and_equal_times_keep_theirs() -> None:
    frame = events("s2 0 click /a\ns1 5 click /b\ns1 1 click /c\ns1 5 click /d").collect()

    assert frame["page"].to_list() == ["/c", "/b", "/d", "/a"]
    assert frame["row"].to_list() == [0, 1, 2, 3]


def test_page_views_are_counted_through() -> None:
    frame = events("s1 0 click /a\ns1 1 page_view /a\ns1 2 page_view /b\ns2 0 click /c").collect()

    assert frame["view"].to_list() == [0, 0, 1, 2]


def test_no_text_is_an_empty_frame_of_the_same_columns() -> None:
    assert events("").collect().schema == INPUT


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("s1 soon click /a", "soon"),
        ("s1 0 clack /a", "no such kind"),
        ("s1 0", "expected session_id"),
        ("s1 0 click /a b c", "expected session_id"),
        ("s1 0 click /a b colour=red", "colour"),
        ("s1 0 click /a b el_flags=SHINY", "SHINY"),
        ("s1 0 click /a b is_trusted=perhaps", "perhaps"),
    ],
)
def test_a_line_that_cannot_be_read_is_named_with_its_number(line: str, message: str) -> None:
    with pytest.raises(ValueError, match=rf"line 2: .*{message}"):
        events(f"s1 0 click\n{line}")


def test_a_specification_is_cases_with_what_to_expect() -> None:
    burst, nothing = specification(CASE)

    assert burst.comment == "A burst on two lines."
    assert burst.expected[0].aside == "stepper"
    assert burst.expected[0].details == {"events": "4"}
    assert burst.harmless
    assert nothing.expected == ()
    assert events(nothing.text).select(pl.len()).collect().item() == 1


@pytest.mark.parametrize(
    "text", ["s1 0 click", "# Only a comment.", "# Too much.\nexpect s1 /a b c\ns1 0 click"]
)
def test_a_case_without_comment_or_expectation_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="expect"):
        specification(text)
