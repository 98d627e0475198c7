"""The report: its order, what is left out and why, and its form as JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, ClassVar

import jsonschema
import polars as pl
import pytest

from friction import detectors
from friction.detectors.base import Detector
from friction.report import LookAlikes, Report, json_schema, rounded
from friction.testing.shop import build
from tests.exports import Row, analysed, point, row, visits, written


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("shop") / "shop.parquet"
    build(3000, 5, replicas=2).events.write_parquet(path)
    return path


@pytest.fixture(scope="module")
def report(shop: Path) -> Report:
    return analysed(shop)


def test_a_report_fits_its_own_schema(report: Report) -> None:
    jsonschema.Draft202012Validator.check_schema(json_schema())
    jsonschema.validate(json.loads(report.to_json()), json_schema())


def test_a_report_reads_back_as_itself(report: Report) -> None:
    again = Report.from_json(report.to_json())

    assert again.to_json() == report.to_json()
    assert Report.from_json(again.to_json()) == again


def numbers(value: Any) -> list[float]:
    """Every fraction in a JSON value."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        return [number for each in value for number in numbers(each)]
    return [value] if isinstance(value, float) else []


def test_numbers_have_six_significant_digits_and_keys_are_sorted(report: Report) -> None:
    text = report.to_json()
    found = json.loads(text)

    assert all(number == rounded(number) for number in numbers(found))
    assert list(found) == sorted(found)
    assert list(found["points"][0]) == sorted(found["points"][0])
    assert text.endswith(b"}\n")


def test_ranks_count_from_one_by_cost_and_what_cannot_be_judged_is_last(report: Report) -> None:
    ranks = [p.rank for p in report.points]
    judged = [p for p in report.points if p.rank]
    costs = [p.impact.estimate for p in judged]

    assert ranks == [*range(1, len(judged) + 1), *[None] * (len(ranks) - len(judged))]
    assert costs == sorted(costs, key=lambda cost: -(cost or 0))
    assert len(judged) > 5
    assert len(ranks) > len(judged)


def test_whoever_has_no_rank_has_no_figures_and_a_reason(report: Report) -> None:
    for each in report.points:
        figures = (each.impact.estimate, each.impact.low, each.impact.high, each.score)
        assert [figure is None for figure in figures] == [each.rank is None] * 4
        assert (each.impact.reason is None) == (each.rank is not None)


def test_a_score_is_made_of_its_parts(report: Report) -> None:
    for each in (p for p in report.points if p.rank and p.window is None):
        parts, impact = each.score_parts, each.impact
        extra = parts["exposed_views"] * (parts["exit_share"] - parts["expected_exit_share"])
        lost = parts["lost_by_leaving"] + parts["lost_progress"] + parts["lost_later"]
        assert parts["extra_exits"] == pytest.approx(extra, abs=1e-6)
        assert impact.estimate == pytest.approx(lost, rel=1e-4)


def test_shares_lie_between_none_and_all(report: Report) -> None:
    for each in report.points:
        assert 0 <= each.severity <= 1
        assert each.affected_share is not None
        assert 0 < each.affected_share <= 1
        assert each.visitors_affected <= each.sessions_affected <= each.sessions_exposed
        assert each.first_seen <= each.last_seen


def test_costs_per_thousand_sessions_are_of_people_only(report: Report) -> None:
    people = report.input.sessions - next(
        check.detail["sessions"] for check in report.quality if check.check == "automated_sessions"
    )
    first = report.points[0].impact

    assert first.estimate is not None
    assert first.per_1000_sessions == pytest.approx(first.estimate * 1000 / people)


def test_a_point_of_few_sessions_is_listed_last_with_its_reason(tmp_path: Path) -> None:
    rows = [
        row(f"s{n}", 4000 * n + click / 8, "click", "/a", "button#x") for n in range(29) for click in range(5)
    ]
    report = analysed(written(tmp_path / "a.csv", rows))
    (found,) = report.points

    assert (found.rank, found.impact.reason, found.sessions_affected) == (None, "too_few_sessions", 29)
    assert (report.rare.points, report.rare.findings, report.rare.listed) == (1, 29, 1)


