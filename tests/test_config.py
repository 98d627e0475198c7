"""Where settings come from and what is refused."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from friction.config import Settings, columns_file, json_schema, load
from friction.errors import InputError, UsageError


def written(folder: Path, text: str, name: str = "friction.toml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_without_anything_the_defaults_are_in_force(tmp_path: Path) -> None:
    assert load(folder=tmp_path) == Settings()


def test_a_flag_beats_the_environment_and_that_beats_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(tmp_path, '[time]\nzone = "Europe/Paris"\n[limits]\nthreads = 1\nreject_share = 0.5')
    monkeypatch.setenv("FRICTION_TIME__ZONE", "Asia/Tokyo")
    monkeypatch.setenv("FRICTION_LIMITS__THREADS", "2")
    settings = load(folder=tmp_path, flags={"limits": {"threads": 3}})

    assert (settings.time.zone, settings.limits.threads, settings.limits.reject_share) == (
        "Asia/Tokyo",
        3,
        0.5,
    )


def test_a_table_in_pyproject_is_read_and_friction_toml_comes_first(tmp_path: Path) -> None:
    written(tmp_path, '[tool.friction.time]\nzone = "Asia/Tokyo"', "pyproject.toml")
    assert load(folder=tmp_path).time.zone == "Asia/Tokyo"
    written(tmp_path, "[limits]\nthreads = 1")
    assert load(folder=tmp_path).time.zone is None


def test_a_named_file_is_read_instead(tmp_path: Path) -> None:
    written(tmp_path, "[limits]\nthreads = 1")
    named = written(tmp_path, "[limits]\nthreads = 2", "other.toml")
    assert load(named, folder=tmp_path).limits.threads == 2


def test_lists_and_tables_in_the_environment_are_json(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FRICTION_ANALYSIS__DETECTORS", '["rage_click"]')
    monkeypatch.setenv("FRICTION_DETECTORS__RAGE_CLICK__MIN_CLICKS", "5")
    settings = load(folder=tmp_path)
    assert settings.analysis.detectors == ("rage_click",)
    assert settings.detectors == {"rage_click": {"min_clicks": "5"}}


def test_goals_keep_their_order_and_flags_replace_them(tmp_path: Path) -> None:
    written(
        tmp_path,
        '[goals.order]\nwhen = "event=purchase"\nvalue = 40\n[goals.account]\nwhen = "page=/welcome"',
    )
    assert list(load(folder=tmp_path).goals) == ["order", "account"]
    flags = {"goals": {"lead": {"when": "page=/thanks"}}}
    assert list(load(folder=tmp_path, flags=flags).goals) == ["lead"]


@pytest.mark.parametrize(
    ("text", "key", "remedy"),
    [
        ("[limts]\nthreads = 1", "limts", 'did you mean "limits"?'),
        ("[limits]\nthread = 1", "limits.thread", 'did you mean "threads"?'),
        ('[goals.a]\nwhen = "event=a"\nvalu = 1', "goals.a.valu", 'did you mean "value"?'),
        ("colour = 1", "colour", "known are: analysis, budgets, detectors"),
    ],
)
def test_an_unknown_key_is_refused_with_the_nearest_name(
    tmp_path: Path, text: str, key: str, remedy: str
) -> None:
    written(tmp_path, text)
    with pytest.raises(UsageError) as caught:
        load(folder=tmp_path)

    assert caught.value.problem.code == "config.unknown_key"
    assert caught.value.problem.detail == f"there is no setting {key!r} (friction.toml)"
    assert str(caught.value.problem.remedy).startswith(remedy)


def test_an_unknown_variable_is_refused_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FRICTION_TIEM__ZONE", "UTC")
    with pytest.raises(UsageError, match=r"'tiem' \(FRICTION_TIEM__ZONE\)"):
        load(folder=tmp_path)


@pytest.mark.parametrize(
    ("flags", "says"),
    [
        (
            {"time": {"zone": "Europe/Pariss"}},
            r"no time zone, did you mean \"Europe/Paris\"\? \(the command line\)",
        ),
        ({"time": {"zone": "Europe"}}, "no time zone"),
        ({"limits": {"memory": "a lot"}}, "a size is written like 512MB or 2GB"),
        ({"limits": {"threads": 0}}, "limits.threads: it has to be at least 1"),
        ({"limits": {"reject_share": 5}}, "it has to be at most 1"),
        ({"analysis": {"since": "31/10/2026"}}, "write it like 2026-10-31"),
        (
            {"analysis": {"since": "2026-03-05", "until": "2026-03-04"}},
            r"analysis.until: 2026-03-04 ends the period before it begins at 2026-03-05 \(the command line\)",
        ),
        ({"analysis": {"since": "2026-03-05T10:00", "until": "2026-03-05T10:00"}}, "ends the period before"),
        ({"goals": {"a": {}}}, "goals.a.when: it is missing"),
        ({"pages": {"templates": "/a"}}, "pages.templates: write a list"),
    ],
)
def test_a_bad_value_is_named_with_its_key_and_origin(
    tmp_path: Path, flags: dict[str, Any], says: str
) -> None:
    with pytest.raises(UsageError, match=says):
        load(folder=tmp_path, flags=flags)


@pytest.mark.parametrize("until", ["2026-03-05", "2026-03-05T10:01", "2026-03-05T09:00-02:00"])
def test_a_period_may_be_a_day_and_zones_are_not_guessed(until: str) -> None:
    since = "2026-03-05" if until == "2026-03-05" else "2026-03-05T10:00"

    assert Settings.model_validate({"analysis": {"since": since, "until": until}}).analysis.until == until


@pytest.mark.parametrize(
    ("text", "size"), [("2GB", 2 * 10**9), ("512 MiB", 2**29), ("1.5g", 1_500_000_000), (7, 7)]
)
def test_a_size_is_read_as_people_write_it(text: object, size: int) -> None:
    assert Settings.model_validate({"limits": {"memory": text}}).limits.memory == size


def test_a_broken_file_is_named_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        load(written(tmp_path, "[time]\nzone = Europe"))

    assert (caught.value.problem.code, caught.value.problem.line) == ("config.not_toml", 2)


def test_a_missing_file_is_an_input_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"nowhere\.toml"):
        load(tmp_path / "nowhere.toml")


def test_a_mapping_file_names_our_columns_and_theirs(tmp_path: Path) -> None:
    assert columns_file(written(tmp_path, 'ts = "event time"', "m.toml")) == {"ts": "event time"}
    with pytest.raises(UsageError, match="ts in the mapping"):
        columns_file(written(tmp_path, "ts = 3", "m.toml"))


def test_settings_survive_the_way_through_json() -> None:
    settings = Settings.model_validate(
        {
            "goals": {"b": {"when": "event=b"}, "a": {"when": "url~*/a"}},
            "limits": {"memory": "2GB"},
            "pages": {"types": {"checkout": ["/pay/*"]}},
        }
    )
    assert Settings.model_validate_json(json.dumps(settings.model_dump(mode="json"))) == settings


def test_what_cannot_change_a_result_is_not_in_the_report() -> None:
    quick = Settings.model_validate(
        {"limits": {"threads": 2, "memory": "1GB", "part_rows": 1000}, "analysis": {"top": 3}}
    )
    assert quick.in_report() == Settings().in_report()


def test_a_bare_date_is_a_whole_day_of_the_zone() -> None:
    settings = Settings.model_validate(
        {"time": {"zone": "Europe/Paris"}, "analysis": {"since": "2026-10-24", "until": "2026-10-25"}}
    )
    # The clocks went back in the night to the 25th: the two days are 49 hours long.
    assert settings.period() == (
        dt.datetime(2026, 10, 23, 22, tzinfo=dt.UTC),
        dt.datetime(2026, 10, 25, 23, tzinfo=dt.UTC),
    )


def test_the_published_schema_describes_every_key() -> None:
    limits = json_schema()["$defs"]["LimitSettings"]["properties"]
    assert all(entry["description"] for entry in limits.values())


def test_every_setting_says_what_it_is() -> None:
    schema = json_schema()
    sections = {"Settings": schema, **schema["$defs"]}
    silent = [
        f"{name}.{setting}"
        for name, section in sections.items()
        for setting, field in section.get("properties", {}).items()
        if "description" not in field
    ]
    assert [each for each in silent if not each.startswith("Settings.")] == []
