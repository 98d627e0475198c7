"""Times in many forms: read right, or refused with the column and what to say."""

from __future__ import annotations

from datetime import UTC, datetime

import polars as pl
import pytest

from friction.errors import FrictionError
from friction.sources import clocks
from friction.sources.times import TimeForm, plausible, understand


def form_of(values: list[str], **said: str | None) -> TimeForm:
    series = pl.Series(values, dtype=pl.String())
    known = {"unit": None, "tz": None, "said": None, **said}
    return understand(series, "when", dates=lambda: series, **known)


def read(values: list[str], **said: str | None) -> list[datetime | None]:
    frame = pl.DataFrame({"t": values}, schema={"t": pl.String()})
    times: list[datetime | None] = frame.select(form_of(values, **said).read(pl.col("t")))["t"].to_list()
    return times


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2026-03-01T10:20:30.123456", "2026-03-01T10:20:30.123456"),
        ("2026-03-01T10:20:30.5", "2026-03-01T10:20:30.500"),
        ("2026-03-01 10:20:30", "2026-03-01T10:20:30"),
        ("2026-03-01 10:20", "2026-03-01T10:20:00"),
        ("2026-03-01", "2026-03-01T00:00:00"),
        ("2026-03-01T10:20:30Z", "2026-03-01T10:20:30"),
        ("2026-03-01T10:20:30.250Z", "2026-03-01T10:20:30.250"),
        ("2026-03-01T10:20:30+02:00", "2026-03-01T08:20:30"),
        ("2026-03-01 10:20:30.5 -0330", "2026-03-01T13:50:30.500"),
        ("2026-03-01T10:20:30+02", "2026-03-01T08:20:30"),
        ("2026-03-01 10:20:30.123 UTC", "2026-03-01T10:20:30.123"),
        ("1767225600", "2026-01-01T00:00:00"),
        ("1767225600.25", "2026-01-01T00:00:00.250"),
        ("1767225600123", "2026-01-01T00:00:00.123"),
        ("1767225600123456", "2026-01-01T00:00:00.123456"),
        ("1767225600123456789", "2026-01-01T00:00:00.123456"),
        ("31/03/2026 10:20", "2026-03-31T10:20:00"),
        ("3/31/2026 1:05:09 PM", "2026-03-31T13:05:09"),
        ("3/31/26 12:05 AM", "2026-03-31T00:05:00"),
        ("01.03.2026 10:20:30", "2026-03-01T10:20:30"),
        ("2026/03/01 10:20:30", "2026-03-01T10:20:30"),
        ("31/Mar/2026:13:55:36 -0700", "2026-03-31T20:55:36"),
        ("Tue, 31 Mar 2026 13:55:36 GMT", "2026-03-31T13:55:36"),
        ("Mar 31, 2026 1:55:36 PM", "2026-03-31T13:55:36"),
        ("45231.52", "2023-11-01T12:28:48"),
        ("45231,5", "2023-11-01T12:00:00"),
        ("46112.5802777778", "2026-03-31T13:55:36"),
        ("46112.580277787", "2026-03-31T13:55:36.001"),
    ],
)
def test_usual_forms_are_read(text: str, utc: str) -> None:
    assert read([text, text]) == [at(utc)] * 2


def test_what_does_not_fit_the_sample_goes_the_general_way() -> None:
    values = ["2026-03-01T10:20:30.5"] * 300 + [
        "2026-03-01 10:20:30+01:00",
        "2026-03-01",
        "soon",
        "2026-02-30T00:00:00",
    ]

    assert read(values)[300:] == [at("2026-03-01T09:20:30"), at("2026-03-01"), None, None]


@pytest.mark.parametrize(
    "wrong", ["2026-03-01T10:20:61", "2026-03-01T10:20-xx", "2026-03-01T10:20:nan", "0001-01-01T00:00:00"]
)
def test_what_is_no_time_is_null(wrong: str) -> None:
    assert read(["2026-03-01T10:20:30"] * 200 + [wrong])[-1] is None


def test_a_zone_said_by_the_user_is_applied() -> None:
    values = ["2026-07-01T12:00:00", "2026-12-01T12:00:00"]

    assert read(values, tz="Europe/Paris") == [at("2026-07-01T10:00:00"), at("2026-12-01T11:00:00")]
    assert not form_of(values, tz="Europe/Paris").is_assumed


def test_the_skipped_hour_moves_on_and_the_double_one_is_the_first() -> None:
    values = ["2026-03-29T02:30:00", "2026-10-25T02:30:00"]

    assert read(values, tz="Europe/Paris") == [at("2026-03-29T01:30:00"), at("2026-10-25T00:30:00")]


