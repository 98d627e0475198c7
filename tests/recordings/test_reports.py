from __future__ import annotations

from typing import Any

import pytest

from tests.recordings.build import Tape, el


def logged(level: Any, *parts: Any) -> dict[str, Any]:
    return Tape(el(10, "p")).plugin(1_000, "console", level=level, payload=list(parts), trace=[]).rows()[1]


def test_an_entry_of_level_error_is_an_error() -> None:
    row = logged("error", '"Uncaught TypeError: x is not a function"')
    assert (row["kind"], row["error_kind"], row["error_source"]) == ("error", "TypeError", "console")


@pytest.mark.parametrize("level", ["log", "warn", "info"])
def test_other_levels_stay_console(level: str) -> None:
    row = logged(level, '"hello"')
    assert (row["kind"], row["name"]) == ("console", f"console.{level}")


def test_messages_are_masked() -> None:
    row = logged("error", '"user ann@x.example 4711 8899 failed at https://x.example/a?token=abc"')
    assert row["error_message"] == "user @ # failed at https://x.example/a?token="


def test_an_entry_without_a_level_is_no_row() -> None:
    assert logged(None, "x")["kind"] == "recording_end"


def requests(*found: Any) -> list[dict[str, Any]]:
    made = Tape(el(10, "p")).plugin(10_000, "network", requests=list(found))
    return [row for row in made.rows() if row["kind"] in {"request", "navigation_perf"}]


def test_a_request_stands_at_its_start() -> None:
    (row,) = requests(
        {"name": "/api?q=1", "method": "post", "status": 503, "startTime": 2_000, "endTime": 2_900}
    )
    assert (row["at"], row["duration_ms"], row["http_status"], row["http_method"]) == (
        9_100,
        900.0,
        503,
        "POST",
    )
    assert row["req_url"] == "/api?q="


def test_requests_of_one_report_keep_their_distance() -> None:
    first = {"name": "/a", "startTime": 2_000, "duration": 100}
    last = {"name": "/b", "startTime": 2_500, "endTime": 3_000, "initiatorType": "fetch"}
    assert [(row["at"], row["req_kind"]) for row in requests(first, last)] == [
        (9_000, None),
        (9_500, "fetch"),
    ]


def test_a_clock_of_the_request_s_own_is_used() -> None:
    (row,) = requests({"name": "/a", "timeOrigin": 1_700_000_000_000, "startTime": 4_000, "endTime": 4_100})
    assert row["at"] == 4_000


def test_the_page_s_own_load_is_no_request() -> None:
    load = {
        "name": "/",
        "initiatorType": "navigation",
        "startTime": 0,
        "responseStart": 120,
        "loadEventEnd": 2_400,
    }
    (row,) = requests(load)
    assert (row["kind"], row["load_ms"], row["ttfb_ms"]) == ("navigation_perf", 2_400.0, 120.0)


def test_the_recorder_s_own_plug_in_tells_a_load_by_its_duration() -> None:
    load = {"name": "/", "entryType": "navigation", "initiatorType": "navigation", "startTime": 0}
    (row,) = requests(load | {"endTime": 700, "duration": 5_300.5, "status": 200})
    assert (row["kind"], row["load_ms"], row["at"]) == ("navigation_perf", 5_300.5, 10_000)


def test_a_load_that_has_not_ended_has_no_duration() -> None:
    load = {"name": "/", "entryType": "navigation", "initiatorType": "navigation", "startTime": 0}
    (row,) = requests(load | {"endTime": 700, "duration": 0})
    assert (row["kind"], row.get("load_ms")) == ("request", None)


def test_what_a_page_asked_for_before_it_was_recorded_belongs_to_it() -> None:
    tape = Tape(el(10, "p")).event(4_000, 0).meta(4_010, "https://shop.example/found")
    early = {"name": "/wide.svg", "startTime": 100, "endTime": 3_500}
    rows = tape.snapshot(4_011, el(10, "p")).plugin(4_100, "network", requests=[early]).rows()
    kinds = [row["kind"] for row in rows]
    assert kinds.index("request") > kinds.index("page_view", 1)


@pytest.mark.parametrize("broken", [7, {}, {"name": 3, "status": "ok", "startTime": "x"}, {"duration": -5}])
def test_a_broken_request_does_no_harm(broken: Any) -> None:
    assert all(row["duration_ms"] is None for row in requests(broken))


def test_unknown_plugins_give_no_row() -> None:
    assert len(Tape(el(10, "p")).plugin(1_000, "canvas").rows()) == 2
