"""How numbers, costs and texts from the data are written. Never a number without its range."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

from friction.report import Confidence, Impact, Metric, Range

UNITS: dict[Metric, str] = {"lost_conversions": "conversions lost", "extra_exits": "extra exits"}
CONFIDENCE: dict[Confidence, tuple[int, str]] = {
    "high": (3, "clear"),
    "medium": (2, "likely"),
    "low": (1, "uncertain"),
}
TOO_RARE = "too rare to cost"


def clean(text: str, limit: int = 200) -> str:
    """Text from the data, safe to print: control and direction characters are written out, long texts cut."""
    safe = "".join(
        char if unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Zl", "Zp"} else ascii(char)[1:-1]
        for char in text[: limit + 1]
    )
    return safe if len(safe) <= limit else safe[: limit - 1] + "…"


def printable(text: str) -> str:
    """Text with line ends and tabs as it is, all else that steers a terminal written out as JSON would."""
    return "".join(char if char in "\n\t" or not _steers(char) else _escaped(char) for char in text)


def _steers(char: str) -> bool:
    """Control and direction characters, halves of characters, and line ends that are none to most programs."""
    return (
        (char > "~" and unicodedata.category(char) in {"Cc", "Cf", "Cs", "Zl", "Zp"})
        or char < " "
        or char == "\x7f"
    )


def _escaped(char: str) -> str:
    units = char.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at : at + 2].hex()}" for at in range(0, len(units), 2))


def whole(number: float) -> str:
    """A count with thousands separators and a true minus: `4,106`, `−3`."""
    return f"{round(number):,}".replace("-", "\N{MINUS SIGN}")


def number(value: float) -> str:
    """Any figure: whole from 1,000 on and when it is a count, else three digits."""
    return whole(value) if isinstance(value, int) or abs(value) >= 1000 else f"{value:.3g}"


def percent(share: float | None) -> str:
    """A share as `14.9 %`; nothing when it is not known."""
    return "" if share is None else f"{100 * share:.1f} %"


def amount(impact: Impact) -> str:
    """The estimate in a word: `about 41`, `less than one`."""
    assert impact.estimate is not None
    return f"about {whole(impact.estimate)}" if abs(impact.estimate) >= 1 else "less than one"


def cost(impact: Impact) -> str:
    """An estimate with its range, for a list: `about 41 (22 to 63)`, `about 10, perhaps none, up to 22`."""
    if impact.estimate is None or impact.low is None or impact.high is None:
        return TOO_RARE
    if impact.high < 1:
        return amount(impact) if impact.low > 0 else f"{amount(impact)}, perhaps none"
    if impact.low <= 0:
        return f"{amount(impact)}, perhaps none, up to {whole(impact.high)}"
    return f"{amount(impact)} ({whole(impact.low)} to {whole(impact.high)})"


def money(range_: Range, currency: str | None) -> str:
    """Revenue to two significant digits from 10,000 on: `about 3,500 EUR (1,900 to 5,400)`."""
    low, middle, high = (whole(_coarse(value)) for value in (range_.low, range_.estimate, range_.high))
    return f"about {middle}{f' {currency}' if currency else ''} ({low} to {high})"


def stars(confidence: Confidence, *, plain: bool = False) -> str:
    """How sure, as three dots; `plain` for a terminal that has no dots."""
    full, empty = ("*", "-") if plain else ("●", "○")
    number = CONFIDENCE[confidence][0]
    return full * number + empty * (3 - number)


def counted(number: int, word: str) -> str:
    """`1 file`, `2 files`."""
    return f"{whole(number)} {word}{'' if number == 1 else 's'}"


def members(detail: Mapping[str, object]) -> str:
    """`sessions 2, events 310`, in the order of the keys."""
    return ", ".join(f"{key.replace('_', ' ')} {_value(value)}" for key, value in detail.items())


def _value(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(_value(each) for each in value) or "none"
    if isinstance(value, Mapping):
        return f"({members(value)})"
    if isinstance(value, bool) or value is None:
        return {True: "yes", False: "no", None: "unknown"}[value]
    return number(value) if isinstance(value, (int, float)) else clean(str(value))


def _coarse(value: float) -> float:
    return value if abs(value) < 10_000 else float(f"{value:.2g}")
