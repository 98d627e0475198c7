"""What lies beside a report, as routes and pages read it; a report made without is one that has nothing there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from friction.beside import folder

from .errors import Refused, missing
from .listed import early
from .routes.reports import found
from .service import Service

Who = Literal["converted", "others"]
Json = dict[str, Any]


@dataclass(frozen=True)
class Wish:
    """Which sessions are asked for; null and false: all."""

    point: str | None = None
    """That met this point."""
    who: Who | None = None
    """That reached the goal, or did not."""
    device: str | None = None
    page: str | None = None
    """That began or ended there."""
    replay: bool = False
    """That can be played again."""
    q: str | None = None
    """Whose name holds this."""
    saw: tuple[str, ...] = ()
    """That saw all these pages, in whatever order."""

    def fits(self, session: Json) -> bool:
        """Whether this one is meant."""
        return (
            (self.point is None or self.point in session["points"])
            and (self.who is None or session["converted"] == (self.who == "converted"))
            and (self.device is None or session["about"].get("device") == self.device)
            and (self.page is None or self.page in (session["entry"], session["exit"]))
            and (not self.replay or session["replay"])
            and set(self.saw) <= set(session.get("pages", ()))
            and (not self.q or self.q.lower() in session["id"].lower())
        )


def place(service: Service, report_id: str) -> Path:
    """The folder beside a report of the project; raises `Refused` when there is no such report.

    While it is being completed nothing lies there yet, whatever has been written by now.
    """
    try:
        return service.folder.beside(found(service, report_id).id)
    except Refused:
        if early(service, report_id) is None:
            raise
        return service.folder.form(report_id, "not-yet")


def sessions(service: Service, report_id: str, wish: Wish) -> tuple[int, Sequence[Json]]:
    """How many sessions the report is of, and those of its list that are asked for, in its order."""
    listed = folder.session_list(place(service, report_id))
    return listed.get("total", 0), [each for each in listed.get("sessions", ()) if wish.fits(each)]


def session(service: Service, report_id: str, name: str) -> Json:
    """One session with all it did; raises `Refused` when it is not listed."""
    kept = folder.session(place(service, report_id), name)
    if kept is None:
        raise missing("session")
    return kept


def recordings(service: Service, report_id: str) -> Json:
    """Session → span of its recording in epoch milliseconds, and how many tabs it has."""
    return folder.recordings(place(service, report_id))


def recording(service: Service, report_id: str, name: str) -> list[list[Json]]:
    """The masked events of each tab; raises `Refused` when the session has no recording."""
    tabs = folder.recording(place(service, report_id), name)
    if tabs is None:
        raise missing("recording")
    return tabs


def views(service: Service, report_id: str) -> Json:
    """Ways, speed, forms and kinds of pages; empty where the report was made without."""
    return folder.views(place(service, report_id))
