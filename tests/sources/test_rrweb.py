from __future__ import annotations

import gzip
import json
from collections import Counter
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from friction.errors import InputError
from friction.schema import EVENT, conform
from friction.sources.base import Options, Reading
from friction.sources.rrweb import Rrweb
from friction.tables.files import look
from tests.recordings.build import Tape, el

ROOT = Path(__file__).parents[2]
FIXTURES = ROOT / "fixtures" / "sources" / "rrweb"
SAMPLES = ROOT.parent / "shared" / "samples"
AUTOMATED = SAMPLES / "rrweb" / "chalk_25131bfa-d87f-4301-8f84-ac0c955b8f4c.json"
LONG = SAMPLES / "rrweb" / "chalk_30497eae-825d-433d-a484-4b75074332b2.json"
needs_samples = pytest.mark.skipif(not SAMPLES.is_dir(), reason="the folder of real samples is absent")

TAPE = Tape(el(10, "button")).press(1_000, 10)


def file(folder: Path, value: Any, name: str = "x.bin") -> Path:
    path = folder / name
    path.write_bytes(value if isinstance(value, bytes) else json.dumps(value).encode())
    return path


def sniffed(path: Path) -> float:
    return Rrweb().sniff(look(path, path.name))


def read(path: Path, *kinds: str, columns: frozenset[str] | None = None) -> Reading:
    return Rrweb().read(look(path, path.name), Options(kinds=frozenset(kinds), columns=columns))


@pytest.mark.parametrize("path", sorted(FIXTURES.glob("*.js*")), ids=lambda path: path.name)
def test_every_fixture_is_recognised(path: Path) -> None:
    assert sniffed(path) > 0.9


def test_the_shop_fixture_gives_the_rows_it_should() -> None:
    rows = (
        read(FIXTURES / "shop.json")
        .events.select("kind", "target", "value_len", "response_delay_ms")
        .collect()
    )
    assert rows.rows() == [
        ("page_view", None, None, None),
        ("focus", 'form#checkout > input[name="email"]', None, None),
        ("input", 'form#checkout > input[name="email"]', 15, None),
        ("blur", 'form#checkout > input[name="email"]', None, None),
        ("pointer_down", "form#checkout > button.buy", None, None),
        ("pointer_up", "form#checkout > button.buy", None, None),
        ("click", "form#checkout > button.buy", None, 310.0),
        ("submit", "form#checkout > button.buy", None, None),
        ("page_view", None, None, None),
        ("scroll", None, None, None),
        ("recording_end", None, None, None),
    ]


def test_the_shop_fixture_holds_nothing_that_was_typed() -> None:
    assert "ann" not in read(FIXTURES / "shop.json", "mutation", "mouse_move").events.collect().write_json()


def test_two_windows_of_one_session_are_kept_apart() -> None:
    rows = read(FIXTURES / "windows.jsonl").events.filter(pl.col("kind") == "page_view").collect()
    assert rows.select("session_id", "tab_id", "title").rows() == [
        ("s-2", "w1", "List"),
        ("s-2", "w2", "Item"),
    ]


@pytest.mark.parametrize("size", [300, 3_000, 100_000])
def test_a_head_cut_anywhere_is_enough(tmp_path: Path, size: int) -> None:
    long = Tape(*(el(n, "p", class_="row") for n in range(10, 9_000)))
    whole = look(file(tmp_path, long.events), "x")
    assert Rrweb().sniff(type(whole)(whole.path, "x", whole.head[:size])) >= 0.9


def test_a_recording_that_begins_with_its_snapshot_is_recognised(tmp_path: Path) -> None:
    long = Tape(*(el(n, "p", class_="row") for n in range(10, 9_000)))
    assert sniffed(file(tmp_path, long.events[1:])) >= 0.9


def test_a_recording_in_gz_is_recognised_and_read(tmp_path: Path) -> None:
    path = file(tmp_path, gzip.compress(json.dumps(TAPE.events).encode()))
    assert (sniffed(path), read(path).facts["records"]) == (0.97, 5)


@pytest.mark.parametrize(
    "value",
    [
        [
            {
                "type": 2,
                "format": 0,
                "timestamp": 1657620232337,
                "data": {"node": {"type": 0, "childNodes": []}},
            }
        ]
        * 3,
        [
            {
                "type": 4,
                "timestamp": 1657620232337,
                "data": {"href": "https://x.example", "width": 9, "height": 9},
            },
            {"type": 6, "timestamp": 1657620232338, "data": {"has_focus": True}},
            {"type": 2, "timestamp": 1657620232339, "data": {"node": {"type": 0, "childNodes": []}}},
        ],
        [{"type": "click", "timestamp": 1657620232337, "data": {"id": 4}}] * 3,
        [{"type": 1, "timestamp": 1657620232337, "value": 4}] * 3,
        {"type": 3, "data": {"source": 2, "id": 4}},
        [],
        [1, 2, 3],
        b"timestamp,type,data\n1657620232337,3,x\n",
        b'a,"[{""type"":4,""timestamp"":1657620232337}]"\n',
        b"{broken",
        b"content",
    ],
)
def test_what_only_looks_like_it_is_refused(tmp_path: Path, value: Any) -> None:
    assert sniffed(file(tmp_path, value)) == 0


def test_all_columns_are_ones_of_the_event_table(tmp_path: Path) -> None:
    events = read(file(tmp_path, TAPE.events), "mouse_move", "mutation").events
    assert conform(events).collect().schema == EVENT


