"""Clarity: answers of its interface with their bases and periods, and lists of recordings in any language."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from friction import scan
from friction.config import Settings
from friction.sources import recognise
from friction.sources.base import Options
from friction.sources.clarity import period
from tests.sources.counted import FIXTURES, OWN, counted, read, times, written


def shares(rows: pl.DataFrame, measure: str) -> dict[str, tuple[int, float]]:
    own = rows.filter(pl.col("measure") == measure, pl.col("unit") == "share")
    return {
        url.removeprefix("https://shop.example"): (round(value * n), n)
        for url, value, n in own.select("url", "value", "denominator").iter_rows()
    }


def test_counts_of_clarity_have_sessions_as_their_base() -> None:
    rows = counted("clarity/2026-03-02_2026-03-04.json").aggregates
    paths = {step.path for own in OWN for step in own if step.what == "view"}
    truth = {
        path: (
            sum(any(step.what == "rage" and step.path == path for step in own) for own in OWN),
            float(sum(any(step.path == path for step in own) for own in OWN)),
        )
        for path in paths
    }

    assert shares(rows, "rage_click") == truth


def test_subtotals_of_clarity_are_incidents_and_no_base() -> None:
    rows = counted("clarity/2026-03-02_2026-03-04.json").aggregates
    incidents = rows.filter(pl.col("measure") == "dead_click", pl.col("unit") == "count")

    assert incidents["value"].sum() == sum(times(own, "dead") for own in OWN)
    assert incidents["denominator"].null_count() == incidents.height


def test_percentages_of_clarity_are_shares_between_0_and_1() -> None:
    rows = counted("clarity/2026-03-02_2026-03-04.json").aggregates
    share = rows.filter(pl.col("unit") == "share")["value"]

    assert share.is_between(0, 1).all()
    assert share.max() == 1


def answer(*rows: dict[str, object], metric: str = "RageClickCount") -> str:
    return json.dumps([{"metricName": metric, "information": list(rows)}])


ROW = {"sessionsCount": "200", "sessionsWithMetricPercentage": 12.5, "pagesViews": "300", "subTotal": "40"}


@pytest.mark.parametrize("key", ["Url", "URL", "url"])
def test_the_case_of_a_dimension_does_not_matter(tmp_path: Path, key: str) -> None:
    reading = read(written(tmp_path, answer(ROW | {key: "https://shop.example/cart"})))

    assert reading.counted is not None
    assert set(reading.counted.aggregates["url"]) == {"https://shop.example/cart"}
    assert reading.counted.aggregates.filter(unit="share")["value"].to_list() == [0.125]


@pytest.mark.parametrize(
    ("dims", "basis", "kept"),
    [
        ({}, "site", None),
        ({"Device": "Mobile", "OS": "iOS"}, "segment", '{"device": "Mobile", "os": "iOS"}'),
        ({"Url": "https://shop.example/", "Device": "Mobile"}, "page", None),
    ],
)
def test_dimensions_tell_what_a_count_refers_to(
    tmp_path: Path, dims: dict[str, str], basis: str, kept: str | None
) -> None:
    reading = read(written(tmp_path, answer(ROW | dims)))

    assert reading.counted is not None
    assert set(reading.counted.aggregates["basis"]) == {basis}
    assert set(reading.counted.aggregates["dims"]) == {kept}


def test_a_row_of_clarity_without_a_number_is_set_aside(tmp_path: Path) -> None:
    reading = read(
        written(tmp_path, answer(ROW, ROW | {"sessionsWithMetricPercentage": "many", "subTotal": None}))
    )

    assert reading.rejects["reason"].to_list() == ["no_figure"]
    assert reading.facts["records"] == 2


@pytest.mark.parametrize(
    ("pages", "caveats"), [(999, ["period_unknown"]), (1_000, ["period_unknown", "rows_limit"])]
)
def test_an_answer_as_long_as_it_may_be_is_said_to_lack_pages(
    tmp_path: Path, pages: int, caveats: list[str]
) -> None:
    rows = [ROW | {"Url": f"https://shop.example/{number}"} for number in range(pages)]

    report = scan.analyze([written(tmp_path, answer(*rows))], None, Settings())

    assert report.counted[0].caveats == caveats


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("2026-03-02_2026-03-04.json", date(2026, 3, 2), date(2026, 3, 4)),
        ("clarity-20260304.json", date(2026, 3, 2), date(2026, 3, 4)),
        ("2026-01-01.zip › export-2026.03.04.json", date(2026, 3, 2), date(2026, 3, 4)),
        ("clarity-2026-13-45.json", None, None),
        ("answer.json", None, None),
        ("project-120260304567.json", None, None),
    ],
)
def test_the_period_is_that_of_the_name_and_one_day_is_the_last_of_three(
    name: str, first: date | None, last: date | None
) -> None:
    assert period(name) == (first, last)


@pytest.mark.parametrize(
    "header", ["Date,Time,Duration,Entry,Exit,Referrer,User,Browser,Device,OS,Country,Pages,Clicks,Score", ""]
)
def test_a_list_of_clarity_is_known_by_its_values_in_any_language(tmp_path: Path, header: str) -> None:
    lines = (FIXTURES / "clarity" / "grabaciones.csv").read_text(encoding="utf-8").splitlines()
    path = tmp_path / "list.csv"
    path.write_text("\n".join([header or lines[0], *lines[1:]]) + "\n", encoding="utf-8")
    source, _, file = recognise(path, path.name)

    found = source.read(file, Options()).counted

    assert source.name == "clarity"
    assert found is not None
    first = found.sessions.sort("start").row(0, named=True)
    assert (first["start"].isoformat(), first["tz_assumed"]) == ("2026-03-02T08:00:00+00:00", True)
    assert (first["duration_s"], first["pages"], first["actions"]) == (86.0, 4, 17)
    assert (first["landing_url"], first["exit_url"]) == (
        "https://shop.example/",
        "https://shop.example/checkout",
    )


def test_the_link_of_a_list_of_clarity_names_its_sessions_and_hours_count(tmp_path: Path) -> None:
    row = "27/2/2026,8:00,1:01:26,https://a.example/,https://a.example/b,,u7f3,Chrome,PC,Windows,France,4,17,"
    link = "https://clarity.microsoft.com/player/p1/u7f3/s9"
    path = tmp_path / "list.csv"
    path.write_text(f"a,b,c,d,e,f,g,h,i,j,k,l,m,n\n{row}{link}\n{row}{link}\n", encoding="utf-8")
    source, _, file = recognise(path, path.name)

    found = source.read(file, Options()).counted

    assert found is not None
    assert set(found.sessions["session_id"]) == {"s9"}
    assert set(found.sessions["duration_s"]) == {3_686.0}
    assert set(found.sessions["start"].dt.month()) == {2}
