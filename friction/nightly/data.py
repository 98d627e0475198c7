"""What a message says of the data of a night: that they are whole, or what happened to them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from friction.i18n import N_, Language

if TYPE_CHECKING:
    from friction.nightly.pulse import Trouble
    from friction.nightly.update import Told

RECORDED: Mapping[str, str] = {"clicks": N_("clicks"), "inputs": N_("inputs"), "requests": N_("requests")}


def in_short(trouble: Trouble, speak: Language) -> str:
    """What happened to the data, in two words for a subject line."""
    if trouble.kind == "data_stopped":
        return speak.text("no data")
    if trouble.kind == "fewer_visitors":
        return speak.text("fewer visitors")
    return (
        speak.text("hours without data") if trouble.kind == "hours_missing" else speak.text("tracking broke")
    )


def trouble(found: Trouble, date: str, speak: Language) -> tuple[str, str]:
    """Title and sentence about a night whose data are not whole."""
    day, share = speak.day(date), speak.percent(found.share, 0)
    if found.kind == "data_stopped":
        title = speak.text("No data for {day}", day=day)
        what = speak.text(
            "Next to nothing was recorded, {share} of the usual. Look at the export and the tracking: people do not "
            "stop all at once.",
            share=share,
        )
    elif found.kind == "hours_missing" and found.hours:
        start, end = (f"{hour:02}:00" for hour in found.hours)
        title = speak.text(
            "Nothing was recorded from {start} to {end} on {day}", start=start, end=end, day=day
        )
        what = speak.text("At other hours people came as usual: recording stopped, not the visitors.")
    elif found.kind == "tracking_broke":
        name = speak.text(RECORDED[found.what or "clicks"])
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
    return title, what


def completeness(told: Told, speak: Language) -> Iterator[str]:
    """Whether the data of the night are whole, and how much was tested: the last lines of a message."""
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
