"""The laws of detectors: they hold for every detector, on every case of the fixtures and on random sessions.

A new detector is under these laws without being asked.
"""

from __future__ import annotations

import inspect
import pickle
from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from friction.detectors import BUILTIN, LABELS, documentation
from friction.detectors.base import CODES, CORE, FINDING, Detector
from friction.schema import CAPABILITIES
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


@every_detector
def test_findings_have_the_common_columns_and_types(detector: Detector, rows: pl.DataFrame) -> None:
    schema = findings(detector, rows).schema

    assert list(schema)[: len(IDS) + len(FINDING)] == [*IDS, *FINDING]
    assert {name: schema[name] for name in FINDING} == dict(FINDING)
    assert {name: schema[name] for name in IDS} == dict.fromkeys(IDS, pl.String())


@every_detector
def test_there_is_something_to_find(detector: Detector, rows: pl.DataFrame) -> None:
    """The laws would hold for a detector that finds nothing."""
    found = findings(detector, rows)

    assert found["aside"].null_count() >= 3


@every_detector
def test_no_events_give_no_findings_in_the_same_columns(detector: Detector, rows: pl.DataFrame) -> None:
    found = findings(detector, rows.clear())

    assert found.height == 0
    assert found.schema == findings(detector, rows).schema


@every_detector
def test_only_the_named_columns_are_read(detector: Detector, rows: pl.DataFrame) -> None:
    narrow = rows.select(sorted(CORE | detector.columns))

    assert_frame_equal(findings(detector, narrow), findings(detector, rows))


@every_detector
def test_a_finding_stands_on_its_rows(detector: Detector, rows: pl.DataFrame) -> None:
    found = findings(detector, rows).with_row_index("at")
    listed = found.select("at", *IDS, "start", "end", "events", "trigger_row", row="rows").explode("row")
    events_of = rows.select("row", of_session="session_id", of_page="page", ts="ts")
    joined = listed.join(events_of, on="row", how="left", maintain_order="left")

    assert joined["of_session"].to_list() == joined["session_id"].to_list()
    assert joined.group_by("at").agg(pl.col("of_page").eq_missing(pl.col("page")).any())["of_page"].all()
    assert joined.select(pl.col("ts").is_between("start", "end").all()).item()
    assert (found["rows"].list.len() == found["events"]).all()
    assert all(row in rows for row, rows in zip(found["trigger_row"], found["rows"], strict=True))
    assert all(rows == sorted(set(rows)) for rows in found["rows"].to_list())


@every_detector
def test_the_trigger_lies_on_the_page_of_the_finding(detector: Detector, rows: pl.DataFrame) -> None:
    found = findings(detector, rows)

    assert rows["page"].gather(found["trigger_row"]).to_list() == found["page"].to_list()


@every_detector
def test_a_severity_is_a_share(detector: Detector, rows: pl.DataFrame) -> None:
    found = findings(detector, rows)

    assert found["severity"].null_count() == 0
    assert found["severity"].is_between(0, 1).all()


@every_detector
def test_findings_come_in_the_order_of_sessions(detector: Detector, rows: pl.DataFrame) -> None:
    assert findings(detector, rows)["session_id"].is_sorted()


@every_detector
def test_sessions_one_by_one_give_what_they_give_together(detector: Detector, rows: pl.DataFrame) -> None:
    alone = rows.partition_by("session_id", maintain_order=True)
    few = [pl.concat(alone[at : at + 20]) for at in range(40, len(alone), 20)]

    assert_frame_equal(
        pl.concat([findings(detector, some) for some in alone[:40] + few]), findings(detector, rows)
    )


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
def test_shifted_times_shift_the_findings(detector: Detector, rows: pl.DataFrame) -> None:
    by = timedelta(days=400, microseconds=123_457)
    later = findings(detector, rows.with_columns(pl.col("ts") + by))

    assert_frame_equal(later, findings(detector, rows).with_columns(pl.col("start", "end") + by))


@every_detector
@pytest.mark.parametrize("order", ["sorted", "reversed"])
def test_codes_give_what_strings_give(detector: Detector, rows: pl.DataFrame, order: str) -> None:
    books, numbers = coded(rows, backwards=order == "reversed")
    found = decoded(findings(detector, numbers), books, detector)

    positions = ["rows", "trigger_row"] if order == "reversed" else []
    assert_frame_equal(settled(found).drop(positions), settled(findings(detector, rows)).drop(positions))


@every_detector
def test_both_engines_find_the_same(detector: Detector, rows: pl.DataFrame) -> None:
    plan = detector.detect(rows.lazy())

    assert_frame_equal(plan.collect(engine="streaming"), plan.collect(engine="in-memory"))


@every_detector
def test_a_frame_in_pieces_gives_what_the_whole_gives(detector: Detector, rows: pl.DataFrame) -> None:
    pieces = pl.concat([rows[at : at + 7] for at in range(0, rows.height, 7)], rechunk=False)

    assert_frame_equal(findings(detector, pieces), findings(detector, rows))


@every_detector
def test_a_choice_of_columns_gives_the_same_rows(detector: Detector, rows: pl.DataFrame) -> None:
    """Who does not want the rows does not pay for them, and gets the same findings."""
    plan = detector.detect(rows.lazy())
    some = plan.select(*IDS, "start", "aside")

    assert_frame_equal(some.collect(), plan.collect().select(*IDS, "start", "aside"))
    assert "rows" not in some.explain()


@every_detector
def test_unknown_columns_are_no_failure(detector: Detector, rows: pl.DataFrame) -> None:
    """A file that lacks everything but the core gives a column of nulls for the rest."""
    bare = rows.with_columns(pl.lit(None, INPUT[name]).alias(name) for name in detector.columns - CORE)

    assert findings(detector, bare).schema == findings(detector, rows).schema


@every_detector
def test_a_detector_travels_to_another_process(detector: Detector) -> None:
    assert pickle.loads(pickle.dumps(detector)) == detector


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
