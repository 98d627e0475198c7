"""Sessions that no person made: on frames, as one part sees them, and in a log from its lines to the report."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from friction.machines import automated
from friction.report import Report
from friction.schema import KIND, TS
from tests.exports import analysed

ZERO = datetime(2026, 1, 1, tzinfo=UTC)
NOBODY = pl.Series(dtype=pl.UInt32)
LINE = '{} - - [02/Mar/2026:08:{:02}:{:02} +0000] "GET {} HTTP/1.1" {} 512 "-" "Firefox/130"\n'


def clicks(gaps_ms: list[int], targets: list[str], **more: list[float]) -> pl.DataFrame:
    """One session of clicks, that long after one another."""
    times = [ZERO + timedelta(milliseconds=sum(gaps_ms[: number + 1])) for number in range(len(gaps_ms))]
    kinds = pl.Series(["click"] * len(times), dtype=KIND)
    columns = {"session_id": pl.Series([0] * len(times), dtype=pl.UInt32), "ts": pl.Series(times, dtype=TS)}
    return pl.DataFrame({**columns, "kind": kinds, "target": targets, **more})


def asked(*each: tuple[int | None, int], others: tuple[tuple[str, int | None], ...] = ()) -> pl.DataFrame:
    """One session of page views as (status, page), and of rows of other kinds as (kind, status)."""
    rows = [("page_view", *view) for view in each] + [(*other, 1) for other in others]
    kinds, statuses, pages = zip(*rows, strict=True)
    return pl.DataFrame(
        {"session_id": [0] * len(rows), "kind": kinds, "http_status": statuses, "page": pages},
        schema={"session_id": pl.UInt32(), "kind": KIND, "http_status": pl.Int16(), "page": pl.UInt32()},
    )


def log(path: Path, *visits: tuple[tuple[str, int], ...]) -> Report:
    """The report of a log of these visits, each the (address, status) of what it asks for, seconds apart."""
    lines = [
        LINE.format(f"192.0.2.{who}", who, second, address, status)
        for who, visit in enumerate(visits, start=1)
        for second, (address, status) in enumerate(visit)
    ]
    path.write_text("".join(lines), encoding="utf-8")
    return analysed(path)


def machines(report: Report) -> int:
    (found,) = (check for check in report.quality if check.check == "automated_sessions")
    return int(found.detail["sessions"])


def test_nine_quick_jumps_between_elements_are_no_person() -> None:
    assert automated(clicks([400] * 9, list("abababaab")), NOBODY).to_list() == []
    assert automated(clicks([400] * 9, list("ababababa")), NOBODY).to_list() == [0]


def test_jumps_of_half_a_second_can_be_made_by_hand() -> None:
    assert automated(clicks([500] * 20, list("ab") * 10), NOBODY).to_list() == []


def test_a_number_pad_is_close_together() -> None:
    near, far = [float(10 * (i % 2)) for i in range(20)], [float(400 * (i % 2)) for i in range(20)]
    gaps = [200, 230] * 10

    assert automated(clicks(gaps, list("ab") * 10, x=near, y=near), NOBODY).to_list() == []
    assert automated(clicks(gaps, list("ab") * 10, x=far, y=near), NOBODY).to_list() == [0]


def test_hammering_one_button_is_human_unless_it_keeps_time_to_the_millisecond() -> None:
    chance = random.Random(3)
    by_hand = [chance.randint(120, 180) for _ in range(30)]

    assert automated(clicks(by_hand, ["a"] * 30), NOBODY).to_list() == []
    assert automated(clicks([360] * 25, ["a"] * 25), NOBODY).to_list() == [0]


def test_a_clock_of_seconds_makes_nobody_a_machine() -> None:
    assert automated(clicks([0, 0, 1000] * 20, ["a"] * 60), NOBODY).to_list() == []


def test_who_says_to_be_a_machine_is_believed() -> None:
    said = pl.Series([0], dtype=pl.UInt32)

    assert automated(clicks([5000], ["a"]), said).to_list() == [0]


def test_three_pages_that_are_not_there_and_nothing_else_are_no_person() -> None:
    assert automated(asked((404, 1), (404, 2), (410, 3)), NOBODY).to_list() == [0]
    assert automated(asked((404, 1), (404, 2)), NOBODY).to_list() == []
    assert automated(asked((404, 1), (404, 2), (404, 1), (404, 1)), NOBODY).to_list() == []


@pytest.mark.parametrize("status", [301, 308, 400, 403, 405])
def test_redirects_and_other_refusals_are_nothing_given(status: int) -> None:
    guesses = asked((404, 1), (404, 2), (404, 3), (status, 4), others=(("request", status),))

    assert automated(guesses, NOBODY).to_list() == [0]


@pytest.mark.parametrize("status", [200, 304, 401, 500, 503, None])
def test_a_page_a_login_or_a_server_that_fails_is_met_by_people(status: int | None) -> None:
    assert automated(asked((404, 1), (404, 2), (404, 3), (status, 4)), NOBODY).to_list() == []


@pytest.mark.parametrize("other", [("request", 200), ("click", None), ("page_leave", None)])
def test_whose_browser_is_given_a_picture_or_tells_what_happens_in_it_is_a_person(
    other: tuple[str, int | None],
) -> None:
    assert automated(asked((404, 1), (404, 2), (404, 3), others=(other,)), NOBODY).to_list() == []


@pytest.mark.parametrize("status", [403, 408, 429, 500, 502, 503])
def test_whoever_is_shut_out_of_everything_is_a_person(status: int) -> None:
    assert automated(asked(*((status, page) for page in range(9))), NOBODY).to_list() == []


def test_requests_that_are_not_there_are_no_pages() -> None:
    missing = (("request", 404),) * 9

    assert automated(asked((404, 1), others=missing), NOBODY).to_list() == []


def test_every_session_is_judged_by_its_own_pages() -> None:
    one = asked((404, 1), (404, 2))
    other = one.with_columns(pl.col("session_id") + 1, pl.col("page") + 1)

    assert automated(pl.concat([one, other]), NOBODY).to_list() == []


def test_programs_that_try_addresses_are_in_no_point_and_not_among_those_who_saw_a_page(
    tmp_path: Path,
) -> None:
    program = (("/admin", 404), ("/setup", 404), ("/login", 404))
    visitor = (("/login", 404),)
    report = log(tmp_path / "access.log", *[program] * 4, *[visitor] * 8, *[(("/", 200),)] * 3)

    (found,) = (point for point in report.points if point.detector == "error_page")
    assert (found.page, found.sessions_affected, found.sessions_exposed) == ("/login", 8, 8)
    assert machines(report) == 4


def test_an_outage_makes_nobody_a_machine(tmp_path: Path) -> None:
    visitor = (("/", 503), ("/cart", 503), ("/pay", 500), ("/help", 502))
    report = log(tmp_path / "access.log", *[visitor] * 9)

    assert machines(report) == 0
    assert {p.page for p in report.points if p.detector == "error_page"} == {"/", "/cart", "/pay", "/help"}


def test_who_is_a_machine_does_not_depend_on_what_is_looked_for(tmp_path: Path) -> None:
    program = (("/admin", 404), ("/setup", 404), ("/login", 404))
    log(tmp_path / "access.log", *[program] * 4)

    assert machines(analysed(tmp_path / "access.log", analysis={"detectors": ["quick_back"]})) == 4
