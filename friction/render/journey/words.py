"""Figures and names of the journey in words. Never a number without its range, where it has one."""

from __future__ import annotations

from collections.abc import Sequence

from friction.i18n import ENGLISH, Language
from friction.i18n.codes.journey import FEATURE
from friction.journey_map import Emotion, Feature, Figure, Kpi, Persona, Touchpoint
from friction.render.safe import clean

ENOUGH_ANSWERS = 50


def share(figure: Figure, speak: Language = ENGLISH) -> str:
    """`38 % (37 to 39)`."""
    if figure.estimate is None:
        return speak.text("unknown")
    if figure.low is None or figure.high is None:
        return speak.percent(figure.estimate)
    places = 0 if figure.high - figure.low >= 0.02 else 1
    ends = [
        speak.percent(end, places).rstrip("%\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}")
        for end in (figure.low, figure.high)
    ]
    return speak.text(
        "{about} ({low} to {high})", about=speak.percent(figure.estimate, places), low=ends[0], high=ends[1]
    )


def plain(figure: Figure, speak: Language = ENGLISH, digits: int = 2, *, signed: bool = False) -> str:
    """`4.1 (3.8 to 4.4)`; `signed` writes a plus before what is above zero."""
    if figure.estimate is None:
        return speak.text("unknown")
    about = number(figure.estimate, speak, digits, signed=signed)
    if figure.low is None or figure.high is None:
        return about
    low, high = (number(end, speak, digits, signed=signed) for end in (figure.low, figure.high))
    return speak.text("{about} ({low} to {high})", about=about, low=low, high=high)


def number(value: float, speak: Language, digits: int, *, signed: bool = False) -> str:
    """A figure with so many digits behind the point, and its sign where asked for."""
    rounded = round(value, digits)
    text = speak.fixed(rounded, digits) if digits else speak.whole(rounded)
    return f"+{text}" if signed and rounded > 0 else text


def kpi(each: Kpi, speak: Language = ENGLISH) -> str:
    """The figure alone, in its unit."""
    if each.unit == "share":
        return share(each.figure, speak)
    if each.unit == "score":
        return plain(each.figure, speak, 0, signed=each.name == "nps")
    if each.unit == "days":
        return lasting(each.figure, speak)
    return plain(each.figure, speak, 1)


def lasting(figure: Figure, speak: Language = ENGLISH) -> str:
    """Days as people say them: `5 d 14 h (4 d 19 h to 6 d 10 h)`, `5 min 26 s`."""
    if figure.estimate is None:
        return speak.text("unknown")
    about = speak.duration(86_400 * figure.estimate)
    if figure.low is None or figure.high is None:
        return about
    low, high = (speak.duration(86_400 * end) for end in (figure.low, figure.high))
    return speak.text("{about} ({low} to {high})", about=about, low=low, high=high)


def cost(figure: Figure, speak: Language = ENGLISH) -> str:
    """`about 41 (22 to 63)`."""
    if figure.estimate is None or figure.low is None or figure.high is None:
        return speak.text("too rare to cost")
    high = speak.whole(max(figure.high, 1))
    if figure.low <= 0:
        return speak.text("perhaps none, up to {high}", high=high)
    about = speak.text("about {n}", n=speak.whole(max(figure.estimate, 1)))
    return speak.text("{about} ({low} to {high})", about=about, low=speak.whole(figure.low), high=high)


def persona(each: Persona, speak: Language = ENGLISH) -> str:
    """`Many products, no search`; a segment is called as it was named."""
    if each.origin == "rule":
        return clean(each.id, 60)
    name = ", ".join(feature(one, speak) for one in each.features[:2])
    return name[:1].upper() + name[1:]


def feature(each: Feature, speak: Language = ENGLISH) -> str:
    """One feature in a word."""
    if each.name not in FEATURE:
        return clean(each.name)
    above, below = FEATURE[each.name]
    return speak.text(above if each.distance >= 0 else below)


def touchpoint(each: Touchpoint, speak: Language = ENGLISH) -> str:
    """The kind of page or event; of a contact outside of the product its own name."""
    if each.group == "outside" and each.name:
        return clean(each.name, 60)
    return speak.word("touch", each.group)


def met(group: str, speak: Language = ENGLISH) -> str:
    """What a stage's sessions meet, by its group (`StageColumn.touchpoints`)."""
    return clean(group[1:], 60) if group.startswith("=") else speak.word("touch", group)


def emotion(each: Emotion | None, speak: Language = ENGLISH) -> str:
    """`+0.32 (+0.20 to +0.44)`."""
    if each is None or each.value.estimate is None:
        return speak.text("unknown")
    return plain(each.value, speak, 2, signed=True)


def answers(each: Emotion | None, speak: Language = ENGLISH) -> str:
    """What the emotion rests on, where that is little."""
    if each is None:
        return ""
    n = each.answers.n
    if not n:
        return speak.text("no answers: friction met alone")
    if each.is_thin:
        return speak.plural("too few answers: {n}", "too few answers: {n}", n)
    return speak.plural("{n} answer", "{n} answers", n)


def listed(parts: Sequence[str], most: int = 4) -> str:
    """The first few, once each, with commas."""
    return ", ".join(list(dict.fromkeys(parts))[:most])
