"""Every case of `fixtures/detectors`: exactly the findings it expects come out, with the details it names."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from friction.detectors import BUILTIN
from friction.testing import Case, events, specification
from friction.testing.events import EPOCH

FIXTURES = Path(__file__).parents[2] / "fixtures" / "detectors"
CASES = {
    path.stem: specification(path.read_text(encoding="utf-8")) for path in sorted(FIXTURES.glob("*.txt"))
}
EVERY = [pytest.param(name, case, id=f"{name}: {case.comment}") for name in CASES for case in CASES[name]]

Row = dict[str, Any]


@pytest.mark.parametrize(("name", "case"), EVERY)
def test_a_fixture_gives_the_findings_it_expects(name: str, case: Case) -> None:
    found = BUILTIN[name]().detect(events(case.text)).collect().to_dicts()

    assert sorted(map(place, found)) == sorted(
        (item.session_id, item.page or "-", item.target or "-", item.aside or "-") for item in case.expected
    )
    for item in case.expected:
        assert any(agrees(row, item.details) for row in found), f"{item.details} in {found}"


@pytest.mark.parametrize("name", CASES)
def test_a_specification_has_at_least_as_many_harmless_as_harmful_cases(name: str) -> None:
    harmless = sum(case.harmless for case in CASES[name])

    assert 2 * harmless >= len(CASES[name])


def test_every_detector_of_sessions_has_a_specification() -> None:
    assert set(CASES) == set(BUILTIN) - {"dropoff_spike"}


def place(row: Row) -> tuple[str, ...]:
    return tuple(row[name] or "-" for name in ("session_id", "page", "target", "aside"))


def agrees(row: Row, details: dict[str, str]) -> bool:
    return all(same_value(row[name], text) for name, text in details.items())


def same_value(value: object, text: str) -> bool:
    if isinstance(value, list):
        return ",".join(map(str, value)) == text
    if isinstance(value, datetime):
        return value == EPOCH + timedelta(seconds=float(text))
    return value == pytest.approx(float(text)) if isinstance(value, int | float) else str(value) == text


def test_the_columns_of_a_finding_do_not_depend_on_what_was_found() -> None:
    """An empty text and every case give one schema per detector."""
    for name, cases in CASES.items():
        schemas = {str(BUILTIN[name]().detect(events(case.text)).collect().schema) for case in cases}
        assert schemas == {str(BUILTIN[name]().detect(events("")).collect().schema)}
