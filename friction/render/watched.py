"""Rates over time in words: what rose, what improved, what is no alarm after all, and what could have been seen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from friction.i18n import ENGLISH, Language, title_of
from friction.render.safe import clean
from friction.render.words import segment
from friction.report import Report, Series, SeriesChange
from friction.values import dataclass


@dataclass(frozen=True)
class Told:
    """One change of one series; texts are clean."""

    what: str
    kind: str
    since: str
    until: str
    before: str
    then: str
    times: str
    chance: str
    """The share of false ones among changes at least this clear."""
    remark: str
    is_rise: bool
    """An alarm; else an improvement, or a rise that is none."""
    is_excused: bool
    """A rise that is none."""


def told(report: Report, speak: Language = ENGLISH) -> list[Told]:
    """All changes, rises first, each in the order of the report; one step is told once."""
    titles = _titles(report, speak)
    found = [
        _told(series, change, titles, speak)
        for series in report.series
        for change in series.changes
        if not _is_told_in_order(series, change, report)
    ]
    return sorted(found, key=lambda each: not each.is_rise)


def without_exits(report: Report) -> Report:
    """The same without the series of exits."""
    return replace(report, series=[each for each in report.series if each.measure != "exits"])


def _is_told_in_order(series: Series, change: SeriesChange, report: Report) -> bool:
    """Whether the same step changed at the same time when the order counts."""
    if series.measure != "step_any_order":
        return False
    strict = (each for each in report.series if (each.measure, each.page) == ("step", series.page))
    return any(other.kind == change.kind for each in strict for other in each.changes)


def _titles(report: Report, speak: Language) -> Mapping[str, str]:
    """Id of a point → what happens there."""
    return {point.id: clean(title_of(point, speak)) for point in report.points}


def name(series: Series, titles: Mapping[str, str], speak: Language = ENGLISH) -> str:
    """What is counted, and where."""
    page = clean(series.page) if series.page is not None else speak.text("the whole site")
    to = clean(series.to) if series.to is not None else speak.text("the goal")
    if series.measure == "exits":
        return speak.text("Exits from {page}", page=page)
    if series.measure == "step":
        return speak.text("Sessions that do not get from {page} to {to}, in this order", page=page, to=to)
    if series.measure == "step_any_order":
        return speak.text("Sessions with {page} and without {to}, in any order", page=page, to=to)
    if series.point in titles:
        return speak.text("{title} ({page})", title=titles[series.point or ""], page=page)
    detector = speak.word("detector", clean(series.measure))
    return speak.text("{detector}: views with it on {page}", detector=detector, page=page)


def _told(series: Series, change: SeriesChange, titles: Mapping[str, str], speak: Language) -> Told:
    times = (speak.decimal(each, 2) for each in (change.ratio.estimate, change.ratio.low, change.ratio.high))
    about, low, high = times
    return Told(
        what=name(series, titles, speak),
        kind=speak.word("series", change.kind),
        since=speak.moment(change.start),
        until=speak.moment(change.end) if change.end else speak.text("still lasts"),
        before=speak.percent(change.rate_before),
        then=speak.percent(change.rate_in),
        times=speak.text("{about} ({low} to {high})", about=f"×{about}", low=low, high=high),
        chance=speak.bounded(change.q_value),
        remark=_remark(change, speak),
        is_rise=change.kind != "fall" and change.reason is None,
        is_excused=change.reason is not None,
    )


def _remark(change: SeriesChange, speak: Language) -> str:
    if change.reason is not None:
        return speak.word("no_alarm", clean(change.reason))
    named = (segment(each, speak) for each in change.segments)
    who = ", ".join(named)
    return speak.text("above all {groups}", groups=who) if who else ""


def sentence(each: Told, speak: Language = ENGLISH) -> str:
    """A line for a terminal."""
    said = speak.text(
        "{what}: {then} instead of {before} from {since} on",
        what=each.what,
        then=each.then,
        before=each.before,
        since=each.since,
    )
    return f"{said} ({each.remark})" if each.remark else said


def blind(report: Report, speak: Language = ENGLISH) -> list[tuple[str, str, str]]:
    """What could be seen of each series: its name, how many chances, the smallest rise that is mostly seen in a day."""
    titles = _titles(report, speak)
    return [
        (
            name(series, titles, speak),
            speak.whole(series.n),
            speak.percent(series.smallest_lift, 0)
            if series.smallest_lift is not None
            else speak.word("series", clean(series.reason or "too_short")),
        )
        for series in report.series
    ]
