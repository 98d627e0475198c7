"""Times read digit by digit are those that the general readers find, and nothing else is read so."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import polars as pl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from friction.sources import clocks
from friction.sources.digits import CLF, iso_form, microseconds

TIMES = st.datetimes(datetime(1990, 1, 2), datetime(2099, 12, 30))
ZONES = st.integers(-23 * 60, 23 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
DAY = "2026-03-02"


def us(time: datetime) -> int:
    return (time - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


def read(texts: list[str], blank: str = "T", *, is_zoned: bool = True) -> list[int] | None:
    values = pl.Series(texts, dtype=pl.String())
    form = iso_form(values, blank, is_zoned=is_zoned)
    found = microseconds(values, form) if form else None
    return None if found is None else found.tolist()


@given(
    times=st.lists(TIMES, min_size=1),
    zone=ZONES,
    spec=st.sampled_from(["seconds", "milliseconds", "microseconds"]),
)
def test_iso_times_with_an_offset(times: list[datetime], zone: timezone, spec: str) -> None:
    texts = [time.replace(tzinfo=zone).isoformat(timespec=spec) for time in times]

    assert read(texts) == [us(datetime.fromisoformat(text)) for text in texts]


@given(times=st.lists(TIMES, min_size=1), zone=ZONES)
def test_times_of_web_servers(times: list[datetime], zone: timezone) -> None:
    whole = [time.replace(tzinfo=zone, microsecond=0) for time in times]
    texts = pl.Series([time.strftime("%d/%b/%Y:%H:%M:%S %z") for time in whole])

    found = microseconds(texts, CLF)

    assert found is not None
    assert found.tolist() == [us(time) for time in whole]


@pytest.mark.parametrize(
    "text", ["10:20:30Z", "10:20:30.5Z", "10:20:30+01", "10:20:30.250-0330", "23:59:59.999999+14:00"]
)
def test_ways_to_write_fractions_and_offsets(text: str) -> None:
    assert read([f"{DAY}T{text}"]) == [us(datetime.fromisoformat(f"{DAY}T{text}"))]


@pytest.mark.parametrize(
    "other",
    [
        *("2026-02-29T10:20:30Z", "2026-00-02T10:20:30Z", "2026-13-02T10:20:30Z", "2026-03-00T10:20:30Z"),
        *("2026-03-02T24:20:30Z", "2026-03-02T10:60:30Z", "2026-03-02T10:20:60Z", "1989-12-31T10:20:30Z"),
        *("2100-01-01T10:20:30Z", "2026-03-02 10:20:30Z", "2026-03-02T10:20:3aZ", "2026-03-02T10:20:30z"),
        *("2026-03-02T10:20:30.Z", "", "2026-03-02T10:20:3é"),
    ],
)
def test_one_that_is_written_otherwise_leaves_all_to_others(other: str) -> None:
    assert read([f"{DAY}T10:20:30Z", other]) is None


def test_what_is_missing_leaves_all_to_others() -> None:
    assert microseconds(pl.Series([f"{DAY}T10:20:30Z", None]), "YYYY-MM-DDThh:mm:ssZ") is None
    assert microseconds(pl.Series([], dtype=pl.String()), "YYYY-MM-DDThh:mm:ssZ") is None
    assert iso_form(pl.Series([None], dtype=pl.String()), "T", is_zoned=False) is None


@pytest.mark.parametrize(
    "wrong", ["02/Mai/2026:10:00:00 +0200", "02/Mar/2026:10:00:00 *0200", "02/Mar/2026:10:00:00 +2400"]
)
def test_a_month_and_an_offset_that_are_none(wrong: str) -> None:
    assert microseconds(pl.Series(["02/Mar/2026:10:00:00 +0200", wrong]), CLF) is None


@pytest.mark.parametrize("tz", [None, "UTC", "Europe/Paris", "America/St_Johns"])
@given(times=st.lists(st.none() | TIMES, min_size=1, max_size=20))
@example(times=[datetime(2026, 3, 29, 2, 30), None, datetime(2026, 10, 25, 2, 30)])
@example(times=[None])
def test_times_of_a_zone_are_those_that_any_reader_finds(
    tz: str | None, times: list[datetime | None]
) -> None:
    texts = [None if time is None else time.isoformat(timespec="microseconds") for time in times]
    values = pl.Series("v", texts, dtype=pl.String())

    quick = values.to_frame().select(clocks.fixed_iso(pl.col("v"), "T", tz, is_utc=False))["v"]

    assert quick.to_list() == clocks.any_iso(values, tz).to_list()
