"""What is known of slow pages and of forms besides that they hurt."""

from __future__ import annotations

import math
from typing import Any

import polars as pl
import pytest

from friction.dictionaries import Words
from friction.reduce import BINS_PER_E
from friction.report import FormField
from friction.summary.facts import ratings
from friction.summary.fields import form_fields

WORDS = Words({"device": pl.Series(["desktop", "phone"]), "field": pl.Series(["card", "mail", "name"])})


def bin_of(value: float) -> int:
    """The bin in which a measurement is counted."""
    return math.floor(math.log(value) * BINS_PER_E)


def timings(*rows: tuple[str, int | None, float, int]) -> pl.DataFrame:
    """Metric, device, value and number of views, all on page 7."""
    table = [(7, device, bin_of(value), views, metric) for metric, device, value, views in rows]
    types = {"page": pl.UInt32(), "device": pl.UInt32(), "bin": pl.Int16(), "n_views": pl.UInt32()}
    return pl.DataFrame(table, schema={**types, "metric": pl.String()}, orient="row")


def rated(*rows: tuple[str, int | None, float, int]) -> dict[str, Any]:
    found: dict[str, Any] = ratings(timings(*rows), WORDS)[7]
    return found


def test_p75_is_known_to_two_percent_with_an_interval() -> None:
    found = rated(*(("lcp_ms", None, 100.0 * n, 10) for n in range(1, 101)))["lcp_ms"]["all"]

    assert found["views"] == 1000
    assert found["p75"] == pytest.approx(7500, rel=0.02)
    # The binomial order statistic: 750 ± 1.96 √(1000 · 0.75 · 0.25) = 723 and 777 of 1,000.
    assert found["low"] == pytest.approx(7300, rel=0.02)
    assert found["high"] == pytest.approx(7800, rel=0.02)


@pytest.mark.parametrize(
    ("value", "rating"), [(2400.0, "good"), (3000.0, "needs_improvement"), (4200.0, "poor")]
)
def test_pages_are_rated_by_the_limits_of_the_web_vitals(value: float, rating: str) -> None:
    assert rated(("lcp_ms", None, value, 50))["lcp_ms"]["all"]["rating"] == rating


def test_fewer_than_fifty_views_are_not_rated() -> None:
    assert rated(("lcp_ms", None, 9000.0, 49))["lcp_ms"]["all"]["rating"] is None


def test_devices_are_rated_apart_and_together() -> None:
    found = rated(("cls", 0, 0.01, 60), ("cls", 1, 0.5, 60), ("cls", None, 0.01, 10))["cls"]

    assert {name: (each["views"], each["rating"]) for name, each in found.items()} == {
        "all": (130, "poor"),
        "desktop": (60, "good"),
        "phone": (60, "poor"),
    }


def test_without_timings_there_are_no_ratings() -> None:
    assert ratings(pl.DataFrame(), WORDS) == {}


def fields(*rows: tuple[int, int | None, int, int, int]) -> list[FormField]:
    """Field, bin of the wait, sessions, those that left there, corrections; all of one form."""
    table = [(7, 3, *row) for row in rows]
    types = {name: pl.UInt32() for name in ("page", "form", "field")}
    counts = {name: pl.UInt32() for name in ("n_sessions", "n_abandoned", "n_corrections")}
    frame = pl.DataFrame(table, schema={**types, "bin": pl.Int16(), **counts}, orient="row")
    return form_fields(frame, WORDS)[7, 3]


def test_fields_come_in_the_order_of_who_left_there() -> None:
    found = fields((0, None, 40, 2, 1), (1, None, 60, 9, 0), (2, None, 90, 2, 0))

    assert [field.field for field in found] == ["mail", "name", "card"]


def test_a_field_sums_its_bins_and_says_the_median_wait() -> None:
    waits = [(0, bin_of(wait), 10, 1, 2) for wait in (1_000, 2_000, 30_000)]
    (found,) = fields(*waits, (0, None, 5, 0, 1))

    assert (found.sessions, found.abandoned_here, found.corrections) == (35, 3, 7)
    assert found.hesitation_p50_ms == pytest.approx(2_000, rel=0.02)


def test_a_wait_that_was_never_seen_is_not_zero() -> None:
    (found,) = fields((0, None, 5, 0, 1))

    assert found.hesitation_p50_ms is None


def test_without_forms_there_are_no_fields() -> None:
    assert form_fields(pl.DataFrame(), WORDS) == {}
