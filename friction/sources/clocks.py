"""Reading times in a known form: expressions over a column that give UTC microseconds, null where they
cannot.

Fixed-width ISO times, by far the most frequent, go a fast way inside the engine: the part down to the
minute is looked up in a cache and the seconds are read as a number (`performance.md` §4). Only the values
that do not fit are handed to the general reader, which takes any width and any zone.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import numpy as np
import polars as pl

from friction.schema import TS
from friction.sources import serials
from friction.sources.digits import CLF, Numbers, iso_form, microseconds
from friction.tables.remembered import of_distinct, of_words

FIRST, LAST = datetime(1990, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
"""Times outside are no times of events: defaults of devices, other units. Fixed, so that no clock is
asked.
"""
_FIRST_US, _LAST_US = (int(each.timestamp()) * 1_000_000 for each in (FIRST, LAST))
_ANY_DAY = datetime(2000, 1, 1, tzinfo=UTC)
MICROSECONDS = {"ns": 0.001, "us": 1.0, "ms": 1_000.0, "s": 1_000_000.0}
REGIONAL = (
    r"^(\d{1,4})[/.\-](\d{1,2})[/.\-](\d{1,4})"
    r"(?:,?[T ]+(\d{1,2}):(\d{2})(?::(\d{2}(?:[.,]\d+)?))?\s*([AaPp][Mm])?)?$"
)
NAIVE = pl.Datetime("us")
FIXED = {"%d/%b/%Y:%H:%M:%S %z": CLF}
"""Patterns of times with names of months whose digits stand in fixed places, as `friction.sources.digits` has them."""
Reader = Callable[[pl.Series], pl.Series]
Quick = Callable[[pl.Series], Numbers | None]


def bounded(times: pl.Expr) -> pl.Expr:
    """Null for times outside 1990–2100."""
    return pl.when(times.is_between(FIRST, LAST, closed="left")).then(times)


def fixed_iso(column: pl.Expr, blank: str, tz: str | None, *, is_utc: bool) -> pl.Expr:
    """`2026-01-31T12:34:56.789`, with `blank` for the `T` and a final `Z` where `is_utc`; others any ISO
    form.
    """
    minutes = f"%Y-%m-%d{blank}%H:%M"

    def quick(values: pl.Series) -> Numbers | None:
        form = iso_form(values, blank, is_zoned=is_utc)
        return microseconds(values, form) if form else None

    def read(values: pl.Series) -> pl.Series:
        bare = values.str.strip_suffix("Z") if is_utc else values
        minute = bare.str.head(16).str.to_datetime(minutes, time_unit="us", strict=False)
        seconds = bare.str.slice(16).str.strip_prefix(":").cast(pl.Float64(), strict=False)
        zoned = values.str.ends_with("Z") if is_utc else None
        if (is_utc or tz in {None, "UTC"}) and (zoned is None or zoned.all()):
            found = _at_once(minute, seconds)
            if found is not None:
                return found.alias(values.name)
        parts = pl.DataFrame({"minute": minute, "seconds": seconds, "zoned": zoned})
        found = parts.select(bounded(_at_zone(_naive(is_utc=is_utc), None if is_utc else tz))).to_series()
        return _completed(found, values, lambda left: any_iso(left, tz))

    return general(column, read, quick, None if is_utc else tz)


def _at_once(minute: pl.Series, seconds: pl.Series) -> pl.Series | None:
    """Their sum where every one is a time in UTC, else null. The engine hands on some ten thousand values at a time,
    for which setting up an expression takes longer than the sum.
    """
    if not minute.len() or minute.null_count() or seconds.null_count():
        return None
    after = seconds.to_numpy()
    if not (after.min() >= 0 and after.max() < 60):
        return None
    whole = minute.to_physical().to_numpy() + np.rint(after * 1e6).astype(np.int64)
    if not (whole.min() >= _FIRST_US and whole.max() < _LAST_US):
        return None
    return pl.Series(whole).cast(TS)


def _naive(*, is_utc: bool) -> pl.Expr:
    """`minute` and `seconds` together, null where they are no time."""
    seconds = pl.col("seconds")
    valid = seconds.is_between(0, 60, closed="left")
    whole = pl.col("minute").dt.timestamp("us") + (seconds * 1e6).round().cast(pl.Int64(), strict=False)
    return pl.when(valid & pl.col("zoned") if is_utc else valid).then(whole).cast(NAIVE)


def general(column: pl.Expr, reader: Reader, quick: Quick = lambda _: None, tz: str | None = None) -> pl.Expr:
    """Every distinct value through a reader of text; those of which all are written alike, in the zone `tz`, by the
    `quick` one, however many are missing."""

    def read(values: pl.Series) -> pl.Series:
        found = _in_zone(quick(values.drop_nulls()), tz)
        return (of_distinct(values, reader) if found is None else _spread(found, values)).alias(values.name)

    return column.cast(pl.String()).map_batches(read, return_dtype=TS, is_elementwise=True)


def _spread(found: pl.Series, given: pl.Series) -> pl.Series:
    """Those found of what was given, in its rows."""
    if not given.null_count():
        return found
    there = given.is_not_null().arg_true()
    return pl.repeat(None, given.len(), dtype=found.dtype, eager=True).scatter(there, found)


def _in_zone(times: Numbers | None, tz: str | None) -> pl.Series | None:
    """Microseconds of a clock in this zone as `TS`; null where one of them is outside of the years, or in the hour that
    the zone skips."""
    if times is None or times.min() < _FIRST_US or times.max() >= _LAST_US:
        return None
    if tz in {None, "UTC"}:
        return pl.Series(times).cast(TS)
    found = pl.Series("v", times).cast(NAIVE).to_frame().select(bounded(_at_zone(pl.col("v"), tz)))["v"]
    return None if found.null_count() else found


def _completed(found: pl.Series, given: pl.Series, reader: Reader) -> pl.Series:
    """Values that the fast way left out go through the reader."""
    if found.null_count() == given.null_count():
        return found.alias(given.name)
    left = (found.is_null() & given.is_not_null()).arg_true()
    return found.scatter(left, reader(given.gather(left))).alias(given.name)


def _at_zone(naive: pl.Expr, tz: str | None) -> pl.Expr:
    """Naive times as UTC; null for the hour that a zone skips."""
    if tz is None or tz == "UTC":
        return naive.dt.replace_time_zone("UTC")
    local = naive.dt.replace_time_zone(tz, ambiguous="earliest", non_existent="null")
    return local.dt.convert_time_zone("UTC")


def localised(naive: pl.Expr, tz: str | None) -> pl.Expr:
    """Naive times as UTC. The hour that occurs twice is the first one; one that a zone skips moves on by
    an hour.
    """
    return pl.coalesce(_at_zone(naive, tz), _at_zone(naive.dt.offset_by("1h"), tz))


def any_iso(values: pl.Series, tz: str | None) -> pl.Series:
    """ISO times of any width, each with or without a zone, bounded."""
    usual = values.str.to_datetime("%+", time_unit="us", time_zone="UTC", strict=False)
    left = (usual.is_null() & values.is_not_null()).arg_true()
    if left.len():
        usual = usual.scatter(left, _unusual(values.gather(left), tz))
    return usual.to_frame("v").select(bounded(pl.col("v")))["v"]


def _unusual(values: pl.Series, tz: str | None) -> pl.Series:
    """ISO times without a zone, or written in fewer or other characters than usual."""
    v = pl.col("v").str.strip_chars().str.replace(r"^(\S{10}) +", "${1}T").str.replace(",", ".", literal=True)
    v = v.str.replace(r"\s*(?:Z|UTC)$", "+00:00").str.replace(r"\s*([+-]\d{2})(\d{2})$", "${1}:${2}")
    v = v.str.replace(r"(T\S+[+-]\d{2})$", "${1}:00")
    zoned = [_parsed(f"%Y-%m-%dT%H:%M{rest}%:z", "UTC") for rest in (":%S%.f", "")]
    naive = [_parsed(f"%Y-%m-%dT%H:%M{rest}") for rest in (":%S%.f", "")]
    day = pl.col("v").str.to_date("%Y-%m-%d", strict=False).cast(NAIVE)
    frame = pl.DataFrame({"v": values}).select(v)
    return frame.select(v=pl.coalesce(*zoned, localised(pl.coalesce(*naive, day), tz)))["v"]


def _parsed(pattern: str, zone: str | None = None) -> pl.Expr:
    return pl.col("v").str.to_datetime(pattern, time_unit="us", time_zone=zone, strict=False)


def epoch(column: pl.Expr, unit: str) -> pl.Expr:
    """Numbers since 1970; whole ones exactly, fractions to the microsecond."""
    size = MICROSECONDS[unit]
    number = column.cast(pl.Float64(), strict=False)
    whole = column.cast(pl.Int64(), strict=False)
    exact = whole // 1_000 if unit == "ns" else whole * int(size)
    rounded = (number * size).round().cast(pl.Int64(), strict=False)
    # A cast of a float column to integers drops fractions, so only whole numbers are taken from it.
    microseconds = pl.when(whole == number).then(exact).otherwise(rounded)
    in_range = number.is_between(0, LAST.timestamp() * 1e6 / size)
    return bounded(pl.when(in_range).then(microseconds).cast(TS))


def regional(values: pl.Series, order: str, tz: str | None) -> pl.Series:
    """Dates of numbers, their parts in this `order` (`dmy`, `mdy`, `ymd`), with a time of day or without.

    Where most times differ, days and times of day still repeat, so these are read by themselves.
    """
    parts = values.str.strip_chars().str.splitn(" ", 2).struct.unnest()
    if parts[:, 1].null_count() == parts.height:
        return _of_numbers(values, order, tz)
    days = of_words(parts[:, 0], lambda texts: _days(texts, order))
    clocks = of_words(parts[:, 1], lambda texts: _of_numbers(f"{_ANY_DAY:%d.%m.%Y} " + texts, "dmy", None))
    whole = (pl.col("day") + (pl.col("clock") - _ANY_DAY)).dt.replace_time_zone(None)
    found = pl.DataFrame({"day": days, "clock": clocks}).select(bounded(_at_zone(whole, tz))).to_series()
    return _completed(found, values, lambda left: _of_numbers(left, order, tz))


def _days(texts: pl.Series, order: str) -> pl.Series:
    """When these days begin; null for what has a time of day."""
    day = pl.when(~pl.col("v").str.contains(":", literal=True)).then(pl.col("v").str.strip_suffix(","))
    return _of_numbers(pl.DataFrame({"v": texts}).select(day).to_series(), order, None)


def _of_numbers(values: pl.Series, order: str, tz: str | None) -> pl.Series:
    """Likewise, each value as a whole."""
    groups = values.str.strip_chars().str.extract_groups(REGIONAL).struct.unnest()
    groups.columns = [*order, "hour", "minute", "second", "half"]
    year = pl.col("y")
    year = pl.when(year.str.len_bytes() == 2).then(pl.lit("20") + year).otherwise(year)
    date = pl.concat_str(year, pl.col("m").str.zfill(2), pl.col("d").str.zfill(2), separator="-")
    second = pl.col("second").str.replace(",", ".", literal=True).fill_null("00")
    clock = pl.concat_str(_hour(), pl.col("minute").fill_null("00"), second, separator=":")
    return any_iso(groups.select(v=pl.concat_str(date, clock, separator="T"))["v"], tz)


def _hour() -> pl.Expr:
    """Two digits of the 24-hour clock."""
    hour, half = pl.col("hour").cast(pl.Int32(), strict=False).fill_null(0), pl.col("half").str.to_lowercase()
    of_day = (
        pl.when(half.is_not_null()).then(hour % 12 + 12 * (half == "pm").cast(pl.Int32())).otherwise(hour)
    )
    return of_day.cast(pl.String()).str.zfill(2)


def words(column: pl.Expr, pattern: str, tz: str | None) -> pl.Expr:
    """Times with names of months, in this pattern."""

    def quick(values: pl.Series) -> Numbers | None:
        return microseconds(values, FIXED[pattern]) if pattern in FIXED else None

    return general(column, lambda values: worded(values, pattern, tz), quick)


def worded(values: pl.Series, pattern: str, tz: str | None) -> pl.Series:
    """Times with names of months, in this pattern."""
    zone = "UTC" if "%z" in pattern else None
    text = pl.col("v").str.strip_chars().str.replace(r"\s(?:GMT|UTC)$", " +0000")
    times = text.str.to_datetime(pattern, time_unit="us", time_zone=zone, strict=False)
    return pl.DataFrame({"v": values}).select(bounded(times if zone else localised(times, tz)))["v"]


def serial(values: pl.Series, unit: str, tz: str | None) -> pl.Series:
    """Days of a spreadsheet, to this unit."""
    times = pl.DataFrame({"v": serials.naive(values, unit)})
    return times.select(bounded(localised(pl.col("v"), tz)))["v"]


def native(column: pl.Expr, tz: str | None, *, is_zoned: bool) -> pl.Expr:
    """A column that already has a temporal type."""
    if is_zoned:
        return bounded(column.cast(TS))
    return bounded(localised(column.cast(NAIVE), tz))
