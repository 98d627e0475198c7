"""The laws of detectors (`friction.testing.LAWS`, and more for our own) hold for every one of ours.

They are asked of every case of the fixtures and of random sessions. A new detector is under them without being asked.
"""

from __future__ import annotations

import inspect
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from friction.detectors import BUILTIN, LABELS, documentation
from friction.detectors.base import CODES, Detector
from friction.schema import CAPABILITIES
from friction.testing import LAWS
from friction.testing.events import INPUT, numbered
from tests.detectors.sessions import coded, decoded, every_case, random_sessions

DETECTORS = [detector() for name, detector in BUILTIN.items() if name != "dropoff_spike"]
every_detector = pytest.mark.parametrize("detector", DETECTORS, ids=lambda detector: str(detector.name))
IDS = ("session_id", "page", "target")


@pytest.fixture(scope="module", params=["cases", "random"])
def rows(request: pytest.FixtureRequest) -> pl.DataFrame:
    """Whole sessions, sorted and numbered: all fixtures together, or 100 seeded random sessions."""
    return every_case() if request.param == "cases" else random_sessions(seed=7, sessions=100)


def findings(detector: Detector, rows: pl.DataFrame) -> pl.DataFrame:
    return detector.detect(rows.lazy()).collect()


def settled(found: pl.DataFrame) -> pl.DataFrame:
    """In an order of its own, for comparisons that are not about order."""
    return found.sort(*IDS, "start", "end", "trigger_row", nulls_last=True)


@pytest.mark.parametrize("law", LAWS)
@every_detector
def test_the_laws_of_all_detectors_hold(detector: Detector, law: str, rows: pl.DataFrame) -> None:
    LAWS[law](detector, rows)


@every_detector
def test_there_is_enough_to_find(detector: Detector, rows: pl.DataFrame) -> None:
    """The laws would hold for a detector that finds nothing."""
    assert findings(detector, rows)["aside"].null_count() >= 3


@every_detector
def test_the_rows_of_a_finding_are_in_order(detector: Detector, rows: pl.DataFrame) -> None:
    assert all(each == sorted(each) for each in findings(detector, rows)["rows"].to_list())


@every_detector
def test_another_session_changes_nothing(detector: Detector, rows: pl.DataFrame) -> None:
    """Neighbours may end with what would answer, blame or continue."""
    first, *others = rows.partition_by("session_id", maintain_order=True)[:40]
    stranger = first.with_columns(session_id=pl.lit("!"))
    mixed = numbered(pl.concat([stranger, *others]))
    expected = findings(detector, numbered(pl.concat(others)))
    moved = findings(detector, mixed).filter(pl.col("session_id") != "!")

    assert_frame_equal(moved.drop("rows", "trigger_row"), expected.drop("rows", "trigger_row"))


@every_detector
def test_codes_in_any_order_give_what_words_give(detector: Detector, rows: pl.DataFrame) -> None:
    books, numbers = coded(rows, backwards=True)
    found = settled(decoded(findings(detector, numbers), books, detector))

    positions = ["rows", "trigger_row"]
    assert_frame_equal(found.drop(positions), settled(findings(detector, rows)).drop(positions))


@every_detector
def test_a_choice_of_columns_gives_the_same_rows(detector: Detector, rows: pl.DataFrame) -> None:
    """Who does not want the rows does not pay for them, and gets the same findings."""
    plan = detector.detect(rows.lazy())
    some = plan.select(*IDS, "start", "aside")

    assert_frame_equal(some.collect(), plan.collect().select(*IDS, "start", "aside"))
    assert "rows" not in some.explain()


@pytest.mark.parametrize("detector", BUILTIN.values(), ids=lambda detector: str(detector.name))
def test_a_docstring_has_its_five_paragraphs_in_order(detector: type[Detector]) -> None:
    title, summary, paragraphs = documentation(detector)

    assert title.lower().replace("-", "").replace(" ", "_") == detector.name
    assert summary.endswith(".")
    assert tuple(paragraphs) == LABELS
    assert all(paragraphs.values())


@pytest.mark.parametrize("detector", BUILTIN.values(), ids=lambda detector: str(detector.name))
def test_what_a_detector_names_exists(detector: type[Detector]) -> None:
    assert detector.columns <= set(INPUT)
    assert detector.needs | detector.needs_one_of <= set(CAPABILITIES)
    assert set(detector.coded.values()) <= CODES


FORBIDDEN = (".over(", ".rolling(", ".map_elements(", ".map_groups(", ".str.")


@pytest.mark.parametrize("detector", BUILTIN.values(), ids=lambda detector: str(detector.name))
@pytest.mark.parametrize("word", FORBIDDEN)
def test_no_detector_looks_at_sessions_one_by_one(detector: type[Detector], word: str) -> None:
    """Windows over sessions are 15 to 50 times slower than a shift; codes have no text."""
    assert word not in Path(inspect.getfile(detector)).read_text(encoding="utf-8")
