"""What is found in a series and what is not: planted changes, gaps, surges, dips, and laws of any series."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from friction.series import Change, Series, find_changes
from tests.series.simulated import FIRST, HOURS, Counts, Planted, World, simulate

BUSY = World(n=60)
WEEK = 7 * 24
START = 3 * WEEK + 10


def found(world: World, seed: int, hours: int, lift: float) -> tuple[Change, ...]:
    return find_changes(*simulate(world, seed, Planted(START, hours, lift)), FIRST).changes


def alarms(series: Series) -> list[Change]:
    return [change for change in series.changes if change.kind != "fall"]


def test_a_spike_is_found_where_it_was() -> None:
    (spike,) = found(BUSY, seed=1, hours=48, lift=2.0)

    assert spike.kind == "spike"
    assert spike.end is not None
    assert abs(spike.start - START) <= 3
    assert abs(spike.end - START - 48) <= 3


def test_a_change_comes_with_its_figures() -> None:
    (spike,) = found(BUSY, seed=1, hours=48, lift=2.0)

    assert spike.z > 4.6
    assert spike.extra == pytest.approx(spike.k - spike.expected)
    assert spike.rate_in == spike.k / spike.n
    assert spike.ratio == pytest.approx(spike.k / spike.expected, rel=0.01)
    assert spike.ratio_low < 2.0 < spike.ratio_high
    assert spike.rate_before == pytest.approx(0.2, abs=0.03)


def test_a_rise_that_lasts_is_a_shift() -> None:
    (shift,) = found(BUSY, seed=2, hours=HOURS, lift=1.5)

    assert (shift.kind, shift.end) == ("shift", None)
    assert abs(shift.start - START) <= 6


@pytest.mark.parametrize(("hours", "kind"), [(60, "spike"), (90, "shift")])
def test_a_rise_is_a_shift_once_it_has_lasted_three_days(hours: int, kind: str) -> None:
    n, k = simulate(BUSY, 3, Planted(START, hours, lift=2.5))

    (change,) = find_changes(n[: START + hours], k[: START + hours], FIRST).changes

    assert (change.kind, change.end) == (kind, None)


def test_a_fall_is_no_alarm() -> None:
    (fall,) = found(BUSY, seed=4, hours=HOURS, lift=0.6)

    assert fall.kind == "fall"
    assert fall.ratio_high < 1
    assert fall.extra < 0


@pytest.mark.parametrize("hours", [12, 48, 120])
@pytest.mark.parametrize("seed", range(4))
def test_the_end_of_a_dip_is_no_rise(seed: int, hours: int) -> None:
    assert {change.kind for change in found(BUSY, seed, hours, lift=0.5)} <= {"fall"}


@pytest.mark.parametrize("hours", [12, 48, 2 * WEEK])
@pytest.mark.parametrize("seed", range(4))
def test_the_end_of_a_spike_is_no_fall(seed: int, hours: int) -> None:
    assert {change.kind for change in found(BUSY, seed, hours, lift=2.0)} <= {"spike"}


def test_a_level_of_two_weeks_is_ordinary_and_a_rise_from_it_is_told() -> None:
    kinds = [change.kind for change in found(BUSY, seed=5, hours=2 * WEEK, lift=0.5)]

    assert kinds == ["fall", "shift"]


@pytest.mark.parametrize("seed", range(4))
def test_a_gap_in_the_tracking_is_no_change(seed: int) -> None:
    n, k = simulate(BUSY, seed)
    n[START : START + 48] = k[START : START + 48] = 0

    assert find_changes(n, k, FIRST).changes == ()


def test_a_change_after_a_gap_starts_with_the_first_view() -> None:
    n, k = simulate(BUSY, 6, Planted(START, HOURS, lift=2.0))
    n[START - 48 : START] = k[START - 48 : START] = 0

    (shift,) = find_changes(n, k, FIRST).changes

    assert shift.start == START


def test_a_change_after_which_no_views_come_still_lasts() -> None:
    n, k = simulate(BUSY, 6, Planted(START, 30, lift=2.5))
    n[START + 30 :] = k[START + 30 :] = 0

    (spike,) = find_changes(n, k, FIRST).changes

    assert (spike.kind, spike.end) == ("spike", None)


@pytest.mark.parametrize("missing", [1, 7, 13, 23])
def test_a_partial_first_and_last_day_are_no_change(missing: int) -> None:
    n, k = simulate(BUSY, missing)

    assert find_changes(n[missing:-missing], k[missing:-missing], FIRST + missing).changes == ()


@pytest.mark.parametrize("seed", range(4))
def test_a_viral_day_at_the_same_rate_is_no_change(seed: int) -> None:
    n, k = simulate(BUSY, seed)
    more, _ = simulate(World(n=540), seed + 100)
    surge = slice(START, START + 24)
    n[surge] += more[surge]
    k[surge] += np.random.default_rng(seed).binomial(more[surge], 0.2)

    assert alarms(find_changes(n, k, FIRST)) == []


def test_a_quiet_page_is_judged_by_the_day() -> None:
    n, k = simulate(World(n=1.2), 7, Planted(4 * WEEK, HOURS, lift=2.5))

    series = find_changes(n, k, FIRST)

    (shift,) = series.changes
    assert series.bucket == "day"
    assert shift.kind == "shift"
    assert shift.start % 24 == 0
    assert abs(shift.start - 4 * WEEK) <= 48


def test_days_are_those_of_the_calendar_and_the_unfinished_last_one_is_left_out() -> None:
    n, k = np.ones(20 * 24, np.int64), np.tile((0, 0, 0, 1), 120)
    k[-24:] = 1

    assert find_changes(n[:-5], k[:-5], FIRST).changes == ()
    (spike,) = find_changes(np.append(n[5:], n[-24:]), np.append(k[5:], k[-24:]), FIRST + 5).changes
    assert spike.start == 19 * 24 - 5


def test_an_exit_rate_of_ten_percent_needs_more_traffic_than_one_of_half() -> None:
    lifts = [find_changes(*simulate(World(n=20, rate=rate), 8), FIRST).smallest_lift for rate in (0.1, 0.5)]

    assert lifts[0] is not None
    assert lifts[1] is not None
    assert lifts[0] > 2 * lifts[1]


@pytest.mark.parametrize(
    ("hours", "n", "k", "reason"),
    [
        (0, 0, 0, "too_short"),
        (3, 50, 10, "too_short"),
        (3 * 24, 1, 0, "too_short"),
        (WEEK, 0, 0, "no_views"),
        (WEEK, 50, 0, "no_exits"),
        (WEEK, 50, 50, "only_exits"),
    ],
)
def test_a_series_of_which_nothing_can_be_said_says_why(hours: int, n: int, k: int, reason: str) -> None:
    series = find_changes(np.full(hours, n), np.full(hours, k), FIRST)

    assert (series.reason, series.changes, series.smallest_lift) == (reason, (), None)


@pytest.mark.parametrize(("n", "k"), [([5, 5], [1]), ([5, 5], [1, 6]), ([5, 5], [1, -1])])
def test_counts_that_cannot_be_are_refused(n: list[int], k: list[int]) -> None:
    with pytest.raises(ValueError, match="0 <= k <= n"):
        find_changes(np.array(n), np.array(k), FIRST)


def test_unsigned_counts_are_read_as_they_are() -> None:
    n, k = simulate(BUSY, 9, Planted(START, 48, lift=2.0))

    assert find_changes(n.astype(np.uint32), k.astype(np.uint32), FIRST) == find_changes(n, k, FIRST)


def any_series(seed: int, hours: int, busy: float) -> tuple[Counts, Counts]:
    """Anything at all: jumps of rate and traffic, empty hours, hours in which everybody leaves."""
    random = np.random.default_rng(seed)
    blocks = 1 + hours // 12
    traffic = np.repeat(random.gamma(0.5, 2 * busy, blocks), 12)[:hours]
    rate = np.repeat(random.choice([0, 0.05, 0.2, 0.9, 1], blocks), 12)[:hours]
    n = random.poisson(traffic).astype(np.int64)
    return n, random.binomial(n, rate).astype(np.int64)


series = st.builds(
    any_series,
    seed=st.integers(0, 2**32),
    hours=st.integers(1, 3 * WEEK),
    busy=st.sampled_from([0.3, 2.0, 30.0, 5_000.0]),
)


@settings(max_examples=40)
@given(series, st.integers(-3_000, 3_000))
def test_whole_weeks_on_the_clock_change_nothing(counts: tuple[Counts, Counts], weeks: int) -> None:
    assert find_changes(*counts, FIRST + weeks * WEEK) == find_changes(*counts, FIRST)


@settings(max_examples=80)
@given(series, st.integers(0, WEEK))
def test_changes_lie_in_the_series_in_order_and_add_up(counts: tuple[Counts, Counts], hour: int) -> None:
    n, k = counts
    reached = 0

    for change in find_changes(n, k, FIRST + hour).changes:
        end = len(n) if change.end is None else change.end
        assert reached <= change.start < end <= len(n)
        assert 0 <= change.k <= change.n <= n[change.start : end].sum()
        assert change.ratio_low < change.ratio < change.ratio_high
        assert all(np.isfinite(v) for v in dataclasses.astuple(change) if isinstance(v, float))
        reached = end


@settings(max_examples=30)
@given(series, st.floats(4.6, 12))
def test_a_higher_bar_only_takes_changes_away(counts: tuple[Counts, Counts], z_alarm: float) -> None:
    starts = {change.start for change in find_changes(*counts, FIRST).changes if change.kind != "fall"}
    strict = find_changes(*counts, FIRST, z_alarm=z_alarm).changes

    assert {change.start for change in strict if change.kind != "fall"} <= starts


@settings(max_examples=15)
@given(st.integers(0, 2**32), st.integers(2, 20))
def test_more_traffic_leaves_a_clear_shift_where_it_is(seed: int, times: int) -> None:
    n, k = simulate(BUSY, seed, Planted(START, HOURS, lift=2.0))

    (shift,) = alarms(find_changes(n * times, k * times, FIRST))

    assert shift.kind == "shift"
    assert abs(shift.start - START) <= 6
