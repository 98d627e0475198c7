"""Times as spreadsheets number them: days, the time of day as a fraction. `45231.52` is 1 November 2023, 12:28:48.

Excel counts from the end of 1899; workbooks of the Macs of old count from 1904 and say so inside, which a CSV cannot.
Five digits can be many things: a clock since the page was opened, seconds of a day, a number. They are times only where
nothing else remains: every value is a day from 2005 to 2050, all lie within ten years, the name of the column gives no
unit, and some have a time of day, or the name says that they are dates.
"""

from __future__ import annotations

import re

import polars as pl

from friction.sources.aliases import ALIASES, normal

NUMBER = r"^\d{5}(?:[.,]\d{1,15})?$"
_FRACTION = r"[.,](\d*[1-9])0*$"
_FIRST, _LAST, _LONGEST = 38_353, 54_789, 3_660
SINCE_1904 = 1_462
"""Days from the beginning of the one count to that of the other."""
DAY_PARTS = {"s": 86_400, "ms": 86_400_000}
DAY_US = 86_400_000_000
_ZERO_US = -2_209_161_600_000_000
"""The day 0, 30 December 1899."""
_DATED = re.compile(r"date|day|jour")
_TIMED = re.compile(
    rf"{_DATED.pattern}|time|stamp|heure|horodat|at$|^(?:{'|'.join(map(normal, ALIASES['ts']))})$"
)


def numbers(values: pl.Series) -> pl.Series:
    """The values as numbers; null for what is none."""
    return values.str.strip_chars().str.replace(",", ".", literal=True).cast(pl.Float64(), strict=False)


def could_be(known: pl.Series) -> bool:
    """Whether all these values are such days. Null values are to be left out before."""
    if known.is_empty() or not known.str.contains(NUMBER).all():
        return False
    days = numbers(known)
    lowest, highest = float(str(days.min())), float(str(days.max()))
    return lowest >= _FIRST and highest < _LAST and highest - lowest <= _LONGEST


def told(known: pl.Series, name: str, unit: str | None) -> bool:
    """Whether they can be nothing else."""
    has_clock = bool(known.str.contains(_FRACTION).any())
    return unit is None and could_be(known) and (has_clock or _DATED.search(normal(name)) is not None)


def naive(values: pl.Series, unit: str) -> pl.Series:
    """The times on the clock of whoever wrote them, to the second (`s`) or millisecond (`ms`)."""
    parts = DAY_PARTS[unit]
    after = (numbers(values) * parts).round().cast(pl.Int64(), strict=False)
    return (after * (DAY_US // parts) + _ZERO_US).cast(pl.Datetime("us"))


def quality(known: pl.Series) -> str:
    """How fine the clock is, by the digits: five of a day's fraction are a second, eight a millisecond."""
    digits = known.str.extract(_FRACTION).str.len_chars().max()
    if digits is None:
        return "day"
    if int(str(digits)) < 5:
        return "minute"
    has_parts = bool((naive(known, "ms").dt.millisecond() != 0).any())
    return "exact" if has_parts and int(str(digits)) >= 8 else "second"


def of_1900(cells: pl.DataFrame) -> pl.DataFrame:
    """A sheet of a workbook that counts from 1904, its header in the first row: days in the columns of times as all
    other files number them.
    """
    return cells.with_columns(_shifted(column) for column in cells.iter_columns())


def _shifted(column: pl.Series) -> pl.Series:
    values = numbers(column.slice(1)) + SINCE_1904
    is_time = column[0] is not None and _TIMED.search(normal(column[0])) is not None
    if not is_time or not could_be(values.drop_nulls().cast(pl.String())):
        return column
    return pl.concat([column.head(1), values.cast(pl.String())]).alias(column.name)
