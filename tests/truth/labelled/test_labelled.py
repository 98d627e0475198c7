"""The labelled sessions themselves, and that both detectors are as right on them as they have to be."""

from __future__ import annotations

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from tests.truth.labelled import PRECISION, RECALL
from tests.truth.labelled.judge import against, cases, score
from tests.truth.labelled.population import SCENES, Population, pooled, population, weights

SEEDS = (77, 78)
SESSIONS = 2_500


@pytest.fixture(scope="module")
def made() -> Population:
    return pooled(SEEDS, SESSIONS)


def test_a_session_does_not_depend_on_how_many_there_are() -> None:
    few, more = population(5, 20), population(5, 40)

    known = more.events.filter(pl.col("session_id").is_in(few.truth["session_id"].implode()))
    assert_frame_equal(few.events, known.select(few.events.columns))


def test_every_scene_is_played_and_has_a_meaning(made: Population) -> None:
    assert set(made.truth["kind"]) == {scene.name for scene in SCENES}
    assert sum(weights()) == pytest.approx(1)
    assert {scene.means for scene in SCENES} == {"rage_click", "dead_click", "nothing"}


def test_a_recorder_tells_no_changes_and_a_tracker_no_delays(made: Population) -> None:
    told = made.events.join(made.truth.select("session_id", "told"), on="session_id")

    assert told.filter(pl.col("told") == "recorder").filter(pl.col("kind") == "mutation").is_empty()
    assert (
        told.filter(pl.col("told") == "tracker")["response_delay_ms"].null_count()
        == told.filter(pl.col("told") == "tracker").height
    )


@pytest.mark.parametrize("detector", ["rage_click", "dead_click"])
def test_findings_are_right_and_harm_is_found(made: Population, detector: str) -> None:
    found = score(cases(made, detector))

    assert found.harms > 300
    assert (found.precision or 0) >= PRECISION
    assert (found.recall or 0) >= RECALL


def test_a_look_alike_alone_is_weighed_as_often_as_harm() -> None:
    table = pl.DataFrame(
        {"kind": ["a", "a", "b", "c"], "findings": [1, 0, 1, 0], "harm": [True, True, False, False]}
    )

    assert against(table, "b").false == 2
    assert against(table, "c").precision == 1
