"""Comparisons of periods with planted truth: how often nothing is called a change, and how much of a change is seen."""

from __future__ import annotations

import dataclasses
from collections import Counter

import numpy as np
import pytest

from friction.compare import Difference, difference
from friction.report import Day, PageSeen, Report, TrendPoint
from tests.reports import impact, point, report
from tests.truth.shop import Floats

POINTS, SESSIONS, PAIRS = 40, 800, 40
PLANTED = {2.0: "worse", 0.5: "better", 0.02: "fixed"}


def period(seed: int, days: int, rates: Floats, noise: float) -> Report:
    """Points that half of the sessions could meet, at these rates, times noise of each day and point."""
    chance = np.random.default_rng(seed)
    sessions = chance.poisson(SESSIONS, days)
    names = [f"2026-01-{day + 1:02}" for day in range(days)]
    listed = []
    for number, rate in enumerate(rates, start=1):
        seen = chance.binomial(sessions, 0.5)
        met = chance.binomial(seen, np.minimum(rate * np.exp(noise * chance.normal(size=days)), 0.9))
        trend = [TrendPoint(*each) for each in zip(names, seen.tolist(), met.tolist(), strict=True)]
        people = {"sessions_affected": int(met.sum()), "visitors_affected": int(met.sum())}
        if met.sum():
            exposed = int(seen.sum())
            listed.append(
                point(number, impact(None, None, None), trend=trend, sessions_exposed=exposed, **people)
            )
    reached = chance.binomial(sessions, 0.03).tolist()
    whole = report(*listed)
    return dataclasses.replace(
        whole,
        days=[Day(*each) for each in zip(names, sessions.tolist(), reached, strict=True)],
        pages=[PageSeen("/checkout/payment", int(sessions.sum() // 2))],
        input=dataclasses.replace(whole.input, sessions=int(sessions.sum())),
    )


def pair(seed: int, days: int, noise: float, times: Floats, least: float = 0.002) -> Difference:
    chance = np.random.default_rng(seed)
    rates = np.exp(chance.uniform(np.log(least), np.log(0.2), POINTS))
    before, after = 2 * seed + 1_000, 2 * seed + 1_001
    return difference(period(before, days, rates, noise), period(after, days, rates * times, noise))


@pytest.mark.parametrize(("days", "noise"), [(7, 0.0), (14, 0.15), (28, 0.4)])
def test_where_nothing_changed_hardly_ever_a_change_is_told(days: int, noise: float) -> None:
    found = [pair(seed, days, noise, np.ones(POINTS)) for seed in range(PAIRS)]
    told = [
        change
        for each in found
        for change in each.changes
        if change.state in {"worse", "better", "fixed", "new"}
    ]
    goals = Counter(each.goal.verdict for each in found if each.goal)

    assert len(told) <= 2
    assert goals["better"] + goals["worse"] <= 0.05 * PAIRS + 3


@pytest.mark.parametrize(("days", "seen"), [(7, 0.5), (28, 0.85)])
def test_what_was_planted_is_mostly_seen_and_for_what_it_is(days: int, seen: float) -> None:
    times = np.ones(POINTS)
    times[:12] = np.repeat(list(PLANTED), 4)
    states = [
        (times[int(change.id, 16) - 1], change.state)
        for seed in range(10)
        for change in pair(seed, days, 0.15, times, least=0.005).changes
    ]
    right = [state == PLANTED[planted] for planted, state in states if planted in PLANTED]
    wrong_way = {(2.0, "better"), (2.0, "fixed"), (0.5, "worse"), (0.02, "worse")}

    assert np.mean(right) >= seen
    assert not wrong_way & set(states)
    false = [state in {"worse", "better", "fixed", "new"} for planted, state in states if planted == 1.0]
    assert sum(false) <= 0.1 * sum(right)
