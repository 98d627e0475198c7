"""What leaves a part, and that parts add up to the whole."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import polars as pl
import pytest

from friction import scan
from friction.config import Settings
from friction.detectors.base import Detector, findings
from friction.detectors.rage_click import RageClick
from friction.goals import parse
from friction.ingest import Ingested, Request, ingest, way
from friction.ingest.columns import wanted
from friction.pages import PageRules
from friction.reduce import Plan, Tables, combined, find, glance_of, reduce_part
from friction.sources.base import Options
from tests.exports import Row, row, visits, written


@dataclass(frozen=True, kw_only=True)
class EveryClick(Detector):
    """Every click is a finding, the later ones of a session the worse."""

    name: ClassVar[str] = "every_click"

    def detect(self, events: pl.LazyFrame) -> pl.LazyFrame:
        """Findings of one row each."""
        clicks = events.filter(pl.col("kind") == "click")
        return findings(
            clicks.with_columns(
                start="ts",
                end="ts",
                events=1,
                rows=pl.concat_list("row"),
                trigger_row="row",
                severity=0.5,
                aside=None,
            )
        )


@dataclass(frozen=True, kw_only=True)
class Broken(Detector):
    """A detector that fails."""

    name: ClassVar[str] = "broken"

    def detect(self, events: pl.LazyFrame) -> pl.LazyFrame:
        """Never anything."""
        return events.select(pl.col("no such column"))


def read(path: Path, rows: list[Row]) -> Ingested:
    """The rows, ready to be reduced; a page view of `/thanks` is the goal."""
    request = Request([written(path, rows)], [path.name], Options())
    return ingest(request, wanted({"value"}), PageRules(), [parse("page=/thanks")], scan.quiet)


def reduced(ingested: Ingested, *detectors: Detector) -> Tables:
    return combined(reduce_part(part, Plan(detectors)) for part in ingested.events.parts())


def many_clicks() -> list[Row]:
    """A session with 40 clicks, and twenty with one each."""
    busy = [row("busy", n, "click", "/a", "button#x") for n in range(40)]
    return [*busy, *(row(f"s{n:02}", 1000 + n, "click", "/a", "button#x") for n in range(20))]


@pytest.mark.parametrize("part_rows", [1_000_000, 1])
def test_the_best_evidence_is_of_five_sessions_however_the_parts_lie(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, part_rows: int
) -> None:
    monkeypatch.setattr(way, "PART_ROWS", part_rows)
    tables = reduced(read(tmp_path / "a.csv", many_clicks()), EveryClick())

    assert tables.evidence["session_id"].to_list() == [0, 1, 2, 3, 4]
    assert tables.evidence["rows"].to_list() == [[1], [41], [42], [43], [44]]


@pytest.mark.parametrize("table", ["sessions", "views", "hits", "sums", "uses", "counts"])
def test_parts_add_up_to_the_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, table: str) -> None:
    ingested = read(tmp_path / "a.csv", visits(40))
    whole = getattr(reduced(ingested, RageClick(), EveryClick()), table)
    monkeypatch.setattr(way, "PART_ROWS", 7)
    monkeypatch.setattr("friction.reduce.tables.AT_ONCE", 2)
    pieces = getattr(reduced(ingested, RageClick(), EveryClick()), table)

    assert pieces.sort(pl.all()).equals(whole.select(pieces.columns).sort(pl.all()))


def test_a_session_is_one_row_with_its_goal_and_what_it_brought(tmp_path: Path) -> None:
    rows = [
        row("s1", 0, "page_view", "/a", visitor_id="v1"),
        row("s1", 5, "page_view", "/thanks", visitor_id="v1", value="12.5"),
        row("s1", 9, "page_view", "/b", visitor_id="v1", value="99"),
        row("s1", 9 + 1800, "click", "/b", visitor_id="v1"),
    ]
    table = reduced(read(tmp_path / "a.csv", rows)).sessions

    assert table.select("piece", "events", "goals", "goal_view").rows() == [(1, 3, 1, 1), (2, 1, 0, None)]
    assert table["revenue_millionths"].to_list() == [12_500_000, None]


def test_views_say_where_they_opened_and_whether_the_goal_was_reached_in_them(tmp_path: Path) -> None:
    ingested = read(
        tmp_path / "a.csv",
        [row("s1", 0, "page_view", "/a"), row("s1", 2, "click", "/a"), row("s1", 5, "page_view", "/thanks")],
    )
    views = reduced(ingested).views

    assert views.select("view", "session_id", "row_no", "converts").rows() == [
        (0, 0, 1, False),
        (1, 0, 3, True),
    ]


def test_automated_sessions_are_in_sessions_and_nowhere_else(tmp_path: Path) -> None:
    rows = [*many_clicks(), row("bot", 0, "click", "/only-bots", "button#x", is_bot="true")]
    tables = reduced(read(tmp_path / "a.csv", rows), EveryClick())

    assert tables.sessions["automated"].sum() == 1
    (machine,) = tables.sessions.filter("automated")["session_id"]
    for table in (tables.views, tables.hits, tables.evidence):
        assert machine not in table["session_id"]
    assert tables.counts["n_findings"].sum() == len(many_clicks())


def test_a_failing_detector_is_named_and_the_others_go_on(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    tables = reduced(read(tmp_path / "a.csv", many_clicks()), Broken(), EveryClick())

    assert tables.failed == {"broken": "ColumnNotFoundError"}
    assert tables.counts["n_findings"].sum() == len(many_clicks())
    assert "detector failed" in caplog.text


def test_raw_findings_are_handed_to_who_wants_them(tmp_path: Path) -> None:
    kept: list[tuple[str, int]] = []
    plan = Plan([EveryClick()], keep=lambda name, found, _: kept.append((name, found.height)))
    for part in read(tmp_path / "a.csv", many_clicks()).events.parts():
        reduce_part(part, plan)

    assert kept == [("every_click", len(many_clicks()))]


@dataclass(frozen=True, kw_only=True)
class Hasty(EveryClick):
    """Every click, in sessions that do more than one thing."""

    name: ClassVar[str] = "hasty"

    def at_a_glance(self, events: pl.LazyFrame) -> pl.LazyFrame:
        """Their second rows."""
        return events.filter(pl.col("session_id") == pl.col("session_id").shift())


@dataclass(frozen=True, kw_only=True)
class Blind(EveryClick):
    """Every click, by way of a glance that fails."""

    name: ClassVar[str] = "blind"

    def at_a_glance(self, events: pl.LazyFrame) -> pl.LazyFrame:
        """Never anything."""
        return events.filter(pl.col("no such column"))


@dataclass(frozen=True, kw_only=True)
class Timeless(EveryClick):
    """Findings that do not say when they were."""

    name: ClassVar[str] = "timeless"

    def detect(self, events: pl.LazyFrame) -> pl.LazyFrame:
        """Every click, at no time."""
        return super().detect(events).with_columns(start=pl.lit(None, pl.Datetime("us", "UTC")))


def kept_of(ingested: Ingested, *detectors: Detector) -> tuple[list[int], dict[str, str]]:
    """The rows of all findings that are kept, and what failed."""
    rows, failed = list[int](), dict[str, str]()

    def keep(_name: str, found: pl.DataFrame, part: pl.DataFrame) -> None:
        rows.extend(part["row_no"].gather(found["trigger_row"]))

    for where in ingested.events.slices:
        failed |= find(ingested.events.part(where, glance_of(detectors)), Plan(detectors, keep=keep))
    return rows, failed


@pytest.mark.parametrize("part_rows", [1_000_000, 7])
def test_sessions_that_a_glance_leaves_out_are_not_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, part_rows: int
) -> None:
    monkeypatch.setattr(way, "PART_ROWS", part_rows)
    ingested = read(tmp_path / "a.csv", many_clicks())

    assert kept_of(ingested, Hasty()) == ([*range(1, 41)], {})
    assert kept_of(ingested) == ([], {})


@pytest.mark.parametrize("detectors", [[EveryClick()], [Blind()], [Hasty(), EveryClick()]])
def test_all_sessions_are_looked_at_where_one_detector_cannot_tell_at_a_glance(
    tmp_path: Path, detectors: list[Detector]
) -> None:
    rows, _ = kept_of(read(tmp_path / "a.csv", many_clicks()), *detectors)

    assert {*rows} == {*range(1, 61)}


def test_findings_alone_fail_where_all_tables_would(tmp_path: Path) -> None:
    ingested = read(tmp_path / "a.csv", many_clicks())
    detectors = (Broken(), Timeless())

    assert kept_of(ingested, *detectors)[1] == reduced(ingested, *detectors).failed
    assert set(reduced(ingested, *detectors).failed) == {"broken", "timeless"}


def test_the_settings_of_an_analysis_do_not_change_what_is_counted(tmp_path: Path) -> None:
    export = written(tmp_path / "a.csv", visits(40))
    found = [
        scan.analyze([export], None, Settings.model_validate({"analysis": {"detectors": names}}))
        for names in ([], ["rage_click"])
    ]

    assert found[0].input == found[1].input
