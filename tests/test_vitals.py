"""The published limits and control points of Web Vitals and Lighthouse."""

from __future__ import annotations

import math
from statistics import NormalDist

import pytest

from friction import vitals
from friction.schema import TIMINGS

CONTROL_POINTS = [
    (device, metric, *points) for device, curves in vitals.CURVES.items() for metric, points in curves.items()
]


@pytest.mark.parametrize(
    ("metric", "good", "poor"),
    [
        ("lcp", 2500, 4000),
        ("inp", 200, 500),
        ("cls", 0.1, 0.25),
        ("fcp", 1800, 3000),
        ("ttfb", 800, 1800),
    ],
)
def test_a_limit_belongs_to_the_better_side(metric: str, good: float, poor: float) -> None:
    beyond = 1.0001

    assert vitals.rating(metric, good) == "good"
    assert vitals.rating(metric, good * beyond) == vitals.rating(metric, poor) == "needs_improvement"
    assert vitals.rating(metric, poor * beyond) == "poor"


@pytest.mark.parametrize("metric", vitals.LIMITS)
def test_limits_are_those_of_slow_pages(metric: str) -> None:
    column = metric if metric == "cls" else f"{metric}_ms"

    assert TIMINGS[column] == vitals.LIMITS[metric]


@pytest.mark.parametrize(("device", "metric", "p10", "median"), CONTROL_POINTS)
def test_a_curve_goes_through_its_two_control_points(
    device: vitals.Device, metric: str, p10: float, median: float
) -> None:
    assert vitals.curve(p10, p10, median) == pytest.approx(0.9, abs=1e-12)
    assert vitals.curve(median, p10, median) == pytest.approx(0.5, abs=1e-12)
    assert vitals.metric_score(metric, p10, device) == 0.9
    assert vitals.metric_score(metric, median, device) == 0.5


@pytest.mark.parametrize(
    ("device", "metric", "points"),
    [
        ("mobile", "fcp", (1800, 3000)),
        ("mobile", "si", (3387, 5800)),
        ("mobile", "lcp", (2500, 4000)),
        ("mobile", "tbt", (200, 600)),
        ("mobile", "cls", (0.1, 0.25)),
        ("desktop", "fcp", (934, 1600)),
        ("desktop", "si", (1311, 2300)),
        ("desktop", "lcp", (1200, 2400)),
        ("desktop", "tbt", (150, 350)),
        ("desktop", "cls", (0.1, 0.25)),
    ],
)
def test_the_control_points_are_the_published_ones(
    device: vitals.Device, metric: str, points: tuple[float, float]
) -> None:
    assert vitals.CURVES[device][metric] == points


@pytest.mark.parametrize("value", [1, 400, 1799, 1801, 2999, 3001, 9000, 60_000])
def test_the_curve_is_the_upper_tail_of_a_log_normal_distribution(value: float) -> None:
    spread = math.log(3000 / 1800) / NormalDist().inv_cdf(0.9)
    tail = 1 - NormalDist(math.log(3000), spread).cdf(math.log(value))

    assert vitals.curve(value, 1800, 3000) == pytest.approx(tail, abs=1e-12)


def test_just_beside_a_control_point_a_score_stays_on_its_side() -> None:
    assert vitals.curve(1800.0000001, 1800, 3000) < 0.9
    assert vitals.curve(3000.0000001, 1800, 3000) < 0.5


@pytest.mark.parametrize("value", [0, -1])
def test_nothing_to_wait_for_is_perfect(value: float) -> None:
    assert vitals.curve(value, 1800, 3000) == 1.0


@pytest.mark.parametrize(("p10", "median"), [(0, 1), (2, 2), (3, 2), (-1, 2)])
def test_a_curve_needs_its_points_in_order(p10: float, median: float) -> None:
    with pytest.raises(ValueError, match="p10"):
        vitals.curve(1, p10, median)


def test_the_weights_are_the_published_ones_and_add_up() -> None:
    assert vitals.WEIGHTS == {"fcp": 10, "si": 10, "lcp": 25, "tbt": 30, "cls": 25}
    assert sum(vitals.WEIGHTS.values()) == 100


@pytest.mark.parametrize("device", ["mobile", "desktop"])
def test_all_metrics_at_a_control_point_give_its_score(device: vitals.Device) -> None:
    at_p10 = {metric: points[0] for metric, points in vitals.CURVES[device].items()}
    at_median = {metric: points[1] for metric, points in vitals.CURVES[device].items()}

    assert vitals.performance_score(at_p10, device) == 0.9
    assert vitals.performance_score(at_median, device) == 0.5


def test_each_metric_counts_with_its_weight() -> None:
    perfect = dict.fromkeys(vitals.WEIGHTS, 0.0)

    lost = {
        metric: round(1 - (vitals.performance_score({**perfect, metric: 1e9}) or 0), 2)
        for metric in vitals.WEIGHTS
    }

    assert lost == {"fcp": 0.1, "si": 0.1, "lcp": 0.25, "tbt": 0.3, "cls": 0.25}


def test_a_missing_metric_leaves_no_score() -> None:
    perfect: dict[str, float | None] = dict.fromkeys(vitals.WEIGHTS, 0.0)

    assert vitals.performance_score({**perfect, "tbt": None}) is None
    assert vitals.performance_score({"lcp": 1000}) is None
