"""Other exports of counts: what each tells of the visits it was made of, and tables that were written."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from friction.counting.tables import AGGREGATE, SESSION
from friction.sources import recognise
from tests.sources.counted import FIXTURES, OWN, counted, read, times, written

# --- PostHog's list of recordings


def test_the_list_of_posthog_counts_seconds_and_errors() -> None:
    rows = counted("posthog_recording/list.json").sessions.sort("start")

    assert rows["duration_s"].to_list() == [round((own[-1].at - own[0].at).total_seconds()) for own in OWN]
    assert rows["js_errors"].to_list() == [times(own, "error") for own in OWN]
    assert rows["landing_url"].to_list() == [own[0].url for own in OWN]
    assert not rows["tz_assumed"].any()


# --- Plausible, Umami


def test_the_archive_of_plausible_is_its_tables() -> None:
    alone = sorted(path.name for path in (FIXTURES / "plausible").glob("*.csv"))
    whole = counted("plausible/shop_example_20260302_20260303.zip").aggregates
    order = ["measure", "basis", "url", "dims", "period_start", "unit"]

    apart = counted(*(f"plausible/{name}" for name in alone)).aggregates

    assert whole.sort(order).equals(apart.sort(order))


def test_totals_of_plausible_become_means_of_visits_in_seconds_and_percent() -> None:
    rows = counted("plausible/imported_pages_20260302_20260303.csv").aggregates

    assert set(rows.filter(measure="time_on_page")["value"]) == {20.0}
    assert set(rows.filter(measure="time_on_page")["unit"]) == {"s"}
    assert set(rows.filter(measure="scroll_depth")["value"]) == {60.0}


def test_a_day_of_plausible_that_cannot_be_read_sets_its_row_aside(tmp_path: Path) -> None:
    text = (FIXTURES / "plausible" / "imported_visitors_20260302_20260303.csv").read_text(encoding="utf-8")

    reading = read(written(tmp_path, text.replace("2026-03-03", "soon", 1)))

    assert reading.rejects["reason"].to_list() == ["no_figure"]
    assert reading.counted is not None
    assert reading.counted.aggregates["period_start"].unique().to_list() == [date(2026, 3, 2)]


def test_more_bounces_than_visits_are_no_share(tmp_path: Path) -> None:
    reading = read(
        written(tmp_path, "date,visitors,pageviews,bounces,visits,visit_duration\n2026-03-02,5,9,7,5,60\n")
    )

    assert reading.counted is not None
    assert not reading.counted.aggregates.filter(measure="bounce").height


def test_umami_tells_bounces_only_in_its_expanded_metrics() -> None:
    plain = counted("umami/pages.csv").aggregates
    expanded = counted("umami/expanded.csv").aggregates

    assert set(plain["measure"]) == {"visitors"}
    assert {"bounce", "duration", "visitors"} == set(expanded["measure"])


@pytest.mark.parametrize("content", ["x,y\n10,20\n12,30\n14,9\n", "x,y,t\n/a,20,1\n/b,30,2\n"])
def test_places_on_a_screen_are_no_table_of_umami(tmp_path: Path, content: str) -> None:
    assert recognise(written(tmp_path, content), "a.csv")[0].name != "umami"


# --- Tables that were written are read again


@pytest.mark.parametrize(
    ("name", "schema"), [("hotjar/recordings.csv", SESSION), ("umami/expanded.csv", AGGREGATE)]
)
def test_what_convert_writes_of_counts_comes_back(tmp_path: Path, name: str, schema: pl.Schema) -> None:
    table = counted(name)
    frame = (table.sessions if schema is SESSION else table.aggregates).drop("file_id")
    frame.write_parquet(tmp_path / "table.parquet")

    reading = read(tmp_path / "table.parquet")

    assert recognise(tmp_path / "table.parquet", "x")[0].name == "friction"
    assert reading.counted is not None
    again = reading.counted.sessions if schema is SESSION else reading.counted.aggregates
    assert again.drop("file_id").equals(frame)
