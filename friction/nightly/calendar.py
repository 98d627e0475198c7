"""Which nights there are to be scanned: complete days of a zone, each exactly once, whatever its clock does."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from friction.nightly.days import between, moved


def complete(now: dt.datetime, zone: str, late_hours: float) -> str:
    """The latest day that is complete: it ended at least `late_hours` ago, counted in real time and not on the clock,
    which in two nights a year would give an hour too many or too few.
    """
    reached = now.astimezone(dt.UTC) - dt.timedelta(hours=late_hours)
    return moved(reached.astimezone(ZoneInfo(zone)).date().isoformat(), -1)


def due(now: dt.datetime, zone: str, at: str, late_hours: float) -> str:
    """The night that a scan at `at` o'clock has to have done by now: one a date, in every night of the year.

    In the night without that hour it begins with the next one; in the night that has it twice, with the first.
    """
    local = now.astimezone(ZoneInfo(zone))
    hour, minute = (int(part) for part in at.split(":"))
    start = dt.datetime(local.year, local.month, local.day, hour, minute, tzinfo=ZoneInfo(zone))
    begun = now.astimezone(dt.UTC) >= start.astimezone(dt.UTC)
    day = local.date().isoformat() if begun else moved(local.date().isoformat(), -1)
    return min(moved(day, -1), complete(now, zone, late_hours))


def nights(last: str | None, latest: str, since: str | None, until: str | None) -> list[str]:
    """The nights to go through: the latest one; with `since` or `until` every one between that is not known yet.

    What was missed needs no night of its own: the next one looks back over all of it. A night that is known is not
    judged once more: what was told of it was right by what was there, and the yardsticks of that night are gone.
    """
    end = min(until or latest, latest)
    if since is None and until is None:
        return [] if last is not None and latest <= last else [latest]
    first = since or (moved(last, 1) if last else end)
    return [day for day in between(first, end) if last is None or day > last]
