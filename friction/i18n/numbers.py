"""Numbers, dates and money as a language writes them, by babel; with a true minus and spaces that do not break.

English is written as on the British isles (day before month), since a date like 4/5 must not be guessed at.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, time
from datetime import date as Day
from functools import cache
from math import floor, log10
from typing import TYPE_CHECKING, Literal
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from babel import Locale

LOCALES = {"en": "en_GB", "fr": "fr"}
MINUS, NO_BREAK, NARROW = "\N{MINUS SIGN}", "\N{NO-BREAK SPACE}", "\N{NARROW NO-BREAK SPACE}"
BEFORE_PERCENT = {"en": NO_BREAK, "fr": NARROW}
UNITS = {"en": ("d", "h", "min", "s", "ms"), "fr": ("j", "h", "min", "s", "ms")}


@cache
def _locale(code: str) -> Locale:
    from babel import Locale

    return Locale.parse(LOCALES[code])


def _signed(text: str) -> str:
    return text.replace("-", MINUS)


def whole(n: float, code: str) -> str:
    """A count, rounded to the even one at a half."""
    from babel.numbers import format_decimal

    return _signed(format_decimal(round(n), format="#,##0", locale=_locale(code)))


def decimal(x: float, code: str, digits: int) -> str:
    """Significant digits without trailing zeros; a whole number where there are that many before the point."""
    from babel.numbers import format_decimal

    places = _places(x, digits)
    return _signed(format_decimal(round(x, places), format=f"#,##0.{'#' * places}", locale=_locale(code)))


def _places(x: float, digits: int) -> int:
    """Behind the point, of so many significant digits."""
    return 0 if x == 0 or abs(x) >= 10**digits else max(digits - 1 - floor(log10(abs(x))), 0)


def is_one(x: float, code: str, digits: int) -> bool:
    """Whether what `decimal` writes goes with the singular: in English just 1, in French all below 2."""
    shown = round(abs(x), _places(x, digits))
    return _locale(code).plural_form(int(shown) if shown == int(shown) else shown) == "one"


def fixed(x: float, code: str, places: int) -> str:
    """So many digits behind the point, zeros as well: figures side by side are then equally exact."""
    from babel.numbers import format_decimal

    rounded = round(x, places) + 0.0  # never "−0.00"
    return _signed(format_decimal(rounded, format=f"#,##0.{'0' * places}", locale=_locale(code)))


def bounded(x: float, code: str, bounds: tuple[float, float], digits: int) -> str:
    """A sign of more or less beyond the bounds."""
    least, most = bounds
    if 0 <= x < least:
        return f"<{NO_BREAK}{decimal(least, code, digits)}"
    return f">{NO_BREAK}{decimal(most, code, 6)}" if x > most else decimal(x, code, digits)


def percent(share: float, code: str, places: int) -> str:
    """The number with as many places, a space that does not break, the sign."""
    from babel.numbers import format_decimal

    pattern = f"#,##0.{'0' * places}" if places else "#,##0"
    number = format_decimal(round(100 * share, places), format=pattern, locale=_locale(code))
    return f"{_signed(number)}{BEFORE_PERCENT[code]}%"


def money(amount: float, code: str, currency: str | None) -> str:
    """Coarse from 10,000 on, since an estimate is never known to the cent."""
    from babel.numbers import format_currency

    coarse = round(amount) if abs(amount) < 10_000 else float(f"{amount:.2g}")
    if not currency:
        return whole(coarse, code)
    locale = _locale(code)
    pattern = locale.currency_formats["standard"].pattern.replace("0.00", "0")
    return _signed(format_currency(coarse, currency, pattern, locale=locale, currency_digits=False))


def date(day: Day | datetime | str, code: str, length: Literal["long", "medium"] = "long") -> str:
    """Day, month in full or in short, year; spaces do not break in the short form."""
    from babel.dates import format_date

    try:
        given = Day.fromisoformat(day[:10]) if isinstance(day, str) else day
    except ValueError:
        return str(day)
    written = format_date(given, format=length, locale=_locale(code))
    return _first(written if length == "long" else written.replace(" ", NO_BREAK), code)


def _first(written: str, code: str) -> str:
    """In French the first day of a month is an ordinal."""
    return re.sub(r"^1(?=\s)", "1er", written) if code == "fr" else written


def moment(when: datetime | str, code: str, zone: str) -> str:
    """Day, month in short, year and time of day to the second, in 24 hours."""
    from babel.dates import format_date, format_time

    try:
        given = datetime.fromisoformat(when) if isinstance(when, str) else when
    except ValueError:
        return str(when)
    local = (given if given.tzinfo else given.replace(tzinfo=UTC)).astimezone(ZoneInfo(zone))
    clock = time(local.hour, local.minute, local.second)
    locale = _locale(code)
    day = _first(format_date(local, "medium", locale=locale), code)
    return f"{day}, {format_time(clock, 'HH:mm:ss', locale=locale)}"


def duration(seconds: float, code: str) -> str:
    """One unit below a minute, two from there on; the sign in front."""
    days, hours, minutes, plain, thousandths = (f"{NO_BREAK}{unit}" for unit in UNITS[code])
    if seconds < 0:
        return f"{MINUS}{duration(-seconds, code)}"
    if seconds < 0.9995:
        return f"{decimal(1000 * seconds, code, 3)}{thousandths}"
    if seconds < 59.5:
        return f"{decimal(seconds, code, 2)}{plain}"
    total = round(seconds)
    for size, unit, smaller, below in ((86_400, days, 3600, hours), (3600, hours, 60, minutes)):
        if total >= size:
            rest = f"{NO_BREAK}{total % size // smaller}{below}" if total % size >= smaller else ""
            return f"{whole(total // size, code)}{unit}{rest}"
    rest = f"{NO_BREAK}{total % 60}{plain}" if total % 60 else ""
    return f"{total // 60}{minutes}{rest}"


def listed(words: list[str], code: str) -> str:
    """With the language's "and" before the last one."""
    from babel.lists import format_list

    return format_list(words, locale=_locale(code)) if words else ""
