"""Live sessions: judged at once, with what they did before, in a child that stays and is renewed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from polars.testing import assert_frame_equal

from api.clock import now
from api.live import Live
from api.store import hooks
from api.store.tables import points as lives
from friction.child.batch import table
from friction.child.live import _wanted, judged
from friction.config import Settings
from friction.errors import InternalError
from friction.isolate.warm import Warm
from friction.points import identity
from friction.sources import recognise
from friction.sources.base import Options

PAGE = {"ts": "2025-03-03T10:00:00Z", "kind": "page_view", "url": "https://shop.example.com/checkout/payment"}
SECOND = 1_000


def click(milliseconds: int) -> dict[str, Any]:
    """One on the button that does not answer."""
    moment = f"2025-03-03T10:00:{milliseconds // SECOND + 2:02d}.{milliseconds % SECOND:03d}Z"
    return {**PAGE, "ts": moment, "kind": "click", "target": "button#pay"}


def test_clicks_of_two_batches_are_one_friction_told_once(real_client: TestClient) -> None:
    first = real_client.post(
        "/v1/events", json={"session_id": "s1", "events": [PAGE, click(0), click(200)]}
    ).json()
    more = real_client.post(
        "/v1/events", json={"session_id": "s1", "events": [click(400), click(600)]}
    ).json()
    again = real_client.post("/v1/events", json={"session_id": "s1", "events": [click(20_000)]}).json()
    other = real_client.post("/v1/events", json={"session_id": "s2", "events": [PAGE]}).json()

    assert (first["frictions"], first["events"]) == ([], 3)
    (met,) = more["frictions"]
    assert (met["detector"], met["page"], met["target"]) == ("rage_click", "/checkout/payment", "button#pay")
    assert (met["is_new"], met["is_known"]) == (True, False)
    assert [each["is_new"] for each in again["frictions"]] == [False]
    assert other["frictions"] == []


@pytest.mark.parametrize(
    "body",
    [
        {"session_id": "s", "events": []},
        {"session_id": "", "events": [PAGE]},
        {"session_id": "s", "events": [{**PAGE, "ts": "yesterday"}]},
        {"session_id": "s", "events": [{**PAGE, "ts": 0}]},
        {"session_id": "s", "events": [{**PAGE, "ts": "0361-09-14T03:03:20Z"}]},
        {"session_id": "s", "events": [{**PAGE, "x": "12"}]},
        {"session_id": "s", "events": [{**PAGE, "password": "x"}]},
        {"session_id": "s", "events": [PAGE] * 201},
    ],
)
def test_a_batch_that_is_none_never_reaches_the_child(client: TestClient, body: dict[str, Any]) -> None:
    assert client.post("/v1/events", json=body).status_code == 422


def test_a_hook_hears_of_the_friction_and_the_segment_that_it_names(real_client: TestClient) -> None:
    service = real_client.app.state.service  # type: ignore[attr-defined]
    segments = {"payers": "page~/checkout/*", "readers": "page~/blog/*"}
    assert real_client.put("/v1/settings", json={"journey": {"segments": segments}}).status_code == 200
    known = identity("rage_click", "/checkout/payment", "button#pay")
    wanted: list[dict[str, list[str]] | None] = [
        {"points": [known], "segments": ["payers"]},
        {"segments": ["readers"]},
        {"detectors": ["dead_click"]},
        None,
    ]
    with service.store.write(service.project) as scope:
        point = {"id": known, "state": "ongoing", "version": 1, "first_report": "r", "last_report": "r"}
        scope.add(lives, {**point, "first_seen": now(), "last_seen": now(), "cost": 0.0})
        made = [hooks.add(scope, "https://example.com/", ["session.friction"], only) for only in wanted]

    batch = {"session_id": "s9", "events": [PAGE, *(click(200 * at) for at in range(4))]}
    answer = real_client.post("/v1/events", json=batch).json()

    assert (answer["segments"], answer["frictions"][0]["is_known"]) == (["payers"], True)
    told = [real_client.get(f"/v1/webhooks/{hook.id}/deliveries").json()["deliveries"] for hook in made]
    assert [len(each) for each in told] == [1, 0, 0, 1]


ELEMENT = {"el_tag": "button", "el_id": "", "el_role": "button", "el_type": "submit", "el_text": "Pay"}
SAID: tuple[dict[str, Any], ...] = (
    {"kind": "page_view", "visitor_id": "v"},
    {"kind": "Button Clicked", "target": "button#pay", "x": 10.25, "y": 1e300, "detail": 2, **ELEMENT},
    {"kind": "click", "target": "", "el_href": "/basket", "response_delay_ms": 4000.5, "visitor_id": "null"},
    {"kind": "input", "form": "pay", "field": "card", "value_len": 16, "key_name": "ENTER"},
    {"kind": "keydown", "key_name": "a", "value_len": 2**40, "ts": "2025-03-03T12:00:09.5+02:00"},
    {"kind": "request", "http_status": 503, "req_url": "https://shop.example.com/api/pay"},
    {"kind": "navigate back", "error_message": "x is undefined"},
    {"target": "a"},
)


@pytest.mark.parametrize(
    "left_out",
    [(), ("kind",), ("name",), ("kind", "name")],
    ids=["kind and name", "name", "kind", "neither"],
)
def test_live_events_are_read_as_those_of_a_file(tmp_path: Path, left_out: tuple[str, ...]) -> None:
    events = [
        {**PAGE, "session_id": "s", "name": ("", "Order placed")[at % 2], **said}
        for at, said in enumerate(SAID)
    ]
    events = [{name: event[name] for name in event if name not in left_out} for event in events]
    wanted = _wanted(with_names=True)
    (tmp_path / "batch.jsonl").write_text("".join(json.dumps(event) + "\n" for event in events))

    source, _, file = recognise(tmp_path / "batch.jsonl", "batch.jsonl", Settings().limits.in_force())
    in_file = source.read(file, Options(columns=wanted.raw)).events.collect()
    live = table(events, wanted)

    assert set(in_file.columns) - set(live.columns) == {"ts_quality", "tz_assumed"}
    assert_frame_equal(live, in_file.select(live.columns))


def test_events_that_say_nothing_meet_nothing(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    events = [{"ts": PAGE["ts"], "session_id": "s", "visitor_id": "v"}]

    assert judged({"events": events, "templates": []}) == {"met": [], "segments": []}


def test_a_child_is_renewed_and_one_that_dies_is_replaced() -> None:
    warm = Warm(renewed_after=2)
    try:
        question = {"events": [{**PAGE, "session_id": "s", "visitor_id": "v"}], "templates": []}
        nothing: dict[str, Any] = {"met": [], "segments": []}
        pids, child = [], None
        for _ in range(5):
            assert warm.ask(question) == nothing
            child = warm._child
            assert child is not None
            pids.append(child._process.pid)
        assert child is not None
        child._process.kill()
        assert warm.ask(question) == nothing
    finally:
        warm.close()

    assert len(set(pids)) == 3


def test_without_any_answer_the_fault_is_ours() -> None:
    warm = Warm(command=("true",))
    with pytest.raises(InternalError):
        warm.ask({})
    warm.close()


def test_of_a_session_the_latest_events_count_and_projects_do_not_mix() -> None:
    class Nothing(Warm):
        def ask(self, question: Any) -> Any:
            return {"met": [{"point_id": str(len(question["events"]))}], "segments": []}

    live = Live(Nothing())
    counted = [live.judged(("one", "s"), [PAGE] * 200, ()).events for _ in range(4)]

    assert counted == [200, 400, 500, 500]
    assert live.judged(("two", "s"), [PAGE], ()).events == 1


def test_known_templates_name_the_page(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    who = {"session_id": "s", "visitor_id": "v"}
    url = "https://shop.example.com/item/red-towel"
    events = [{**PAGE, **who, "url": url}, *({**click(200 * at), **who, "url": url} for at in range(4))]

    (met,) = judged({"events": events, "templates": ["/item/:slug"]})["met"]

    assert met["page"] == "/item/:slug"
