from __future__ import annotations

import gzip
import json
import zlib
from typing import Any

import pytest

from friction.recordings.containers import Contents
from friction.recordings.player import play
from friction.recordings.values import completed, values
from tests.recordings.build import START, Tape, el

EVENTS = Tape(el(10, "button")).press(1_000, 10).events
LIST = json.dumps(EVENTS)


def contents(data: str | bytes) -> Contents:
    found = Contents()
    for value in values(data if isinstance(data, bytes) else data.encode()):
        found.take(value)
    return found


@pytest.mark.parametrize(
    "data",
    [
        LIST,
        "\ufeff" + LIST,
        json.dumps(EVENTS, indent=2),
        json.dumps({"events": EVENTS}),
        json.dumps({"session_guid": "a", "rrweb_data": EVENTS, "metadata": {"timestamp_list": ["x"]}}),
        json.dumps(
            {"version": "2023-04-28", "data": {"id": "a", "person": {"uuid": "p"}, "snapshots": EVENTS}}
        ),
        json.dumps([EVENTS[:2], EVENTS[2:]]),
        "\n".join(json.dumps(event) for event in EVENTS),
        "\n".join(json.dumps({"window_id": "w", "data": part}) for part in (EVENTS[:2], EVENTS[2:])),
        f"/* eslint-disable */\n// shown in the docs\nconst events = {LIST};\nexport default events;\n",
        f"export const x: any[] = {LIST};",
        f"module.exports = {LIST}\n",
        json.dumps(
            [zlib.compress(json.dumps({**event, "v": "v1"}).encode()).decode("latin-1") for event in EVENTS]
        ),
        json.dumps([{"segment_id": 0}, EVENTS]),
    ],
)
def test_every_wrapping_gives_the_same_recording(data: str) -> None:
    found = contents(data)
    (recording,) = found.recordings
    kinds = [row["kind"] for row in play(recording, frozenset()).rows]
    assert kinds == ["page_view", "pointer_down", "pointer_up", "click", "recording_end"]
    assert (found.records, found.rejects) == (5, [])


def test_ids_come_from_the_wrapper() -> None:
    data = {"distinct_id": "p1", "session_id": "s1", "window_id": "w1", "snapshots": EVENTS}
    (recording,) = contents(json.dumps(data)).recordings
    assert (recording.session_id, recording.visitor_id, recording.events[0].window) == ("s1", "p1", "w1")


def test_an_event_s_own_ids_come_first() -> None:
    own = [{**event, "sessionId": "s2", "windowId": "w2"} for event in EVENTS]
    (recording,) = contents(json.dumps({"session_id": "s1", "events": own})).recordings
    assert (recording.session_id, recording.events[0].window) == ("s2", "w2")


def test_parts_of_one_session_come_together() -> None:
    lines = [{"session_id": "s1", "window_id": "w", "data": part} for part in (EVENTS[:2], EVENTS[2:])]
    assert len(contents("\n".join(map(json.dumps, lines))).recordings) == 1


def test_several_wrappers_without_ids_are_several_recordings() -> None:
    later = [{**event, "timestamp": event["timestamp"] + 60_000} for event in EVENTS]
    found = contents(json.dumps([{"events": EVENTS}, {"events": later}])).recordings
    names = {play(one, frozenset()).rows[0]["session_id"] for one in found}
    assert len(names) == 2


def test_a_recording_without_an_id_is_named_by_its_content() -> None:
    names = [
        play(one, frozenset()).rows[0]["session_id"]
        for data in (LIST, json.dumps({"events": EVENTS}))
        for one in contents(data).recordings
    ]
    assert names[0] == names[1]


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        (7, "not_an_event"),
        ("click", "not_an_event"),
        ({"a": 1}, "bad_type"),
        ({"type": "3", "data": {}, "timestamp": START}, "bad_type"),
        ({"type": True, "data": {}, "timestamp": START}, "bad_type"),
        ({"type": 3, "data": {}}, "bad_time"),
        ({"type": 3, "data": {}, "timestamp": str(START)}, "bad_time"),
        ({"type": 3, "data": {}, "timestamp": -1}, "bad_time"),
        ({"type": 3, "data": {}, "timestamp": True}, "bad_time"),
        ({"type": 3, "data": None, "timestamp": START}, "bad_data"),
        ({"type": 2, "data": "packed?", "timestamp": START, "cv": "2024-10"}, "bad_data"),
    ],
)
def test_a_record_that_is_no_event_is_counted_with_its_reason(record: Any, reason: str) -> None:
    found = contents(json.dumps([*EVENTS[:2], record, *EVENTS[2:]]))
    assert (found.records, found.rejects) == (6, [(3, None, reason)])
    assert sum(len(one.events) for one in found.recordings) == 5


def test_compressed_parts_are_opened() -> None:
    def packed(value: Any) -> str:
        return gzip.compress(json.dumps(value).encode(), mtime=0).decode("latin-1")

    made = Tape(el(10, "div")).mutate(500, adds=[(10, el(11, "b"))]).press(1_000, 11)
    for event in made.events:
        if event["type"] == 2:
            event |= {"cv": "2024-10", "data": packed(event["data"])}
        elif event["data"].get("source") == 0:
            event |= {"cv": "2024-10", "data": {**event["data"], "adds": packed(event["data"]["adds"])}}
    (recording,) = contents(json.dumps(made.events)).recordings
    assert [row["el_tag"] for row in play(recording, frozenset()).rows if row["kind"] == "click"] == ["b"]


@pytest.mark.parametrize("missing", [10, 60, 200, 600])
def test_a_torn_recording_keeps_what_is_whole(missing: int) -> None:
    found = contents(LIST[:-missing])
    kept = sum(len(one.events) for one in found.recordings)
    assert 0 < kept < 5
    assert found.records == kept + 1
    assert [reason for _, _, reason in found.rejects] == ["torn_json"]


def test_a_torn_line_is_one_reject_with_its_line() -> None:
    lines = [json.dumps(event) for event in EVENTS]
    lines[2] = lines[2][:20]
    found = contents("\n".join(lines))
    assert (found.records, found.rejects) == (5, [(3, 3, "torn_json")])


def test_half_an_emoji_does_not_lose_the_recording() -> None:
    body = json.dumps({"events": EVENTS, "note": "x"}).replace('"x"', '"\\ud83d"')
    assert contents(body).records == 5


def test_completed_json_ends_after_its_last_whole_member() -> None:
    assert completed(b'{"a":[1,{"b":"x,y","c":"tor') == b'{"a":[1,{"b":"x,y"}]}'


def test_a_bomb_is_not_opened() -> None:
    bomb = zlib.compress(b'"' + b"0" * (65 * 1024 * 1024) + b'"').decode("latin-1")
    assert contents(json.dumps([*EVENTS, bomb])).rejects == [(6, None, "not_an_event")]
