"""Why a point costs what is said: sentences that follow from its figures."""

from __future__ import annotations

import pytest

from friction.i18n import language
from friction.render.reasons import reasons
from friction.report import Impact, Point, Range, Series, SeriesChange
from tests.reports import impact, point, report

PARTS = {
    "exposed_views": 731.0,
    "exit_share": 0.34,
    "expected_exit_share": 0.29,
    "extra_exits": 37.0,
    "value_of_staying": 0.11,
    "lost_by_leaving": 30.0,
    "lost_progress": 8.04,
    "lost_later": 3.0,
    "harmless_effect": -0.22,
}


def said(found: Point, code: str = "en", **more: list[Series]) -> str:
    told = reasons(found, report(found, **more), language(code))
    return "\n".join(told).replace("\u00a0", " ")


def costly(cost: Impact | None = None, **parts: float) -> Point:
    return point(1, cost, score_parts=PARTS | parts)


def test_each_part_of_the_loss_and_what_it_was_compared_with_is_told() -> None:
    text = said(costly())

    assert "visitors alike in all that the export tells" in text
    assert "Of 731 page views with it 34.0 % were the last of their visit" in text
    assert "30 by visitors who leave, 8 by those who stay but are thrown back, 3 by those" in text
    assert "their odds of leaving are 20 % lower" in text


def test_points_that_harm_nobody_may_show_nothing_of_their_own() -> None:
    assert "nothing was corrected for them" in said(costly(harmless_effect=0.0))


def test_harm_that_mostly_comes_later_is_said_to_be_at_least_that() -> None:
    assert "at least about" in said(costly(lost_later=300.0))
    assert "at least about" not in said(costly())


@pytest.mark.parametrize(
    ("naive", "words"),
    [(-50.0, "as if it helped"), (4.0, "too little"), (120.0, "too much"), (45.0, "within the range")],
)
def test_the_simple_figure_stands_beside_with_the_reason_why_it_differs(naive: float, words: str) -> None:
    assert words in said(costly(impact(naive=naive)))


def test_a_point_without_a_cost_is_not_explained() -> None:
    assert not reasons(point(1, impact(None, None, None)), report())


def test_a_spike_is_held_against_its_own_past() -> None:
    parts = {"extra_exits": 420.0, "value_of_staying": 0.05}
    spike = point(1, impact(p_value=1e-9), detector="dropoff_spike", target=None, score_parts=parts)
    text = said(spike)

    assert "the page’s own past" in text
    assert "420 visitors more left" in text
    assert "Of 100 visitors who stay on the page some 5 can be expected to reach the goal afterwards" in text
    assert "< 0.001" in text


@pytest.mark.parametrize("end", [None, "2026-10-14T20:00:00Z"])
def test_when_a_point_was_met_more_often_is_told(end: str | None) -> None:
    figures = (400, 48, 12.0, 0.03, 0.12, Range(4.0, 3.0, 5.0), 1e-9, 1e-8)
    change = SeriesChange("spike", "2026-10-12T08:00:00Z", end, *figures, [])
    series = Series("rage_click", "/cart", None, point().id, "hour", 9_000, 300, 0.4, None, [change])
    text = said(costly(), series=[series])

    assert ("Since 12 Oct" in text) == (end is None)
    assert "12.0 % of the page views, before 3.0 %" in text
    assert "a rise of its share by less than 40 %" in text


def test_every_sentence_has_its_french() -> None:
    found = costly(impact(naive=-50.0))
    whole = report(found)
    english, french = (reasons(found, whole, language(code)) for code in ("en", "fr"))

    assert len(english) == len(french)
    assert not set(english) & set(french)
