"""What is delivered into a data set of the lake gives the reports that its files give."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest

from friction import scan
from friction.compare import exact
from friction.config import Settings
from friction.errors import InputError, UsageError
from friction.lake import Lake, Manifest, days
from tests.exports import Row, analysed, goal, row, visits, written
from tests.voices import world

DATASET = "shop"
FIXTURES = Path(__file__).parents[2] / "fixtures" / "sources"


def delivered(lake: Path, *paths: Path, keep_open: bool = False, **settings: Any) -> dict[str, Any]:
    """What came of putting the files into the data set."""
    names = [path.name for path in paths]
    return scan.deliver(paths, names, Settings.model_validate(settings), lake, keep_open=keep_open)


def same(one: Path, lake: Path, **settings: Any) -> list[str]:
    """Where the report of the data set differs from that of the file."""
    return exact(analysed(one, **settings).to_json(), analysed(lake, **settings).to_json())


def silent(rows: list[Row]) -> list[Row]:
    return [one | {"url": None} if one["event"] == "click" else one for one in rows]


def coarse(rows: list[Row]) -> list[Row]:
    return [one | {"timestamp": one["timestamp"][:19] + "Z"} for one in rows]


def anonymous(rows: list[Row]) -> list[Row]:
    """Visitors who come back, instead of sessions."""
    return [one | {"session_id": None, "visitor_id": f"v{int(one['session_id'][1:]) % 150}"} for one in rows]


def resumed(rows: list[Row]) -> list[Row]:
    """Two sessions under each name, hours apart, and a visitor said once."""
    named = [one | {"session_id": f"s{int(one['session_id'][1:]) % 150}"} for one in rows]
    return [
        one | {"visitor_id": one["session_id"] + "@test.org" if n % 7 == 0 else None}
        for n, one in enumerate(named)
    ]


def broken(rows: list[Row]) -> list[Row]:
    """Some records without a time."""
    return [one | {"timestamp": "never"} if n % 50 == 7 else one for n, one in enumerate(rows)]


@pytest.mark.parametrize("change", [list, silent, coarse, anonymous, resumed, broken])
def test_the_report_is_that_of_the_file(tmp_path: Path, change: Any) -> None:
    path, lake = written(tmp_path / "a.csv", change(visits(300))), tmp_path / "lake"

    delivered(lake, path)

    assert same(path, lake, goals=goal("page=/thanks")) == []
    assert same(path, lake, detectors={"rage_click": {"min_clicks": 4}}) == []
    assert same(path, lake, analysis={"since": "2026-03-03", "until": "2026-03-05"}) == []


def test_a_period_without_events_is_refused_with_the_time_of_those_there_are(tmp_path: Path) -> None:
    path, lake = written(tmp_path / "a.csv", visits(20)), tmp_path / "lake"
    delivered(lake, path)
    last = max(str(one["timestamp"]) for one in visits(20))[:19]

    with pytest.raises(InputError, match=f"from 2026-03-.*T00:00:00Z to {last}Z"):
        scan.analyze([lake], None, Settings.model_validate({"analysis": {"since": "2027-01-01"}}))


def test_an_event_table_gives_the_same_report_whatever_of_it_was_asked_for(tmp_path: Path) -> None:
    path, table, lake = written(tmp_path / "a.csv", visits(60)), tmp_path / "a.parquet", tmp_path / "lake"
    scan.convert([path], None, Settings(), table)
    pl.read_parquet(table).with_columns(title=pl.lit("never asked for")).write_parquet(table)

    delivered(lake, table)

    one, other = (analysed(path, goals=goal("page=/thanks")).to_json() for path in (table, lake))
    assert one == other


@pytest.mark.parametrize(("held", "split"), [(10**6, 40), (150, 40), (150, 10**6)])
def test_into_how_many_files_a_delivery_is_cut_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, held: int, split: int
) -> None:
    monkeypatch.setattr(days, "HELD_ROWS", held)
    monkeypatch.setattr(days, "SPLIT_ROWS", split)
    path = written(tmp_path / "a.csv", resumed(visits(120)))

    delivered(tmp_path / "lake", path, limits={"part_rows": 100})

    assert len(list((tmp_path / "lake").rglob("part-*.parquet"))) > 5
    assert same(path, tmp_path / "lake", goals=goal("page=/thanks")) == []


@pytest.mark.parametrize(
    "name", ["rrweb/shop.json", "datadog/documents.jsonl", "posthog/batch.jsonl", "hotjar/recordings.csv"]
)
def test_what_tools_export_gives_the_same_report(tmp_path: Path, name: str) -> None:
    delivered(tmp_path / "lake", FIXTURES / name)

    assert same(FIXTURES / name, tmp_path / "lake") == []


@pytest.mark.parametrize("privacy", [{}, {"key": "a key"}])
def test_what_customers_said_and_who_they_are_is_delivered_with_the_events(
    tmp_path: Path, privacy: dict[str, str]
) -> None:
    files = list(world.written(world.made(30), tmp_path).values())

    delivered(tmp_path / "lake", *files, privacy=privacy)

    one, other = analysed(*files, privacy=privacy), analysed(tmp_path / "lake", privacy=privacy)
    assert exact(one.to_json(), other.to_json()) == []


def test_what_recordings_hold_besides_is_there_for_who_asks(tmp_path: Path) -> None:
    path, asked = FIXTURES / "rrweb" / "shop.json", {"detectors": ["thrashed_cursor"]}
    delivered(tmp_path / "lake", path)

    assert analysed(path, analysis=asked).input.events > analysed(path).input.events
    assert same(path, tmp_path / "lake", analysis=asked) == []


def test_events_lie_by_the_day_their_session_started(tmp_path: Path) -> None:
    rows = visits(300)
    delivered(tmp_path / "lake", written(tmp_path / "a.csv", rows))

    manifest = Manifest.of(tmp_path / "lake")
    assert manifest is not None
    assert manifest.days == sorted({one["timestamp"][:10] for one in rows if one["event"] == "page_view"})[:7]
    assert (manifest.rows, manifest.sessions, manifest.sources) == (len(rows), 300, ["generic"])
    for part in manifest.parts:
        table = pl.read_parquet(tmp_path / "lake" / part.path, glob=False)
        assert table.height == part.rows
        assert table["session_id"].rle().len() == table["session_id"].n_unique()
        assert table.equals(table.sort(pl.col("session_id").rle_id(), "ts", "seq"))


def test_nothing_in_the_lake_says_who_somebody_is(tmp_path: Path) -> None:
    rows = [
        one | {"user_id": "ann@example.org", "props": '{"phone": "+33 6 12 34 56 78"}'} for one in visits(20)
    ]
    delivered(tmp_path / "lake", written(tmp_path / "a.csv", rows))

    held = b"".join(path.read_bytes() for path in (tmp_path / "lake").rglob("*") if path.is_file())
    assert held
    assert b"ann@" not in held
    assert b"12 34 56" not in held


def test_the_same_file_is_delivered_once(tmp_path: Path) -> None:
    path, lake = written(tmp_path / "a.csv", visits(50)), tmp_path / "lake"
    first = delivered(lake, path)
    before = (lake / "manifest.json").read_bytes()

    again = delivered(lake, path)

    assert (first["rows"], again["rows"]) == (first["total_rows"], 0)
    assert (lake / "manifest.json").read_bytes() == before


def test_deliveries_that_overlap_add_what_is_new(tmp_path: Path) -> None:
    rows, lake = visits(200), tmp_path / "lake"
    whole = written(tmp_path / "whole.csv", rows)
    middle = len(rows) // 2
    delivered(lake, written(tmp_path / "a.csv", rows[: middle + 40]))

    came = delivered(lake, written(tmp_path / "b.csv", rows[middle:]))

    assert came["known"] == 40
    assert came["total_rows"] == len(rows)
    one, other = analysed(whole), analysed(lake)
    assert [(p.id, p.findings, p.sessions_affected, p.impact) for p in one.points] == [
        (p.id, p.findings, p.sessions_affected, p.impact) for p in other.points
    ]


def test_events_that_happened_twice_at_one_moment_stay_two(tmp_path: Path) -> None:
    twice = [row("s1", 0, "page_view", "/a"), *([row("s1", 5, "click", "/a", "a#b")] * 2)]
    delivered(tmp_path / "lake", written(tmp_path / "a.csv", twice))

    came = delivered(
        tmp_path / "lake", written(tmp_path / "b.csv", [*twice, row("s1", 5, "click", "/a", "a#b")])
    )

    assert (came["rows"], came["known"], came["total_rows"]) == (1, 3, 4)


def test_sessions_that_are_not_over_wait_for_the_next_delivery(tmp_path: Path) -> None:
    lake = tmp_path / "lake"
    night = [
        row(s, at, "page_view", page)
        for s, at, page in (("s1", 0, "/"), ("s2", 2400, "/"), ("s2", 2500, "/a"))
    ]
    came = delivered(lake, written(tmp_path / "a.csv", night), keep_open=True)
    manifest = Manifest.of(lake)
    assert manifest is not None
    assert (came["rows"], came["open"], manifest.sessions) == (1, 2, 1)

    later = [row("s2", 2600, "page_view", "/thanks"), row("s3", 9000, "page_view", "/")]
    came = delivered(lake, written(tmp_path / "b.csv", later), keep_open=True)

    assert (came["rows"], came["open"]) == (3, 1)
    assert (analysed(lake).input.sessions, analysed(lake).input.events) == (2, 4)


def test_a_data_set_says_under_which_key_it_was_written(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", visits(5))
    delivered(tmp_path / "lake", path, privacy={"key": "one"})

    with pytest.raises(UsageError, match="another privacy key"):
        delivered(tmp_path / "lake", path, privacy={"key": "other"})


def test_who_was_not_asked_for_while_files_were_read_cannot_be_left_out_later(tmp_path: Path) -> None:
    path, lines = written(tmp_path / "a.csv", visits(50)), {"visitors": ["s1*"]}
    delivered(tmp_path / "without", path)
    delivered(tmp_path / "with", path, exclude=lines)

    with pytest.raises(UsageError, match="exclude"):
        analysed(tmp_path / "without", exclude=lines)
    assert same(path, tmp_path / "with", exclude=lines) == []
    assert same(path, tmp_path / "without", exclude={"pages": ["*/shop"]}) == []


def test_what_a_killed_writer_left_is_nobody_s_and_goes_with_the_next_commit(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    folder = lake.folder("local", DATASET)
    delivered(folder, written(tmp_path / "a.csv", visits(20)))
    left = folder / "day=2026-03-02" / "part-00-0002.parquet"
    left.write_bytes(b"half of a file")
    before = analysed(folder)

    delivered(folder, written(tmp_path / "b.csv", visits(20, seed=2)))

    assert before.input.sessions == 20
    assert pl.read_parquet(left, glob=False).height
    assert list(lake.datasets("local")) == [DATASET]


def test_a_name_that_leads_elsewhere_is_none(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be the name"):
        Lake(tmp_path).folder("local", "../other")
