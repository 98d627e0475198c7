"""What the generic source refuses, and in which words."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
import zstandard

from tests.sources.generic import refusal


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "input.empty"),
        (b"\n\r\n", "input.empty"),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "input.not_a_table"),
        (b"%PDF-1.7 ...", "input.not_a_table"),
        (b"PK\x03\x04\x14\x00 xl/workbook.xml", "input.not_a_table"),
        (b"<!DOCTYPE html><html>", "input.not_a_table"),
        (bytes(1000), "input.not_a_table"),
        (b"a letter to a friend\nand its second line\n", "input.not_a_table"),
        (b'{"one": 1}', "input.no_time_column"),
        (b'{"one": ', "input.not_a_table"),
        (b"PAR1 torn", "input.unreadable"),
        (gzip.compress(b"a,b\n1,2\n" * 999, mtime=0)[:40], "input.damaged_archive"),
        (zstandard.compress(bytes(range(256)) * 99)[:60], "input.damaged_archive"),
        (b"session_id,ts,event,url\n", "input.no_rows"),
        (b"s1,2026-01-01T00:00:00,click,/p\ns1,2026-01-01T00:00:01,click,/p\n", "input.no_header"),
        (b'1.2.3.4 - - [17/May/2015:10:05:03 +0000] "GET /a,b HTTP/1.1"\n' * 2, "input.no_header"),
        (b"session_id,event,url\na,click,/p\n", "input.no_time_column"),
        (b"ts,event,url\n2026-01-01T00:00:00,click,/p\n", "input.no_session_column"),
        (b"ts,session_id,x\n2026-01-01T00:00:00,a,4\n", "input.no_event_column"),
        (b"rank,id,detector,sessions_affected,sessions_exposed,estimate\n1,a,b,2,3,4\n", "input.not_a_table"),
        (b"session_id,BounceRates,ExitRates,PageValues\na,1,2,3\n", "input.aggregate"),
        (b"session_id,ts,url\na,03/04/2026,/p\n", "input.ambiguous_times"),
        (b"session_id,ts,url\na,13/04/2026,/p\na,04/14/2026,/p\n", "input.mixed_times"),
        (b"session_id,ts,url\na,13/04/2026,/p\na,2026-04-14,/p\n", "input.mixed_times"),
    ],
)
def test_what_cannot_be_used_is_refused_by_name(tmp_path: Path, content: bytes, code: str) -> None:
    assert refusal(tmp_path, content).problem.code == code


@pytest.mark.parametrize(
    "content",
    [
        b'{"session": 1, "errors": {"message": ["a", "b"], "error_time": [1, 2]}}\n' * 2,
        b'session,errors.message,errors.error_time\n1,"[""a""]","[1]"\n',
    ],
)
def test_the_data_export_of_contentsquare_is_called_by_its_name(tmp_path: Path, content: bytes) -> None:
    problem = refusal(tmp_path, content).problem

    assert (problem.code, "Contentsquare" in problem.detail) == ("input.no_time_column", True)


def test_a_workbook_that_excel_wrote_with_a_password_may_be_meant(tmp_path: Path) -> None:
    """Both are compound files, and what a password hides cannot be looked at."""
    problem = refusal(tmp_path, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)).problem

    assert (problem.code, "password" in problem.detail) == ("input.not_a_table", True)


def test_a_refusal_says_where_and_what_to_do(tmp_path: Path) -> None:
    problem = refusal(tmp_path, b"when,session_id,url\n5,a,/p\n").problem

    assert problem.file == "upload"
    assert problem.remedy is not None
    assert 'ts = "…"' in problem.remedy
    assert "when, session_id, url" in problem.remedy


def test_a_column_of_times_that_holds_none_is_called_by_its_name(tmp_path: Path) -> None:
    problem = refusal(tmp_path, b"event time,session_id,url\nyesterday,a,/p\ntomorrow,a,/q\n").problem

    assert (problem.code, problem.column) == ("input.time_unreadable", "event time")
    assert "name another column" in (problem.remedy or "")
