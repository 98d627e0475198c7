"""What is taken out of the lake leaves nothing behind, and the rest is as if it had never been there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest

from friction import scan
from friction.compare import exact
from friction.config import Settings
from friction.lake import Manifest
from friction.lake.erase import erase, trim
from friction.privacy.columns import Policy
from friction.privacy.identities import visitor
from tests.exports import Row, analysed, goal, row, visits, written
from tests.voices import world

KEY = "a key of the project"
ANN = "ann@example.org"


def people(sessions: int = 240) -> list[Row]:
    """Visits of sixty people with addresses; Ann's are every sixtieth, one of them named only at its end."""
    rows = []
    for one in visits(sessions):
        number = int(one["session_id"][1:]) % 60
        rows.append(one | {"visitor_id": ANN if number == 7 else f"p{number}@example.org"})
    late = [
        row("late", 9, "page_view", "/", visitor_id=None),
        row("late", 12, "page_view", "/a", visitor_id=ANN),
    ]
    return rows + late


def hers(one: Row) -> bool:
    return bool(one["visitor_id"] == ANN or one["session_id"] == "late")


def delivered(lake: Path, path: Path, **settings: Any) -> None:
    scan.deliver([path], [path.name], Settings.model_validate({"privacy": {"key": KEY}, **settings}), lake)


def everything_in(lake: Path) -> bytes:
    """All bytes of all files, and what is packed in them."""
    files = [path for path in sorted(lake.rglob("*")) if path.is_file()]
    tables = [pl.read_parquet(path, glob=False) for path in files if path.suffix == ".parquet"]
    unpacked = [str(table.rows()).encode() for table in tables]
    return b"".join([*(path.read_bytes() for path in files), *unpacked])


@pytest.fixture
def lake(tmp_path: Path) -> Path:
    """A data set with Ann in it."""
    delivered(tmp_path / "lake", written(tmp_path / "all.csv", people()))
    return tmp_path / "lake"


@pytest.mark.parametrize("asked", [ANN, visitor(ANN, KEY)])
def test_an_erased_visitor_leaves_what_an_analysis_without_her_finds(
    tmp_path: Path, lake: Path, asked: str
) -> None:
    without = written(tmp_path / "without.csv", [one for one in people() if not hers(one)])
    settings = {"goals": goal("page=/thanks"), "privacy": {"key": KEY}}

    came = erase(lake, [asked], Policy(KEY))

    one, other = (analysed(path, **settings).to_json() for path in (without, lake))
    assert exact(one, other) == []
    assert came["sessions"] == 5


def test_no_byte_of_an_erased_visitor_is_left(lake: Path) -> None:
    name = visitor(ANN, KEY).encode()
    assert name in everything_in(lake)

    erase(lake, [ANN], Policy(KEY))

    left = everything_in(lake)
    assert name not in left
    assert b"late" not in left
    assert visitor("p8@example.org", KEY).encode() in left


def test_only_the_files_of_an_erased_visitor_are_written_anew(lake: Path) -> None:
    before = Manifest.of(lake)
    assert before is not None

    came = erase(lake, [ANN], Policy(KEY))

    after = Manifest.of(lake)
    assert after is not None
    touched = {part.path for part in before.parts} - {part.path for part in after.parts}
    assert came["days"] == len(touched) < len(before.parts)
    assert after.rows == before.rows - came["rows"]
    assert {str(path.relative_to(lake)) for path in lake.rglob("*.parquet")} == after.files


def test_who_is_not_there_changes_nothing(lake: Path) -> None:
    before = (lake / "manifest.json").read_bytes()

    assert erase(lake, ["nobody"], Policy(KEY)) == {"sessions": 0, "rows": 0, "days": 0, "files": 0}
    assert (lake / "manifest.json").read_bytes() == before


def test_who_is_erased_while_a_session_waits_does_not_come_back(tmp_path: Path) -> None:
    lake, settings = tmp_path / "lake", Settings.model_validate({"privacy": {"key": KEY}})
    rows = [row("s1", 0, "page_view", "/", visitor_id="bob"), row("s2", 9, "page_view", "/", visitor_id=ANN)]
    scan.deliver([written(tmp_path / "a.csv", rows)], ["a.csv"], settings, lake, keep_open=True)

    assert erase(lake, [ANN], Policy(KEY))["rows"] == 1

    assert visitor(ANN, KEY).encode() not in everything_in(lake)
    scan.deliver([written(tmp_path / "b.csv", [row("s3", 9e4, "click", "/")])], ["b.csv"], settings, lake)
    assert analysed(lake, privacy={"key": KEY}).input.sessions == 2


def test_a_visitor_that_a_tool_has_counted_goes_as_well(tmp_path: Path) -> None:
    path = Path(__file__).parents[2] / "fixtures" / "sources" / "hotjar" / "recordings.csv"
    delivered(tmp_path / "lake", path)
    counted = analysed(path, privacy={"key": KEY}).counted[0].records
    manifest = Manifest.of(tmp_path / "lake")
    assert manifest is not None
    table = pl.read_parquet(tmp_path / "lake" / manifest.deliveries[0].tables["sessions"])
    theirs = table.filter(pl.col("visitor_id") == table["visitor_id"][0])

    erase(tmp_path / "lake", [table["visitor_id"][0]], Policy(KEY))

    left = analysed(tmp_path / "lake", privacy={"key": KEY})
    assert left.counted[0].records == counted - theirs.height
    assert table["visitor_id"][0].encode() not in everything_in(tmp_path / "lake")


def test_what_somebody_said_goes_with_who_said_it(tmp_path: Path) -> None:
    lake, settings = tmp_path / "lake", Settings.model_validate({"privacy": {"key": KEY}})
    files = list(world.written(world.made(30), tmp_path).values())
    scan.deliver(files, [path.name for path in files], settings, lake)
    name = visitor("person.4@example.org", KEY).encode()
    assert name in everything_in(lake)

    erase(lake, ["Person.4@Example.org"], Policy(KEY))

    assert name not in everything_in(lake)
    assert analysed(lake, privacy={"key": KEY}).input.sessions


def test_days_that_are_kept_no_longer_go(lake: Path) -> None:
    before = Manifest.of(lake)
    assert before is not None
    day = before.days[2]

    came = trim(lake, day)

    after = Manifest.of(lake)
    assert after is not None
    assert came["days"] == 2
    assert after.days == before.days[2:]
    assert after.rows == before.rows - came["rows"]
    report = analysed(lake, privacy={"key": KEY})
    assert report.input.start is not None
    assert report.input.start[:10] == day
    assert report.input.rows_total == after.rows


def test_days_of_a_data_set_that_is_not_there_are_none(tmp_path: Path) -> None:
    assert trim(tmp_path / "none", "2026-01-01")["rows"] == 0
