"""One message about a night: the result as subject, at most five points of one sentence, one range, one link each.

Words only; `mail` gives them their forms. The same night in the same language gives the same words.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from friction.i18n import N_, Language
from friction.nightly import figures
from friction.nightly.figures import Daily
from friction.nightly.update import Event, Kind, Told
from friction.render.safe import clean
from friction.render.states import in_state
from friction.render.words import named

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

RECORDED: Mapping[str, str] = {"clicks": N_("clicks"), "inputs": N_("inputs"), "requests": N_("requests")}
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
    told_of = [_trouble(trouble, night.date, speak)] if trouble else []
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
        data=" ".join(_data(told, speak)),
        link=f"{frame.address.rstrip('/')}/reports/{night.report}" if frame.address else None,
    )


def headline(events: Sequence[Event], trouble: Trouble | None, speak: Language) -> str:
    """`2 new, 1 worse, 3 fixed`; kinds that do not occur are left out."""
    numbers = {kind: sum(event.kind == kind for event in events) for kind in ORDER}
    said = [in_state(kind, n, speak) for kind, n in numbers.items() if n]
    if trouble is not None:
        said.insert(0, _trouble_in_short(trouble, speak))
    return ", ".join(said)


def _trouble_in_short(trouble: Trouble, speak: Language) -> str:
    if trouble.kind == "data_stopped":
        return speak.text("no data")
    if trouble.kind == "fewer_visitors":
        return speak.text("fewer visitors")
    return (
        speak.text("hours without data") if trouble.kind == "hours_missing" else speak.text("tracking broke")
    )


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
    what, cost = _what(event, speak), _cost(event, daily, speak)
    return Item(event.kind, clean(_title(event, speak)), clean(what, LONGEST), cost, bar, link, life.id)


def _title(event: Event, speak: Language) -> str:
    from friction.i18n import points

    life = event.life
    if life.detector not in points.TITLES:
        return life.title
    return points.title(life.detector, life.page, life.label or life.target, speak)


def _what(event: Event, speak: Language) -> str:
    life, when = event.life, _when(event, speak)
    if life.spike is not None:
        return _spike(event, speak)
    n, k = _since(event)
    shown = {"page": life.page, "when": when, "now": speak.percent(k / n if n else 0.0)}
    before = speak.percent(life.facts.get("before", 0.0))
    if "cost_now" in life.facts:
        return _revalued(event, shown, speak)
    if event.kind == "fixed":
        return _fixed(n, k, {**shown, "before": before}, speak)
    if event.kind == "regressed":
        return speak.text("It had gone; since {when} it hits {now} of the sessions on {page}.", **shown)
    if event.kind == "new":
        return _first_met(event, when, speak)
    return speak.text(
        "Since {when} it hits {now} of the sessions on {page}, before {before}.", before=before, **shown
    )


def _fixed(n: int, k: int, shown: Mapping[str, str], speak: Language) -> str:
    """Met by `k` of `n` sessions since."""
    if k:
        return speak.text("Only {now} of the sessions on {page} since {when}, before {before}.", **shown)
    return speak.plural(
        "None in {n} session since {when}.", "None in {n} sessions since {when}.", n, when=shown["when"]
    )


def _revalued(event: Event, shown: Mapping[str, str], speak: Language) -> str:
    """It is met as often as before, and costs something else."""
    if event.kind == "worse":
        return speak.text("It hits {now} of the sessions on {page} as before, and costs more.", **shown)
    return speak.text("It hits {now} of the sessions on {page} as before, and costs less.", **shown)


def _first_met(event: Event, when: str, speak: Language) -> str:
    n, k = _since(event)
    hit = speak.plural(
        "It hit {k} of the {n} session that saw {page} since {when}.",
        "It hit {k} of the {n} sessions that saw {page} since {when}.",
        n,
        k=speak.whole(k),
        page=event.life.page,
        when=when,
    )
    if not (before := event.life.facts.get("before")):
        return f"{hit} " + speak.text("Before, it never occurred.")
    return f"{hit} " + speak.text("Before, it was {before} of them.", before=speak.percent(before))


def _spike(event: Event, speak: Language) -> str:
    life = event.life
    shares = {name: speak.percent(life.facts.get(name, 0.0)) for name in ("now", "before")}
    if event.kind == "fixed":
        day = _of_day(life.since, speak)
        return speak.text(
            "Since {when} as many people go on from {page} as before.", when=day, page=life.page
        )
    return speak.text(
        "Since {when} {now} of the views of {page} are the last of a session, before {before}.",
        when=_when(event, speak),
        page=life.page,
        **shares,
    )


def _when(event: Event, speak: Language) -> str:
    """The release before it, or the day."""
    if event.mark is None:
        return _of_day(event.life.since, speak)
    day = speak.day(event.mark.at[:10])
    return speak.text("release {name} on {day}", name=clean(event.mark.text), day=day)


def _of_day(day: str, speak: Language) -> str:
    """A day behind “since”; French puts an article before it."""
    return speak.of("since", "{day}", day=speak.day(day))


def _since(event: Event) -> tuple[int, int]:
    """Sessions that saw the page since the course began, and those that met the point."""
    days = [counts for day, counts in event.life.days.items() if day >= event.life.since]
    return sum(n for n, _ in days), sum(k for _, k in days)


def _cost(event: Event, daily: Daily | None, speak: Language) -> str:
    if daily is None or daily.high <= 0:
        return ""
    about, range_ = speak.decimal(daily.estimate, 2), _range(daily, speak)
    sure = speak.word("confidence", daily.confidence).capitalize()
    exits = daily.metric == "extra_exits"
    if event.kind == "fixed":
        if exits:
            return speak.text(
                "Because of it about {n} more people a day left ({range}).", n=about, range=range_
            )
        return speak.text("It used to cost about {n} conversions a day ({range}).", n=about, range=range_)
    earlier = figures.before(event.life) if event.kind in {"worse", "better"} else None
    if exits:
        said = speak.text("About {n} more people a day leave ({range})", n=about, range=range_)
    else:
        said = speak.text("Costs about {n} conversions a day ({range})", n=about, range=range_)
    if earlier is not None and earlier.metric == daily.metric and earlier.high > 0:
        past = {"n": speak.decimal(earlier.estimate, 2), "range": _range(earlier, speak)}
        said += speak.text(", before {n} ({range})", **past)
    return f"{said}. {sure}."


def _range(daily: Daily, speak: Language) -> str:
    return speak.between(speak.decimal(max(0.0, daily.low), 2), speak.decimal(daily.high, 2))


def _scale(daily: Iterable[Daily | None], top: float, speak: Language) -> str:
    found = [each for each in daily if each]
    if not found:
        return ""
    end = speak.decimal(top, 2)
    if found[0].metric == "extra_exits":
        said = speak.text("The bars run from 0 to {end} people a day", end=end)
    else:
        said = speak.text("The bars run from 0 to {end} conversions a day", end=end)
    return said + speak.text(
        ": coloured part = interval, dark line = estimate. Costs are for one point at a time."
    )


def _trouble(trouble: Trouble, date: str, speak: Language) -> Item:
    day, share = speak.day(date), speak.percent(trouble.share, 0)
    if trouble.kind == "data_stopped":
        title = speak.text("No data for {day}", day=day)
        what = speak.text(
            "Next to nothing was recorded, {share} of the usual. Look at the export and the tracking: people do not "
            "stop all at once.",
            share=share,
        )
    elif trouble.kind == "hours_missing" and trouble.hours:
        start, end = (f"{hour:02}:00" for hour in trouble.hours)
        title = speak.text(
            "Nothing was recorded from {start} to {end} on {day}", start=start, end=end, day=day
        )
        what = speak.text("At other hours people came as usual: recording stopped, not the visitors.")
    elif trouble.kind == "tracking_broke":
        name = speak.text(RECORDED[trouble.what or "clicks"])
        title = speak.text("Tracking broke: {what} are hardly recorded any more", what=name)
        what = speak.text(
            "On {day} pages were viewed as usual, but {share} of the usual {what} came. Points that need them are left "
            "as they were.",
            day=day,
            share=share,
            what=name,
        )
    else:
        title = speak.text("Fewer visitors on {day}", day=day)
        what = speak.text(
            "{share} of the usual page views, at all hours and of every kind: people stayed away, the tracking works.",
            share=share,
        )
    return Item("data", title, what)


def _data(told: Told, speak: Language) -> Iterator[str]:
    night = told.book.nights[-1]
    if told.trouble is None and night.trouble is None:
        yield speak.plural(
            "The data are complete: {n} session on {day}.",
            "The data are complete: {n} sessions on {day}.",
            night.sessions,
            day=speak.day(night.date),
        )
    if night.tested:
        yield speak.plural(
            "{n} rate or cost was tested tonight; on average at most one in ten alarms is false.",
            "{n} rates and costs were tested tonight; on average at most one in ten alarms is false.",
            night.tested,
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
