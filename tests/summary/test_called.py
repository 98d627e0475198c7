"""What sessions are called in a report."""

from __future__ import annotations

import polars as pl

from friction.summary.called import SessionNames

NAMES = SessionNames.of(
    pl.DataFrame(
        {"key": [0, 1, 1, 1, 2], "piece": [1, 1, 2, 3, 1]},
        schema_overrides={"key": pl.UInt32, "piece": pl.UInt32},
    ),
    pl.Series(["a", "b", "c~2"]),
)


def test_the_second_piece_of_a_session_is_marked() -> None:
    assert NAMES.every().to_list() == ["a", "b", "b~2", "b~3", "c~2"]
    assert [NAMES[session] for session in range(len(NAMES))] == NAMES.every().to_list()


def test_names_come_in_the_order_in_which_sessions_are_asked_for() -> None:
    assert NAMES.gather(pl.Series([3, 0, 3, 1])).to_list() == ["b~3", "a", "b~3", "b"]
    assert NAMES.gather(pl.Series([], dtype=pl.UInt32)).to_list() == []


def test_a_name_is_that_of_one_session_also_where_its_key_has_others() -> None:
    assert NAMES.among({"b", "nobody"}).to_list() == [1]
    assert NAMES.among({"b~3", "a", "c~2"}).to_list() == [0, 3, 4]


def test_pieces_are_those_that_were_cut_here_or_before() -> None:
    assert NAMES.are_pieces().to_list() == [False, False, True, True, True]
