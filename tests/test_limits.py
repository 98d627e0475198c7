"""The table of limits: every one has a value, a setting and a refusal that says what to do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from friction import scan
from friction.config import LimitSettings, Settings, load
from friction.errors import LimitError, UsageError
from friction.limits import DEFAULT, NAMES, TABLE, Limits

OTHERS = {"threads", "part_rows", "reject_share"}
"""Settings of `[limits]` that refuse nothing."""
VALUES: dict[str, Any] = {
    "size": ("5MB", 5_000_000, "5 MB"),
    "inflated_size": ("5GB", 5 * 10**9, "5 GB"),
    "ratio": (12.5, 12.5, "12.5"),
    "rows": (7_000, 7_000, "7,000"),
    "columns": (20, 20, "20"),
    "line_length": (900, 900, "900 bytes"),
    "depth": (30, 30, "30"),
    "members": (3, 3, "3"),
    "nesting": (1, 1, "1"),
    "time": (90, 90.0, "90 s"),
    "memory": ("768MB", 768_000_000, "768 MB"),
    "objects": (50, 50, "50"),
    "fetched": ("2GB", 2 * 10**9, "2 GB"),
    "output_size": ("1.5TB", 1_500 * 10**9, "1.5 TB"),
}
"""By limit: a setting, the value it gives, and how a refusal writes that."""


def test_table_values_and_settings_name_the_same_limits() -> None:
    assert set(TABLE) == set(NAMES) == set(LimitSettings.model_fields) - OTHERS == set(VALUES)


def test_without_settings_the_defaults_are_in_force() -> None:
    assert Settings().limits.in_force() == DEFAULT


@pytest.mark.parametrize("name", NAMES)
def test_a_setting_changes_its_own_limit_only(name: str) -> None:
    asked, value, _ = VALUES[name]
    limits = load(flags={"limits": {name: asked}}).limits.in_force()

    assert limits == Limits(**{name: value})


@pytest.mark.parametrize("name", NAMES)
def test_a_refusal_names_the_value_in_force_the_setting_and_the_place(name: str) -> None:
    asked, _, written = VALUES[name]
    limits = load(flags={"limits": {name: asked}}).limits.in_force()
    error = limits.refusal(name, file="a.csv", line=3, column="ts")
    problem = error.problem

    assert isinstance(error, LimitError)
    assert (problem.code, problem.limit) == (f"limit.{name}", written)
    assert (problem.file, problem.line, problem.column) == ("a.csv", 3, "ts")
    assert written in problem.detail
    assert f"raise limits.{name}" in str(problem.remedy)
    assert (error.exit_code, error.status) == (3, 413)


@pytest.mark.parametrize("rows", [2, 3])
def test_a_file_of_more_records_than_allowed_is_refused(rows: int, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("timestamp,session_id,url\n" + "2026-05-01T10:00:00Z,s1,/a\n" * 3)
    settings = Settings.model_validate({"limits": {"rows": rows}})
    if rows == 3:
        assert scan.analyze([path], settings=settings).input.rows_total == 3
        return
    with pytest.raises(LimitError) as caught:
        scan.analyze([path], ["mine.csv"], settings)

    assert (caught.value.problem.code, caught.value.problem.file) == ("limit.rows", "mine.csv")


@pytest.mark.parametrize("name", NAMES)
def test_the_readme_gives_the_default(name: str) -> None:
    readme = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
    default = getattr(DEFAULT, name)

    written = "80 % of the machine" if default is None else TABLE[name].written(default)
    assert f"| `{name}` | {written} |" in readme


@pytest.mark.parametrize("name", NAMES)
def test_no_limit_can_be_switched_off_by_zero(name: str) -> None:
    with pytest.raises(UsageError, match=f"limits.{name}"):
        load(flags={"limits": {name: 0}})
