"""Order, cutting, pages of silent rows, page views: on frames, as one part sees them."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl
import pytest

from friction.schema import KIND, TS
from friction.sessions import cut, ordered, with_pages, with_views

ZERO = datetime(2026, 1, 1, tzinfo=UTC)
MINUTES = 60.0
NOWHERE = 9


def rows(*each: tuple[int, float, str], **more: list[Any]) -> pl.DataFrame:
    """Rows of (key, seconds, kind); `more` are further columns."""
    keys, seconds, kinds = zip(*each, strict=True)
    times = [ZERO + timedelta(seconds=second) for second in seconds]
    columns = {"key": pl.Series(keys, dtype=pl.UInt32), "ts": pl.Series(times, dtype=TS)}
    return pl.DataFrame({**columns, "kind": pl.Series(kinds, dtype=KIND), **more})


def paged(*pages: int | None, sessions: list[int] | None = None) -> pl.DataFrame:
    """Clicks on these pages, in sessions or all in one."""
    return pl.DataFrame(
        {"session_id": sessions or [0] * len(pages), "page": list(pages)},
        schema={"session_id": pl.UInt32(), "page": pl.UInt32()},
    )


def views(*each: tuple[str, int], by_kind: bool = True) -> list[int]:
    """The view of each row of (kind, page), all in one session."""
    kinds, pages = zip(*each, strict=True)
    frame = pl.DataFrame({"session_id": [0] * len(each), "kind": pl.Series(kinds, dtype=KIND), "page": pages})
    return with_views(frame, by_kind=by_kind)["view"].to_list()


@pytest.mark.parametrize(("minutes", "sessions"), [(29.999, [0, 0]), (30.0, [0, 1]), (45.0, [0, 1])])
def test_half_an_hour_of_silence_cuts_to_the_microsecond(minutes: float, sessions: list[int]) -> None:
    part = rows((0, 0, "click"), (0, minutes * MINUTES, "click"))

    assert cut(part)["session_id"].to_list() == sessions


def test_a_new_key_is_a_new_session_even_at_the_same_instant() -> None:
    part = rows((0, 0, "click"), (1, 0, "click"), (1, 1, "click"))

    assert cut(part)["session_id"].to_list() == [0, 1, 1]


def test_rows_are_in_order_of_session_time_and_the_sources_own_sequence() -> None:
    part = rows((1, 0, "click"), (0, 5, "click"), (0, 5, "submit"), (0, 1, "scroll"), seq=[1, 2, 1, 9])

    assert ordered(part)["kind"].to_list() == ["scroll", "submit", "click", "click"]


def test_ties_are_ordered_by_content_and_not_by_position() -> None:
    part = rows(
        *((0, 5, kind) for kind in ("submit", "click", "page_view")), page=[1, 2, 2], row_no=[3, 1, 2]
    )
    chance = random.Random(5)
    orders = {tuple(ordered(part[chance.sample(range(3), 3)]).drop("row_no").iter_rows()) for _ in range(20)}

    assert len(orders) == 1


def test_of_events_at_one_instant_the_page_opens_first() -> None:
    part = rows(*((0, 5, kind) for kind in ("submit", "click", "page_view", "change")))

    assert ordered(part)["kind"].to_list() == ["page_view", "click", "change", "submit"]


def test_rows_in_order_stay_as_they_are() -> None:
    part = rows((0, 0, "page_view"), (0, 1, "click"), (1, 0, "page_view"))

    assert ordered(part).equals(part)


@pytest.mark.parametrize(
    ("pages", "filled"),
    [
        ([1, None, 2, None], [1, 1, 2, 2]),
        ([None, None, 2], [2, 2, 2]),
        ([None, None], [NOWHERE, NOWHERE]),
        ([1, 2], [1, 2]),
    ],
)
def test_a_row_without_an_address_is_on_the_page_the_session_is_on(
    pages: list[int | None], filled: list[int]
) -> None:
    assert with_pages(paged(*pages), NOWHERE)["page"].to_list() == filled


def test_no_page_is_taken_from_another_session() -> None:
    part = paged(1, None, None, 2, sessions=[0, 1, 1, 2])

    assert with_pages(part, NOWHERE)["page"].to_list() == [1, NOWHERE, NOWHERE, 2]


def test_a_view_reaches_to_the_next_opening_and_routes_open_pages_too() -> None:
    kinds = ("page_view", "click", "route_change", "click", "page_view", "scroll")

    assert views(*zip(kinds, (1, 1, 2, 2, 1, 1), strict=True)) == [0, 0, 1, 1, 2, 2]


def test_rows_before_the_first_opening_of_their_page_belong_to_it() -> None:
    assert views(("request", 1), ("page_view", 1), ("click", 1)) == [0, 0, 0]


def test_rows_of_another_page_before_the_first_opening_are_a_view_of_their_own() -> None:
    assert views(("click", 1), ("page_view", 2), ("click", 2)) == [0, 1, 1]


def test_without_page_views_each_change_of_address_opens_one() -> None:
    assert views(("click", 1), ("click", 1), ("click", 2), ("click", 1), by_kind=False) == [0, 0, 1, 2]


def test_views_are_numbered_through_all_sessions() -> None:
    kinds = ["page_view", "page_view", "click", "page_view", "page_view"]
    frame = pl.DataFrame(
        {"session_id": [0, 0, 1, 1, 1], "kind": pl.Series(kinds, dtype=KIND), "page": [1] * 5}
    )

    assert with_views(frame, by_kind=True)["view"].to_list() == [0, 1, 2, 2, 3]
