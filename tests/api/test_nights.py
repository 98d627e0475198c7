"""Nightly scans in the service: set by API, each night once, points over time, marks, messages, both databases."""

from __future__ import annotations

import datetime as dt
import time
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api import retention
from api.folder import DataFolder
from api.nights import carrying, line
from api.nights.carrying import Yard, carry_out, failed
from api.nights.desk import StoreDesk
from api.service import Service
from api.store import Store, keys, nights, projects
from api.store.migrate import upgrade
from api.store.tables import points as table
from friction.nightly.book import Note
from friction.nightly.calendar import due
from friction.nightly.days import between, moved
from friction.nightly.state import State
from friction.nightly.update import Told, update
from tests.api.real import address, serving
from tests.nightly.made_up import FIRST, Place, Site, steady
from tests.nightly.shop import Shop, Trouble, always
from tests.pace import slower

SETTINGS: dict[str, Any] = {
    "sources": {"shop": {"at": "exports/*.csv"}},
    "goals": {"bought": {"when": "event=purchase"}},
    "schedule": {"at": "04:00", "window_days": 14},
    "time": {"zone": "Europe/Paris"},
}
BROKEN, FIRST_NIGHT = "2026-01-16", "2026-01-14"


@pytest.fixture
def yard(service: Service) -> Yard:
    return Yard(service.store, service.folder)


