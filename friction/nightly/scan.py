"""One scan: what is new goes into the lake, the latest complete day is analysed and held against what was known.

Everything before the last step may be done twice without harm: the lake knows its files by content, a report is a file
of its own, a night that is in the book is left alone. The last step is one rename that takes book, letters and marks of
what was read together (`Desk.save`). A scan that was killed is started again and ends in the same state.
"""

from __future__ import annotations

import datetime as dt
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from friction import isolate
from friction.errors import FrictionError, InternalError
from friction.files import write
from friction.lake import is_dataset
from friction.nightly.arrivals import Arrival, Found, looked
from friction.nightly.bringing import brought
from friction.nightly.calendar import complete, nights
from friction.nightly.days import moved
from friction.nightly.desk import Desk
from friction.nightly.night import night
from friction.nightly.pulse import Pulse
from friction.nightly.state import Health, Refused, State, stamp
from friction.nightly.update import Told, update
from friction.values import dataclass

if TYPE_CHECKING:
    from friction.config import Settings
    from friction.report import Report

LOG = logging.getLogger("friction.scan")
PULSE_DAYS = 45
TOGETHER = 100
"""Objects that go into the lake at once."""


@dataclass(frozen=True)
class Plan:
    """What a scan would do: read what is new, look at the days from `since` on, for each of these nights."""

    sources: list[Found]
    nights: list[str]
    zone: str
    window_days: int
    since: str | None = None
    """Rows of a query are asked for again from this day on."""
    known: int = 0
    """Nights that were asked for and stay as they were told."""

    @property
    def fresh(self) -> int:
        """Objects to be read."""
        return sum(len(found.fresh) for found in self.sources)


@dataclass(frozen=True)
class Done:
    """What a scan did. `told`: of its nights, the latest last; `refused`: objects that could not be read, with why."""

    nights: list[str]
    told: list[Told]
    objects: int
    rows: int
    known_rows: int
    refused: dict[str, str] = field(default_factory=dict)
    known: int = 0
    """Nights that were asked for and stayed as they were told."""


def planned(
    settings: Settings,
    state: State,
    folder: Path,
    now: dt.datetime,
    *,
    since: str | None = None,
    until: str | None = None,
) -> Plan:
    """The plan; paths of sources are seen from `folder`. Must be called inside `isolate.workspace()`."""
    zone = settings.time.zone or "UTC"
    latest = complete(now, zone, settings.schedule.late_hours)
    todo = nights(state.book.last, latest, since, until)
    return Plan(
        looked(settings, state, folder),
        todo,
        zone,
        settings.schedule.window_days,
        since,
        sum(since <= note.date <= (until or latest) for note in state.book.nights) if since else 0,
    )


Letters = Callable[[State, Told, "Report", str], State]
"""Adds to the state what is to be said of a night."""
Heard = Callable[[dict[str, Any]], None] | None