def test_a_zone_in_the_values_beats_the_zone_said() -> None:
    assert read(["2026-07-01T12:00:00Z"], tz="Europe/Paris") == [at("2026-07-01T12:00:00")]


def test_an_unknown_zone_is_wrong_usage() -> None:
    with pytest.raises(FrictionError) as caught:
        form_of(["2026-07-01"], tz="Europe/Pariss")

    assert caught.value.exit_code == 2


@pytest.mark.parametrize(
    ("values", "code"),
    [
        (["03/04/2026", "05/06/2026"], "input.ambiguous_times"),
        (["13/04/2026", "04/13/2026"], "input.mixed_times"),
        (["2026-01-01", "01/31/2026"], "input.mixed_times"),
        (["1767225600", "1767225600000"], "input.mixed_times"),
        (["soon", "later"], "input.time_unreadable"),
        (["1", "2"], "input.time_unreadable"),
        (["45231", "45232"], "input.time_unreadable"),
        (["45231.5", "12.25"], "input.time_unreadable"),
        (["40000.5", "49750.25"], "input.time_unreadable"),
        (["38352.5", "38353.5"], "input.time_unreadable"),
    ],
)
def test_what_cannot_be_told_is_refused_with_the_column(values: list[str], code: str) -> None:
    with pytest.raises(FrictionError) as caught:
        form_of(values)

    assert caught.value.problem.code == code
    assert caught.value.problem.column == "when"
    assert "ts_format" in str(caught.value.problem.remedy)


def test_the_values_beat_the_unit_in_the_name() -> None:
    form = form_of(["1767225600"], unit="ms")

    assert (form.unit, form.notes) == ("s", ("the name says ms, the values are s",))


@pytest.mark.parametrize(
    ("text", "quality"),
    [("2026-01-01T00:00:00.5", "exact"), ("2026-01-01T00:00:00", "second"), ("2026-01-01 00:00", "minute"),
     ("2026-01-01", "day"), ("45231.52", "minute"),
     ("46112.5802777778", "second"), ("46112.580277787", "exact"), ("1767225600", "second"),
     ("1767225600123", "exact")],
)  # fmt: skip
def test_the_fineness_of_the_clock_is_seen(text: str, quality: str) -> None:
    assert form_of([text]).quality == quality


def test_plausible_is_the_share_that_looks_like_a_time() -> None:
    assert plausible(pl.Series(["2026-01-01", "yes", "1767225600", "7"])) == 0.5


@pytest.mark.parametrize("tz", [None, "Europe/Paris"])
def test_days_and_times_of_day_are_read_apart_and_mean_what_they_mean_together(tz: str | None) -> None:
    told = {
        **{
            "31/03/2026 10:20": "2026-03-31T10:20",
            "31/03/2026": "2026-03-31",
            "1/4/26 9:05": "2026-04-01T09:05",
        },
        **{"31/03/2026, 1:20:05.5 PM": "2026-03-31T13:20:05.500", " 31/03/2026  10:20": "2026-03-31T10:20"},
        **{"31/03/2026T10:20": "2026-03-31T10:20", "31/03/2026 T10:20": "2026-03-31T10:20"},
        **dict.fromkeys(["31/03/2026T10:20 11:30", "soon 10:20", "31/13/2026 10:20", "31/03/2026 24:00"]),
        **{
            "31/03/2026 12:00 AM": "2026-03-31T00:00",
            "31/12/1989 23:00": None,
            "29/03/2026 02:30": "2026-03-29T02:30",
        },
    }
    moved = {"29/03/2026 02:30": "2026-03-29T03:30"} if tz else {}

    found = clocks.regional(pl.Series(list(told)), "dmy", tz)

    local = [text and datetime.fromisoformat(text) for text in (told | moved).values()]
    assert found.dt.convert_time_zone(tz or "UTC").dt.replace_time_zone(None).to_list() == local


def test_days_of_a_spreadsheet_are_times_where_they_can_be_nothing_else() -> None:
    days = pl.Series(["45231", "45232"])

    def form(name: str, unit: str | None = None, said: str | None = None) -> str:
        return understand(days, name, unit=unit, tz=None, said=said, dates=lambda: days).form

    assert form("Order date") == "serial"
    assert form("when", said="excel") == "serial"
    with pytest.raises(FrictionError, match="cannot be read as times"):
        form("date_ms", unit="ms")
    assert read(["45231"], said="excel") == [at("2023-11-01T00:00:00")]
    assert read(["45231.75"], tz="Europe/Paris") == [at("2023-11-01T17:00:00")]


def test_other_times_are_more_plausible_than_days_of_a_spreadsheet() -> None:
    assert plausible(pl.Series(["45231.52", "45232.1"])) == 0.5
    assert plausible(pl.Series(["45231.52", "7"])) == 0.0