def test_only_the_columns_asked_for_are_built(tmp_path: Path) -> None:
    names = (
        read(file(tmp_path, TAPE.events), columns=frozenset({"target", "x"})).events.collect_schema().names()
    )
    assert {"target", "x", "ts", "kind", "row_no"} <= set(names)
    assert "el_ancestors" not in names


def test_rows_lead_back_to_their_event(tmp_path: Path) -> None:
    rows = read(file(tmp_path, {"session_id": "s", "events": TAPE.events})).events.collect()
    assert rows.filter(pl.col("kind") == "click")["row_no"].to_list() == [5]


def test_books_balance_with_a_broken_record(tmp_path: Path) -> None:
    reading = read(file(tmp_path, [*TAPE.events, {"type": 3}]))
    assert (reading.facts["records"], reading.rejects.select("row_no", "reason").rows()) == (
        6,
        [(6, "bad_time")],
    )


def test_a_file_without_any_event_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError) as raised:
        read(file(tmp_path, {"events": [{"type": 3}]}))
    assert raised.value.problem.code == "input.no_events"


def test_capabilities_are_those_of_the_recorder(tmp_path: Path) -> None:
    streams = read(file(tmp_path, TAPE.events)).streams
    assert {
        "has_clicks",
        "has_selector",
        "has_dom_reaction",
        "has_order",
        "has_scroll",
        "has_page_views",
    } <= streams
    assert not streams & {"has_errors", "has_requests", "has_form_submit", "has_moves", "has_perf"}


def test_plug_ins_add_theirs(tmp_path: Path) -> None:
    made = Tape(el(10, "p")).plugin(5, "console", level="error", payload=["x"])
    made.plugin(6, "network", requests=[{"name": "/a", "startTime": 1, "endTime": 2}])
    assert {"has_errors", "has_requests"} <= read(file(tmp_path, made.events)).streams


def test_the_same_file_gives_the_same_rows_twice() -> None:
    path = FIXTURES / "shop.json"
    assert read(path, "mutation").events.collect().equals(read(path, "mutation").events.collect())


def test_the_name_of_a_file_changes_nothing(tmp_path: Path) -> None:
    one, two = (file(tmp_path, TAPE.events, name) for name in ("a.json", "b.csv"))
    assert read(one).events.collect().equals(read(two).events.collect())


@needs_samples
def test_a_replay_of_another_maker_is_refused() -> None:
    assert sniffed(SAMPLES / "datadog" / "replay_full-snapshot-v1-record.json") == 0


@needs_samples
def test_of_all_samples_only_the_recordings_are_taken() -> None:
    found = set()
    for path in sorted(SAMPLES.glob("*/*")):
        try:
            found |= {path.parent.name} if path.is_file() and sniffed(path) > 0 else set()
        except InputError:
            continue
    assert found == {"rrweb"}


@needs_samples
@pytest.mark.parametrize(("path", "events", "clicks"), [(AUTOMATED, 372, 25), (LONG, 1_055, 18)])
def test_every_click_of_a_real_recording_is_on_a_known_element(path: Path, events: int, clicks: int) -> None:
    reading = read(path)
    rows = (
        reading.events.filter(pl.col("kind") == "click").select("target", "el_tag", "x", "press_ms").collect()
    )
    assert (reading.facts["records"], reading.rejects.height, rows.height) == (events, 0, clicks)
    assert rows.null_count().row(0) == (0, 0, 0, 0)


@needs_samples
def test_clicks_in_the_corner_of_the_automated_recording_are_real_ones() -> None:
    corner = read(AUTOMATED).events.filter(pl.col("x") == 0, pl.col("kind") == "click").collect()
    assert corner.select("pointer", "el_aria_label").rows() == [("mouse", "Close modal")] * 3


@needs_samples
def test_the_inputs_of_the_long_recording_are_gathered() -> None:
    inputs = read(LONG).events.filter(pl.col("kind") == "input").collect()
    assert (inputs["count"].sum(), inputs.height, inputs["value_len"].max()) == (130, 9, 130)


@needs_samples
def test_the_long_recording_rests_for_98_minutes() -> None:
    rows = read(LONG).events.collect()
    gap = rows["ts"].diff().max()
    assert isinstance(gap, type(rows["ts"][1] - rows["ts"][0]))
    assert gap.total_seconds() / 60 > 98


@needs_samples
def test_kinds_of_the_automated_recording() -> None:
    kinds = Counter(read(AUTOMATED, "mouse_move").events.collect()["kind"].to_list())
    assert {kind: kinds[kind] for kind in ("page_view", "input", "focus", "blur", "mouse_move")} == {
        "page_view": 1,
        "input": 3,
        "focus": 24,
        "blur": 24,
        "mouse_move": 25,
    }


def test_rows_of_a_long_file_wait_on_disk_and_are_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = [{"session_id": f"s{n % 7}", "events": TAPE.events} for n in range(40)]
    path = file(tmp_path, "\n".join(map(json.dumps, lines)).encode())
    monkeypatch.setattr(pl, "thread_pool_size", lambda: 1)
    at_once = read(path)
    monkeypatch.setattr("friction.recordings.stretches.BLOCK_BYTES", 2_000)
    monkeypatch.setattr("friction.recordings.stretches.STRETCH_BYTES", 4_000)
    monkeypatch.setattr("friction.recordings.whole.HELD", 0)
    waiting = read(path)
    assert waiting.events.collect().equals(at_once.events.collect())
    assert (waiting.facts, waiting.streams) == (at_once.facts, at_once.streams)
