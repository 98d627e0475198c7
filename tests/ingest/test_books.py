"""The books of reading: every record is accepted or rejected, and each reject has its reason."""

from __future__ import annotations

import csv
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from friction import scan
from friction.config import Settings
from friction.errors import InputError
from tests.exports import Row, analysed, row, visits, written


def damaged(rows: list[Row], each: int) -> list[Row]:
    """Every so-manieth row without a readable time, the one after it without a session."""
    broken: dict[int, Row] = {0: {"timestamp": "soon"}, 1: {"session_id": None}}
    return [one | broken.get(number % each, {}) for number, one in enumerate(rows)]


def test_books_balance_in_every_file_and_over_all(tmp_path: Path) -> None:
    one, two = visits(40), damaged(visits(60, seed=2), 50)
    report = analysed(written(tmp_path / "one.csv", one), written(tmp_path / "two.csv", two))
    bad = sum(2 for _ in range(0, len(two) - 1, 50))

    assert [file.rows_rejected for file in report.input.files] == [0, bad]
    assert all(file.rows_total == file.rows_accepted + file.rows_rejected for file in report.input.files)
    assert report.input.rows_total == report.input.rows_accepted + report.input.rows_rejected
    assert report.input.rows_total == len(one) + len(two)
    assert report.input.events == report.input.rows_accepted


def test_records_told_again_are_accepted_and_make_up_what_is_missing_in_the_table(tmp_path: Path) -> None:
    archive, page = tmp_path / "a.zip", written(tmp_path / "a.csv", damaged(visits(40), 50)).read_bytes()
    with zipfile.ZipFile(archive, "w") as members:
        for number in range(3):
            members.writestr(f"{number}.csv", page)
    books = analysed(archive).input
    repeated = [file.facts.get("repeated", 0) for file in books.files]

    assert [file.rows_total == file.rows_accepted + file.rows_rejected for file in books.files] == [True] * 3
    assert repeated == [0, books.files[1].rows_accepted, books.files[2].rows_accepted]
    assert books.events == books.rows_accepted - sum(repeated) == books.files[0].rows_accepted


def test_rejects_are_counted_by_reason_and_the_first_twenty_are_shown(tmp_path: Path) -> None:
    rows = [row("s1", n, "click", "/a") for n in range(100)]
    rows += [row("s1", 0, "click", "/a") | {"timestamp": "?"} for _ in range(30)]
    rows += [row(None, n, "click", "/a") for n in range(10)]
    books = analysed(written(tmp_path / "a.csv", rows)).input

    assert [(c.reason, c.rows) for c in books.rejected_by_reason] == [
        ("time_unreadable", 30),
        ("no_session", 10),
    ]
    assert len(books.rejects) == 20
    assert {(r.file, r.column, r.reason) for r in books.rejects} == {("a.csv", "ts", "time_unreadable")}


def test_all_rejects_can_be_written(tmp_path: Path) -> None:
    rows = damaged(visits(60), 10)
    export, out = written(tmp_path / "a.csv", rows), tmp_path / "rejects.csv"
    report = scan.analyze([export], None, Settings(), rejects=out)
    listed = list(csv.DictReader(out.read_text(encoding="utf-8").splitlines()))

    assert len(listed) == report.input.rows_rejected
    assert [int(each["row_no"]) for each in listed] == [
        number
        for number, one in enumerate(rows, start=1)
        if "soon" in one["timestamp"] or not one["session_id"]
    ]


def test_a_broken_line_is_a_reject_with_its_place(tmp_path: Path) -> None:
    lines = [
        f'{{"timestamp": "2026-03-02T09:00:{n:02}Z", "session_id": "s1", "event": "click"}}'
        for n in range(40)
    ]
    lines[7] = lines[7][:30]
    path = tmp_path / "a.jsonl"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    books = analysed(path).input

    assert (books.rows_total, books.rows_accepted, books.rows_rejected) == (40, 39, 1)
    assert [reject.line for reject in books.rejects] == [8]


def period(**analysis: str) -> dict[str, Any]:
    return {"analysis": analysis}


def test_a_period_keeps_its_beginning_and_leaves_out_its_end(tmp_path: Path) -> None:
    export = written(tmp_path / "a.csv", [row("s1", at, "click", "/a") for at in (0, 60, 120, 180)])
    asked = period(since="2026-03-02T09:01", until="2026-03-02T09:03")
    report = analysed(export, **asked)

    assert (report.input.events, report.input.rows_accepted) == (2, 4)
    assert (report.input.start, report.input.end) == ("2026-03-02T09:01:00.000Z", "2026-03-02T09:02:00.000Z")
    assert report.quality[0].detail == {"accepted": 4, "rejected": 0, "outside_period": 2}


def test_days_of_a_period_are_days_of_the_zone(tmp_path: Path) -> None:
    evening = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)
    rows = [row("s1", 0, "click", "/a") | {"timestamp": evening.isoformat()}, row("s2", 0, "click", "/a")]
    export = written(tmp_path / "a.csv", rows)
    found = [
        analysed(export, time={"zone": zone}, **period(since="2026-03-02", until="2026-03-02")).input.events
        for zone in ("UTC", "Europe/Paris")
    ]

    assert found == [1, 2]


def test_a_period_without_events_is_refused_with_the_time_of_those_there_are(tmp_path: Path) -> None:
    export = written(tmp_path / "a.csv", [row("s1", at, "click", "/a") for at in (60, 0, 120.5)])

    with pytest.raises(InputError, match="no event lies in the period") as caught:
        analysed(export, **period(since="2027-01-01"))
    assert "from 2026-03-02T09:00:00Z to 2026-03-02T09:02:00Z" in caught.value.problem.detail
    assert caught.value.problem.code == "input.outside_period"


def test_a_file_without_a_usable_row_is_refused_with_the_commonest_reason(tmp_path: Path) -> None:
    rows = [row(None, 0, "click", "/a", visitor_id="-") for _ in range(5)]

    with pytest.raises(InputError, match="none of the 5 rows") as caught:
        analysed(written(tmp_path / "a.csv", rows))
    assert caught.value.problem.remedy
