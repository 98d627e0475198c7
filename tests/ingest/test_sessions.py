"""Sessions of an export: with ids, with visitors only, with users only; their names, pages and attributes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest

from friction import scan
from friction.config import Settings
from friction.privacy.identities import visitor
from tests.exports import Row, analysed, row, written

HALF = 1800.0


def sessions(path: Path, rows: list[Row]) -> pl.DataFrame:
    """The event table of these rows: `session_id`, `ts`, `page` and the rest."""
    out = path.with_suffix(".parquet")
    scan.convert([written(path, rows)], None, Settings(), out)
    return pl.read_parquet(out)


def by_visitor(who: str, seconds: float, kind: str, page: str | None = None, **more: Any) -> Row:
    return row(None, seconds, kind, page, **{"visitor_id": who, **more})


@pytest.mark.parametrize("identity", ["session_id", "visitor_id", "user_id"])
def test_any_identity_gives_sessions_cut_after_half_an_hour(tmp_path: Path, identity: str) -> None:
    times = (0, HALF - 0.001, 2 * HALF - 0.001, 2 * HALF, 9000)
    rows = [row(None, at, "click", "/a", **{identity: "one"}) for at in times]
    table = sessions(tmp_path / "a.csv", rows)
    name = "one" if identity == "session_id" else visitor("one", "")

    assert table["session_id"].to_list() == [name, name, f"{name}~2", f"{name}~2", f"{name}~3"]


def test_a_row_without_a_session_belongs_to_its_visitor(tmp_path: Path) -> None:
    rows = [row("s1", 0, "click", "/a", visitor_id="v1"), by_visitor("v1", 5, "click", "/a")]

    assert sessions(tmp_path / "a.csv", rows)["session_id"].to_list() == ["s1", visitor("v1", "")]


def test_the_cuts_are_counted(tmp_path: Path) -> None:
    rows = [row("s1", at, "click", "/a") for at in (0, 4000, 8000)]
    checks = {check.check: check.detail for check in analysed(written(tmp_path / "a.csv", rows)).quality}

    assert checks["sessions_cut"] == {"cuts": 2}


def test_a_visitor_with_two_devices_has_each_in_its_own_session(tmp_path: Path) -> None:
    rows = [by_visitor(f"v{n}", 10.0 * n, "page_view", "/a", device="phone") for n in range(40)]
    rows += [by_visitor(f"v{n}", 9000 + 10.0 * n, "page_view", "/a", device="desktop") for n in range(40)]
    late = [(f"v{n}", 9001 + 10.0 * n + 0.1 * k) for n in range(40) for k in range(6)]
    rows += [by_visitor(*each, "click", "/a", target="b") for each in late]
    (found,) = (p for p in analysed(written(tmp_path / "a.csv", rows)).points if p.detector == "rage_click")

    assert [(s.dimension, s.value, s.sessions_affected) for s in found.segments] == [
        ("device", "desktop", 40)
    ]


def test_people_are_counted_by_visitor_and_strangers_one_a_session(tmp_path: Path) -> None:
    rows = [row(f"s{n}", 100 * n, "click", "/a", visitor_id="v1" if n < 3 else None) for n in range(5)]

    assert analysed(written(tmp_path / "a.csv", rows)).input.visitors == 3


def test_events_without_an_address_are_on_the_page_of_their_session(tmp_path: Path) -> None:
    rows = [row(f"s{n}", 60 * n, "page_view", "/pay") for n in range(40)]
    rows += [row(f"s{n}", 60 * n + 5 + k / 10, "click", None, "b") for n in range(40) for k in range(6)]
    (found,) = (p for p in analysed(written(tmp_path / "a.csv", rows)).points if p.detector == "rage_click")

    assert (found.page, found.sessions_affected, found.sessions_exposed) == ("/pay", 40, 40)


def test_sessions_that_name_no_page_have_none(tmp_path: Path) -> None:
    rows = [row("s1", at / 10, "click", None, "b") for at in range(6)]
    (found,) = analysed(written(tmp_path / "a.csv", rows)).points

    assert found.page == "(no page)"


def test_a_session_may_lie_in_two_files_and_evidence_names_both(tmp_path: Path) -> None:
    burst = [row("s1", at / 10, "click", "/a", "b") for at in range(6)]
    files = [written(tmp_path / "one.csv", burst[::2]), written(tmp_path / "two.csv", burst[1::2])]
    (found,) = analysed(*files).points
    (moment,) = found.evidence

    assert moment.events == 6
    assert (moment.file, moment.rows) == ("one.csv", [1, 2, 3])
    assert [(more.file, more.rows) for more in moment.more] == [("two.csv", [1, 2, 3])]


def test_a_file_of_automated_sessions_only_has_no_points(tmp_path: Path) -> None:
    rows = [row("s1", at / 10, "click", "/a", "b", is_bot="true") for at in range(9)]
    report = analysed(written(tmp_path / "a.csv", rows))

    assert report.points == []
    assert (report.input.sessions, report.input.visitors) == (1, 0)
