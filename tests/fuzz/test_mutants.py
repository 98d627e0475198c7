"""A share of the mutants in every run of the tests: no fault of ours, no death, no hang, no row unexplained."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fuzz.mutants import mutant
from tests.fuzz.seeds import FORMATS, seeds
from tests.fuzz.table import page, tallied
from tests.torture.case import Case
from tests.torture.court import verdicts

SHARE = 200
ONCE_FAULTS = {
    "csv": (635,),  # a row of data in the place of names was repeated in a refusal
    "parquet": (475, 4781, 6789, 8003),  # footers over which the engine panics
}
"""Mutants that were no named refusal once, by format."""


@pytest.mark.parametrize("form", FORMATS)
def test_mutants_are_read_with_balanced_books_or_refused_by_name(form: str, tmp_path: Path) -> None:
    found = verdicts(
        [mutant(form, number) for number in range(SHARE)], tmp_path, lambda place: place % 25 == 0
    )

    tally = tallied(found)

    assert tally.faults == {}
    assert tally.unexplained == 0
    assert tally.codes["read"] > 0
    assert "| hangs | 0 |" in page({form: tally}, {form: []})


@pytest.mark.parametrize("form", ONCE_FAULTS)
def test_what_was_a_fault_once_is_none_any_more(form: str, tmp_path: Path) -> None:
    cases = [mutant(form, number) for number in ONCE_FAULTS[form]]

    tally = tallied(verdicts(cases, tmp_path, lambda _: False))

    assert tally.faults == {}


@pytest.mark.parametrize("form", FORMATS)
def test_a_mutant_is_the_same_in_every_run(form: str) -> None:
    assert [mutant(form, number) for number in range(50)] == [mutant(form, number) for number in range(50)]


@pytest.mark.parametrize("form", FORMATS)
def test_what_mutants_are_made_of_is_read_whole(form: str, tmp_path: Path) -> None:
    healthy = [Case(f"{form}_{at}", seed) for at, seed in enumerate(seeds(form))]

    assert {one.code for one in verdicts(healthy, tmp_path, lambda _: True)} == {"read"}