def test_of_very_many_rare_points_five_hundred_are_listed_and_all_are_counted(tmp_path: Path) -> None:
    clicks = [(n, click) for n in range(520) for click in range(5)]
    rows = [row(f"s{n}", 100 * n + click / 8, "click", "/a", f"button#x{n:03}") for n, click in clicks]
    report = analysed(written(tmp_path / "a.csv", rows))

    assert len(report.points) == 500
    assert (report.rare.points, report.rare.findings, report.rare.listed) == (520, 520, 500)


def test_too_few_exits_are_no_cost(tmp_path: Path) -> None:
    rows: list[Row] = []
    for number in range(60):
        name, at = f"s{number}", 3600.0 * number
        rows += [row(name, at, "page_view", "/a"), row(name, at + 60, "page_view", "/b")]
        rows += [
            row(name, at + 5 + click / 8, "click", "/a", "button#x") for click in range(6 * (number % 2))
        ]
    found = point(analysed(written(tmp_path / "a.csv", rows)), "rage_click", "/a", "button#x")

    assert (found.rank, found.impact.reason) == (None, "too_few_exits")


def test_what_only_looks_like_friction_is_listed_with_its_reason(tmp_path: Path) -> None:
    rows = [
        row("s1", click / 8, "click", "/a", "button#more", el_tag="button", el_aria_label="Increase quantity")
        for click in range(6)
    ]
    report = analysed(written(tmp_path / "a.csv", rows))

    assert report.points == []
    assert [(s.detector, s.page, s.target, s.findings, s.reason) for s in report.suppressed] == [
        ("rage_click", "/a", "button#more", 1, "stepper")
    ]


def test_all_that_is_not_counted_is_told_where_places_are_too_many_to_be_listed(tmp_path: Path) -> None:
    marks = {"el_tag": "button", "el_aria_label": "Increase quantity"}
    rows = [
        row(f"s{n}", 100 * n + click / 8, "click", "/a", f"button#x{n:03}", **marks)
        for n in range(520)
        for click in range(6)
    ]
    report = analysed(written(tmp_path / "a.csv", rows))

    assert len(report.suppressed) == 500
    assert report.look_alikes == LookAlikes(520, {"stepper": 520})


def test_automated_sessions_are_in_no_point_and_in_the_books(tmp_path: Path) -> None:
    rows = [row("s1", click / 8, "click", "/a", "button#x", is_bot="true") for click in range(9)]
    rows += [row("s2", 90, "click", "/a", "button#x")]
    report = analysed(written(tmp_path / "a.csv", rows))
    checks = {check.check: check.detail for check in report.quality}

    assert (report.points, report.suppressed) == ([], [])
    assert checks["automated_sessions"] == {"sessions": 1, "events": 9}
    assert (report.input.sessions, report.input.events) == (2, 10)


def test_every_detector_has_a_line_and_says_what_it_lacks(tmp_path: Path) -> None:
    report = analysed(written(tmp_path / "a.csv", visits(20)))
    runs = {run.name: run for run in report.detectors}

    assert list(runs) == sorted(name for name, one in detectors.BUILTIN.items() if not one.opt_in)
    assert (runs["rage_click"].status, runs["rage_click"].reason) == ("ran", None)
    assert runs["rage_click"].findings > 0
    assert runs["rage_click"].parameters["min_clicks"] == 4
    assert runs["slow_page"].status == "skipped"
    assert runs["slow_page"].reason == "needs has_perf|has_vitals"
    assert str(runs["form_abandonment"].reason).startswith("needs ")


class Broken(Detector):
    """A plug-in that fails."""

    name: ClassVar[str] = "broken"

    def detect(self, events: pl.LazyFrame) -> pl.LazyFrame:
        """Never anything."""
        raise ZeroDivisionError(events.collect_schema().len())


def test_a_failing_plug_in_is_a_line_of_the_report_and_the_others_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    export = written(tmp_path / "a.csv", visits(40))
    expected = analysed(export)
    monkeypatch.setitem(detectors.BUILTIN, "broken", Broken)
    report = analysed(export)
    (run,) = (run for run in report.detectors if run.name == "broken")

    assert (run.status, run.reason, run.findings) == ("failed", "ZeroDivisionError", 0)
    assert report.points == expected.points


def test_settings_that_cannot_change_a_result_are_not_in_the_report(tmp_path: Path) -> None:
    export = written(tmp_path / "a.csv", visits(20))
    one = analysed(export, limits={"threads": 1, "memory": "1GB"}, analysis={"top": 3})

    assert one.to_json() == analysed(export).to_json()
