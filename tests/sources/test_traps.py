"""The traps of the vendors: units, clocks, versions and things that look alike."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from friction.errors import InputError
from friction.schema import conform
from friction.sources import recognise
from friction.sources.base import Options
from friction.sources.fullstory import of_tokens
from friction.testing.exports import mixpanel
from friction.testing.exports.visits import steps
from tests.sources.reading import distinct

FIXTURES = Path(__file__).parents[2] / "fixtures" / "sources"


def rows(path: Path) -> pl.DataFrame:
    source, _, file = recognise(path, path.name)
    return distinct(source.read(file, Options()))


def fixture(name: str) -> pl.DataFrame:
    return rows(FIXTURES / name)


def written(folder: Path, *records: Mapping[str, Any]) -> Path:
    path = folder / "export.jsonl"
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return path


# --- Units (formats.md §4.1)


def test_datadog_counts_nanoseconds() -> None:
    frame = fixture("datadog/documents.jsonl")

    assert set(frame.filter(kind="request")["duration_ms"]) == {250.0}
    assert set(frame.filter(kind="click")["response_delay_ms"]) == {350.0}
    assert set(frame.filter(kind="page_view")["lcp_ms"]) == {2_100.0}


def test_of_a_datadog_view_only_the_last_version_counts() -> None:
    views = fixture("datadog/documents.jsonl").filter(kind="page_view")

    assert views["pageview_id"].is_unique().all()
    assert set(views["duration_ms"]) == {12_000.0}


def test_ga4_counts_microseconds_and_engaged_milliseconds() -> None:
    frame = fixture("ga4/nested.jsonl")

    assert frame["ts"].min() == min(step.at for step in steps(4))
    assert set(frame.filter(kind="heartbeat")["active_ms"]) == {2_500.0}


def test_the_session_number_of_ga4_needs_the_visitor() -> None:
    frame = fixture("ga4/nested.jsonl")

    assert frame.select(pl.col("session_id").str.starts_with(pl.col("visitor_id")).all()).item()


@pytest.mark.parametrize("unit", [1, 1_000])
def test_mixpanel_counts_seconds_or_milliseconds(tmp_path: Path, unit: int) -> None:
    made = mixpanel.rows(steps(1))
    for row in made:
        row["properties"]["time"] *= unit

    frame = rows(written(tmp_path, *made))

    assert frame["ts"].min() == min(step.at for step in steps(1)).replace(microsecond=0)


def test_the_zone_of_mixpanel_is_assumed_unless_it_is_said() -> None:
    path = FIXTURES / "mixpanel" / "raw.jsonl"
    source, _, file = recognise(path, path.name)

    said = conform(source.read(file, Options(tz="America/New_York")).events).collect()

    assert fixture("mixpanel/raw.jsonl")["tz_assumed"].all()
    assert not said["tz_assumed"].any()
    assert set(said["ts"] - fixture("mixpanel/raw.jsonl")["ts"]) == {timedelta(hours=5)}


def test_matomo_counts_seconds_and_milliseconds_and_an_action_has_its_own_time() -> None:
    views = fixture("matomo/visits.json").filter(kind="page_view")

    assert set(views["duration_ms"]) == {12_000.0}
    assert set(views["load_ms"]) == {640.0}
    assert views["ts"].n_unique() == views.height


def test_times_of_amplitude_are_utc_and_session_minus_one_is_none(tmp_path: Path) -> None:
    line = (FIXTURES / "amplitude" / "hour.jsonl").read_text(encoding="utf-8").splitlines()[0]
    event = {**json.loads(line), "session_id": -1}

    frame = rows(written(tmp_path, event))

    assert frame["session_id"].to_list() == [None]
    assert frame["ts"].to_list() == [steps(4)[0].at]


def test_mixed_offsets_of_segment_are_one_time() -> None:
    frame = fixture("segment/archive.jsonl")

    assert not frame["tz_assumed"].any()
    assert frame["ts"].min() == min(step.at for step in steps(4) if step.what == "view")


@pytest.mark.parametrize(
    ("file", "better"),
    [
        *(("segment/archive.jsonl", ("timestamp", "originalTimestamp")),),
        *(("amplitude/hour.jsonl", ("event_time", "client_event_time")),),
    ],
)
def test_a_time_of_upload_is_marked_as_batched(tmp_path: Path, file: str, better: tuple[str, ...]) -> None:
    lines = (FIXTURES / file).read_text(encoding="utf-8").splitlines()
    made = [json.loads(line) for line in lines]
    for name in better:
        made[0].pop(name)

    quality = rows(written(tmp_path, *made))["ts_quality"].to_list()

    assert quality[0] == "batched"
    assert set(quality[1:]) == {"exact"}


def test_the_collectors_time_of_snowplow_is_the_last_resort(tmp_path: Path) -> None:
    path = tmp_path / "enriched.tsv"
    lines = (
        (FIXTURES / "snowplow" / "enriched.bare.tsv").read_text(encoding="utf-8").splitlines(keepends=True)
    )
    cells = lines[1].split("\t")
    cells[4] = cells[124] = ""
    path.write_text("".join([lines[0], "\t".join(cells), *lines[2:]]), encoding="utf-8")

    quality = rows(path)["ts_quality"].to_list()

    assert quality.count("batched") == 1
    assert quality[1] == "batched"


def test_a_load_of_minus_one_is_no_fast_page() -> None:
    frame = fixture("har/pages.har").filter(kind="page_view")

    assert set(frame["load_ms"]) == {None, 1_825.0}


def test_redirects_without_pages_are_requests_of_one_page() -> None:
    frame = fixture("har/redirects.har")

    assert frame.filter(kind="request")["http_status"].to_list() == [302, 302, 302]
    assert frame.filter(kind="page_view").height == 1


def test_the_word_null_of_aws_says_nothing() -> None:
    assert fixture("aws_clickstream/event_v2.jsonl")["user_id"].null_count() > 0


@pytest.mark.parametrize("file", ["amplitude/hour.jsonl", "snowplow/enriched.bare.tsv"])
def test_times_that_are_utc_by_documentation_are_not_moved_by_a_zone(file: str) -> None:
    path = FIXTURES / file
    source, _, looked = recognise(path, path.name)

    moved = conform(source.read(looked, Options(tz="America/New_York")).events).collect()

    assert not fixture(file)["tz_assumed"].any()
    assert sorted(moved["ts"]) == sorted(fixture(file)["ts"])


@pytest.mark.parametrize("file", ["iis.log", "cloudfront.log"])
def test_date_and_time_of_w3c_logs_are_utc_whatever_zone_is_said(file: str) -> None:
    path = FIXTURES / "access_log" / file
    source, _, looked = recognise(path, path.name)

    moved = conform(source.read(looked, Options(tz="America/New_York")).events).collect()

    assert sorted(moved["ts"]) == sorted(fixture(f"access_log/{file}")["ts"])
    assert not moved["tz_assumed"].any()


def test_amplitude_counts_milliseconds() -> None:
    told = {float(step.more["took"]) for step in steps(4) if step.what == "request"}

    assert set(fixture("amplitude/hour.jsonl").filter(kind="request")["duration_ms"].drop_nulls()) == told


def test_adobe_counts_seconds_in_gmt_and_not_in_the_zone_of_the_suite() -> None:
    frame = fixture("adobe/hits.tsv")

    assert not frame["tz_assumed"].any()
    assert set((frame["ts"].dt.epoch("ms") % 1_000).to_list()) == {0}
    assert frame["ts"].min() == min(step.at for step in steps(4) if step.what == "view").replace(
        microsecond=0
    )


def test_fullstory_counts_milliseconds() -> None:
    for file in ("segment.csv", "segment.json", "segment.jsonl"):
        loads = fixture(f"fullstory/{file}")["load_ms"].drop_nulls()
        told = {float(step.more["load"]) for step in steps(4) if step.what == "vital"}
        assert set(loads) <= told
        assert loads.len() > 0


def test_openreplay_counts_milliseconds() -> None:
    frame = fixture("openreplay/sessions.json")

    assert frame["ts"].min() == min(step.at for step in steps(4))


@pytest.mark.parametrize(
    "times", [("2026-03-02 08:00:00.125", "2026-03-02 08:00:20"), (1_772_438_400_125, 1_772_438_420_000)]
)
def test_tables_of_contentsquare_have_texts_or_in_a_bucket_milliseconds(
    tmp_path: Path, times: tuple[str | int, str | int]
) -> None:
    about = {
        "user_id": 11,
        "session_id": 5,
        "library": "web",
        "platform": "Windows",
        "device_type": "Desktop",
    }
    place = {"domain": "shop.example", "path": "/cart", "query": "", "hash": "", "title": "Cart"}
    path = written(
        tmp_path, *({"event_id": n, "time": time, **about, **place} for n, time in enumerate(times))
    )

    frame = rows(path).sort("ts")

    assert frame["ts"].dt.epoch("ms").to_list() == [1_772_438_400_125, 1_772_438_420_000]
    assert set(frame["url"]) == {"https://shop.example/cart"}
    assert set(frame["kind"]) == {"page_view"}


# --- Things that look alike (formats.md §3.3)


def test_a_snowplow_row_may_begin_with_a_bracket() -> None:
    path = FIXTURES / "snowplow" / "enriched.bare.tsv"

    assert path.read_bytes()[:2] == b"<>"
    assert recognise(path, "page.html")[0].name == "snowplow"


@pytest.mark.parametrize(("event", "source"), [("page_view", "ga4"), ("_page_view", "aws_clickstream")])
def test_only_the_names_of_events_tell_google_from_amazon(tmp_path: Path, event: str, source: str) -> None:
    row = {
        "event_timestamp": "1772438400000000",
        "event_name": event,
        "user_pseudo_id": "v1",
        "session_id": "s1",
        "event_id": "e1",
        "page_view_page_url": "https://shop.example/",
    }

    assert recognise(written(tmp_path, row, row), "x")[0].name == source


def test_a_replay_record_that_names_a_format_is_not_rrweb(tmp_path: Path) -> None:
    node = {
        "type": 0,
        "childNodes": [{"type": 2, "tagName": "html", "attributes": {}, "childNodes": [], "id": 2}],
    }
    record = {"timestamp": 1657620232337, "type": 2, "format": 0, "data": {"node": node}}

    assert recognise(written(tmp_path, record, record), "x")[0].name != "rrweb"


def test_a_table_of_sessions_is_refused_with_the_reason(tmp_path: Path) -> None:
    path = tmp_path / "sessions.csv"
    path.write_text(
        "Administrative,Administrative_Duration,BounceRates,ExitRates,PageValues,Month,Revenue\n"
        "0,0,0.2,0.2,0,Feb,FALSE\n" * 3,
        encoding="utf-8",
    )

    with pytest.raises(InputError, match="sums up sessions"):
        rows(path)


# --- Vendors' own verdicts and words


@pytest.mark.parametrize("file", ["segment.csv", "segment.json", "segment.jsonl"])
def test_marks_of_fullstory_are_false_on_a_click_without_and_unknown_elsewhere(file: str) -> None:
    frame = fixture(f"fullstory/{file}")

    clicks = frame.filter(kind="click")
    assert clicks["v_dead"].null_count() == 0
    assert 0 < clicks["v_dead"].sum() < clicks.height
    assert 0 < clicks["v_frustrated"].sum() < clicks.height
    assert frame.filter(pl.col("kind") != "click")["v_dead"].null_count() == frame.height - clicks.height


def test_verdicts_of_vendors_are_no_clicks() -> None:
    for name in ("amplitude/hour.jsonl", "mixpanel/raw.jsonl", "openreplay/sessions.json"):
        frame = fixture(name)
        told = [step for step in steps(4) if step.what == "click"]
        assert frame.filter(kind="click").height == len(told)
        assert frame.filter(kind="rage_click").height == sum(step.what == "rage" for step in steps(4))


def test_events_whose_properties_fullstory_refuses_are_no_errors_of_the_page(tmp_path: Path) -> None:
    told = {"EventType": "custom_error", "EventCustomName": "Product Added", "evt_price_str": "1.79"}
    where = {
        "EventStart": "2026-03-02T08:00:00Z",
        "UserId": 1,
        "SessionId": 2,
        "PageUrl": "https://shop.example/",
    }

    frame = rows(written(tmp_path, {**where, **told}))

    assert (frame["kind"].to_list(), frame["name"].to_list()) == (["custom"], ["Product Added"])
    assert "error_message" not in frame.columns or frame["error_message"].null_count() == 1


@pytest.mark.parametrize(
    ("tokens", "selector"),
    [
        ("html body main .app button #buy", "button#buy"),
        ("html body div .card a .en%2Dtry", "html > body > div.card > a.en-try"),
        ("input =name=email .wide", "input.wide"),
        ("", None),
    ],
)
def test_tokens_of_fullstory_become_selectors(tokens: str, selector: str | None) -> None:
    assert of_tokens(tokens) == selector


def test_a_replay_of_datadog_says_what_to_export_instead(tmp_path: Path) -> None:
    node = {"type": 0, "childNodes": []}
    record = {"timestamp": 1657620232337, "type": 2, "format": 0, "data": {"node": node}}
    path = tmp_path / "replay.json"
    path.write_text(json.dumps(record, indent=1), encoding="utf-8")

    with pytest.raises(InputError, match="a replay recorded by Datadog"):
        rows(path)


@pytest.mark.parametrize("file", ["snowplow/enriched.bare.tsv", "snowplow/dump.csv"])
def test_every_member_of_an_event_of_snowplow_that_describes_itself_is_its_own(file: str) -> None:
    frame = fixture(file)
    vitals, clicks = frame.filter(kind="web_vital"), frame.filter(pl.col("el_href").is_not_null())

    assert vitals.height
    assert vitals["cls"].to_list() == pytest.approx([0.02] * vitals.height)
    assert set(vitals["lcp_ms"]) == {step.more["lcp"] for step in steps(4) if step.what == "vital"}
    assert set(clicks["kind"]) == {"click"}
    assert not (clicks["el_href"] == clicks["el_id"]).any()
