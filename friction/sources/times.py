"""Telling how the times of a column are written: decided on a sample, then every value is read in that form.

Forms that can be read in two ways, or two forms in one column, are refused: a wrong day would go unnoticed.
The reading itself is in `friction.sources.clocks`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Literal
from zoneinfo import ZoneInfo

import polars as pl

from friction.errors import InputError, UsageError
from friction.sources import clocks, serials
from friction.sources.clocks import MICROSECONDS, REGIONAL
from friction.values import dataclass

Form = Literal["iso", "epoch", "dmy", "mdy", "ymd", "words", "native", "serial"]

_SECONDS = (1_104_537_600, 4_102_444_800)
"""2005 to 2100, by which the unit of a number is told."""
ISO = r"^\d{4}-\d{2}-\d{2}(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?)?\s*(?:Z|UTC|[+-]\d{2}(?::?\d{2})?)?$"
ZONED = r":\d{2}(?:[.,]\d+)?\s*(?:Z|UTC|[+-]\d{2}(?::?\d{2})?)$"
NUMBER = r"^\d{9,20}(?:\.\d+)?$"
WORDS = (
    *("%d/%b/%Y:%H:%M:%S %z", "%a, %d %b %Y %H:%M:%S %z", "%a %b %d %Y %H:%M:%S", "%d %b %Y %H:%M:%S"),
    *("%b %d, %Y %H:%M:%S", "%b %d, %Y, %I:%M:%S %p", "%b %d, %Y %I:%M:%S %p", "%b %d, %Y, %I:%M %p"),
    *("%b %d, %Y %I:%M %p", "%d-%b-%Y %H:%M:%S", "%d %b %Y %H:%M"),
)
ORDERS: dict[str, Form] = {"d/m/Y": "dmy", "m/d/Y": "mdy", "Y/m/d": "ymd"}
EXCEL = "excel"
FORMS = (*ORDERS, *MICROSECONDS, EXCEL)
"""What the mapping may say as `ts_format`."""


@dataclass(frozen=True)
class TimeForm:
    """How the times of one column are written."""

    form: Form
    quality: str = "exact"
    unit: str = "s"
    pattern: str = ""
    blank: str = "T"
    """What stands between date and time in ISO."""
    zones: Literal["none", "all", "some"] = "none"
    tz: str | None = None
    notes: tuple[str, ...] = ()

    @property
    def is_assumed(self) -> bool:
        """Times carry no zone and nobody said which."""
        return self.zones == "none" and self.tz is None

    def read(self, column: pl.Expr) -> pl.Expr:
        """The column as `TS`; values that cannot be read become null."""
        match self.form:
            case "native":
                return clocks.native(column, self.tz, is_zoned=self.zones == "all")
            case "epoch":
                return clocks.epoch(column, self.unit)
            case "iso" if self.zones != "some":
                return clocks.fixed_iso(column, self.blank, self.tz, is_utc=self.zones == "all")
            case "words":
                return clocks.words(column, self.pattern, self.tz)
        return clocks.general(column, self._distinct)

    def _distinct(self, values: pl.Series) -> pl.Series:
        """Times that may be written in any width."""
        if self.form == "iso":
            return clocks.any_iso(values, self.tz)
        if self.form == "serial":
            return clocks.serial(values, self.unit, self.tz)
        return clocks.regional(values, self.form, self.tz)


def plausible(values: pl.Series) -> float:
    """Share of the given values that look like a time of some form; of days of a spreadsheet half, since other times
    beside them are surer.
    """
    known = values.drop_nulls()
    if known.is_empty():
        return 0.0
    fits = sum(int(count) for count in _looks(known).values())
    if not fits and serials.could_be(known.str.strip_chars()):
        return 0.5
    return fits / known.len()


def understand(
    values: pl.Series,
    name: str,
    *,
    unit: str | None,
    tz: str | None,
    said: str | None,
    dates: Callable[[], pl.Series],
) -> TimeForm:
    """The form of a column from sampled texts. `dates` gives all distinct values, asked only for regional
    forms.

    Raises `InputError`: not times, two forms in one column, or day and month cannot be told apart.
    """
    check_zone(tz)
    known = values.drop_nulls().str.strip_chars()
    if said:
        return _with_quality(_said(said, tz), known)
    looks = _looks(known)
    found = [look for look, count in looks.items() if count * 100 >= known.len()]
    if not found and serials.told(known, name, unit):
        return _with_quality(TimeForm("serial", tz=tz), known)
    if len(found) > 1:
        raise _refused(
            "input.mixed_times", f"the times of column {name!r} have two forms: {', '.join(found)}", name
        )
    if not found or looks[found[0]] * 2 < known.len():
        raise unreadable(name)
    return _with_quality(_form(found[0], known, name, unit, tz, dates), known)


def native(dtype: pl.DataType, tz: str | None) -> TimeForm | None:
    """The form of a column that has a temporal type; null for other types."""
    check_zone(tz)
    if isinstance(dtype, pl.Datetime):
        return TimeForm("native", zones="all" if dtype.time_zone else "none", tz=tz)
    return TimeForm("native", "day", tz=tz) if dtype == pl.Date() else None


def check_zone(tz: str | None) -> None:
    """Raises `UsageError` for a zone that nobody knows."""
    try:
        ZoneInfo(tz or "UTC")
    except (ValueError, OSError, KeyError):
        raise UsageError(
            "config.bad_value", f"unknown time zone {tz!r}", remedy="use a name like Europe/Paris"
        ) from None


def unreadable(name: str) -> InputError:
    """The refusal of a column whose values are no times."""
    return _refused("input.time_unreadable", f"the values of column {name!r} cannot be read as times", name)


def _refused(code: str, detail: str, name: str) -> InputError:
    remedy = (
        'name another column with ts = "…" in --mapping, or its form with ts_format = "d/m/Y" '
        f"({', '.join(FORMS)})"
    )
    return InputError(code, detail, column=name, remedy=remedy)


def _said(said: str, tz: str | None) -> TimeForm:
    if said in MICROSECONDS:
        return TimeForm("epoch", unit=said, zones="all", tz=tz)
    if said in ORDERS:
        return TimeForm(ORDERS[said], tz=tz)
    if said == EXCEL:
        return TimeForm("serial", tz=tz)
    remedy = f"known are: {', '.join(FORMS)}"
    raise UsageError("config.bad_value", f"unknown ts_format {said!r}", remedy=remedy)


def _looks(known: pl.Series) -> dict[str, int]:
    """How many values have each look; a value has at most one."""
    frame = pl.DataFrame({"v": known.str.strip_chars()})
    v, number = pl.col("v"), pl.col("v").str.extract(f"({NUMBER})").cast(pl.Float64())
    counts = {"iso": v.str.contains(ISO), "regional": v.str.contains(REGIONAL) & ~v.str.contains(ISO)}
    for unit, size in MICROSECONDS.items():
        low, high = (edge * 1e6 / size for edge in _SECONDS)
        counts[f"epoch {unit}"] = number.is_between(low, high, closed="left")
    counts["words"] = v.str.contains(
        r"(?i)\b\d{1,2}[ /\-](?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)|^\w{3,9} \d{1,2}, \d{4}"
    )
    row = frame.select(expr.fill_null(value=False).sum().alias(look) for look, expr in counts.items()).row(
        0, named=True
    )
    return {look: int(count) for look, count in row.items()}


def _form(
    look: str, known: pl.Series, name: str, unit: str | None, tz: str | None, dates: Callable[[], pl.Series]
) -> TimeForm:
    if look == "iso":
        zoned = int(known.str.contains(ZONED).sum())
        blank = " " if known.str.contains(r"^\S{10} ").any() else "T"
        return TimeForm(
            "iso",
            zones="none" if not zoned else "all" if zoned == known.len() else "some",
            tz=tz,
            blank=blank,
        )
    if look.startswith("epoch"):
        found = look.split()[1]
        notes = (f"the name says {unit}, the values are {found}",) if unit and unit != found else ()
        return TimeForm("epoch", unit=found, zones="all", notes=notes)
    if look == "words":
        return _words(known, name, tz)
    return TimeForm(_order(dates().drop_nulls().str.strip_chars(), name), tz=tz)


def _words(known: pl.Series, name: str, tz: str | None) -> TimeForm:
    text = known.str.replace(r"\s(?:GMT|UTC)$", " +0000")
    for pattern in WORDS:
        times = text.str.to_datetime(pattern, strict=False, time_zone=_zone(pattern))
        if times.null_count() * 100 <= text.len():
            return TimeForm("words", pattern=pattern, zones="all" if "%z" in pattern else "none", tz=tz)
    raise unreadable(name)


def _zone(pattern: str) -> str | None:
    return "UTC" if "%z" in pattern else None


def _order(dates: pl.Series, name: str) -> Form:
    """Day, month and year by what the values allow; with dots the day comes first by custom."""
    parts = dates.str.extract_groups(REGIONAL).struct.unnest()[:, :3].drop_nulls()
    first, second = (parts[:, i].cast(pl.Int64(), strict=False) for i in (0, 1))
    if parts[:, 0].str.len_bytes().min() == 4:
        return "ymd"
    day_first, month_first = bool((first > 12).any()), bool((second > 12).any())
    if day_first and month_first:
        raise _refused(
            "input.mixed_times",
            f"column {name!r} has dates with the day first and with the month first",
            name,
        )
    if day_first or month_first:
        return "dmy" if day_first else "mdy"
    if dates.str.contains(r"^\d+\.\d+\.").all():
        return "dmy"
    raise _refused(
        "input.ambiguous_times",
        f"in column {name!r} day and month cannot be told apart: no value is above 12",
        name,
    )


def _with_quality(form: TimeForm, known: pl.Series) -> TimeForm:
    """How fine the clock is, by the sampled values."""
    if form.form == "epoch":
        return (
            form
            if form.unit != "s" or known.str.contains(r"\.\d*[1-9]").any()
            else replace(form, quality="second")
        )
    if form.form == "serial":
        quality = serials.quality(known)
        return replace(form, quality=quality, unit="ms" if quality == "exact" else "s")
    if known.str.contains(r":\d{2}[.,]\d*[1-9]").any():
        return form
    if known.str.contains(r":\d{2}:\d{2}").any():
        return replace(form, quality="second")
    return replace(form, quality="minute" if known.str.contains(":").any() else "day")
