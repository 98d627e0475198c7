"""Who is told what of a night, and when: one letter a recipient, in their language, after their quiet hours."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from friction.i18n import Language, language
from friction.nightly import mail
from friction.nightly.days import apart
from friction.nightly.digest import Digest, Frame, digest, quiet_week
from friction.nightly.state import Letter, State, stamp
from friction.nightly.update import Told
from friction.values import dataclass

if TYPE_CHECKING:
    from friction.config.nights import NotifySettings, Weekday
    from friction.report import Report

WEEKDAYS: tuple[Weekday, ...] = (
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
)


@dataclass(frozen=True)
class Office:
    """Writes the letters of a project to its recipients."""

    frame: Frame
    channels: Mapping[str, NotifySettings]
    zone: str
    now: dt.datetime

    def __call__(self, state: State, told: Told, _report: Report | None, date: str) -> State:
        """The state with a letter to everybody who is to hear of this night; nobody gets two for the same night."""
        for name, channel in sorted(self.channels.items()):
            speak = language(channel.lang)
            found = digest(told, self.frame, speak, channel.only)
            if found is not None:
                state = self._put(state, name, channel, found, speak)
            elif self._is_weekly(state, name, channel, date) and (
                line := quiet_week(told, self.frame, speak)
            ):
                state = self._put(state, name, channel, line, speak)
                state = replace(state, quiet_line={**state.quiet_line, name: date})
        return state

    def _is_weekly(self, state: State, name: str, channel: NotifySettings, date: str) -> bool:
        """Whether the line of the week is due: on its day, or when that was missed."""
        if channel.weekly is None:
            return False
        today = self.now.astimezone(ZoneInfo(self.zone)).date()
        last = state.quiet_line.get(name)
        if last is None:
            return WEEKDAYS[today.weekday()] == channel.weekly
        since = apart(last, date)
        return since >= 7 or (since >= 1 and WEEKDAYS[today.weekday()] == channel.weekly)

    def _put(self, state: State, name: str, channel: NotifySettings, found: Digest, speak: Language) -> State:
        id = hashlib.blake2b(
            f"{name}\x1f{self.frame.project}\x1f{found.date}".encode(), digest_size=12
        ).hexdigest()
        if any(letter.id == id for letter in state.letters):
            return state
        return state.with_letter(
            Letter(
                id=id,
                channel=name,
                lang=speak.code,
                night=found.date,
                subject=found.subject,
                text=mail.text(found, speak, name),
                html=mail.html(found, speak, name),
                markdown=mail.markdown(found, speak),
                members=mail.members(found),
                due=stamp(after_quiet(self.now, channel.quiet, self.zone)),
            )
        )


def silent(state: State, _told: Told, _report: Report, _date: str) -> State:
    """An office that writes to nobody."""
    return state


def after_quiet(now: dt.datetime, quiet: str | None, zone: str) -> dt.datetime:
    """The first moment from `now` on that lies in no quiet hours (`20:00-07:00`, of the zone's clock)."""
    if quiet is None:
        return now
    start, end = (_minutes(part) for part in quiet.split("-"))
    local = now.astimezone(ZoneInfo(zone))
    at = 60 * local.hour + local.minute
    inside = start <= at < end if start <= end else at >= start or at < end
    if not inside:
        return now
    day = local.date() + dt.timedelta(days=int(at >= end))
    return dt.datetime(day.year, day.month, day.day, end // 60, end % 60, tzinfo=ZoneInfo(zone))


def _minutes(text: str) -> int:
    hour, minute = text.split(":")
    return 60 * int(hour) + int(minute)
