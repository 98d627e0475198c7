"""Which views are compared with which: exits, what is later, strata."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from friction.impact import prepare


def prepared(pages: dict[int, int], goal: dict[int, int] | None = None, **context: list[Any]) -> pl.DataFrame:
    """Views of sessions, given how many pages each saw and at which of them (from 0) it converted."""
    sessions = [session for session, seen in pages.items() for _ in range(seen)]
    views = pl.DataFrame({"view": range(len(sessions)), "session_id": sessions, "page": [1] * len(sessions)})
    views = views.with_columns(pl.all().cast(pl.UInt32))
    start = {session: sessions.index(session) for session in pages}
    reached = [start[s] + goal[s] if goal and s in goal else None for s in pages]
    table = {
        "session_id": pl.Series(list(pages), dtype=pl.UInt32),
        "goal_view": pl.Series(reached, dtype=pl.UInt32),
    }
    words = {name: pl.Series(values, dtype=pl.UInt32) for name, values in context.items()}
    return prepare(views, pl.DataFrame(table | words))


def test_the_last_view_of_a_session_is_its_exit() -> None:
    assert prepared({0: 2, 1: 1})["exit"].to_list() == [False, True, True]


def test_who_converts_never_exits_and_what_follows_is_left_out() -> None:
    found = prepared({0: 4, 1: 2}, {0: 1})

    assert found["view"].to_list() == [0, 1, 4, 5]
    assert found["exit"].to_list() == [False, False, False, True]
    assert found["converts_later"].to_list() == [True, True, False, False]


def test_depths_of_a_session_are_six_classes() -> None:
    assert prepared({0: 12})["stratum"].to_list() == [0, 1, 2, 3, 3, 4, 4, 4, 4, 5, 5, 5]


def strata(**context: list[Any]) -> list[int]:
    """The stratum of sessions with one view each."""
    sessions = len(next(iter(context.values())))
    return prepared(dict.fromkeys(range(sessions), 1), None, **context)["stratum"].to_list()


def test_devices_and_channels_are_told_apart() -> None:
    assert len(set(strata(device=[0, 0, 1, 1], channel=[4, 5, 4, 5]))) == 4


def test_what_is_not_said_is_a_class_of_its_own() -> None:
    rare = [*range(1, 7), *range(1, 7), 8, 9, None]
    found = strata(channel=rare)

    assert found[-2] == found[-3]
    assert found[-1] not in found[:-1]


@pytest.mark.parametrize("column", ["device", "channel"])
def test_the_order_of_sessions_does_not_move_a_class(column: str) -> None:
    values = [3, 3, 3, 1, 1, 2, None]
    found = dict(zip(values, strata(**{column: values}), strict=True))
    turned = dict(zip(values[::-1], strata(**{column: values[::-1]}), strict=True))

    assert found == turned
