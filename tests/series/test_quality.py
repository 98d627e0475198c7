"""How often there is an alarm without a change, and how often a change is found.

The two goals of the method, on worlds it was not tuned on. `pytest -s` prints the table behind the claims;
seeds are fixed, so the figures are the same in every run.
"""

from __future__ import annotations

import time

import numpy as np
import pytest

from friction.series import Change, find_changes
from tests.pace import slower
from tests.series.simulated import FIRST, HOURS, Planted, World, simulate

NUISANCES = {
    "plain": {},
    "no season": {"season": False},
    "overdispersed": {"overdispersion": 0.02},
    "noisy days": {"day_noise": 0.10},
    "drift up": {"drift": 0.4},
    "drift down": {"drift": -0.4},
    "burst": {"burst": True},
}
CHANGES = {"24 h x2": (24, 2.0), "72 h x1.5": (72, 1.5), "shift x1.5": (0, 1.5), "shift x2": (0, 2.0)}
SERIES = 20
WEEKS = HOURS / 168


def alarms(world: World, seed: int, planted: Planted | None = None) -> list[Change]:
    changes = find_changes(*simulate(world, seed, planted), FIRST).changes
    return [change for change in changes if change.kind != "fall"]


def test_at_most_one_series_in_a_thousand_weeks_raises_a_false_alarm() -> None:
    worlds = [
        (nuisance, World(n=n, rate=rate, **options))  # type: ignore[arg-type]
        for nuisance, options in NUISANCES.items()
        for n in (10, 50, 250)
        for rate in (0.05, 0.2, 0.5)
    ]
    seeds = range(10)
    false = [name for name, world in worlds for seed in seeds if alarms(world, 1_000 + seed)]
    series_weeks = len(worlds) * len(seeds) * WEEKS

    print(f"\nfalse alarms per 1,000 series-weeks: {len(false) / series_weeks * 1_000:.2f}", false)
    assert len(false) / series_weeks <= 1 / 1_000


def test_decreases_raise_no_alarm() -> None:
    worlds = [World(n=n, rate=rate) for n in (10, 50) for rate in (0.2, 0.5)]
    planted = [Planted(500, hours, 0.6) for hours in (24, 72, 120, HOURS)]

    assert [
        (world, fall)
        for world in worlds
        for fall in planted
        for seed in range(4)
        if alarms(world, seed, fall)
    ] == []


def found(world: World, hours: int, lift: float) -> float:
    """Share of series with an alarm inside the planted change."""
    hits = 0
    for seed in range(SERIES):
        start = int(np.random.default_rng(seed).integers(400, 1_000))
        end = start + hours if hours else HOURS
        changes = alarms(world, 2_000 + seed, Planted(start, end - start, lift))
        hits += any(one.start < end and start < (one.end or HOURS) for one in changes)
    return hits / SERIES


def power(n: float, noisy: bool) -> dict[str, float]:
    world = World(n=n, overdispersion=0.02, day_noise=0.10) if noisy else World(n=n)
    shares = {name: found(world, hours, lift) for name, (hours, lift) in CHANGES.items()}
    print(f"\nn = {n} an hour, {'noisy' if noisy else 'clean'}: {shares}")
    return shares


@pytest.mark.parametrize(
    ("n", "noisy", "least"),
    [
        (10, False, (0.25, 0.15, 0.90, 1.0)),
        (10, True, (0.05, 0.05, 0.80, 1.0)),
        (50, False, (0.80, 0.90, 1.00, 1.0)),
        (50, True, (0.20, 0.15, 0.90, 1.0)),
    ],
)
def test_changes_are_found_as_often_as_the_design_promises(
    n: float, noisy: bool, least: tuple[float, ...]
) -> None:
    shares = power(n, noisy)

    assert all(share >= limit for share, limit in zip(shares.values(), least, strict=True)), shares


def test_the_smallest_lift_is_where_finding_begins() -> None:
    worlds = [World(n=10), World(n=50), World(n=250), World(n=50, overdispersion=0.02, day_noise=0.10)]
    hits = []
    for world in worlds:
        lifts = [find_changes(*simulate(world, 4_000 + seed), FIRST).smallest_lift for seed in range(5)]
        lift = float(np.median([lift for lift in lifts if lift is not None]))
        hits.append([found(world, 24, 1 + part * lift) for part in (0.6, 1.0, 1.8)])

    below, at, above = np.mean(hits, axis=0)
    print(f"\n24 h at 0.6, 1, 1.8 times the smallest lift: {below:.2f}, {at:.2f}, {above:.2f}")
    assert below <= 0.1 <= at <= 0.6 <= above


def test_a_shift_is_found_at_its_start() -> None:
    errors = []
    for seed in range(SERIES):
        (shift,) = alarms(World(n=50), 3_000 + seed, Planted(700, HOURS, 1.5))
        errors.append(abs(shift.start - 700))

    assert np.median(errors) <= 6


def test_forty_series_of_eight_weeks_take_a_second() -> None:
    series = [simulate(World(n=50, day_noise=0.1), seed) for seed in range(40)]
    began = time.process_time()

    for n, k in series:
        find_changes(n, k, FIRST)

    assert time.process_time() - began <= slower()
