"""Days and times of day in two columns are one time."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.sources.generic import at, column, reading, refusal

ROWS = [("09:00:05", "/a"), ("09:00:17", "/b"), ("09:01:00", "/a"), ("23:59:59", "/b")]


def table(day: str, clocks: str = "time", rows: list[tuple[str, str]] | None = None) -> str:
    lines = [f"s1,{day},{clock},{url}" for clock, url in rows or ROWS]
    return "\n".join([f"session_id,date,{clocks},url", *lines, ""])


@pytest.mark.parametrize("day", ["2026-03-25", "25/03/2026", "25.03.2026", "2026-03-25 00:00:00"])
@pytest.mark.parametrize("name", ["time", "Time (UTC)", "Heure", "hour"])
def test_a_day_and_a_time_of_day_are_one_time(tmp_path: Path, day: str, name: str) -> None:
    found = reading(tmp_path, table(day, name))

    assert column(found, "ts") == [at(f"2026-03-25T{clock}") for clock, _ in ROWS]
    assert column(found, "ts_quality") == ["second"] * 4
    assert {each.theirs: each.ours for each in found.columns if each.theirs in {"date", name}} == {
        "date": "ts",
        name: "clock",
    }


def test_times_of_twelve_hours_go_with_days_of_numbers(tmp_path: Path) -> None:
    rows = [("9:00:05 AM", "/a"), ("9:00:17 PM", "/b")]

    found = reading(tmp_path, table("03/25/2026", rows=rows))

    assert column(found, "ts") == [at("2026-03-25T09:00:05"), at("2026-03-25T21:00:17")]


def test_a_day_without_its_time_is_no_midnight(tmp_path: Path) -> None:
    found = reading(tmp_path, table("2026-03-25", rows=[*ROWS, ("", "/c")]))

    assert column(found, "ts")[-1] is None


def test_a_whole_time_needs_no_other_and_the_user_may_refuse(tmp_path: Path) -> None:
    whole = reading(tmp_path, table("2026-03-25T10:00:00Z"))
    assert column(whole, "ts") == [at("2026-03-25T10:00")] * 4

    refused = reading(tmp_path, table("2026-03-25"), mapping={"clock": ""})
    assert column(refused, "ts_quality") == ["day"] * 4


def test_days_that_may_be_months_are_refused_with_their_times_too(tmp_path: Path) -> None:
    assert refusal(tmp_path, table("03/04/2026")).problem.code == "input.ambiguous_times"
