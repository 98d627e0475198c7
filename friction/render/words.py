"""How costs, confidence and details are written. Never a number without its range."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from friction.i18n import ENGLISH, N_, Language
from friction.i18n.codes import message
from friction.render.safe import clean
from friction.report import Confidence, Impact, Money, Point, Range, Segment

TOO_RARE = N_("too rare to cost")
DOTS: Mapping[Confidence, int] = {"high": 3, "medium": 2, "low": 1}
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def amount(impact: Impact, speak: Language = ENGLISH) -> str:
    """The estimate in a word: `about 41`, `less than one`."""
    assert impact.estimate is not None
    if abs(impact.estimate) < 1:
        return speak.text("less than one")
    near = float(f"{impact.estimate:.1g}") if impact.says == "rough" else impact.estimate
    return speak.text("about {n}", n=speak.whole(near))


def also(parts: Sequence[Point], speak: Language = ENGLISH) -> str:
    """What else shows the cause of a point: `also: Rage clicks, Failed submits`."""
    names = [speak.word("detector", clean(each.detector)) for each in parts]
    return speak.text("also: {names}", names=", ".join(names))


def cost(impact: Impact, speak: Language = ENGLISH) -> str:
    """An estimate with its range, for a list: `about 41 (22 to 63)`, `about 10, perhaps none, up to 22`."""
    if impact.estimate is None or impact.low is None or impact.high is None:
        return speak.text(TOO_RARE)
    about, high = amount(impact, speak), speak.whole(impact.high)
    if impact.says == "upper_end":
        return speak.text("up to {high}", high=high)
    if impact.high < 1:
        return about if impact.low > 0 else speak.text("{about}, perhaps none", about=about)
    if impact.low <= 0:
        return speak.text("{about}, perhaps none, up to {high}", about=about, high=high)
    return speak.text("{about} ({low} to {high})", about=about, low=speak.whole(impact.low), high=high)


def money(range_: Range | Money, currency: str | None, speak: Language = ENGLISH) -> str:
    """Revenue with its range: `about €3,500 (€1,900 to €5,400)`."""
    low, middle, high = (speak.money(value, currency) for value in (range_.low, range_.estimate, range_.high))
    return speak.text("about {middle} ({low} to {high})", low=low, middle=middle, high=high)


def stars(confidence: Confidence, *, plain: bool = False) -> str:
    """How sure, as three dots; `plain` for a terminal that has no dots."""
    full, empty = ("*", "-") if plain else ("●", "○")
    return full * DOTS[confidence] + empty * (3 - DOTS[confidence])


def number(value: float, speak: Language = ENGLISH) -> str:
    """Any figure: whole when it is a count or large, else three digits; what is nearly nothing is said to be."""
    if isinstance(value, int) or abs(value) >= 1000 or value == 0:
        return speak.whole(value)
    return speak.bounded(value, most=1000, digits=3) if value > 0 else speak.decimal(value)


def named(name: str, value: str, speak: Language = ENGLISH) -> str:
    """`name: value`, with the space before the colon that the language wants."""
    return speak.text("{name}: {value}", name=name, value=value)


def members(detail: Mapping[str, object], speak: Language = ENGLISH) -> str:
    """`sessions 2, events 310`, in the order of the keys."""
    return ", ".join(
        f"{speak.word('figure', clean(key))} {_value(key, value, speak)}" for key, value in detail.items()
    )


def _value(key: str, value: object, speak: Language) -> str:
    """A value that is a word of ours is said in words, any other as it is."""
    return speak.word("figure", clean(str(value))) if key in {"kind", "rating"} else said(value, speak)


def segment(each: Segment, speak: Language = ENGLISH, limit: int = 40) -> str:
    """Where a point stands out: `device mobile`, `country NL`."""
    dimension = clean(each.dimension)
    return f"{speak.word('segment', dimension)} {attribute(dimension, each.value, speak, limit)}"


def attribute(dimension: str, value: str, speak: Language = ENGLISH, limit: int = 40) -> str:
    """A value of a segment: known kinds of devices in words, whatever else the files say as they say it."""
    known = message("device", value) if dimension == "device" else None
    return speak.text(known) if known else clean(value, limit)


def said(value: object, speak: Language = ENGLISH) -> str:
    """A value of JSON as people read it: times and numbers in their language, lists and tables in a row."""
    if isinstance(value, list):
        return ", ".join(said(each, speak) for each in value) or speak.text("none")
    if isinstance(value, Mapping):
        return f"({members(value, speak)})"
    if value is None:
        return speak.text("unknown")
    if isinstance(value, bool):
        return speak.text("yes") if value else speak.text("no")
    if isinstance(value, (int, float)):
        return number(value, speak)
    return _text(str(value), speak)


def _text(text: str, speak: Language) -> str:
    if _TIME.match(text) and text.endswith("Z"):
        return speak.moment(text)
    if _DAY.fullmatch(text):
        return speak.day(text)
    return clean(text)
