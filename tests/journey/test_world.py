"""The journey of a shop whose truth is known."""

from __future__ import annotations

import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from friction.journey.channels import ALL
from friction.journey.personas import FEATURES, agreement, kinds
from friction.journey.stages import STAGES
from friction.journey_map import Journey
from friction.report import Report
from friction.summary.journey.ground import Ground
from friction.summary.journey.kinds import behaviour
from tests.journey.conftest import Seen
from tests.journey.world import KINDS, PLANTED


@pytest.fixture(scope="module")
def journey(seen: Seen) -> Journey:
    assert seen.report.journey is not None
    return seen.report.journey


def truth(seen: Seen) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """The kind of each visitor."""
    found = np.zeros(seen.trips.visitors, np.int64)
    for name, visitor in zip(seen.names, seen.trips.table["visitor"], strict=True):
        found[visitor] = list(KINDS).index(seen.world.kind[name.split("-")[0]])
    return found


def test_stages_are_right_in_nineteen_of_twenty_sessions(seen: Seen) -> None:
    right = [
        seen.world.stage[name] == STAGES[stage]
        for name, stage in zip(seen.names, seen.trips.table["stage"], strict=True)
    ]

    assert len(right) == len(seen.world.stage)
    assert np.mean(right) >= 0.95


def test_every_session_has_the_channel_that_it_came_by(seen: Seen) -> None:
    told = [ALL[code] for code in seen.trips.table["channel_code"]]

    assert told == [seen.world.way[name] for name in seen.names]


def test_personas_are_found_where_raw_counts_do_not_show_them(seen: Seen) -> None:
    from sklearn.cluster import KMeans

    counts, known = behaviour(seen.ground, seen.trips), truth(seen)
    found = kinds(counts, FEATURES)
    spread = counts.std(axis=0)
    raw = ((counts - counts.mean(axis=0)) / np.maximum(spread, 1e-9))[:, spread > 1e-9]
    with threadpool_limits(1):
        plain = [
            KMeans(size, n_init=4, random_state=0).fit(raw).labels_ for size in (len(KINDS), len(KINDS) + 1)
        ]

    assert found is not None
    assert agreement(found.labels, known) >= 0.6
    assert max(agreement(labels, known) for labels in plain) < 0.5


def test_personas_are_the_same_however_the_visitors_stand(seen: Seen) -> None:
    counts = behaviour(seen.ground, seen.trips)
    order = np.random.default_rng(4).permutation(len(counts))

    one, other = kinds(counts, FEATURES), kinds(counts[order], FEATURES)

    assert one is not None
    assert other is not None
    assert agreement(one.labels[order], other.labels) >= 0.99


def test_the_planted_friction_costs_most_and_strikes_at_decision(seen: Seen) -> None:
    first = seen.report.points[0]

    assert (first.page, first.target, first.stage) == (*PLANTED, "decision")


def test_the_planted_friction_heads_plan_and_stage_and_is_met_by_buyers(seen: Seen, journey: Journey) -> None:
    planted = seen.report.points[0].id
    buyers = max(
        journey.personas,
        key=lambda each: max((f.distance for f in each.features if f.name == "checkouts"), default=-9),
    )

    assert journey.actions[0].point == planted
    assert journey.stage("decision").points[0] == planted
    assert next(met for met in buyers.frictions if met.point == planted).share > 0.2


def test_credits_of_every_model_add_up_to_the_conversions(journey: Journey) -> None:
    models = journey.channels[0].credits
    sums = {model: sum(each.credits[model] for each in journey.channels) for model in models}

    assert journey.conversions > 300
    assert sums == pytest.approx(
        dict.fromkeys(models, float(journey.attribution_paths["conversions"])), abs=1e-6
    )


def test_visits_to_the_store_are_touches_outside_of_the_product(seen: Seen, journey: Journey) -> None:
    outside = [each for each in journey.touchpoints if not each.in_product]

    assert sum(each.sessions for each in outside) == seen.world.store_visits
    assert {each.name for each in outside} == {"store_visit"}
    assert journey.has_service


def test_stages_add_up_and_a_segment_is_counted_by_its_rule(journey: Journey) -> None:
    assert sum(column.sessions for column in journey.stages) == journey.sessions
    assert [column.stage for column in journey.stages] == list(STAGES)
    segment = next(each for each in journey.personas if each.origin == "rule")
    assert (segment.id, segment.visitors > 100) == ("searchers", True)


def test_measures_are_there_for_everybody_and_for_parts(journey: Journey) -> None:
    told = {(each.name, each.dimension) for each in journey.kpis}

    assert {
        (name, "all") for name in ("conversion", "duration_mean", "touches", "retention", "repeat_purchase")
    } <= told
    assert {("conversion", name) for name in ("channel", "persona", "month", "stage")} <= told


def test_a_report_with_a_journey_is_read_back_as_it_was(seen: Seen) -> None:
    written = seen.report.to_json()

    assert Report.from_json(written).to_json() == written


def test_stages_of_hits_are_the_same_however_many_are_looked_up_together(
    seen: Seen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("friction.summary.journey.ground.HITS", 3)
    again = Ground(seen.ground.analysis, seen.ground.staged, seen.ground.roles)

    assert len(again.struck) > 3
    assert again.struck.tolist() == seen.ground.struck.tolist()
