"""Files of PostHog: every container tells the same, and the files of others are left to them."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import zstandard

from friction.ingest.columns import wanted
from friction.ingest.gather import Pools, gather
from friction.schema import EVENT, conform
from friction.sources import recognise
from friction.sources.generic import Generic
from friction.sources.posthog import PostHog
from friction.sources.posthog_columns import unfold
from friction.tables.files import look
from friction.testing import posthog as made_up
from tests.sources.posthog import FILES, FIXTURES, events, frame, reading, row

# --- Containers


def test_the_fixtures_are_what_the_generator_writes(tmp_path: Path) -> None:
    made_up.write(made_up.events(6, 1), tmp_path)
    for name in set(FILES) - {"batch.parquet"}:
        assert (tmp_path / name).read_bytes() == (FIXTURES / name).read_bytes()
    assert pl.read_parquet(tmp_path / "batch.parquet").equals(pl.read_parquet(FIXTURES / "batch.parquet"))


@pytest.mark.parametrize("name", FILES)
def test_every_container_is_recognised_and_generic_loses(name: str) -> None:
    source, sure, file = recognise(FIXTURES / name, name)
    assert source.name == "posthog"
    assert sure > 0.9 > Generic().sniff(file)


@pytest.mark.parametrize("name", FILES[1:])
def test_every_container_tells_the_same_events(name: str) -> None:
    assert frame(FIXTURES / name).equals(frame(FIXTURES / FILES[0]))


@pytest.mark.parametrize("compress", [gzip.compress, zstandard.compress])
@pytest.mark.parametrize("name", ["list.csv", "batch.jsonl", "batch.parquet"])
def test_compressed_files_tell_the_same(tmp_path: Path, name: str, compress: Any) -> None:
    path = tmp_path / name
    path.write_bytes(compress((FIXTURES / name).read_bytes()))
    assert recognise(path, name)[0].name == "posthog"
    assert frame(path).equals(frame(FIXTURES / name))


def test_columns_of_a_csv_may_have_no_prefix(tmp_path: Path) -> None:
    path = tmp_path / "plain.csv"
    path.write_text(
        "event,timestamp,distinct_id,$session_id,$current_url,utm_campaign\n"
        "$pageview,2026-03-02 08:00:00.250000+00:00,d1,s1,https://a.example/x,spring\n",
        encoding="utf-8",
    )
    assert recognise(path, path.name)[0].name == "posthog"
    found = frame(path).row(0, named=True)
    names = ("kind", "visitor_id", "session_id", "url", "campaign")
    assert [found[name] for name in names] == ["page_view", "d1", "s1", "https://a.example/x", "spring"]
    assert found["ts"].isoformat() == "2026-03-02T08:00:00.250000+00:00"


def test_a_reading_holds_only_columns_of_the_event_table() -> None:
    for name in FILES:
        columns = reading(FIXTURES / name).events.collect_schema()
        assert set(columns) <= set(EVENT)


def test_streaming_equals_reading_in_memory() -> None:
    for name in FILES:
        lazy = conform(reading(FIXTURES / name).events)
        assert lazy.collect(engine="in-memory").equals(lazy.collect(engine="streaming"))


def test_the_order_of_rows_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "backwards.jsonl"
    lines = (FIXTURES / "batch.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(reversed(lines)), encoding="utf-8")
    backwards, forwards = (
        frame(one).drop("row_no").sort("event_id") for one in (path, FIXTURES / "batch.jsonl")
    )
    assert backwards.equals(forwards)


def test_all_rows_can_be_used() -> None:
    everything = wanted(frozenset(EVENT))
    for name in FILES:
        gathered = gather(reading(FIXTURES / name), everything, Pools())
        assert (gathered.accepted, gathered.rejects.height) == (gathered.total, 0)


def test_only_wanted_columns_are_read() -> None:
    columns = set(reading(FIXTURES / "batch.parquet", columns=frozenset({"browser"})).events.collect_schema())
    assert "browser" in columns
    assert columns.isdisjoint({"target", "el_attrs", "error_message", "value", "os"})


def test_a_property_that_no_sample_shows_is_found(tmp_path: Path) -> None:
    rows = [row(browser="Firefox", padding="x" * 900) for _ in range(3_000)]
    rows[700] = row(event="$exception", exception_message="boom")
    messages = [one["error_message"] for one in events(tmp_path, *rows)]
    assert [at for at, message in enumerate(messages) if message] == [700]


def test_a_bad_line_costs_one_line(tmp_path: Path) -> None:
    path = tmp_path / "torn.jsonl"
    lines = (FIXTURES / "batch.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join([*lines[:5], '{"event": "$pagev\n', *lines[5:]]), encoding="utf-8")
    found = reading(path)
    assert found.rejects["line"].to_list() == [6]
    assert found.facts["records"] == len(lines) + 1
    assert (
        conform(found.events).collect().drop("row_no").equals(frame(FIXTURES / "batch.jsonl").drop("row_no"))
    )


def test_an_unreadable_text_of_properties_costs_only_them(tmp_path: Path) -> None:
    path = tmp_path / "one.parquet"
    good = pl.read_parquet(FIXTURES / "batch.parquet")
    broken = pl.when(pl.int_range(pl.len()) == 3).then(pl.lit('{"$os":')).otherwise("properties")
    good.with_columns(properties=broken).write_parquet(path)
    before, after = frame(FIXTURES / "batch.parquet"), frame(path)
    assert after["url"].is_null().arg_true().to_list() == [3]
    assert after.filter(pl.col("row_no") != 4).equals(before.filter(pl.col("row_no") != 4))


def test_properties_without_an_object_are_null() -> None:
    texts = pl.Series(['{"a": 1, "b": [1, "x"]}', None, "", "[1]", '{\n"a": "y"}'])
    found = unfold(texts, ["properties.a", "properties.b"]).struct.unnest()
    assert found["properties.a"].to_list() == ["1", None, None, None, "y"]
    assert json.loads(found["properties.b"][0]) == [1, "x"]


# --- Strangers

STRANGERS: dict[str, Any] = {
    "mixpanel": {
        "event": "$mp_click",
        "properties": {
            **{"time": 1772438400, "distinct_id": "d", "$current_url": "https://a.example", "mp_lib": "web"},
            **{"$insert_id": "i", "mp_processing_time_ms": 1772438400000},
        },
    },
    "segment": {
        **{
            "type": "track",
            "event": "Order Completed",
            "messageId": "m",
            "anonymousId": "a",
            "properties": {},
        },
        "timestamp": "2026-03-02T08:00:00.250Z",
    },
    "amplitude": {
        **{
            "event_type": "[Amplitude] Page Viewed",
            "amplitude_id": 1,
            "event_properties": {},
            "$insert_id": "i",
        },
        **{"device_id": "d", "event_time": "2026-03-02 08:00:00.250000", "session_id": 1772438400000},
    },
    "ga4": {
        **{"event_timestamp": "1772438400000000", "event_name": "page_view", "user_pseudo_id": "u"},
        "event_params": [],
    },
    "rrweb": {
        "type": 4,
        "timestamp": 1772438400000,
        "data": {"href": "https://a.example", "width": 1, "height": 1},
    },
    "generic": {"event": "click", "timestamp": "2026-03-02T08:00:00Z", "session_id": "s", "url": "/"},
    "nobody's": {"event": "click", "timestamp": "2026-03-02T08:00:00Z", "distinct_id": "d", "url": "/"},
}


@pytest.mark.parametrize("name", STRANGERS)
def test_strangers_are_refused(tmp_path: Path, name: str) -> None:
    lines, listed = tmp_path / "a.jsonl", tmp_path / "a.json"
    lines.write_text(made_up.lines([STRANGERS[name]] * 3), encoding="utf-8")
    listed.write_text(json.dumps([STRANGERS[name]] * 3), encoding="utf-8")
    assert [PostHog().sniff(look(path, path.name)) for path in (lines, listed)] == [0.0, 0.0]


@pytest.mark.parametrize(
    "header",
    [
        "event,time,distinct_id,$browser,mp_processing_time_ms",
        "Event,Time,Distinct ID,$browser,$current_url",
        "timestamp,session_id,event,url",
        "event,timestamp,distinct_id,url",
        "event_time,event_type,amplitude_id,$insert_id",
    ],
)
def test_strange_headers_are_refused(tmp_path: Path, header: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"{header}\n{','.join('x' * len(header.split(',')))}\n", encoding="utf-8")
    assert PostHog().sniff(look(path, path.name)) == 0
