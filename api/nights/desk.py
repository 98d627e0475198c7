"""The desk of a project in the service: the store takes the place of the file, the data folder that of `.friction`."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import orjson

from friction.lake import Lake
from friction.nightly import state as states
from friction.nightly.desk import Desk
from friction.nightly.letters import Office
from friction.nightly.life import Life
from friction.nightly.state import State
from friction.nightly.update import Told
from friction.report import Report

from ..folder import DataFolder
from ..hooks import tell as tell_hooks
from ..store import Scope, Store, erased, nights, reports

DATASET = "nightly"


@dataclass
class StoreDesk(Desk):
    """What one scan reads and writes; `save` is one transaction that takes all of it together."""

    store: Store = field(kw_only=True)
    folder: DataFolder = field(kw_only=True)
    project: str = field(kw_only=True)
    scan_id: str = field(kw_only=True)
    told: list[tuple[Told, str]] = field(default_factory=list, kw_only=True)
    """Of each night what is to be told, and the id of its report."""
    _before: dict[str, Life] = field(default_factory=dict, kw_only=True)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """The line of scans lets one of a project run at a time; its folders are made here."""
        self.root.mkdir(parents=True, exist_ok=True, mode=0o700)
        yield

    @property
    def dataset(self) -> Path:
        """In the lake of the service, where erasure and retention find it."""
        return Lake(self.folder.lake).folder(self.project, DATASET)

    def report(self, night: str) -> Path:
        """Under the id that it will have; nobody sees it before `save`."""
        return self.folder.report(report_of(self.project, night))

    def forgotten(self) -> list[str]:
        """Who was erased from the project."""
        with self.store.read(self.project) as scope:
            return erased.several(scope)

    def load(self) -> State:
        """What the store remembers."""
        with self.store.read(self.project) as scope:
            found, self._before = nights.schedule(scope), nights.lives(scope)
            marks = nights.as_marks(nights.marks(scope))
        kept = {"version": states.VERSION, "state": (found.state if found else None) or {}}
        state = states.from_json(orjson.dumps(kept))
        return replace(state, book=replace(state.book, lives=dict(self._before), marks=marks))

    def save(self, state: State) -> None:
        """Lives, letters, reports and events of this scan become visible, all or none."""
        with self.store.write(self.project) as scope:
            for told, report_id in self.told:
                self._publish(scope, told, report_id)
            note = state.book.nights[-1] if state.book.nights else None
            report = self.told[-1][1] if self.told else (note.report if note else "")
            nights.save_lives(scope, state.book.lives, self._before, report, state.book.last or "")
            nights.remember(scope, _kept(state), state.book.last, _due(state))
            if self.scan_id:
                said = self.told[-1][0].book.nights[-1].said if self.told else {}
                night = state.book.last if self.told else None
                nights.end_scan(
                    scope, self.scan_id, "succeeded", said=said, report_id=report or None, night=night
                )

    def _publish(self, scope: Scope, told: Told, report_id: str) -> None:
        written = self.report(told.book.nights[-1].date).read_bytes()
        reports.publish(scope, report_id, report_id, written)
        tell_hooks(scope, "report.ready", {"report_id": report_id})
        for event in told.events:
            life = event.life
            point = {"id": life.id, "title": life.title, "page": life.page, "detector": life.detector}
            data = {
                "report_id": report_id,
                "night": told.book.nights[-1].date,
                "point": {**point, "state": event.kind},
            }
            tell_hooks(scope, f"point.{event.kind}", data)


def report_of(project: str, night: str) -> str:
    """The id of the report of a night: the same when a scan is carried out once more."""
    return f"rep_{hashlib.blake2b(f'{project} {night}'.encode(), digest_size=16).hexdigest()[:25]}"


def _kept(state: State) -> dict[str, Any]:
    """What is remembered besides lives and marks, which have tables of their own."""
    plain = replace(state, book=replace(state.book, lives={}, marks=()))
    members: dict[str, Any] = orjson.loads(states.as_json(plain))["state"]
    return members


def _due(state: State) -> dt.datetime | None:
    """When the next message wants to be sent; null while none waits."""
    waiting = [letter.due for letter in state.letters if letter.sent is None]
    return dt.datetime.fromisoformat(min(waiting)) if waiting else None


@dataclass(frozen=True)
class Ledger:
    """Writes the letters of a night, and notes what is told under the id that its report will have."""

    office: Office
    desk: StoreDesk

    def __call__(self, state: State, told: Told, report: Report, date: str) -> State:
        """The state with its letters."""
        report_id = report_of(self.desk.project, date)
        note = replace(told.book.nights[-1], report=report_id)
        book = replace(told.book, nights=(*told.book.nights[:-1], note))
        told = replace(told, book=book)
        self.desk.told.append((told, report_id))
        return self.office(replace(state, book=book), told, report, date)
