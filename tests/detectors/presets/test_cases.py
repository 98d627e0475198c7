"""Every clause of every preset's rule on both sides of it: streams and expected rows written by hand."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby, pairwise
from pathlib import Path

import pytest

from friction.detectors.presets import PRESETS
from tests.detectors.presets.cases import Case, Expected, cases, clauses
from tests.detectors.presets.streams import Finding, Row, judged

FIXTURES = Path(__file__).parents[3] / "fixtures" / "detectors" / "presets"
CASES = [case for path in sorted(FIXTURES.glob("*.txt")) for case in cases(path)]
EVERY = [pytest.param(number, id=f"{case.preset}: {case.comment}") for number, case in enumerate(CASES)]


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[int, list[Finding]]:
    """By number of the case what its preset finds; cases that can share a file are judged together."""
    together: dict[int, list[Finding]] = {}
    for numbers in _batches():
        first = CASES[numbers[0]]
        names = sorted(first.settings) or sorted(_rules(first.preset))
        for name in names if first.settings else [None]:
            chosen = [name] if name else names
            folder = tmp_path_factory.mktemp("streams")
            streams = [*(CASES[number].rows for number in numbers), _witness(first)]
            results = judged(folder, first.preset, streams, chosen, first.settings.get(name or "", {}))
            for number, result in zip(numbers, results, strict=False):
                together.setdefault(number, []).extend(result)
    return together


def _rules(preset: str) -> list[str]:
    return [name for name, rule in PRESETS[preset].items() if rule.is_published]


def _batches() -> Iterator[list[int]]:
    """Numbers of cases with the same preset and settings that agree on whether the input knows `scroll_end`."""

    def key(number: int) -> tuple[str, str, bool]:
        case = CASES[number]
        return case.preset, repr(case.settings), _knows_rest(case)

    for _, numbers in groupby(sorted(range(len(CASES)), key=key), key):
        yield list(numbers)


def _knows_rest(case: Case) -> bool:
    return any(row["kind"] == "scroll_end" for row in case.rows)


def _witness(case: Case) -> list[Row]:
    """A stream with one row of everything, so that each rule is assessable with the file; it has no click."""
    kinds = ["mutation", "selection", "hashchange", "visibility", "input", "request", "error", "mouse_move"]
    kinds += ["scroll_end"] if _knows_rest(case) else []
    element = {"target": "w", "el_tag": "p", "el_text": "w", "el_aria_label": "w", "x": 1.0, "y": 1.0}
    return [{"ms": 1_000.5 * at, "kind": kind, **element} for at, kind in enumerate(kinds)]


@pytest.mark.parametrize("number", EVERY)
def test_a_stream_gives_the_findings_that_were_worked_out_by_hand(
    number: int, found: dict[int, list[Finding]]
) -> None:
    case = CASES[number]
    results = [one for one in found[number] if one.detector in case.asked]

    assert sorted((one.detector, one.trigger) for one in results) == sorted(
        (one.detector, one.trigger) for one in case.expected
    )
    for expected in case.expected:
        assert any(_agrees(one, expected) for one in results), (expected, results)


RULES = [path for path in sorted(FIXTURES.glob("*.txt")) if clauses(path)]


def test_every_tool_with_a_published_rule_has_its_clauses() -> None:
    published = {
        name.split("-")[0] for name, known in PRESETS.items() if any(r.is_verified for r in known.values())
    }

    assert {path.stem for path in RULES} == published


@pytest.mark.parametrize("path", RULES, ids=lambda path: path.stem)
def test_every_clause_has_a_pair_of_streams_on_both_sides_of_it(path: Path) -> None:
    both: set[str] = set()
    for left, right in pairwise(cases(path)):
        if left.clauses and left.comment.removesuffix("(left)") == right.comment.removesuffix("(right)"):
            assert (left.expected == right.expected) == left.comment.startswith("Whatever"), left.comment
            both |= {*left.clauses}

    assert both == set(clauses(path))


def _agrees(one: Finding, expected: Expected) -> bool:
    if (one.detector, one.trigger) != (expected.detector, expected.trigger):
        return False
    if expected.rows is not None and one.rows != expected.rows:
        return False
    return all(str(one.detail[name]) == text for name, text in expected.detail.items())
