"""Events in shards give the report of one machine, to the byte, however they are cut and whoever fails."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from friction.compare import exact
from friction.engines import added, driver, gathering, partitions
from friction.engines.costs import Away
from friction.engines.job import Job
from friction.errors import InputError
from friction.impact import Room, estimate, values
from friction.report import Report
from friction.summary import costs
from tests.engines.shards import apart, both, of

SHOP = Path(__file__).parents[2] / "fixtures/sites/shop/events.parquet"
SESSIONS = 350


@pytest.fixture(scope="module")
def shop() -> pl.DataFrame:
    """Some sessions of the sample shop."""
    rows = pl.scan_parquet(SHOP)
    some = rows.select("session_id").unique().sort("session_id").head(SESSIONS).collect().to_series()
    return rows.filter(pl.col("session_id").is_in(some.implode())).collect()


@pytest.fixture(scope="module")
def events(shop: pl.DataFrame, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """As a file."""
    return written(shop, tmp_path_factory.mktemp("shop"))


def written(table: pl.DataFrame, folder: Path) -> Path:
    """A table as a Parquet file."""
    path = folder / "events.parquet"
    table.write_parquet(path)
    return path


@pytest.mark.parametrize(
    ("shards", "options"),
    [
        (3, {}),
        (1, {"goal": ["event=none"], "config": {"exclude": {"pages": ["*cart*"]}}}),
        (2, {"funnel": ["/ > /cart > /checkout"], "config": {"analysis": {"journey": True}}}),
    ],
    ids=["default", "no goal reached and an exclusion", "funnel and journey"],
)
def test_shards_give_the_report_of_one_machine(events: Path, shards: int, options: dict[str, Any]) -> None:
    alone, together = both(events, shards, **options)

    assert not exact(alone, together)
    assert Report.from_json(together).points


FEW = {
    "detectors": ["rage_click", "dead_click", "form_abandonment"],
    "config": {"analysis": {"journey": False}},
}


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Sessions enough for models of pages."""
    return written(pl.scan_parquet(SHOP).head(25_000).collect(), tmp_path_factory.mktemp("many"))


@pytest.mark.parametrize("goal", [[], ["event=none"]], ids=["with a goal", "without"])
def test_drawn_page_views_are_those_of_one_machine(
    many: Path, monkeypatch: pytest.MonkeyPatch, goal: list[str]
) -> None:
    """Where there are too many for the models, shards agree on whom to draw."""
    tight = Room(400, 20)
    monkeypatch.setattr(costs, "estimate", partial(estimate, room=tight))
    monkeypatch.setattr(driver, "Away", partial(Away, room=tight))

    alone, together = both(many, 3, goal=goal, **FEW)

    assert not exact(alone, together)
    assert "costs_sampled" in {each.check for each in Report.from_json(together).quality}


def test_without_a_page_that_is_seen_often_enough_nothing_is_compared(
    many: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (values, added):
        monkeypatch.setattr(module, "OWN_MODEL", 100_000)

    alone, together = both(many, 2, **FEW)

    assert not exact(alone, together)
    assert "too_few_views" in {point.impact.reason for point in Report.from_json(together).points}


def test_rows_without_a_number_are_named_by_their_place_in_the_session(
    shop: pl.DataFrame, events: Path
) -> None:
    """A frame of a cluster has no order of rows that would be the same tomorrow."""
    assert "row_no" not in shop.columns
    report = Report.from_json(apart(events, 3, of(detectors=["rage_click"])))
    moment = report.points[0].evidence[0]

    rows = shop.filter(pl.col("session_id") == moment.session_id).sort("ts")
    named = rows[[row - 1 for row in moment.rows]]

    assert named["kind"].cast(pl.String()).unique().to_list() == ["click"]
    assert named["ts"].min() == datetime.fromisoformat(moment.start)


def test_people_are_stitched_over_all_shards(shop: pl.DataFrame, tmp_path: Path) -> None:
    number = pl.col("visitor_id").rank("dense") // 2
    path = written(shop.with_columns(user_id=pl.format("u{}@example.com", number)), tmp_path)

    alone, together = both(path, 3)

    assert not exact(alone, together)


def test_a_plain_table_without_sessions_is_understood_by_its_names(
    shop: pl.DataFrame, tmp_path: Path
) -> None:
    plain = shop.select(
        pl.col("visitor_id").alias("user id"),
        pl.col("ts").alias("time"),
        pl.col("kind").cast(pl.String()).alias("event"),
        *("url", "target", "x", "y"),
    )

    alone, together = both(written(plain, tmp_path), 3)

    assert not exact(alone, together)


def test_records_that_cannot_be_placed_are_counted(shop: pl.DataFrame, tmp_path: Path) -> None:
    torn = pl.when(pl.int_range(pl.len()) % 97 > 0).then("ts")

    alone, together = both(written(shop.with_columns(ts=torn), tmp_path), 2)

    assert not exact(alone, together)
    assert Report.from_json(together).input.rows_rejected == Report.from_json(alone).input.rows_rejected > 0


def test_a_worker_that_is_killed_changes_nothing(events: Path) -> None:
    undisturbed = apart(events, 2, of(detectors=["rage_click", "dead_click"]))

    disturbed = apart(events, 5, of(detectors=["rage_click", "dead_click"]), twice=1, seed=7)

    assert disturbed == undisturbed


def test_without_a_usable_row_it_says_why(shop: pl.DataFrame, tmp_path: Path) -> None:
    nothing = shop.with_columns(ts=pl.lit(None, shop.schema["ts"]))

    with pytest.raises(InputError) as raised:
        apart(written(nothing, tmp_path), 2, of())

    assert raised.value.problem.code == "input.no_usable_rows"


def test_a_period_without_events_is_said(events: Path) -> None:
    with pytest.raises(InputError) as raised:
        apart(events, 2, of(period=("2040-01-01", None)))

    assert raised.value.problem.code == "input.outside_period"


def test_answers_and_page_views_that_come_in_pieces_come_whole(
    monkeypatch: pytest.MonkeyPatch, events: Path
) -> None:
    whole = apart(events, 2, of(detectors=["rage_click"]))

    monkeypatch.setattr(partitions, "PIECE", 10_000)
    monkeypatch.setattr(gathering, "VIEWS_AT_ONCE", 500)

    assert apart(events, 2, of(detectors=["rage_click"])) == whole


def test_no_worker_hears_of_keys_and_places() -> None:
    known = of(config={"privacy": {"key": "a secret of some length, hidden"}})

    assert "secret" not in Job.of(known, "events").settings


def test_partitions_without_rows_answer_nothing() -> None:
    def none() -> Iterator[Any]:
        yield from ()

    assert not list(partitions.answered(b"never read", none()))


def test_who_is_told_by_a_member_of_a_structure_alone_is_refused(shop: pl.DataFrame, tmp_path: Path) -> None:
    """Workers bring rows together by whole columns."""
    nested = shop.select(pl.struct(id="visitor_id").alias("user"), pl.col("ts").alias("time"), "url")

    with pytest.raises(InputError) as raised:
        apart(written(nested, tmp_path), 2, of())

    assert raised.value.problem.code == "input.no_session_column"
