"""What nightly scans remember: their settings, the lives of points, the scans themselves, release marks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from friction.nightly.book import Mark, life_as_dict, life_from_dict
from friction.nightly.life import Life, Mute

from ..clock import now
from .scope import Scope
from .tables import points, release_marks, scans, schedules

OVER = ("succeeded", "failed")


@dataclass(frozen=True)
class Schedule:
    """How one project is scanned. `state` is what scans remember besides lives and marks; null before the first."""

    project_id: str
    settings: dict[str, Any]
    state: dict[str, Any] | None
    at: str | None
    zone: str
    late_hours: float
    last_night: str | None
    letters_due: dt.datetime | None
    updated: dt.datetime


@dataclass(frozen=True)
class ScanRow:
    """One scan; `said` counts what was told, by kind."""

    id: str
    project_id: str
    night: str | None
    since: str | None
    until: str | None
    state: str
    report_id: str | None
    said: dict[str, Any]
    problem: dict[str, Any] | None
    created: dt.datetime
    started: dt.datetime | None
    ended: dt.datetime | None


@dataclass(frozen=True)
class MarkRow:
    """One release mark."""

    id: str
    project_id: str
    at: dt.datetime
    text: str
    created: dt.datetime


def schedule(scope: Scope) -> Schedule | None:
    """That of the project; null where it has none."""
    row = scope.first(scope.all(schedules))
    return None if row is None else Schedule(**row)


def every(scope: Scope) -> list[Schedule]:
    """Those of all projects that are scanned by themselves, without their state."""
    columns = [column for column in schedules.c if column.name != "state"]
    chosen = scope.all(schedules).with_only_columns(*columns).where(schedules.c.at.is_not(None))
    return [Schedule(**row, state=None) for row in scope.rows(chosen)]


def set_schedule(
    scope: Scope, settings: Mapping[str, Any], at: str | None, zone: str, late_hours: float
) -> None:
    """Set how the project is scanned; what was remembered stays."""
    values = {"settings": dict(settings), "at": at, "zone": zone, "late_hours": late_hours, "updated": now()}
    if not scope.run(scope.change(schedules).values(**values)):
        scope.add(schedules, values)


def remember(
    scope: Scope, state: Mapping[str, Any], last: str | None, letters_due: dt.datetime | None
) -> None:
    """What scans remember from now on."""
    values = {"state": dict(state), "last_night": last, "letters_due": letters_due}
    scope.run(scope.change(schedules).values(**values))


def with_letters(scope: Scope) -> list[str]:
    """Projects whose messages wait and are due."""
    chosen = scope.all(schedules).with_only_columns(schedules.c.project_id)
    return [row["project_id"] for row in scope.rows(chosen.where(schedules.c.letters_due <= now()))]


def lives(scope: Scope) -> dict[str, Life]:
    """Every life of the project, with what people said of it."""
    found = {}
    for row in scope.rows(scope.all(points).where(points.c.life.is_not(None))):
        life = _with_words(life_from_dict(row["life"]), row)
        found[life.id] = life
    return found


def _with_words(life: Life, row: Mapping[str, Any]) -> Life:
    mute = None
    if row["state"] == "muted":
        until = row["muted_until"].date().isoformat() if row["muted_until"] else None
        mute = Mute(until, row["mute_beyond"], row["mute_rate"], row["mute_reason"])
    return replace(life, mute=mute, owner=row["owner"], note=row["note"], link=row["link"])


def save_lives(
    scope: Scope, found: Mapping[str, Life], before: Mapping[str, Life], report: str, night: str
) -> None:
    """Write the lives that changed; what people said of them is theirs and stays."""
    changed = [life for id, life in found.items() if before.get(id) != life]
    known = {
        row["id"]: row for row in scope.rows(scope.all(points).with_only_columns(points.c.id, points.c.state))
    }
    moment = now()
    fresh = []
    for life in changed:
        values = {**_columns(life, night), "last_seen": moment}
        if life.id not in known:
            born = {"version": 1, "first_report": report, "last_report": report, "first_seen": moment}
            fresh.append({"id": life.id, **born, **values})
            continue
        if known[life.id]["state"] == "muted" and life.is_muted(night):
            del values["state"]
        scope.run(scope.change(points).where(points.c.id == life.id).values(**values))
    scope.add(points, *fresh)


def _columns(life: Life, night: str) -> dict[str, Any]:
    cost = life.cost
    gone = life.course == "fixed" or cost is None
    plain = replace(life, mute=None, owner=None, note=None, link=None)
    return {
        "state": life.state(night),
        "detector": life.detector,
        "page": life.page,
        "target": life.target,
        "title": life.title,
        "since": life.since,
        "cost": 0.0 if gone or cost is None else cost.estimate * cost.a_day / 1000,
        "life": life_as_dict(plain),
    }


def add_scan(
    scope: Scope, scan_id: str, night: str | None, *, since: str | None = None, until: str | None = None
) -> None:
    """Note that a scan is wanted, of these nights; once more is harmless."""
    if scan(scope, scan_id) is None:
        row = {"id": scan_id, "night": night, "since": since, "until": until}
        scope.add(scans, {**row, "state": "queued", "said": {}, "created": now()})


def tries(scope: Scope, scan_id: str) -> list[ScanRow]:
    """The scan of this id and those that were its repetitions (`repeated`), the earliest first."""
    known = (scans.c.id == scan_id) | scans.c.id.startswith(f"{scan_id}-", autoescape=True)
    return [ScanRow(**row) for row in scope.rows(scope.all(scans).where(known).order_by(scans.c.created))]


def repeated(scan_id: str, number: int) -> str:
    """The id of the scan that is tried for the `number`th time."""
    return scan_id if number == 1 else f"{scan_id}-{number}"


def scan(scope: Scope, scan_id: str) -> ScanRow | None:
    """One scan; null when the project has none of this id."""
    row = scope.first(scope.all(scans).where(scans.c.id == scan_id))
    return None if row is None else ScanRow(**row)


def begin_scan(scope: Scope, scan_id: str) -> bool:
    """It runs now; false when it is over already."""
    still = scope.change(scans).where(scans.c.id == scan_id, scans.c.state.not_in(OVER))
    return scope.run(still.values(state="running", started=now())) == 1


def end_scan(scope: Scope, scan_id: str, state: str, **values: Any) -> bool:
    """It is over; false when it was before."""
    still = scope.change(scans).where(scans.c.id == scan_id, scans.c.state.not_in(OVER))
    return scope.run(still.values(state=state, ended=now(), **values)) == 1


def open_scans(scope: Scope) -> list[ScanRow]:
    """Scans of all projects that are not over."""
    return [ScanRow(**row) for row in scope.rows(scope.all(scans).where(scans.c.state.not_in(OVER)))]


def marks(scope: Scope) -> list[MarkRow]:
    """Release marks, the earliest first."""
    return [MarkRow(**row) for row in scope.rows(scope.all(release_marks).order_by(release_marks.c.at))]


def as_marks(rows: Sequence[MarkRow]) -> tuple[Mark, ...]:
    """As the book has them."""
    return tuple(Mark(row.at.strftime("%Y-%m-%dT%H:%M:%SZ"), row.text) for row in rows)


def add_mark(scope: Scope, mark_id: str, at: dt.datetime, text: str) -> None:
    """Note a moment."""
    scope.add(release_marks, {"id": mark_id, "at": at, "text": text, "created": now()})


def remove_mark(scope: Scope, mark_id: str) -> bool:
    """Take a mark away; false when there is none."""
    return scope.run(scope.remove(release_marks).where(release_marks.c.id == mark_id)) == 1
