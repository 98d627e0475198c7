"""What a person is shown in order to say which column is which."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from friction.config import Settings
from friction.matching import matching

UNKNOWN = "Quand;id_client;adresse\n03/10/2026 14:22;ada@example.com;/merci\n26/10/2026 18:47;c-2;/compte\n"
SAID = {"ts": "Quand", "visitor_id": "id_client", "url": "adresse"}


def told(path: Path, text: str, mapping: dict[str, str] | None = None) -> dict[str, Any]:
    path.write_text(text)
    answer = matching([path], ["given.csv"], Settings.model_validate({"mapping": mapping or {}}))
    file: dict[str, Any] = answer["files"][0]
    return file


def test_an_unknown_table_shows_its_columns_and_what_is_missing(tmp_path: Path) -> None:
    file = told(tmp_path / "t", UNKNOWN)

    assert [each["theirs"] for each in file["columns"]] == ["Quand", "id_client", "adresse"]
    assert file["columns"][0]["values"] == ["03/10/2026 14:22", "26/10/2026 18:47"]
    assert (file["problem"]["code"], file["problem"]["file"]) == ("input.no_time_column", "given.csv")


def test_values_are_masked_before_they_are_shown(tmp_path: Path) -> None:
    file = told(tmp_path / "t", UNKNOWN)

    assert "ada@example.com" not in str(file)


def test_dates_are_read_both_ways_and_the_deciding_value_is_named(tmp_path: Path) -> None:
    dates = told(tmp_path / "t", UNKNOWN, SAID)["dates"]

    assert dates["readings"] == {"d/m/Y": "2026-10-03", "m/d/Y": "2026-03-10"}
    assert (dates["fits"], dates["deciding"]) == (["d/m/Y"], "26/10/2026 18:47")


def test_dates_that_fit_both_ways_are_left_to_the_person(tmp_path: Path) -> None:
    text = UNKNOWN.replace("26/10/2026", "06/10/2026")

    assert told(tmp_path / "t", text, SAID)["problem"]["code"] == "input.ambiguous_times"
    assert told(tmp_path / "t", text, {**SAID, "ts_format": "d/m/Y"})["problem"] is None


def test_the_first_events_come_out_as_the_mapping_says(tmp_path: Path) -> None:
    rows = told(tmp_path / "t", UNKNOWN, SAID)["rows"]

    assert [(row["ts"], row["url"]) for row in rows] == [
        ("2026-10-03T14:22:00+00:00", "/merci"),
        ("2026-10-26T18:47:00+00:00", "/compte"),
    ]


def test_a_column_of_which_the_person_says_there_is_none_is_not_guessed(tmp_path: Path) -> None:
    text = "time,session,page,target\n2026-10-03T14:22:00Z,s1,/a,button\n"

    guessed = told(tmp_path / "t", text)["columns"][3]["ours"]
    refused = told(tmp_path / "t", text, {"target": ""})["columns"][3]["ours"]

    assert (guessed, refused) == ("target", None)


def test_a_format_that_is_known_has_nothing_to_match(tmp_path: Path) -> None:
    line = (
        '{"event":"$pageview","distinct_id":"a","timestamp":"2026-10-03T14:22:00Z",'
        '"properties":{"$session_id":"s","$current_url":"/a"}}\n'
    )
    file = told(tmp_path / "t", line * 3)

    assert (file["source"], file["columns"]) == ("posthog", None)
