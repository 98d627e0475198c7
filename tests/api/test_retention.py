"""What is kept how long, with the clock moved."""

from __future__ import annotations

import datetime as dt
import stat
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from api import clock, retention
from api.clock import new_id
from api.evidence import owners, sessions_of
from api.service import Service
from api.store import audit, jobs, points, reports, uploads
from friction import isolate
from friction.beside import folder as beside
from friction.config.models import RetentionSettings
from friction.lake import Lake, deliver_plan
from friction.report import Report
from tests.render.samples import every_kind

Move = Callable[..., None]

RULES = RetentionSettings()


@pytest.fixture
def moved(monkeypatch: pytest.MonkeyPatch, service: Service) -> Move:
    """Carry out retention as if so much time had gone by."""
    start = clock.now()

    def move(**by: float) -> None:
        monkeypatch.setattr(retention, "now", lambda: start + dt.timedelta(**by))
        retention.apply(service.store, service.folder, RULES)

    return move


def published(service: Service, report: Report) -> str:
    report_id, job_id, written = new_id("rep"), new_id("job"), report.to_json()
    service.folder.report(report_id).write_bytes(written)
    with service.store.write(service.project) as scope:
        jobs.add(scope, job_id, report_id, [], {})
        jobs.end(scope, job_id, "succeeded")
        reports.publish(scope, report_id, job_id, written)
    return report_id


def upload(service: Service) -> str:
    upload_id = new_id("upl")
    service.folder.upload(upload_id).write_bytes(b"x")
    with service.store.write(service.project) as scope:
        uploads.begin(scope, upload_id, "may.csv", 1)
        uploads.stored(scope, upload_id, 1, "0")
    return upload_id


def test_what_was_sent_goes_after_a_day(service: Service, moved: Move) -> None:
    sent = upload(service)
    moved(hours=23)
    assert service.folder.upload(sent).exists()
    moved(hours=25)
    assert not service.folder.upload(sent).exists()


def test_reports_go_after_thirteen_months_with_all_that_is_known_of_them(
    service: Service,
    moved: Move,
) -> None:
    report_id = published(service, every_kind())
    moved(days=394)
    with service.store.read() as scope:
        assert reports.get(scope, report_id) is not None
    moved(days=396)
    with service.store.read() as scope:
        assert reports.get(scope, report_id) is None
        assert points.get(scope, every_kind().points[0].id) is None
    assert not (service.folder.reports / report_id).exists()


def test_sessions_beside_a_report_go_after_ninety_days_and_whose_they_were_stays(
    service: Service,
    moved: Move,
) -> None:
    report = every_kind()
    named = sorted(sessions_of(report.to_json()))
    report_id = published(service, report)
    lines = [{"id": name, "visitor": f"v_{name}", "around": []} for name in [*named[1:], "another"]]
    beside.write_sessions(service.folder.beside(report_id), 10, lines)
    (service.folder.reports / report_id / "1.en.html").write_text(named[0])
    moved(days=89)
    assert service.folder.has_beside(report_id)
    moved(days=91)

    assert not service.folder.has_beside(report_id)
    assert owners(service.folder, report_id) == {name: f"v_{name}" for name in named[1:]}
    left = service.folder.report(report_id).read_bytes()
    assert named[0].encode() not in left, "nobody could tell any more whose it was"
    assert sessions_of(left) == set(named[1:])
    assert not (service.folder.reports / report_id / "1.en.html").exists()
    with service.store.read() as scope:
        row = reports.get(scope, report_id)
        assert row is not None
        assert row.bytes == len(left)
        place = reports.place(scope, report_id, report.points[0].id)
    assert place is not None
    assert report.points[0].id.encode() in left[place[0] : place[0] + place[1]]


def test_events_go_after_ninety_days(
    service: Service,
    moved: Move,
    tmp_path: Path,
) -> None:
    today = clock.now()
    days = [(today - dt.timedelta(days=ago)).isoformat() for ago in (-10, 80)]
    table = tmp_path / "events.csv"
    rows = [f"{when},s{at},v{at},click,/a" for at, when in enumerate(days)]
    table.write_text("\n".join(["timestamp,session_id,visitor_id,event,url", *rows, ""]))
    lake = Lake(service.folder.lake)
    folder = lake.folder(service.project, "shop")
    with isolate.workspace():
        isolate.run(deliver_plan(folder, [str(table)], ["events.csv"], {}))
    assert len(lake.datasets(service.project)["shop"].days) == 2
    moved(days=20)
    assert len(lake.datasets(service.project)["shop"].days) == 2, "it came here today"
    moved(days=91)
    assert lake.datasets(service.project)["shop"].days == [days[0][:10]]
    moved(days=101)
    assert lake.datasets(service.project) == {}


def test_the_audit_trail_goes_after_thirteen_months(service: Service, moved: Move) -> None:
    with service.store.write(service.project) as scope:
        audit.note(scope, "ada", "login")
    moved(days=394)
    with service.store.read() as scope:
        assert len(audit.several(scope, 5)) == 1
    moved(days=396)
    with service.store.read() as scope:
        assert audit.several(scope, 5) == []


def test_each_time_can_be_set(monkeypatch: pytest.MonkeyPatch, service: Service) -> None:
    report_id = published(service, every_kind())
    monkeypatch.setenv("FRICTION_RETENTION__REPORT_DAYS", "2")
    start = clock.now()
    monkeypatch.setattr(retention, "now", lambda: start + dt.timedelta(days=3))
    retention.apply(service.store, service.folder)

    with service.store.read() as scope:
        assert reports.get(scope, report_id) is None


def test_settings_that_cannot_be_read_for_a_while_stop_nothing(
    monkeypatch: pytest.MonkeyPatch, service: Service, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    report_id = published(service, every_kind())
    start = clock.now()
    monkeypatch.setattr(retention, "now", lambda: start + dt.timedelta(days=4000))
    monkeypatch.setattr("api.service.SWEEP_S", 0.01)
    monkeypatch.chdir(tmp_path)
    settings = tmp_path / "friction.toml"
    settings.write_text("half a line")

    with service.running():
        wait(lambda: "nothing is removed" in caplog.text)
        with service.store.read() as scope:
            assert reports.get(scope, report_id) is not None
        settings.unlink()
        wait(lambda: is_gone(service, report_id))


def is_gone(service: Service, report_id: str) -> bool:
    with service.store.read() as scope:
        return reports.get(scope, report_id) is None


def wait(happened: Callable[[], bool]) -> None:
    until = time.monotonic() + 20
    while not happened():
        assert time.monotonic() < until
        time.sleep(0.01)


def test_nobody_else_on_the_machine_can_read_the_data(service: Service) -> None:
    published(service, every_kind())
    upload(service)
    service.folder.beside("rep_1")
    for path in service.folder.root.rglob("*"):
        assert not stat.S_IMODE(path.stat().st_mode) & 0o077, path
