"""Which views are compared, and what is known when each opens."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import numpy as np
import polars as pl

from friction.impact import Held, Views, prepare
from friction.impact.stretches import prepared as stretched
from friction.impact.views import NOWHERE

HOME, ITEM, CART = 0, 1, 2
GROUPS = {HOME: "home", ITEM: "product", CART: "cart"}


def prepared(
    pages: list[list[int]],
    goal: dict[int, int] | None = None,
    visitors: list[int] | None = None,
    hits: list[tuple[int, str, int]] | None = None,
    **context: list[Any],
) -> Views:
    """Sessions, a day apart, given the pages each saw and at which of its views (from 0) it converted."""
    return prepare(*tables(pages, goal, visitors, hits, **context), GROUPS)


def tables(
    pages: list[list[int]],
    goal: dict[int, int] | None = None,
    visitors: list[int] | None = None,
    hits: list[tuple[int, str, int]] | None = None,
    **context: list[Any],
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Page views, sessions and hits of the same."""
    sessions = [session for session, seen in enumerate(pages) for _ in seen]
    flat = [page for seen in pages for page in seen]
    views = pl.DataFrame({"view": range(len(flat)), "session_id": sessions, "page": flat})
    views = views.with_columns(pl.all().cast(pl.UInt32))
    reached = [sessions.index(s) + goal[s] if goal and s in goal else None for s in range(len(pages))]
    table = pl.DataFrame(
        {
            "session_id": pl.Series(range(len(pages)), dtype=pl.UInt32),
            "visitor": visitors or list(range(len(pages))),
            "start": [datetime(2026, 3, 1) + timedelta(days=day) for day in range(len(pages))],
            "goal_view": pl.Series(reached, dtype=pl.UInt32),
            **context,
        }
    )
    schema = {"view": pl.UInt32(), "detector": pl.Enum(["dead_click", "rage_click"]), "findings": pl.UInt32()}
    return views, table, pl.DataFrame(hits or [], schema=schema, orient="row")


def known(views: Views, name: str) -> list[Any]:
    """A column of what is known at the opening."""
    found: list[Any] = views.opening[name].tolist()
    return found


def test_the_last_view_of_a_session_is_its_exit() -> None:
    assert prepared([[HOME, ITEM], [HOME]]).exit.tolist() == [False, True, True]


def test_who_converts_never_exits_and_what_follows_is_left_out() -> None:
    views = prepared([[HOME, CART, HOME, HOME], [HOME, HOME]], goal={0: 1})

    assert views.number.tolist() == [0, 1, 4, 5]
    assert views.exit.tolist() == [False, False, False, True]
    assert views.converts.tolist() == [False, True, False, False]
    assert views.wins.tolist() == [True, True, False, False]


def test_places_in_the_session_and_pages_seen_before_are_counted() -> None:
    views = prepared([[HOME, ITEM, ITEM, CART], [ITEM]])

    assert known(views, "index") == [0, 1, 2, 3, 0]
    assert known(views, "first") == [True, False, False, False, True]
    assert known(views, "product") == [0, 0, 1, 2, 0]
    assert known(views, "cart") == [0, 0, 0, 0, 0]


def test_many_pages_seen_before_count_as_five() -> None:
    assert known(prepared([[ITEM] * 9]), "product") == [0, 1, 2, 3, 4, 5, 5, 5, 5]


def test_the_page_before_is_known_by_its_group_and_whether_it_was_this_one() -> None:
    views = prepared([[HOME, ITEM, ITEM], [CART]])

    assert known(views, "before") == [NOWHERE, 0, 2, NOWHERE]
    assert known(views, "same") == [False, False, True, False]


def test_earlier_sessions_of_the_visitor_are_known_and_later_ones_are_not() -> None:
    views = prepared([[HOME, CART], [HOME], [HOME]], goal={0: 1}, visitors=[7, 7, 8])

    assert known(views, "sessions") == [0, 0, 1, 0]
    assert known(views, "conversions") == [0, 0, 1, 0]
    assert known(views, "returning") == [False, False, True, False]
    assert known(views, "length") == [0, 0, round(4 * np.log(3)), 0]


def test_a_later_conversion_of_the_visitor_is_a_return() -> None:
    views = prepared([[HOME], [HOME, CART], [HOME]], goal={1: 1}, visitors=[7, 7, 7])

    assert views.returns.tolist() == [True, False, False, False]


def test_friction_met_before_in_the_session_counts_up_to_three_and_not_in_its_own_view() -> None:
    hits = [(0, "rage_click", 2), (1, "rage_click", 2), (3, "rage_click", 1)]
    views = prepared([[HOME, HOME, HOME], [HOME, HOME]], hits=hits)

    assert views.history.tolist() == [[0], [2], [3], [0], [1]]


def test_rare_values_of_a_segment_are_one_class_and_what_is_not_said_is_another() -> None:
    rare = [*range(1, 7), *range(1, 7), 8, 9, None]
    classes = known(prepared([[HOME]] * len(rare), channel=rare), "channel")

    assert classes[12] == classes[13]
    assert classes[14] not in classes[:14]
    assert len(set(classes)) == 8


def test_the_order_of_sessions_does_not_move_a_class() -> None:
    values = [3, 3, 3, 1, 1, 2, None]
    one, other = (known(prepared([[HOME]] * 7, device=given), "device") for given in (values, values[::-1]))

    assert one == other[::-1]


def test_a_view_that_was_left_out_has_no_place() -> None:
    views = prepared([[HOME, CART, HOME], [HOME]], goal={0: 1})

    assert views.place(np.array([0, 1, 2, 3, 99])).tolist() == [0, 1, -1, 2, -1]


def test_views_of_a_lot_lie_far_apart_and_have_their_places() -> None:
    every = prepared([[HOME]] * 100)
    lot = replace(every, number=np.arange(100, dtype=np.uint32) * 50 + 7)

    assert lot.place(np.array([7, 8, 57, 4957, 9000, 0], np.uint32)).tolist() == [0, -1, 1, 99, -1, -1]


def test_some_sessions_at_a_time_give_the_same_views_and_patterns() -> None:
    made, generator = [], np.random.default_rng(5)
    for size in generator.integers(1, 9, 60):
        made.append(generator.integers(0, 3, size).tolist())
    goal = {number: len(seen) // 2 for number, seen in enumerate(made) if number % 4 == 0}
    count = sum(map(len, made))
    hits = [(int(at), ("dead_click", "rage_click")[at % 2], 1 + at % 3) for at in range(0, count, 3)]
    frames = tables(made, goal, [number % 20 for number in range(60)], hits)
    views, sessions, struck = frames
    whole = prepare(views, sessions, struck, GROUPS)
    held = Held.of(whole)
    cuts = [0, *np.cumsum([len(seen) for seen in made])[[9, 10, 40]].tolist(), count]

    found, patterns = stretched(lambda: [views[a:b] for a, b in pairwise(cuts)], sessions, struck, GROUPS)

    for name in ("number", "session", "visitor", "page", "exit", "converts", "wins", "returns"):
        assert getattr(found, name).tolist() == getattr(whole, name).tolist()
    for one, other in ((patterns.state, held.state), (patterns.path, held.path)):
        assert np.array_equal(one.code, other.code)
        assert np.array_equal(one.table, other.table)
