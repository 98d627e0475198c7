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


@pytest.mark.parametrize("form", FORMATS)
def test_a_mutant_is_the_same_in_every_run(form: str) -> None:
    assert [mutant(form, number) for number in range(50)] == [mutant(form, number) for number in range(50)]


@pytest.mark.parametrize("form", FORMATS)
def test_what_mutants_are_made_of_is_read_whole(form: str, tmp_path: Path) -> None:
    healthy = [Case(f"{form}_{at}", seed) for at, seed in enumerate(seeds(form))]

    assert {one.code for one in verdicts(healthy, tmp_path, lambda _: True)} == {"read"}
