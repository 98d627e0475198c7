"""Reading times: what form a column has is decided on a sample, then every value is read in that form.

Fixed-width ISO times, by far the most frequent, go a fast way: the part down to the minute is looked up in a cache
and the seconds are read as a number (`performance.md` §4). What does not fit falls to the general ISO reader, and
what does not fit there is null. Forms that can be read in two ways, or two forms in one column, are refused.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Literal
from zoneinfo import ZoneInfo

import polars as pl

from friction.errors import InputError, UsageError
from friction.schema import TS
from friction.sources.aliases import MICROSECONDS

Form = Literal["iso", "epoch", "dmy", "mdy", "ymd", "words", "native"]

FIRST, LAST = "1990-01-01", "2100-01-01"
"""Times outside are no times of events: defaults of devices, other units. Fixed, so that no clock is asked."""
_SECONDS = (1_104_537_600, 4_102_444_800)
"""2005 to 2100, by which the unit of a number is told."""
ISO = r"^\d{4}-\d{2}-\d{2}(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?)?\s*(?:Z|UTC|[+-]\d{2}(?::?\d{2})?)?$"
ZONED = r":\d{2}(?:[.,]\d+)?\s*(?:Z|UTC|[+-]\d{2}(?::?\d{2})?)$"
REGIONAL = r"^(\d{1,4})[/.\-](\d{1,2})[/.\-](\d{1,4})(?:,?[T ]+(\d{1,2}):(\d{2})(?::(\d{2}(?:[.,]\d+)?))?\s*([AaPp][Mm])?)?$"
NUMBER = r"^\d{9,20}(?:\.\d+)?$"
WORDS = (
    *("%d/%b/%Y:%H:%M:%S %z", "%a, %d %b %Y %H:%M:%S %z", "%a %b %d %Y %H:%M:%S", "%d %b %Y %H:%M:%S"),
    *("%b %d, %Y %H:%M:%S", "%b %d, %Y, %I:%M:%S %p", "%b %d, %Y %I:%M:%S %p", "%b %d, %Y, %I:%M %p"),
    *("%b %d, %Y %I:%M %p", "%d-%b-%Y %H:%M:%S", "%d %b %Y %H:%M"),
)
FORMS = {"d/m/Y": "dmy", "m/d/Y": "mdy", "Y/m/d": "ymd", "iso": "iso", **{unit: "epoch" for unit in MICROSECONDS}}
"""What the mapping may say as `ts_format`."""


@dataclass(frozen=True)
class TimeForm:
    """How the times of one column are written."""

    form: Form
    quality: str = "exact"
    unit: str = "s"
    pattern: str = ""
    zones: Literal["none", "all", "some"] = "none"
    tz: str | None = None
    notes: tuple[str, ...] = ()

    @property
    def is_assumed(self) -> bool:
        """Times carry no zone and nobody said which."""
        return self.zones == "none" and self.tz is None

    def read(self, column: pl.Expr) -> pl.Expr:
        """The column as `TS`; values that cannot be read become null."""
        return column.map_batches(partial(read_times, form=self), return_dtype=TS, is_elementwise=True)


def plausible(values: pl.Series) -> float:
    """Share of the given values that look like a time of some form."""
    known = values.drop_nulls()
    if known.is_empty():
        return 0.0
    fits = sum(int(count) for count in _looks(known).values())
    return fits / known.len()


def understand(
    values: pl.Series, name: str, *, unit: str | None, tz: str | None, said: str | None, dates: Callable[[], pl.Series]
) -> TimeForm:
    """The form of a column from sampled texts. `dates` gives all distinct values, asked only for regional forms.

    Raises `InputError`: not times, two forms in one column, or day and month cannot be told apart.
    """
    check_zone(tz)
    known = values.drop_nulls().str.strip_chars()
    if said:
        return _with_quality(_said(said, tz), known)
    looks = _looks(known)
    found = [look for look, count in looks.items() if count * 100 >= known.len()]
    if len(found) > 1:
        raise _refused("input.mixed_times", f"the times of column {name!r} have two forms: {' and '.join(found)}", name)
    if not found or looks[found[0]] * 2 < known.len():
        raise _refused("input.time_unreadable", f"the values of column {name!r} cannot be read as times", name)
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
        raise UsageError("config.bad_value", f"unknown time zone {tz!r}", remedy="use a name like Europe/Paris") from None


def _refused(code: str, detail: str, name: str) -> InputError:
    remedy = "name another column with ts = \"…\" in --mapping, or its form with ts_format = \"d/m/Y\" " \
        f"({', '.join(FORMS)})"
    return InputError(code, detail, column=name, remedy=remedy)


def _said(said: str, tz: str | None) -> TimeForm:
    form = FORMS.get(said)
    if form is None:
        raise UsageError("config.bad_value", f"unknown ts_format {said!r}", remedy=f"known are: {', '.join(FORMS)}")
    return TimeForm(form, unit=said, zones="all", tz=tz) if form == "epoch" else TimeForm(form, tz=tz)  # type: ignore[arg-type]


def _looks(known: pl.Series) -> dict[str, int]:
    """How many values have each look; a value has at most one."""
    frame = pl.DataFrame({"v": known.str.strip_chars()})
    v, number = pl.col("v"), pl.col("v").str.extract(f"({NUMBER})").cast(pl.Float64())
    counts = {"iso": v.str.contains(ISO), "regional": v.str.contains(REGIONAL) & ~v.str.contains(ISO)}
    for unit, size in MICROSECONDS.items():
        low, high = (edge * 1e6 / size for edge in _SECONDS)
        counts[f"epoch {unit}"] = number.is_between(low, high, closed="left")
    counts["words"] = v.str.contains(r"(?i)\b\d{1,2}[ /\-](?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)|^\w{3,9} \d{1,2}, \d{4}")
    row = frame.select(expr.fill_null(value=False).sum().alias(look) for look, expr in counts.items()).row(0, named=True)
    return {look: int(count) for look, count in row.items()}


def _form(
    look: str, known: pl.Series, name: str, unit: str | None, tz: str | None, dates: Callable[[], pl.Series]
) -> TimeForm:
    if look == "iso":
        zoned = int(known.str.contains(ZONED).sum())
        return TimeForm("iso", zones="none" if not zoned else "all" if zoned == known.len() else "some", tz=tz)
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
        if text.str.to_datetime(pattern, strict=False, time_zone=_zone(pattern)).is_not_null().mean() or 0 >= 0.99:
            return TimeForm("words", pattern=pattern, zones="all" if "%z" in pattern else "none", tz=tz)
    raise _refused("input.time_unreadable", f"the values of column {name!r} cannot be read as times", name)


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
        raise _refused("input.mixed_times", f"column {name!r} has dates with the day first and with the month first", name)
    if day_first or month_first:
        return "dmy" if day_first else "mdy"
    if dates.str.contains(r"^\d+\.\d+\.").all():
        return "dmy"
    raise _refused(
        "input.ambiguous_times", f"in column {name!r} day and month cannot be told apart: no value is above 12", name
    )


def _with_quality(form: TimeForm, known: pl.Series) -> TimeForm:
    """How fine the clock is, by the sampled values."""
    if form.form == "epoch":
        return form if form.unit != "s" or known.str.contains(r"\.\d*[1-9]").any() else replace(form, quality="second")
    if known.str.contains(r":\d{2}[.,]\d*[1-9]").any():
        return form
    if known.str.contains(r":\d{2}:\d{2}").any():
        return replace(form, quality="second")
    return replace(form, quality="minute" if known.str.contains(":").any() else "day")


def read_times(values: pl.Series, form: TimeForm) -> pl.Series:
    """All values in this form as `TS`, null where they cannot be read or lie outside 1990–2100."""
    readers: dict[str, Callable[[pl.Series, TimeForm], pl.Series]] = {
        **{"iso": _read_iso, "epoch": _read_epoch, "words": _read_words, "native": _read_native},
        **dict.fromkeys(("dmy", "mdy", "ymd"), _read_regional),
    }
    times = readers[form.form](values, form)
    low, high = (pl.lit(edge).str.to_datetime("%Y-%m-%d", time_unit="us", time_zone="UTC") for edge in (FIRST, LAST))
    t = pl.col("t")
    return pl.DataFrame({"t": times}).select(pl.when(t.is_between(low, high, closed="left")).then(t))["t"].rename(values.name)


def localised(times: pl.Series, tz: str | None) -> pl.Series:
    """Times without a zone as UTC. The hour that occurs twice is the first one; one that does not exist moves on."""
    naive = times.cast(pl.Datetime("us"))
    if tz is None or tz == "UTC":
        return naive.dt.replace_time_zone("UTC")
    local = naive.dt.replace_time_zone(tz, ambiguous="earliest", non_existent="null")
    if local.null_count() > naive.null_count():
        moved = naive.dt.offset_by("1h").dt.replace_time_zone(tz, ambiguous="earliest", non_existent="null")
        local = local.zip_with(local.is_not_null(), moved)
    return local.dt.convert_time_zone("UTC")


def _read_iso(values: pl.Series, form: TimeForm) -> pl.Series:
    text = values.cast(pl.String())
    if form.zones == "some":
        return _read_any_iso(text, form.tz)
    fast = _read_fixed(text, is_utc=form.zones == "all")
    times = localised(fast, form.tz if form.zones == "none" else None)
    if times.null_count() == text.null_count():
        return times
    left = times.is_null() & text.is_not_null()
    return times.scatter(left.arg_true(), _read_any_iso(text.filter(left), form.tz))


def _read_fixed(text: pl.Series, *, is_utc: bool) -> pl.Series:
    """`2026-01-31T12:34:56.789`, with a blank for the `T` and with a final `Z` where `is_utc`; else null."""
    first = text.drop_nulls().head(1).str.slice(10, 1).to_list()
    v = pl.col("v").str.strip_suffix("Z") if is_utc else pl.col("v")
    minute = v.str.head(16).str.to_datetime(f"%Y-%m-%d{' ' if first == [' '] else 'T'}%H:%M", time_unit="us", strict=False)
    seconds = v.str.slice(16).str.strip_prefix(":").cast(pl.Float64(), strict=False)
    valid = seconds.is_between(0, 60, closed="left")
    if is_utc:
        valid &= pl.col("v").str.ends_with("Z")
    whole = minute.dt.timestamp("us") + (seconds * 1e6).round().cast(pl.Int64(), strict=False)
    return pl.DataFrame({"v": text}).select(pl.when(valid).then(whole).cast(pl.Datetime("us")))["v"]


def _read_any_iso(text: pl.Series, tz: str | None) -> pl.Series:
    """ISO times of any width, each with or without a zone."""
    v = pl.col("v").str.strip_chars().str.replace(r"^(\S{10}) +", "${1}T").str.replace(",", ".", literal=True)
    v = v.str.replace(r"\s*(?:Z|UTC)$", "+00:00").str.replace(r"\s*([+-]\d{2})(\d{2})$", "${1}:${2}")
    v = v.str.replace(r"(T\S+[+-]\d{2})$", "${1}:00")
    frame = pl.DataFrame({"v": text}).with_columns(v)
    zoned = [f"%Y-%m-%dT%H:%M{rest}%:z" for rest in (":%S%.f", "")]
    naive = ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%dT%H:%M"]
    times = frame.select(
        zoned=pl.coalesce(_parsed("v", pattern).dt.replace_time_zone(None) for pattern in zoned),
        naive=pl.coalesce(*(_parsed("v", p) for p in naive), pl.col("v").str.to_date("%Y-%m-%d", strict=False).cast(pl.Datetime("us"))),
    )
    return times["zoned"].dt.replace_time_zone("UTC").zip_with(times["zoned"].is_not_null(), localised(times["naive"], tz))


def _parsed(column: str, pattern: str) -> pl.Expr:
    zone = "UTC" if "%:z" in pattern else None
    return pl.col(column).str.to_datetime(pattern, time_unit="us", time_zone=zone, strict=False)


def _read_epoch(values: pl.Series, form: TimeForm) -> pl.Series:
    """Numbers since 1970; whole ones exactly, fractions to the microsecond."""
    size = MICROSECONDS[form.unit]
    low, high = 0, _SECONDS[1] * 1e6 / size
    v = pl.col("v")
    whole = v.cast(pl.Int64(), strict=False) if values.dtype != pl.Float64() else pl.lit(None, pl.Int64())
    number = v.cast(pl.Float64(), strict=False)
    exact = whole // 1000 if form.unit == "ns" else whole * int(size)
    rounded = (number * size).round().cast(pl.Int64(), strict=False)
    result = pl.when(number.is_between(low, high)).then(pl.coalesce(exact, rounded)).cast(TS)
    return pl.DataFrame({"v": values}).select(t=result)["t"]


def _read_regional(values: pl.Series, form: TimeForm) -> pl.Series:
    groups = values.cast(pl.String()).str.strip_chars().str.extract_groups(REGIONAL).struct.unnest()
    groups.columns = [*form.form, "h", "min", "sec", "half"]
    hour = pl.col("h").cast(pl.Int32(), strict=False)
    half = pl.col("half").str.to_lowercase()
    hour = pl.when(half.is_not_null() & hour.is_between(1, 12)).then(hour % 12 + 12 * (half == "pm")).otherwise(hour)
    year = pl.when(pl.col("y").str.len_bytes() == 2).then(pl.lit("20") + pl.col("y")).otherwise(pl.col("y"))
    text = pl.concat_str(
        year, pl.lit("-"), pl.col("m").str.zfill(2), pl.lit("-"), pl.col("d").str.zfill(2), pl.lit("T"),
        hour.cast(pl.String()).fill_null("0").str.zfill(2), pl.lit(":"), pl.col("min").fill_null("00"), pl.lit(":"),
        pl.col("sec").fill_null("00").str.replace(",", ".", literal=True),
    )
    return _read_any_iso(groups.select(t=text)["t"], form.tz)


def _read_words(values: pl.Series, form: TimeForm) -> pl.Series:
    text = values.cast(pl.String()).str.strip_chars().str.replace(r"\s(?:GMT|UTC)$", " +0000")
    times = text.str.to_datetime(form.pattern, time_unit="us", strict=False, time_zone=_zone(form.pattern))
    return times if form.zones == "all" else localised(times, form.tz)


def _read_native(values: pl.Series, form: TimeForm) -> pl.Series:
    if form.zones == "all":
        return values.dt.cast_time_unit("us").dt.convert_time_zone("UTC")
    return localised(values.cast(pl.Datetime("us")), form.tz)
