"""Who does not count is taken out as a whole session, and counted."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from friction import scan
from friction.config import Settings
from friction.errors import InputError, UsageError
from friction.report import Excluded, Quality, Report
from tests.exports import Row, analysed, row, visits, written

MONITOR = "Mozilla/5.0 (compatible; StatusCheck/2.0)"


def mixed() -> list[Row]:
    """Visits of customers, of the own people, of a test account and of a monitor; one of them has two reasons."""
    people = visits(20, visitor_id="c@customer.test", ip="198.51.100.7", user_agent="Firefox")
    own = [row(f"o{n}", 50_000 + n, "page_view", "/shop", visitor_id="a@shop.test") for n in range(3)]
    office = [row(f"n{n}", 60_000 + n, "page_view", "/shop", ip=f"203.0.113.{n}") for n in range(4)]
    checks = [row(f"m{n}", 70_000 + n, "page_view", "/", user_agent=MONITOR) for n in range(5)]
    admin = [row("d0", 80_000, "page_view", "/"), row("d0", 80_001, "page_view", "/admin/orders")]
    both = [row("b0", 90_000, "page_view", "/admin", visitor_id="b@shop.test", ip="203.0.113.200")]
    return [*people, *own, *office, *checks, *admin, *both]


EVERY: dict[str, Any] = {
    "ips": ["203.0.113.0/24", "2001:db8::/32"],
    "agents": ["*statuscheck*"],
    "visitors": ["*@shop.test"],
    "pages": ["*/admin*"],
}
COUNTED = [
    Excluded("ips", "203.0.113.0/24", 5, 5),
    Excluded("ips", "2001:db8::/32", 0, 0),
    Excluded("agents", "*statuscheck*", 5, 5),
    Excluded("visitors", "*@shop.test", 3, 3),
    Excluded("pages", "*/admin*", 1, 2),
]


def as_json(path: Path, rows: list[Row]) -> Path:
    path.write_text("\n".join(json.dumps(each) for each in rows), encoding="utf-8")
    return path


@pytest.mark.parametrize("form", [written, as_json])
def test_sessions_that_fit_are_left_out_and_counted_once(tmp_path: Path, form: Any) -> None:
    report = analysed(form(tmp_path / "a", mixed()), exclude=EVERY)

    assert report.input.excluded == COUNTED
    assert report.input.sessions == 20
    assert report.input.rows_accepted == len(mixed())
    assert report.input.events == len(visits(20))
    assert Quality("excluded_sessions", "remark", {"sessions": 14, "events": 15}) in report.quality


def test_without_a_line_everybody_counts(tmp_path: Path) -> None:
    report = analysed(written(tmp_path / "a.csv", mixed()))

    assert (report.input.sessions, report.input.excluded) == (34, [])


def test_a_report_without_the_excluded_is_one_of_a_file_without_them(tmp_path: Path) -> None:
    whole = analysed(written(tmp_path / "a.csv", mixed()), exclude=EVERY)
    less = analysed(written(tmp_path / "b.csv", mixed()[: len(visits(20))]), exclude=EVERY)

    assert points(whole) == points(less)


def points(report: Report) -> list[tuple[Any, ...]]:
    return [(p.id, p.findings, p.sessions_exposed, p.impact) for p in report.points]


def test_neither_addresses_nor_browsers_are_kept(tmp_path: Path) -> None:
    out = tmp_path / "events.parquet"
    settings = Settings.model_validate({"exclude": EVERY})
    scan.convert([written(tmp_path / "a.csv", mixed())], None, settings, out)
    said = str(pl.read_parquet(out).to_dicts())

    assert "198.51.100" not in said
    assert "StatusCheck" not in said


def test_of_a_log_addresses_and_browsers_are_known(tmp_path: Path) -> None:
    line = '{} - - [02/Mar/2026:09:{:02}:00 +0000] "GET /p{} HTTP/1.1" 200 512 "-" "{}"\n'
    lines = [line.format("203.0.113.9", n, n, "Mozilla/5.0 Firefox/1") for n in range(9)]
    lines += [line.format("198.51.100.1", n, n, "Mozilla/5.0 Firefox/1") for n in range(9)]
    lines += [line.format("198.51.100.2", n, n, "Mozilla/5.0 InHouse/1") for n in range(9)]
    path = tmp_path / "access.log"
    path.write_text("".join(lines))
    report = analysed(path, exclude={"ips": ["203.0.113.9"], "agents": ["*InHouse*"]})

    assert report.input.sessions == 1
    assert [(each.pattern, each.sessions) for each in report.input.excluded] == [
        ("203.0.113.9/32", 1),
        ("*InHouse*", 1),
    ]


def test_when_nobody_is_left_the_reason_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        analysed(written(tmp_path / "a.csv", mixed()), exclude={"pages": ["https://shop.test/*"]})

    assert caught.value.problem.code == "input.all_excluded"


@pytest.mark.parametrize(
    "asked", [{"ips": ["300.1.1.1"]}, {"pages": ["*"]}, {"visitors": [""]}, {"page": ["*/admin"]}]
)
def test_a_line_that_cannot_be_meant_is_refused(asked: dict[str, Any], tmp_path: Path) -> None:
    from friction.config import read

    with pytest.raises(UsageError):
        read({"exclude": asked}, str(tmp_path))
