"""From a table of pages and hours to changes: completeness, order, names, and what is left out."""

from __future__ import annotations

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from friction.detectors.dropoff_spike import CHANGE, DropoffSpike
from friction.errors import UsageError
from tests.series.simulated import FIRST, HOURS, Planted, World, simulate

START = 600
SPIKE = Planted(START, 48, lift=2.0)


def page(name: str | int | None, seed: int, planted: Planted | None = None, n: float = 60) -> pl.DataFrame:
    """The series of one page as the tables hold it: hours without views are missing."""
    views, exits = simulate(World(n=n), seed, planted)
    columns = {"page": [name] * HOURS, "hour": range(FIRST, FIRST + HOURS), "n": views, "k": exits}
    return pl.DataFrame(columns).filter(pl.col("n") > 0).cast({"n": pl.UInt32, "k": pl.UInt32})


def site() -> pl.DataFrame:
    fall = Planted(START, HOURS, lift=0.6)
    return pl.concat([page("/pay", 1, SPIKE), page("/home", 2), page("/cart", 3, fall)])


def test_changes_are_told_by_page_with_their_hours() -> None:
    found = DropoffSpike().changes(site())

    assert found.schema == pl.Schema({"page": pl.String(), **CHANGE})
    assert found.select("page", "kind").rows() == [("/cart", "fall"), ("/pay", "spike")]
    spike = found.row(1, named=True)
    assert abs(spike["start_hour"] - FIRST - START) <= 3
    assert abs(spike["end_hour"] - FIRST - START - 48) <= 3
    assert spike["smallest_lift"] > 0.1
    assert found["end_hour"].to_list()[0] is None


def test_the_order_of_rows_and_split_hours_make_no_difference() -> None:
    table = site()
    halves = [
        table.with_columns(pl.col("n", "k") // 2),
        table.with_columns(pl.col("n", "k") - pl.col("n", "k") // 2),
    ]

    assert_frame_equal(DropoffSpike().changes(table.reverse()), DropoffSpike().changes(table))
    shuffled = pl.concat(halves).sample(fraction=1, shuffle=True, seed=1)
    assert_frame_equal(DropoffSpike().changes(shuffled), DropoffSpike().changes(table))


def test_page_codes_stay_codes() -> None:
    found = DropoffSpike().changes(page(7, 1, SPIKE).cast({"page": pl.UInt32}))

    assert found.schema["page"] == pl.UInt32()
    assert found["page"].to_list() == [7]


def test_hours_that_are_missing_had_no_views() -> None:
    table = site().filter((pl.col("page") != "/home") | ~pl.col("hour").is_between(FIRST + 500, FIRST + 560))

    assert_frame_equal(DropoffSpike().changes(table), DropoffSpike().changes(site()))


def test_a_page_that_comes_late_is_judged_from_its_first_view() -> None:
    table = pl.concat([page("/home", 2), page("/pay", 1, SPIKE).filter(pl.col("hour") > FIRST + 400)])

    assert DropoffSpike().changes(table)["page"].to_list() == ["/pay"]


@pytest.mark.parametrize(("min_views", "pages"), [(200, 1), (200_000, 0)])
def test_pages_with_few_views_are_left_out(min_views: int, pages: int) -> None:
    assert DropoffSpike(min_views=min_views).changes(page("/pay", 1, SPIKE)).height == pages


def test_views_without_a_page_are_left_out() -> None:
    table = pl.concat([page(None, 1, SPIKE).cast({"page": pl.String}), page("/home", 2)])

    assert DropoffSpike().changes(table).is_empty()


def test_a_higher_bar_tells_less() -> None:
    assert DropoffSpike(z_alarm=30).changes(site()).is_empty()


def test_an_empty_table_has_no_changes() -> None:
    nothing = site().clear()

    assert DropoffSpike().changes(nothing).schema == pl.Schema({"page": pl.String(), **CHANGE})
    assert DropoffSpike().sight(nothing).is_empty()


def test_what_could_be_seen_is_told_for_every_page_judged() -> None:
    rare = page("/rare", 5, n=0.1)
    silent = page("/thanks", 6).with_columns(k=pl.lit(0, pl.UInt32))

    seen = DropoffSpike().sight(pl.concat([site(), rare, silent]))

    assert seen["page"].to_list() == ["/cart", "/home", "/pay", "/thanks"]
    assert seen["reason"].to_list() == [None, None, None, "no_exits"]
    assert seen["smallest_lift"].is_null().to_list() == [False, False, False, True]


def test_more_exits_than_views_are_refused() -> None:
    table = site().with_columns(k=pl.col("n") + 1)

    with pytest.raises(ValueError, match="0 <= k <= n"):
        DropoffSpike().changes(table)


def test_no_session_shows_a_change_of_a_rate() -> None:
    events = pl.LazyFrame({"session_id": ["a"], "page": ["/"], "target": ["button"], "kind": ["click"]})

    assert DropoffSpike().detect(events).collect().is_empty()


def test_settings_are_checked() -> None:
    assert DropoffSpike.configure({"margin": 1.2}) == DropoffSpike(margin=1.2)
    with pytest.raises(UsageError, match="margin"):
        DropoffSpike.configure({"margin": 0.9})
