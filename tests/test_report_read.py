"""A report is read point by point where it is laid out as we write it, and as a whole where it is not."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from friction.errors import InputError
from friction.report import Report, whole
from tests.reports import point, report

SAMPLE = report(point(1), point(2), point(3))
LAID_OUT = {
    "compact": {"separators": (",", ":")},
    "wider": {"indent": 4},
    "narrower": {"indent": 1},
    "tabs": {"indent": "\t"},
    "as one line": {},
}


def test_what_is_written_is_read_back_point_by_point() -> None:
    written = SAMPLE.to_json()
    assert (
        whole._point_by_point(written) == whole.reader().validate_json(written) == Report.from_json(written)
    )


def test_a_report_without_points_is_read_back() -> None:
    without = replace(SAMPLE, points=[])
    assert Report.from_json(without.to_json()).to_json() == without.to_json()


@pytest.mark.parametrize("how", LAID_OUT.values(), ids=LAID_OUT)
def test_another_layout_is_the_same_report(how: dict[str, Any]) -> None:
    written = SAMPLE.to_json()
    assert Report.from_json(json.dumps(json.loads(written), **how).encode()).to_json() == written


def test_text_that_looks_like_the_layout_is_text() -> None:
    first = SAMPLE.points[0]
    title = 'a\n  "points": [\n    {"b"},\n    {"c"}\n  ]'
    written = replace(SAMPLE, points=[replace(first, title=title), first]).to_json()
    assert [each.title for each in Report.from_json(written).points] == [title, first.title]


@pytest.mark.parametrize("cut", [0.1, 0.5, 0.9, 0.999])
def test_a_torn_report_is_refused(cut: float) -> None:
    written = SAMPLE.to_json()
    with pytest.raises(InputError) as fault:
        Report.from_json(written[: int(cut * len(written))])
    assert fault.value.problem.code == "report.unreadable"


def test_a_point_that_is_none_is_refused() -> None:
    written = SAMPLE.to_json().replace(b'"findings"', b'"finding"', 1)
    with pytest.raises(InputError):
        Report.from_json(written)
