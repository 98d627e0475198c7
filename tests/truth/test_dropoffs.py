"""A small share of the drop-off rack: exports of series in which something happened, through the command line."""

from __future__ import annotations

from tests.truth.dropoffs import changed_cases, null_cases, scored

SERIES = 12


def test_changes_of_a_few_pages_are_told_and_nothing_else() -> None:
    (changed,), (quiet,) = changed_cases(1), null_cases(1)

    told, untold = scored(changed[:SERIES]), scored(quiet[:SERIES])

    assert told.false == untold.false == 0
    assert told.found >= told.planted / 2
    assert sorted(told.start_errors)[len(told.start_errors) // 2] <= 6
