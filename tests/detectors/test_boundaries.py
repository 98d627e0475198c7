"""What a fixture cannot say: the exact limits, and what a setting changes."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from friction.detectors import BUILTIN
from friction.testing import events


def found(name: str, text: str, **settings: Any) -> pl.DataFrame:
    """The findings that count."""
    detector = BUILTIN[name].configure(settings)
    return detector.detect(events(text)).collect().filter(pl.col("aside").is_null())


def clicks(*seconds: float) -> str:
    return "\n".join(f"s1 {at} click /pay button#buy" for at in seconds)


@pytest.mark.parametrize(("last", "bursts"), [(0.999, 1), (1.0, 0)])
def test_four_clicks_lie_within_less_than_a_second(last: float, bursts: int) -> None:
    assert found("rage_click", clicks(0, 0.3, 0.6, last)).height == bursts


@pytest.mark.parametrize(("fifth", "count"), [(1.599, 5), (1.6, 4)])
def test_a_burst_goes_on_while_gaps_are_shorter_than_a_second(fifth: float, count: int) -> None:
    assert found("rage_click", clicks(0, 0.2, 0.4, 0.6, fifth))["events"].to_list() == [count]


def test_the_sensitive_variant_takes_three_clicks() -> None:
    assert found("rage_click", clicks(0, 0.4, 0.9), min_clicks=3).height == 1


def test_a_rage_click_is_met_at_its_fourth_click_in_a_second() -> None:
    assert found("rage_click", clicks(0, 0.9, 1.1, 1.2, 1.3, 1.4))["trigger_row"].to_list() == [4]


@pytest.mark.parametrize(("off", "bursts"), [(30, 1), (31, 0)])
def test_a_spot_reaches_thirty_pixels_from_its_median(off: int, bursts: int) -> None:
    text = "\n".join(f"s1 0.{at} click /map - x={x} y=100" for at, x in enumerate([100, 100, 100, 100 + off]))

    assert found("rage_click", text).height == bursts


@pytest.mark.parametrize(("extra", "severity"), [(0, 0.8), (2, 0.9), (8, 1.0)])
def test_more_clicks_without_an_answer_are_worse(extra: int, severity: float) -> None:
    burst = clicks(*(at / 5 for at in range(4 + extra)))

    assert found("rage_click", burst)["severity"][0] == pytest.approx(severity)


def test_a_burst_whose_clicks_are_half_answered_lies_between() -> None:
    burst = clicks(0, 0.2, 0.4, 0.6) + "\ns1 0.3 mutation /pay"

    assert found("rage_click", burst)["severity"][0] == pytest.approx(0.6)


@pytest.mark.parametrize(
    ("row", "dead"),
    [
        ("2.999 mutation /pay", 0),
        ("3.0 mutation /pay", 1),
        ("-0.1 mutation /pay", 0),
        ("-0.101 mutation /pay", 1),
        ("0.3 scroll /pay", 0),
        ("0.301 scroll /pay", 1),
        ("-0.05 scroll /pay", 1),
        ("1.0 visibility /pay", 0),
        ("1.001 visibility /pay", 1),
        ("-1.0 visibility /pay", 0),
        ("-1.001 visibility /pay", 1),
        ("0.5 selection /pay - selection_empty=true", 1),
        ("0.5 heartbeat /pay", 1),
        ("0.0 mutation /pay", 0),
    ],
)
def test_a_reaction_counts_within_its_time(row: str, dead: int) -> None:
    text = f"s1 -9 heartbeat /pay\ns1 0 click /pay button#buy\ns1 9 heartbeat /pay\ns1 {row}"

    assert found("dead_click", text).height == dead


@pytest.mark.parametrize(("delay", "dead"), [(2999, 0), (3000, 1)])
def test_a_measured_answer_counts_within_the_time_limit(delay: int, dead: int) -> None:
    text = f"s1 0 click /pay button#buy response_delay_ms={delay}\ns1 9 heartbeat /pay"

    assert found("dead_click", text).height == dead


@pytest.mark.parametrize(("end", "dead"), [(2.999, 0), (3.0, 1)])
def test_a_click_is_judged_when_the_session_lasts_as_long_as_an_answer_may_take(
    end: float, dead: int
) -> None:
    assert found("dead_click", f"s1 0 click /pay button#buy\ns1 {end} heartbeat /pay").height == dead


def test_a_scroll_does_not_hide_a_later_answer() -> None:
    text = "s1 0 click /pay button#buy\ns1 0.5 scroll /pay\ns1 0.9 mutation /pay\ns1 9 scroll /pay"

    assert found("dead_click", text).is_empty()


def test_repeats_make_a_dead_click_worse() -> None:
    text = clicks(0, 0.9, 1.8) + "\ns1 9 heartbeat /pay"

    assert found("dead_click", text)["severity"].to_list() == pytest.approx([0.6])


@pytest.mark.parametrize(
    ("row", "errors"),
    [
        ("2.0 error", 1),
        ("2.001 error", 0),
        ("1.0 request /pay - http_status=404", 1),
        ("1.001 request /pay - http_status=404", 0),
        ("0.5 request /pay - http_status=399", 0),
    ],
)
def test_trouble_counts_within_its_time(row: str, errors: int) -> None:
    at, kind, *rest = row.split()
    text = f"s1 0 click /pay button#buy\ns1 {at} {kind} {' '.join(rest) or '/pay - error=boom'}"

    assert found("error_click", text).height == errors


def test_errors_of_other_addresses_are_not_the_clicks() -> None:
    """Also where the file does not tell page views."""
    assert found("error_click", "s1 0 click /pay button#buy\ns1 1 error /done - error=boom").is_empty()


@pytest.mark.parametrize(("later", "left"), [(2.0, 1), (2.001, 0)])
def test_a_form_is_refused_within_two_seconds(later: float, left: int) -> None:
    text = f"""
        s1 0          input    /pay - form=f field=card
        s1 5          submit   /pay - form=f
        s1 {5 + later} invalid /pay - form=f field=card
    """
    assert found("form_abandonment", text).height == left


def test_the_field_touched_last_is_the_one_before_a_refused_submit() -> None:
    text = "s1 0 input /pay - form=f field=card\ns1 5 submit /pay - form=f\ns1 6 error /pay - error=boom"

    assert found("form_abandonment", text)["field"].to_list() == ["card"]


def test_forms_with_fewer_fields_can_be_left_out() -> None:
    text = "s1 0 input /pay - form=f field=mail"

    assert found("form_abandonment", text, min_fields=2).is_empty()


def test_the_field_table_adds_up_how_sessions_fared() -> None:
    text = """
        s1  0  focus  /pay - form=f field=name
        s1  1  input  /pay - form=f field=name
        s1  3  input  /pay - form=f field=phone
        s1  5  input  /pay - form=f field=name
        s1  9  focus  /pay - form=f field=phone
        s2  0  focus  /pay - form=f field=name
        s2  1  input  /pay - form=f field=name
        s2  5  submit /pay - form=f
        s3  0  focus  /pay - form=f field=name
    """
    table = BUILTIN["form_abandonment"]().field_table(events(text)).collect()  # type: ignore[attr-defined]

    assert table.rows() == [
        ("/pay", "f", "name", 345, 2, 0, 1, 1),
        ("/pay", "f", "phone", None, 1, 1, 0, 0),
    ]
    assert table.columns[4:] == ["n_sessions", "n_abandoned", "n_corrected", "n_corrections"]


@pytest.mark.parametrize(("value", "slow"), [(4000, 0), (4000.5, 1), (600_000, 0)])
def test_a_view_is_slow_beyond_the_limit_and_below_belief(value: float, slow: int) -> None:
    assert found("slow_page", f"s1 0 page_view /shop - load_ms={value}").height == slow


def test_a_stricter_limit_finds_more() -> None:
    assert found("slow_page", "s1 0 page_view /shop - lcp_ms=2600", lcp_ms=2500).height == 1


@pytest.mark.parametrize(("dwell", "quick"), [(0.499, 0), (0.5, 1), (6.999, 1), (7.0, 0)])
def test_a_quick_back_lasts_from_half_a_second_to_seven(dwell: float, quick: int) -> None:
    text = f"s1 0 page_view /list\ns1 10 page_view /item\ns1 {10 + dwell} page_view /list"

    assert found("quick_back", text).height == quick


def test_two_returns_in_a_row_are_no_comparing() -> None:
    views = [(0, "/list"), (5, "/item"), (8, "/list"), (15, "/item"), (18, "/list")]
    text = "\n".join(
        f"s1 {at} page_view {page} - url={page}-{at if page == '/item' else 0}" for at, page in views
    )

    assert found("quick_back", text).height == 2


def test_the_same_page_again_and_again_is_no_comparing() -> None:
    views = "\n".join(f"s1 {at * 3} page_view {'/help' if at % 2 else '/pay'}" for at in range(7))

    assert found("quick_back", views).filter(pl.col("page") == "/help").height == 3
