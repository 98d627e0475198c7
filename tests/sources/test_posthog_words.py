"""Words of PostHog: every one has one of ours, in our units, and of what is typed only its length remains."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from friction.errors import InputError
from friction.sources.posthog import PostHog
from friction.tables.files import look
from tests.sources.posthog import FIXTURES, ROW, event, events, frame, row


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        ({"event": "$pageview"}, "page_view"),
        ({"event": "$screen"}, "page_view"),
        ({"event": "$pageleave"}, "page_leave"),
        ({"event": "$autocapture", "event_type": "click"}, "click"),
        ({"event": "$autocapture", "event_type": "touch"}, "click"),
        ({"event": "$autocapture", "event_type": "change"}, "change"),
        ({"event": "$autocapture", "event_type": "submit"}, "submit"),
        ({"event": "$autocapture"}, "custom"),
        ({"event": "$rageclick", "event_type": "click"}, "rage_click"),
        ({"event": "$dead_click", "event_type": "click"}, "dead_click"),
        ({"event": "$web_vitals"}, "web_vital"),
        ({"event": "$exception"}, "error"),
        ({"event": "$copy_autocapture"}, "copy"),
        ({"event": "$identify"}, "identify"),
        ({"event": "survey sent"}, "feedback"),
        ({"event": "survey shown"}, "custom"),
        ({"event": "purchase"}, "conversion"),
        ({"event": "Order Completed"}, "conversion"),
        ({"event": "product added to cart"}, "add_to_cart"),
        ({"event": "button clicked"}, "custom"),
        ({"event": "page viewed"}, "custom"),
        ({"event": "$feature_flag_called"}, "custom"),
    ],
)
def test_every_event_has_its_kind_and_keeps_its_name(
    tmp_path: Path, given: dict[str, str], kind: str
) -> None:
    found = event(tmp_path, **given)
    assert (found["kind"], found["name"]) == (kind, given["event"])


def test_who_and_where(tmp_path: Path) -> None:
    found = event(
        tmp_path, window_id="w1", pageview_id="p1", user_id="7", referrer="$direct", device_type="Mobile"
    )
    names = ("session_id", "visitor_id", "tab_id", "pageview_id", "user_id", "event_id", "referrer", "device")
    assert [found[name] for name in names] == ["s1", "d1", "w1", "p1", "7", "u1", None, "mobile"]
    assert found["url"] == "https://a.example/x"
    assert (found["ts"].isoformat(), found["ts_quality"]) == ("2026-03-02T08:00:00.250000+00:00", "exact")
    assert found["tz_assumed"] is False


def test_units_of_a_page_that_is_left(tmp_path: Path) -> None:
    given = {"prev_pageview_duration": 12.5, "prev_pageview_max_scroll_percentage": 0.8}
    left = event(tmp_path, event="$pageleave", **given)
    assert (left["duration_ms"], left["scroll_pct"]) == (12_500.0, pytest.approx(80.0))
    viewed = event(tmp_path, event="$pageview", **given)
    assert (viewed["duration_ms"], viewed["scroll_pct"]) == (None, None)


def test_vitals_stand_in_their_own_event(tmp_path: Path) -> None:
    given = {"web_vitals_LCP_value": 2400.5, "web_vitals_INP_value": 90, "web_vitals_CLS_value": 0.1}
    found = event(tmp_path, event="$web_vitals", **given)
    assert [found[name] for name in ("lcp_ms", "inp_ms", "cls", "fcp_ms")] == [2400.5, 90.0, 0.1, None]


@pytest.mark.parametrize(
    "given",
    [
        {"exception_types": ["TypeError", "Error"], "exception_values": ["x of ann@example.org", "y"]},
        {"exception_type": "TypeError", "exception_message": "x of ann@example.org"},
        {"exception_list": [{"type": "TypeError", "value": "x of ann@example.org"}]},
    ],
)
def test_exceptions_in_every_form(tmp_path: Path, given: dict[str, Any]) -> None:
    found = event(tmp_path, event="$exception", **given)
    assert (found["error_kind"], found["error_message"]) == ("TypeError", "x of @")


def test_an_order_has_a_value_and_nothing_else_has(tmp_path: Path) -> None:
    order, click = events(
        tmp_path,
        row(event="order completed", revenue="49.90", currency="EUR"),
        row(event="button clicked", revenue=3, currency="EUR"),
    )
    assert (order["value"], order["currency"]) == (49.9, "EUR")
    assert (click["value"], click["currency"]) == (None, None)


@pytest.mark.parametrize("revenue", ["NaN", "inf", "a lot", True, None, [1], {"amount": 1}])
def test_an_order_without_a_number_has_no_value(tmp_path: Path, revenue: Any) -> None:
    assert event(tmp_path, event="purchase", revenue=revenue)["value"] is None


def test_what_is_written_is_a_length(tmp_path: Path) -> None:
    copied = event(tmp_path, event="$copy_autocapture", selected_content="secret words")
    score = event(tmp_path, event="survey sent", survey_response="9")
    words = event(tmp_path, event="survey sent", survey_response="too slow")
    assert (copied["value_len"], score["value"], score["value_len"]) == (12, 9.0, None)
    assert (words["value"], words["value_len"]) == (None, 8)


def test_a_screen_is_a_page(tmp_path: Path) -> None:
    path = tmp_path / "app.jsonl"
    screen = {**ROW, "event": "$screen", "properties": {"$session_id": "s", "$screen_name": "Basket"}}
    path.write_text(json.dumps(screen) + "\n", encoding="utf-8")
    assert frame(path)["url"].to_list() == ["/Basket"]


def test_a_touch_has_a_place_and_a_pointer(tmp_path: Path) -> None:
    found = event(tmp_path, event="$autocapture", event_type="touch", touch_x=12, touch_y=30.5)
    assert (found["x"], found["y"], found["pointer"]) == (12.0, 30.5, "touch")


def test_no_reaction_is_claimed(tmp_path: Path) -> None:
    """Were a delay given for dead clicks alone, all other clicks would count as unanswered."""
    found = event(tmp_path, event="$dead_click", event_type="click", dead_click_mutation_delay_ms=2_900)
    assert found["response_delay_ms"] is None


def test_the_mapping_beats_every_guess() -> None:
    for name in ("batch.jsonl", "batch.parquet", "list.csv"):
        theirs = "*.properties.plan" if name == "list.csv" else "properties.plan"
        found = frame(FIXTURES / name, mapping={"variant": theirs})
        assert set(found.filter(pl.col("kind") == "conversion")["variant"]) == {"gold"}
    with pytest.raises(InputError, match="no such column"):
        frame(FIXTURES / "list.csv", mapping={"variant": "plan"})


def test_times_without_a_zone_are_said_to_be_assumed(tmp_path: Path) -> None:
    naive = {**row(), "timestamp": "2026-03-02 08:00:00.250"}
    assumed, said = (events(tmp_path, naive, **given)[0] for given in ({}, {"tz": "Europe/Paris"}))
    assert (assumed["tz_assumed"], assumed["ts"].hour) == (True, 8)
    assert (said["tz_assumed"], said["ts"].hour) == (False, 7)


def test_a_missing_time_is_said(tmp_path: Path) -> None:
    path = tmp_path / "none.csv"
    path.write_text("event,distinct_id,properties.$lib\n$pageview,d,web\n", encoding="utf-8")
    assert PostHog().sniff(look(path, path.name)) == 0
    with pytest.raises(InputError, match="'timestamp' is missing") as raised:
        frame(path)
    assert raised.value.problem.file == "none.csv"
