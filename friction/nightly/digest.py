"""One message about a night: the result as subject, at most five points of one sentence, one range, one link each.

Words only; `mail` gives them their forms. The same night in the same language gives the same words.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from friction.i18n import N_, Language
from friction.nightly import data, figures, sentences
from friction.nightly.figures import Daily
from friction.nightly.update import Event, Kind, Told
from friction.render.safe import clean
from friction.render.states import in_state
from friction.render.words import named
from friction.values import dataclass

if TYPE_CHECKING:
    from friction.nightly.pulse import Trouble

TOP = 5
ORDER: tuple[Kind, ...] = ("new", "regressed", "worse", "better", "fixed")
SIGN: Mapping[str, str] = {
    "new": "+",
    "regressed": "↺",
    "worse": "▲",
    "better": "▼",
    "fixed": "✓",
    "data": "!",
}
WORD: Mapping[str, str] = {
    "new": N_("New"),
    "regressed": N_("Back again"),
    "worse": N_("Worse"),
    "better": N_("Better"),
    "fixed": N_("Fixed"),
    "data": N_("About the data"),
}

LONGEST = 500


@dataclass(frozen=True)
class Bar:
    """Where an interval lies on the scale of the message, in parts of 0–1."""

    low: float
    middle: float
    high: float
    gain: bool


@dataclass(frozen=True)
class Item:
    """One thing that is told. Texts are clean."""

    kind: str
    title: str
    what: str
    cost: str = ""
    bar: Bar | None = None
    link: str | None = None
    point: str | None = None

    @property
    def sign(self) -> str:
        """Says the kind without colour."""
        return SIGN[self.kind]


@dataclass(frozen=True)
class Digest:
    """The message. `more`: how many things there are besides the items."""

    project: str
    date: str
    subject: str
    """The result, after the name of the project."""
    headline: str
    items: tuple[Item, ...]
    more: str
    scale: str
    data: str
    link: str | None = None

    @property
    def teaser(self) -> str:
        """What a list of mails shows beside the subject."""
        return f"{self.items[0].title}. {self.items[0].what}" if self.items else self.data


@dataclass(frozen=True)
class Frame:
    """What all messages of a project share: its name, where its reports can be seen (null: nowhere)."""

    project: str
    address: str | None = None


def digest(told: Told, frame: Frame, speak: Language, only: Sequence[str] = ()) -> Digest | None:
    """The message about a night; null when there is nothing to say to somebody who wants `only` these kinds."""
    night = told.book.nights[-1]
    events = sorted(
        (each for each in told.events if not only or each.kind in only),
        key=lambda each: ORDER.index(each.kind),
    )
    trouble = told.trouble if not only or "data" in only else None
    if not events and trouble is None:
        return None
    daily = {event.life.id: _daily(event) for event in events[:TOP]}
    top = figures.scale(each for each in daily.values() if each)
    told_of = [Item("data", *data.trouble(trouble, night.date, speak))] if trouble else []
    told_of += [_item(event, frame, night.report, daily[event.life.id], top, speak) for event in events[:TOP]]
    left = len(events) - len(events[:TOP])
    project, result = clean(frame.project), headline(events, trouble, speak)
    return Digest(
        project=project,
        date=night.date,
        subject=named(project, result, speak),
        headline=result,
        items=tuple(told_of),
        more=speak.plural("{n} more change is in the report.", "{n} more changes are in the report.", left)
        if left
        else "",
        scale=_scale(daily.values(), top, speak),
        data=" ".join(data.completeness(told, speak)),
        link=f"{frame.address.rstrip('/')}/reports/{night.report}" if frame.address else None,
    )


def headline(events: Sequence[Event], trouble: Trouble | None, speak: Language) -> str:
    """`2 new, 1 worse, 3 fixed`; kinds that do not occur are left out."""
    numbers = {kind: sum(event.kind == kind for event in events) for kind in ORDER}
    said = [in_state(kind, n, speak) for kind, n in numbers.items() if n]
    if trouble is not None:
        said.insert(0, data.in_short(trouble, speak))
    return ", ".join(said)


def _daily(event: Event) -> Daily | None:
    return figures.before(event.life) if event.kind == "fixed" else figures.now(event.life)


def _item(event: Event, frame: Frame, report: str, daily: Daily | None, top: float, speak: Language) -> Item:
    life = event.life
    bar = None
    if daily is not None and daily.high > 0:
        low, middle, high = (
            max(0.0, min(1.0, value / top)) for value in (daily.low, daily.estimate, daily.high)
        )
        bar = Bar(low, middle, high, gain=event.kind in {"fixed", "better"})
    link = f"{frame.address.rstrip('/')}/reports/{report}/points/{life.id}" if frame.address else None
    title, what = sentences.title(life, speak), sentences.what(event, speak)
    cost = sentences.cost(event, daily, speak)
    return Item(event.kind, title, clean(what, LONGEST), cost, bar, link, life.id)


def _scale(daily: Iterable[Daily | None], top: float, speak: Language) -> str:
    found = [each for each in daily if each]
    if not found:
        return ""
    if found[0].metric == "extra_exits":
        said = speak.amount(
            "The bars run from 0 to {n} person a day", "The bars run from 0 to {n} people a day", top
        )
    else:
        said = speak.amount(
            "The bars run from 0 to {n} conversion a day", "The bars run from 0 to {n} conversions a day", top
        )
    return said + speak.text(
        ": coloured part = interval, dark line = estimate. Costs are for one point at a time."
    )


def quiet_week(told: Told, frame: Frame, speak: Language) -> Digest | None:
    """The one line of a week in which nothing was said; null when something was, or when there was no week yet."""
    week = told.book.nights[-7:]
    if len(told.book.nights) < 7 or any(note.said or note.trouble for note in week):
        return None
    line = speak.text(
        "A quiet week: {scans} scans, {sessions} sessions, nothing new or worse.",
        scans=speak.whole(len(week)),
        sessions=speak.whole(sum(note.sessions for note in week)),
    )
    project, result = clean(frame.project), line.rstrip(".")
    subject = named(project, result, speak)
    return Digest(project, week[-1].date, subject, result, (), "", "", line)