def test_a_project_is_set_up_scanned_and_told_over_the_api(
    client: TestClient, service: Service, yard: Yard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()  # the data process is the real one here
    moment = dt.datetime.now(dt.UTC)
    for module in (carrying, retention):
        monkeypatch.setattr(module, "now", lambda: moment)
    made = Shop(
        (
            Trouble("/pay", always("button#pay"), "Pay now", lambda day: 0.4 if day >= BROKEN else 0.0, 0.1),
            Trouble("/cart", always("button.coupon"), "Apply code", lambda _: 0.1, 0.1),
        ),
        zone="Europe/Paris",
        sessions_a_day=260,
    )
    assert client.put("/v1/schedule", json={"settings": SETTINGS}).status_code == 200
    inbox = yard.inbox(service.project) / "exports"
    inbox.mkdir()
    for day in between("2026-01-01", FIRST_NIGHT):
        made.write(day, inbox)
    for night in (FIRST_NIGHT, "2026-01-17"):
        for day in between(moved(FIRST_NIGHT, 1), night):
            made.write(day, inbox)
        moment = dt.datetime.fromisoformat(f"{moved(night, 1)}T04:00:00+00:00")
        scan_id = client.post("/v1/scans").json()["scan_id"]
        assert carry_out(yard, service.project, scan_id) == "succeeded"

    scans = client.get("/v1/scans").json()["scans"]
    assert [(scan["state"], scan["night"]) for scan in scans] == [
        ("succeeded", "2026-01-17"),
        ("succeeded", FIRST_NIGHT),
    ]
    assert scans[0]["said"] == {"new": 1}
    assert client.get(f"/v1/reports/{scans[0]['report_id']}").status_code == 200
    fresh = client.get("/v1/points", params={"state": "new"}).json()["points"]
    told = next(point for point in fresh if point["page"] == "/pay" and point["since"] == BROKEN)
    life = client.get(f"/v1/points/{told['point_id']}").json()
    assert {day["day"] for day in life["days"] if day["affected"]} == {BROKEN, "2026-01-17"}
    assert client.get("/v1/sources").json()["sources"][0]["objects"] == 17
    (inbox / "events-2026-01-03.csv").touch()
    asked = {"since": FIRST_NIGHT}
    plan = client.post("/v1/schedule/check", json=asked).json()
    assert (plan["nights"], plan["known_nights"]) == ([], 2)
    assert plan["sources"][0]["new"] == ["exports/events-2026-01-03.csv"]
    forgotten = a_visitor(client, service, scans[0]["report_id"])
    assert service.folder.report(scans[0]["report_id"]).read_bytes().count(forgotten.encode()) == 0
    again = client.post("/v1/scans", json=asked).json()["scan_id"]
    assert carry_out(yard, service.project, again) == "succeeded"
    assert client.get(f"/v1/scans/{again}").json()["said"] == {}


def a_visitor(client: TestClient, service: Service, report_id: str) -> str:
    """A session that the report shows, whose visitor has been erased since."""
    points = client.get(f"/v1/reports/{report_id}").json()["points"]
    session: str = next(each["session_id"] for point in points for each in point["evidence"])
    exports = service.folder.root / "inbox" / service.project / "exports"
    lines = [line.split(",") for file in exports.iterdir() for line in file.read_text().splitlines()]
    visitor = next(line[2] for line in lines if line[1] == session)
    asked = client.post("/v1/erasures", json={"visitor_id": visitor})
    service.queue.close()
    job = client.get(asked.headers["location"]).json()
    assert (job["state"], job["problem"]) == ("succeeded", None)
    return session


def test_marks_are_noted_listed_and_taken_away(client: TestClient) -> None:
    made = client.post("/v1/annotations", json={"text": "v2.3", "at": "2026-01-16T09:00:00Z"})
    assert made.status_code == 201

    listed = client.get("/v1/annotations").json()["annotations"]
    assert [(mark["text"], mark["changes"]) for mark in listed] == [("v2.3", [])]
    assert client.delete(f"/v1/annotations/{made.json()['annotation_id']}").status_code == 204
    assert client.get("/v1/annotations").json() == {"annotations": []}


@pytest.mark.parametrize(
    "settings",
    [
        {"sources": {"a": {"at": "ftp://bucket/*"}}},
        {"sources": {"a": {"at": "s3://bucket/*", "credentials": "../../.secret"}}},
        {"sources": {"a": {"at": "postgresql://me:secret@db/shop?table=t"}}},
        {"notify": {"a": {"file": "x.md"}}},
        {"notify": {"a": {"to": ["a@b.example"], "password": "x"}}},
        {"limits": {"memory": "90GB"}},
        {"privacy": {"key": "x"}},
        {"schedule": {"at": "25:00"}},
    ],
)
def test_what_reaches_beyond_the_project_is_refused(client: TestClient, settings: dict[str, Any]) -> None:
    assert client.put("/v1/schedule", json={"settings": settings}).status_code == 422


OUTSIDE: list[dict[str, Any]] = [
    *(
        {"sources": {"a": {"at": at}}}
        for at in (
            "/etc/*", "../../reports/*", "out/*", "s3://bucket/*", "postgresql://db/shop?table=t",
            "sqlite:////etc/x.db?table=t", "sqlite:///../x.db?table=t",
        )
    ),
    {"sources": {"a": {"at": "x.csv", "credentials": "shop.env"}}},
    {"notify": {"a": {"webhook": "https://192.0.2.1/"}}},
    {"notify": {"a": {"url": "slack://x"}}},
    {"notify": {"a": {"to": ["a@b.example"], "smtp": "smtp://10.0.0.1:25"}}},
    {"schedule": {"heartbeat": "http://10.0.0.1/"}},
]  # fmt: skip


def test_what_reaches_outside_is_an_operators_to_set_and_others_may_keep_it(
    client: TestClient, service: Service, yard: Yard
) -> None:
    def put(settings: dict[str, Any], secret: str | None) -> int:
        headers = {"Authorization": f"Bearer {secret}"}
        return client.put("/v1/schedule", json={"settings": settings}, headers=headers).status_code

    (yard.inbox(service.project) / "out").symlink_to("/etc")
    with service.store.write(service.project) as scope:
        (_, robot), (_, ops) = keys.make(scope, "robot", "admin"), keys.make(scope, "ops", "operator")

    assert put({"sources": {"a": {"at": "sqlite:///shop.db?table=t"}}}, robot) == 200
    for outside in OUTSIDE:
        assert put(outside, robot) == 422, outside
        assert put(outside, ops) == 200, outside
        assert put({**outside, "time": {"zone": "UTC"}}, robot) == 200, outside


@pytest.mark.parametrize(
    ("zone", "first", "last"),
    [("Europe/Paris", "2026-03-27", "2026-03-31"), ("Europe/Paris", "2026-10-23", "2026-10-27")],
)
@pytest.mark.parametrize("at", ["02:30", "03:00", "00:00"])
def test_every_night_is_due_exactly_once_also_when_the_clock_changes(
    zone: str, first: str, last: str, at: str
) -> None:
    """Asked every ten minutes: each night comes once, in order, and none is left out."""
    moment = dt.datetime.fromisoformat(f"{first}T00:00:00+00:00")
    seen: list[str] = []
    while moment.date().isoformat() <= last:
        night = due(moment, zone, at, 0.0)
        if not seen or night > seen[-1]:
            seen.append(night)
        assert night == seen[-1]
        moment += dt.timedelta(minutes=10)

    assert seen == list(between(seen[0], seen[-1]))
    assert len(seen) >= 4


class Engine:
    """The durable engine's client, as far as a sweep speaks to it."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []

    def enqueue(self, options: dict[str, Any], _project: str, _scan: str) -> None:
        self.asked.append((options["workflow_id"], options["queue_partition_key"]))


def test_a_night_that_is_due_is_asked_for_once_and_a_missed_one_is_caught_up(
    client: TestClient, service: Service
) -> None:
    client.put("/v1/schedule", json={"settings": SETTINGS})
    engine = Engine()

    for _ in range(3):
        line.sweep(service.store, engine)  # type: ignore[arg-type]

    assert len({scan for scan, _ in engine.asked}) == 1
    scan_id = engine.asked[0][0]
    yard = Yard(service.store, service.folder)
    failed(yard, service.project, scan_id, {"code": "x"})
    engine.asked.clear()
    line.sweep(service.store, engine)  # type: ignore[arg-type]
    assert not engine.asked, "a night that failed is not begun again at once"
    assert client.get(f"/v1/scans/{scan_id}").json()["state"] == "failed"


def test_a_night_that_failed_is_tried_again_after_a_while_and_not_for_ever(
    client: TestClient, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.put("/v1/schedule", json={"settings": {**SETTINGS, "time": {"zone": "UTC"}}})
    engine, moment = Engine(), dt.datetime(2026, 3, 2, 4, 0, tzinfo=dt.UTC)
    for module in (line, nights):
        monkeypatch.setattr(module, "now", lambda: moment)
    begun = []

    for _ in range(23 * 6):
        line.sweep(service.store, engine)  # type: ignore[arg-type]
        if engine.asked:
            scan_id = engine.asked.pop()[0]
            begun.append(moment.strftime("%H:%M"))
            failed(Yard(service.store, service.folder), service.project, scan_id, {"code": "x"})
        moment += dt.timedelta(minutes=10)

    assert begun == ["04:00", "04:10", "04:50", "07:30", "12:50"]


def test_a_source_without_files_fails_the_scan_and_says_so(
    client: TestClient, service: Service, yard: Yard
) -> None:
    client.put("/v1/schedule", json={"settings": {**SETTINGS, "sources": {"a": {"at": "none.csv"}}}})
    scan_id = client.post("/v1/scans").json()["scan_id"]

    assert carry_out(yard, service.project, scan_id) == "failed"
    assert client.get(f"/v1/scans/{scan_id}").json()["problem"]["code"] == "input.missing"


@cache
def year(places: int = 500) -> tuple[State, Told]:
    """The state after a year of nights with so many points, and one night more."""
    site = Site(
        [Place(f"{at:016x}", steady(0.05), 0.3, page=f"/{at % 40}", target=f"b{at}") for at in range(places)],
        sessions_a_day=300,
    )
    last = moved(FIRST, 364)
    book = update(State().book, site.night(last), {}).book
    days = {moved(FIRST, step): (90 + step % 7, 4 + step % 3) for step in range(364)}
    lives = {id: replace(life, days={**days, **life.days}) for id, life in book.lives.items()}
    notes = tuple(Note(moved(FIRST, step), "r", 300, places) for step in range(365))
    book = replace(book, lives=lives, nights=notes)
    return State(book=book), update(book, site.night(moved(last, 1)), {})


def a_desk(store: Store, folder: Path, project: str) -> StoreDesk:
    return StoreDesk(root=folder, store=store, folder=DataFolder(folder), project=project, scan_id="")


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_a_year_of_five_hundred_points_is_updated_in_seconds_and_listed_at_once(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    if kind == "sqlite":
        store = Store.open(f"sqlite:///{tmp_path / 'store.sqlite'}")
    else:
        store = Store.open(address(request.getfixturevalue("database"), "nights"))
    upgrade(store)
    project = projects.local(store)
    with store.write(project) as scope:
        nights.set_schedule(scope, {}, None, "UTC", 3.0)
    state, told = year()
    a_desk(store, tmp_path, project).save(state)

    desk = a_desk(store, tmp_path, project)
    began = time.process_time()
    loaded = desk.load()
    again = update(loaded.book, Site([]).night(moved(FIRST, 366)), {})
    desk.save(replace(loaded, book=told.book))
    took = time.process_time() - began

    assert len(loaded.book.lives) == 500
    assert not again.events
    assert took <= 5 * slower()
    with store.read(project) as scope:
        began = time.process_time()
        found = scope.rows(
            scope.all(table)
            .with_only_columns(table.c.id, table.c.title, table.c.cost)
            .where(table.c.state == "ongoing")
            .order_by(table.c.cost.desc(), table.c.id)
            .limit(50)
        )
        assert time.process_time() - began <= 0.1 * slower()
    assert len(found) == 50
    store.close()


def test_a_worker_carries_out_the_night_that_is_due_by_itself(tmp_path: Path) -> None:
    """A real server with its worker and the durable engine: nobody asks but the schedule."""
    today = dt.datetime.now(dt.UTC).date().isoformat()
    made = Shop((), first=moved(today, -9), sessions_a_day=40)
    with serving(tmp_path / "data") as server:
        project = server.ask("GET", "/v1/projects").json()["projects"][0]["project_id"]
        inbox = tmp_path / "data" / "inbox" / project / "exports"
        schedule = {"at": "00:00", "window_days": 7, "late_hours": 0}
        settings = {**SETTINGS, "schedule": schedule, "time": {"zone": "UTC"}}
        assert server.ask("PUT", "/v1/schedule", json={"settings": {}}).status_code == 200
        inbox.mkdir()
        for day in between(moved(today, -9), moved(today, -1)):
            made.write(day, inbox)
        assert server.ask("PUT", "/v1/schedule", json={"settings": settings}).status_code == 200

        def ended() -> bool:
            scans = server.ask("GET", "/v1/scans").json()["scans"]
            return any(scan["state"] == "succeeded" for scan in scans)

        server.wait(ended, "scanned")
        last = server.ask("GET", "/v1/schedule").json()["last_night"]
        assert last == moved(today, -1)


def test_metrics_say_when_a_scan_went_well(client: TestClient, service: Service) -> None:
    client.put("/v1/schedule", json={"settings": SETTINGS})
    with service.store.write(service.project) as scope:
        nights.add_scan(scope, "scan_1", None)
        nights.begin_scan(scope, "scan_1")
        nights.end_scan(scope, "scan_1", "succeeded")

    told = client.get("/metrics").text

    assert 'friction_scans{state="succeeded"} 1.0' in told
    assert "friction_scan_last_success_timestamp_seconds" in told
