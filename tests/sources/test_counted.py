"""Exports of counts: what each tells of the visits it was made of, in our units, and the traps of each tool."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest

from friction import scan
from friction.config import Settings
from friction.counting.tables import AGGREGATE, SESSION, Counted
from friction.limits import DEFAULT
from friction.sources import recognise
from friction.sources.base import Options, Reading
from friction.sources.clarity import period
from friction.sources.hotjar import bare_link, recording
from friction.tables.inputs import plain_files
from friction.testing.exports import VISITS
from friction.testing.exports.documents import by_visit
from friction.testing.exports.listed import pages
from friction.testing.exports.visits import Step, steps

FIXTURES = Path(__file__).parents[2] / "fixtures" / "sources"
OWN = by_visit(steps(VISITS))


def read(path: Path, name: str | None = None, **options: str) -> Reading:
    source, _, file = recognise(path, name or path.name)
    return source.read(file, Options(**options))  # type: ignore[arg-type]


def counted(*names: str) -> Counted:
    found = []
    for name in names:
        for file in plain_files([FIXTURES / name], [name], DEFAULT).files:
            reading = read(file.path, file.name)
            assert reading.counted is not None
            found.append(reading.counted)
    return Counted.together(found)


def times(own: Iterable[Step], what: str) -> int:
    return sum(step.what == what for step in own)


def written(folder: Path, content: str, name: str = "export.csv") -> Path:
    path = folder / name
    path.write_text(content, encoding="utf-8")
    return path


# --- Hotjar


def test_a_recording_of_hotjar_becomes_a_session() -> None:
    rows = counted("hotjar/recordings.csv").sessions.sort("start")

    assert rows["session_id"].to_list() == [f"77:{9000 + number}" for number in range(VISITS)]
    assert rows["rage_clicks"].to_list() == [times(own, "rage") for own in OWN]
    assert rows["pages"].to_list() == [len(pages(own)) for own in OWN]
    assert rows["start"].to_list() == [own[0].at.replace(microsecond=0) for own in OWN]
    assert rows["screen_w"].to_list() == [390 if own[0].is_phone else 1440 for own in OWN]
    assert rows["returning"].to_list() == [bool(own[0].visitor % 2) for own in OWN]


def test_durations_of_hotjar_are_seconds_and_nothing_is_written_as_a_word() -> None:
    rows = counted("hotjar/recordings.csv").sessions.sort("start")

    assert rows["duration_s"].to_list() == [round((own[-1].at - own[0].at).total_seconds()) for own in OWN]
    assert rows["nps"].to_list() == [9.0, None, None, None]
    assert rows["referrer"].null_count() == VISITS


def test_the_zone_of_hotjar_is_assumed_unless_it_is_said() -> None:
    path = FIXTURES / "hotjar" / "recordings.csv"
    assumed, said = read(path).counted, read(path, tz="Europe/Paris").counted
    assert assumed is not None
    assert said is not None

    assert assumed.sessions["tz_assumed"].all()
    assert not said.sessions["tz_assumed"].any()
    moved = assumed.sessions["start"] - said.sessions["start"]
    assert set(moved.dt.total_minutes()) == {60}


def test_a_list_of_hotjar_survives_a_spreadsheet(tmp_path: Path) -> None:
    text = (FIXTURES / "hotjar" / "recordings.csv").read_text(encoding="utf-8")
    text = text.replace('"checkout, voucher"', "checkout").replace(",", ";").replace("True", "WAHR")
    text = text.replace("Score®", "ScoreÂ®").replace("\n", ";seen\n")
    rows = counted("hotjar/recordings.csv").sessions

    saved = read(written(tmp_path, text)).counted

    assert saved is not None
    assert saved.sessions.drop("labels").equals(rows.drop("labels"))


def test_a_row_without_time_or_recording_is_set_aside(tmp_path: Path) -> None:
    lines = (FIXTURES / "hotjar" / "recordings.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    lines[1] = lines[1].replace("2026-03-02T08:00:00", "N/A")
    lines[3] = "N/A" + lines[3][lines[3].index(",") :]

    reading = read(written(tmp_path, "".join(lines)))

    assert reading.rejects.sort("row_no")["reason"].to_list() == ["time_unreadable", "no_session"]
    assert reading.facts["records"] == VISITS


@pytest.mark.parametrize(
    ("url", "session", "link"),
    [
        ("https://h.example/r?site=7&recording=9&token=abc", "7:9", "https://h.example/r?site=7&recording=9"),
        ("https://h.example/r?recording=9", "9", "https://h.example/r?recording=9"),
        ("https://h.example/view/12?token=abc", "https://h.example/view/12", "https://h.example/view/12"),
        ("javascript:alert(1)", "javascript:alert(1)", None),
    ],
)
def test_a_recording_is_named_without_what_opens_it(url: str, session: str, link: str | None) -> None:
    assert (recording(url), bare_link(url)) == (session, link)


# --- Clarity


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


# --- Mouseflow


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


def test_mouseflow_counts_milliseconds_in_utc() -> None:
    rows = counted("mouseflow/recordings.json").sessions.sort("start")

    assert [round(value, 3) for value in rows["duration_s"]] == [
        round((own[-1].at - own[0].at).total_seconds(), 3) for own in OWN
    ]
    assert not rows["tz_assumed"].any()
    assert rows["start"].min() == datetime(2026, 3, 2, 8, tzinfo=UTC)


def test_tags_of_mouseflow_are_counts_and_an_untagged_session_has_none() -> None:
    rows = counted("mouseflow/recordings.json").sessions.sort("start")

    assert rows["rage_clicks"].to_list() == [int(times(own, "rage") > 0) for own in OWN]
    assert set(rows["error_clicks"]) == {0}


def test_tags_of_page_views_are_counted_each(tmp_path: Path) -> None:
    views = [
        {"id": str(n), "startTime": "2026-03-02T08:00:00", "tags": ["click-rage"][: n % 2]} for n in range(5)
    ]
    one = {"id": "a", "engagementTime": 9, "pages": 5, "tags": ["click-rage"], "pageViews": views}

    reading = read(written(tmp_path, json.dumps({"recordings": [one]})))

    assert reading.counted is not None
    assert reading.counted.sessions["rage_clicks"].to_list() == [2]


def test_the_list_of_mouseflow_tells_the_same_sessions_as_its_interface() -> None:
    columns = ["session_id", "pages", "landing_url", "rage_clicks", "js_errors", "vendor_score"]
    listed, answered = (
        counted("mouseflow/recordings.csv").sessions,
        counted("mouseflow/recordings.json").sessions,
    )

    assert listed.select(columns).equals(answered.select(columns))
    assert set((listed["duration_s"] - answered["duration_s"]).abs() <= 0.5) == {True}


def test_hesitation_before_an_element_is_a_mean_of_its_visitors() -> None:
    rows = counted("mouseflow/links.json").aggregates
    before = rows.filter(pl.col("measure") == "time_before_click")

    assert set(before["value"]) == {2_500.0}
    assert set(before["unit"]) == {"ms"}
    assert before["denominator"].min() == 4


def test_rage_on_an_element_is_a_share_of_its_clicks() -> None:
    rows = counted("mouseflow/links.json").aggregates.filter(
        pl.col("measure") == "rage_click", pl.col("unit") == "share", pl.col("target") == "button#buy"
    )
    clicks = [step for own in OWN for step in own if step.what == "click" and step.element]
    own_clicks = sum(step.element is not None and step.element.id == "buy" for step in clicks)

    assert rows["denominator"].to_list() == [own_clicks]
    assert rows["value"].item() == sum(times(own, "rage") for own in OWN) / own_clicks


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
        written(
            tmp_path, "date,visitors,pageviews,bounces,visits,visit_duration\n2026-03-02,5,9,7,5,60\n" * 1
        )
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
