"""Events told more than once count once: in a file, across files, however rows and files are ordered."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from friction.config import Settings
from friction.ingest.once import copies, once
from friction.report import Report
from friction.scan import inspect
from tests.exports import analysed

FIXTURES = Path(__file__).parents[2] / "fixtures" / "sources"
WITH_IDS = ("amplitude/hour.jsonl", "segment/archive.jsonl", "mixpanel/raw.jsonl", "snowplow/dump.csv",
            "heap/events.csv", "posthog/batch.jsonl", "ga4/nested.jsonl", "datadog/documents.jsonl")  # fmt: skip


def told_twice(report: Report) -> int:
    return next(int(check.detail["events"]) for check in report.quality if check.check == "duplicates")


def lines(name: str) -> list[str]:
    source, _, file = name.partition("/")
    path = FIXTURES / source / file
    return path.read_text(encoding="utf-8").splitlines(keepends=True)


@pytest.mark.parametrize("name", WITH_IDS)
def test_an_event_sent_again_is_counted_and_changes_nothing(tmp_path: Path, name: str) -> None:
    whole = lines(name)
    once_, again = tmp_path / "once", tmp_path / "again"
    once_.write_text("".join(whole), encoding="utf-8")
    again.write_text("".join([*whole, *whole[3:8]]), encoding="utf-8")

    left, right = analysed(once_), analysed(again)

    assert told_twice(right) == told_twice(left) + 5
    assert right.input.events == left.input.events
    assert right.input.rows_total == left.input.rows_total + 5
    assert right.input.rows_rejected == 0


def test_two_exports_that_overlap_are_the_same_as_one(tmp_path: Path) -> None:
    whole = lines("amplitude/hour.jsonl")
    paths = [tmp_path / "whole", tmp_path / "first", tmp_path / "second"]
    for path, part in zip(paths, (whole, whole[:60], whole[40:]), strict=True):
        path.write_text("".join(part), encoding="utf-8")

    one, two = analysed(paths[0]), analysed(paths[2], paths[1])

    assert told_twice(two) == 20
    assert (two.input.events, two.input.sessions) == (one.input.events, one.input.sessions)


def test_a_file_given_twice_counts_once_also_without_ids(tmp_path: Path) -> None:
    log = FIXTURES / "access_log" / "combined.log"
    copy = Path(shutil.copy(log, tmp_path / "access (1).log"))

    one, two = analysed(log), analysed(log, copy)

    assert two.input.events == one.input.events
    assert told_twice(two) == one.input.events


def row(alike: int | None, second: int, **more: Any) -> Mapping[str, Any]:
    return {"alike": alike, "ts": second, "word": "x", "file_id": 0, "row_no": second, **more}


def frame(rows: Sequence[Mapping[str, Any]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema_overrides={"alike": pl.UInt64, "ts": pl.Datetime("us", "UTC")})


def test_of_rows_alike_the_highest_version_stays_else_the_earliest() -> None:
    rows = frame(
        [row(1, 5, version=1.0), row(1, 9, version=2.0), row(2, 8, version=None), row(2, 3, version=None)]
    )

    kept, left_out = once(rows)

    assert kept["row_no"].to_list() == [9, 3]
    assert left_out == {0: 2}


def test_which_row_stays_does_not_depend_on_their_order() -> None:
    rows = frame([row(1, 5, word=word) for word in "abcdef"])

    assert once(rows)[0]["word"].to_list() == once(rows.reverse())[0]["word"].to_list()


def test_rows_without_an_id_are_never_alike() -> None:
    rows = frame([row(None, 1), row(None, 1), row(7, 1)])

    assert once(rows)[0].height == 3


def test_short_files_may_be_the_same_by_chance() -> None:
    assert copies([("a", 500), ("b", 500), ("a", 500), ("c", 1), ("c", 1)]) == [
        False,
        False,
        True,
        False,
        False,
    ]


def test_an_id_of_an_unknown_table_counts_for_one_time_and_session_only(tmp_path: Path) -> None:
    path = tmp_path / "events.csv"
    body = "".join(f"s1,2026-03-02T10:00:{second:02d},7,/a\n" for second in (1, 2, 2, 3))
    path.write_text("session_id,ts,event_id,url\n" + body, encoding="utf-8")

    report = analysed(path)

    assert (report.input.events, told_twice(report)) == (3, 1)


def test_a_time_of_sending_is_said_and_gives_no_order(tmp_path: Path) -> None:
    events = [json.loads(line) for line in lines("amplitude/hour.jsonl")]
    for event in events:
        event["event_time"] = event["client_event_time"] = None
    path = tmp_path / "export.jsonl"
    path.write_text("".join(json.dumps(event) + "\n" for event in events), encoding="utf-8")

    found = inspect([path], None, Settings())

    assert "has_order" not in found["capabilities"]
    assert next(each for each in found["quality"] if each["check"] == "batched_times")["detail"][
        "events"
    ] == len(events)


@pytest.mark.parametrize(("rate", "share"), [(25, 0.25), (100, None)])
def test_an_export_of_a_sample_says_its_share(tmp_path: Path, rate: int, share: float | None) -> None:
    documents = [json.loads(line) for line in lines("datadog/documents.jsonl")]
    for document in documents:
        document.setdefault("_dd", {})["configuration"] = {"session_sample_rate": rate}
    path = tmp_path / "rum.jsonl"
    path.write_text("".join(json.dumps(one) + "\n" for one in documents), encoding="utf-8")

    sampled = [check for check in analysed(path).quality if check.check == "sampled"]

    assert [check.detail["share"] for check in sampled] == ([] if share is None else [share])


@pytest.mark.parametrize(("rates", "share"), [((0.1, 0.1), 0.1), ((10, 10), 0.1), ((1, 1), None)])
def test_a_column_of_a_sampling_rate_is_a_share_of_one_or_of_a_hundred(
    tmp_path: Path, rates: tuple[float, float], share: float | None
) -> None:
    path = tmp_path / "events.csv"
    body = "".join(f"s{at},2026-03-02T10:00:0{at},/a,{rate}\n" for at, rate in enumerate(rates))
    path.write_text("session_id,ts,url,sample_rate\n" + body, encoding="utf-8")

    sampled = [check for check in analysed(path).quality if check.check == "sampled"]

    assert [check.detail["share"] for check in sampled] == ([] if share is None else [share])


def test_visitors_who_come_back_are_no_clocks_that_jump(tmp_path: Path) -> None:
    path = tmp_path / "events.csv"
    days = "".join(f",v1,2026-03-{day:02d}T10:00:00,/a\n" for day in (1, 4, 9))
    path.write_text("session_id,visitor_id,ts,url\n" + days, encoding="utf-8")

    (found,) = (check for check in analysed(path).quality if check.check == "clock_jumps")

    assert found.verdict == "good"
