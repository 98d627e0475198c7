"""One scan in a worker: from the project's settings to its new state, with its messages on their way."""

from __future__ import annotations

import datetime as dt
import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from friction import config, isolate
from friction.config import Settings
from friction.errors import FrictionError, InternalError
from friction.nightly.digest import Frame
from friction.nightly.letters import Office
from friction.nightly.scan import Plan, Scan, planned
from friction.nightly.telling import beat, tell

from ..clock import now
from ..folder import DataFolder
from ..hooks import tell as tell_hooks
from ..keyed import key
from ..store import Store, nights, projects
from .desk import Ledger, StoreDesk

LOG = logging.getLogger("friction.nights")


@dataclass(frozen=True)
class Yard:
    """Where scans are carried out: the store and the data folder."""

    store: Store
    folder: DataFolder

    def desk(self, project: str, scan_id: str = "") -> StoreDesk:
        """The desk of a project."""
        root = self.folder.root / "nights" / project
        return StoreDesk(root=root, store=self.store, folder=self.folder, project=project, scan_id=scan_id)

    def inbox(self, project: str) -> Path:
        """Where the sources of a project that are folders lie."""
        folder = self.folder.root / "inbox" / project
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return folder


def settings_of(schedule: nights.Schedule, folder: DataFolder) -> Settings:
    """The project's settings, with the key of its visitors and the secrets that the environment holds."""
    secrets = config.load().notify
    settings = config.read(schedule.settings, "the schedule")
    channels = {
        name: channel.model_copy(
            update={"password": secrets[name].password, "secret": secrets[name].secret}
            if name in secrets
            else {}
        )
        for name, channel in settings.notify.items()
    }
    sources = {
        name: source.model_copy(
            update={"credentials": str(credentials(folder, source.credentials))} if source.credentials else {}
        )
        for name, source in settings.sources.items()
    }
    privacy = settings.privacy.model_copy(update={"key": key(folder, schedule.project_id)})
    return settings.model_copy(update={"notify": channels, "privacy": privacy, "sources": sources})


def credentials(folder: DataFolder, name: str) -> Path:
    """The file of this name with the credentials of a source, which an operator has put there."""
    return folder.root / "credentials" / name


def plan(
    yard: Yard, project: str, schedule: nights.Schedule, since: str | None = None, until: str | None = None
) -> Plan:
    """What a scan would read and look at now."""
    desk = yard.desk(project)
    with isolate.workspace():
        settings, inbox = settings_of(schedule, yard.folder), yard.inbox(project)
        return planned(settings, desk.load(), inbox, now(), since=since, until=until)


def carry_out(yard: Yard, project: str, scan_id: str) -> str:
    """Scan; the state of the scan in the end. What the input did wrong is noted and told; a fault of ours is raised."""
    with yard.store.write(project) as scope:
        schedule = nights.schedule(scope)
        asked = nights.scan(scope, scan_id)
        if schedule is None or asked is None or not nights.begin_scan(scope, scan_id):
            return "over"
    settings, moment = settings_of(schedule, yard.folder), now()
    desk = yard.desk(project, scan_id)
    try:
        with desk.alone(), isolate.workspace():
            scan = Scan(desk, settings, yard.inbox(project), moment, _ledger(yard, desk, settings, moment))
            scan.run(since=asked.since, until=asked.until)
    except InternalError:
        raise
    except FrictionError as error:
        return failed(yard, project, scan_id, {**error.problem.as_dict(), "status": error.status}, settings)
    send(yard, project, moment)
    beat(settings.schedule.heartbeat, well=True)
    return "succeeded"


def _ledger(yard: Yard, desk: StoreDesk, settings: Settings, moment: dt.datetime) -> Ledger:
    with yard.store.read() as scope:
        project = projects.get(scope, desk.project)
    name = settings.schedule.name or (project.name if project else "friction")
    frame = Frame(name, settings.schedule.address)
    return Ledger(Office(frame, settings.notify, settings.time.zone or "UTC", moment), desk)


def failed(
    yard: Yard, project: str, scan_id: str, problem: dict[str, Any], settings: Settings | None = None
) -> str:
    """The scan has failed: noted, and told to who listens."""
    with yard.store.write(project) as scope:
        if nights.end_scan(scope, scan_id, "failed", problem=problem):
            tell_hooks(scope, "scan.failed", {"scan_id": scan_id, "problem": problem})
    if settings is not None:
        beat(settings.schedule.heartbeat, well=False)
    return "failed"


def send(yard: Yard, project: str, moment: dt.datetime) -> None:
    """Send the messages of a project that wait and are due."""
    desk = yard.desk(project)
    with yard.store.read(project) as scope:
        schedule = nights.schedule(scope)
    if schedule is not None:
        tell(desk.load(), settings_of(schedule, yard.folder).notify, yard.inbox(project), moment, desk.save)


def send_all(yard: Yard) -> None:
    """Send what waits in any project; one whose settings are broken keeps no other from it."""
    with yard.store.read() as scope:
        waiting = nights.with_letters(scope)
    for project in waiting:
        try:
            send(yard, project, now())
        except FrictionError as fault:
            LOG.warning("messages of a project cannot be sent", extra={"why": fault.problem.code})