@dataclass(frozen=True)
class Scan:
    """A scan of one desk with these settings."""

    desk: Desk
    settings: Settings
    folder: Path
    now: dt.datetime
    letters: Letters
    heard: Heard = None

    def run(self, *, since: str | None = None, until: str | None = None) -> Done:
        """Carry it out. Must be called inside `isolate.workspace()`; raises what reading raises."""
        began = time.monotonic()
        state = self.desk.load()
        plan = planned(self.settings, state, self.folder, self.now, since=since, until=until)
        state, read = self._delivered(plan, state)
        known, last = state.book.pulse, state.book.last
        told: list[Told] = []
        for date in plan.nights if is_dataset(self.desk.dataset) else []:
            one, state = self._night(date, state)
            told.append(one)
        self._trimmed(plan)
        seconds = round(time.monotonic() - began, 1)
        late = late_events(known, state.book.pulse, last) if told else state.health.late_events
        health = Health(stamp(self.now), stamp(self.now), seconds, read.objects, read.rows, late)
        self.desk.save(replace(state, health=health))
        dates = [each.book.last or "" for each in told]
        LOG.info("scanned", extra={"nights": len(told), "objects": read.objects, "rows": read.rows})
        return Done(dates, told, read.objects, read.rows, read.known_rows, read.refused, plan.known)

    def _delivered(self, plan: Plan, state: State) -> tuple[State, Done]:
        done = Done([], [], 0, 0, 0)
        for found in plan.sources:
            came = brought(found, self.desk.spool(found.source), self.settings, self.heard, plan.since)
            for at in range(0, len(came.arrivals), TOGETHER):
                state, done = self._taken(found.source, came.arrivals[at : at + TOGETHER], state, done)
            if came.watermark is not None and not any(each.name in done.refused for each in came.arrivals):
                state = replace(state, watermarks={**state.watermarks, found.source: came.watermark})
        if done.rows and (forgotten := self.desk.forgotten()):
            from friction.lake import erase_plan

            self._asked(erase_plan(self.desk.dataset, forgotten, self.settings.model_dump(mode="json")))
        return state, done

    def _taken(
        self, source: str, arrivals: Sequence[Arrival], state: State, done: Done
    ) -> tuple[State, Done]:
        """Objects into the lake. Where one of several cannot be read, they are taken one by one; that one is
        remembered, and the others go on.
        """
        try:
            answer = self._into_lake(arrivals)
        except InternalError:
            raise
        except FrictionError as error:
            if len(arrivals) > 1:
                for arrival in arrivals:
                    state, done = self._taken(source, [arrival], state, done)
                return state, done
            return self._left(source, arrivals[0], error, state, done)
        marks = {arrival.name: arrival.mark for arrival in arrivals}
        seen = {**state.seen.get(source, {}), **marks}
        good = {name: each for name, each in state.refused.get(source, {}).items() if name not in marks}
        state = replace(state, seen={**state.seen, source: seen}, refused={**state.refused, source: good})
        rows, known = done.rows + answer["rows"], done.known_rows + answer["known"]
        return state, replace(done, objects=done.objects + len(arrivals), rows=rows, known_rows=known)

    def _left(
        self, source: str, arrival: Arrival, error: FrictionError, state: State, done: Done
    ) -> tuple[State, Done]:
        """An object that cannot be read. Rows of a query have no mark and are asked for again the next time."""
        if arrival.mark:
            bad = {**state.refused.get(source, {}), arrival.name: Refused(arrival.mark, error.problem.code)}
            state = replace(state, refused={**state.refused, source: bad})
        return state, replace(done, refused={**done.refused, arrival.name: error.problem.detail})

    def _into_lake(self, arrivals: Sequence[Arrival]) -> Mapping[str, int]:
        from friction.lake import deliver_plan

        settings = self.settings.model_dump(mode="json")
        names = [Path(arrival.name).name for arrival in arrivals]
        inputs = [str(arrival.path) for arrival in arrivals]
        answer: Mapping[str, int] = self._asked(
            deliver_plan(self.desk.dataset, inputs, names, settings, keep_open=True)
        )
        return answer

    def _asked(self, plan: Mapping[str, Any]) -> Any:
        import orjson

        return orjson.loads(isolate.run(dict(plan), progress=self.heard).read_bytes())

    def _night(self, date: str, state: State) -> tuple[Told, State]:
        from friction.report import Report

        content = self.analysed(date)
        report = Report.from_json(content)
        told = update(state.book, night(report, date, date), self._pulse(date))
        write(self.desk.report(date), content)
        return told, self.letters(replace(state, book=told.book), told, report, date)

    def analysed(self, date: str) -> bytes:
        """The report of a night, over the days that it looks back on. Must be called inside `isolate.workspace()`."""
        since = moved(date, 1 - self.settings.schedule.window_days)
        analysis = self.settings.analysis.model_copy(update={"since": since, "until": date})
        settings = self.settings.model_copy(update={"analysis": analysis}).model_dump(mode="json")
        plan = {"command": "analyze", "inputs": [str(self.desk.dataset)], "names": ["events"]}
        return isolate.run(
            {**plan, "settings": settings, "output": f"{date}.json"}, progress=self.heard
        ).read_bytes()

    def _pulse(self, date: str) -> Pulse:
        zone = self.settings.time.zone or "UTC"
        days = {"since": moved(date, -PULSE_DAYS), "until": date}
        plan = {"command": "hours", "dataset": str(self.desk.dataset), "zone": zone, **days}
        found: Pulse = self._asked({**plan, "output": "hours.json"})
        return found

    def _trimmed(self, plan: Plan) -> None:
        """Events that are kept no longer go."""
        from friction.lake import Manifest, trim_plan

        manifest = Manifest.of(self.desk.dataset)
        if manifest is None or not plan.nights:
            return
        before = moved(plan.nights[-1], -self.settings.schedule.keep_days)
        if manifest.days and manifest.days[0] < before:
            self._asked(trim_plan(self.desk.dataset, before))


def late_events(known: Pulse, now: Pulse, last: str | None) -> int:
    """Events that days up to the `last` night have now and had not then."""
    return sum(
        max(0, sum(hours) - sum(known[day].get(kind, ())))
        for day, kinds in now.items()
        if last is not None and day <= last and day in known
        for kind, hours in kinds.items()
    )
