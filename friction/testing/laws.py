"""What holds for every detector, whoever wrote it: the laws, and the cases of a specification.

    from friction.testing import LAWS, check, sessions

    CASES = Path(__file__).with_name("impatience.txt").read_text()

    def test_the_cases_hold():
        check(Impatience(), CASES)

    @pytest.mark.parametrize("law", LAWS)
    def test_the_laws_hold(law):
        LAWS[law](Impatience(), sessions(CASES))

Each law takes a detector and whole sessions in words, sorted and numbered, and raises `AssertionError` where it is
broken. A detector under all of them can be asked part by part, in any number of parts, on codes as on words.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta

import polars as pl
from polars.testing import assert_frame_equal

from friction.detectors.base import CODES, CORE, FINDING, Detector
from friction.elements.chain import COLUMNS, chain_facts
from friction.ingest.goals import conditions
from friction.testing.events import EPOCH, INPUT, Case, Expectation, events, numbered, specification

IDS = ("session_id", "page", "target")


def sessions(*specifications: str) -> pl.DataFrame:
    """The events of all cases as one frame; each case's sessions are its own."""
    cases = [case for text in specifications for case in specification(text)]
    own = [pl.format("{}-{}", pl.lit(f"{at:04}"), "session_id") for at in range(len(cases))]
    frames = [events(case.text).with_columns(session_id=name) for case, name in zip(cases, own, strict=True)]
    return numbered(pl.concat(frames).collect())


def prepared(detector: Detector, rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with the facts that the detector asks for besides, as the analysis works them out."""
    elements = chain_facts(rows.select(name for name in COLUMNS if name in rows.columns), detector.of_element)
    names = {
        column: pl.Series(column, [fact(name) for name in rows["name"]], dtype=pl.Int64())
        for column, fact in detector.of_name.items()
    }
    asked = {column: conditions(each, rows, None) for column, each in detector.of_row.items()}
    return rows.with_columns(**elements, **names, **asked)


def check(detector: Detector, text: str) -> None:
    """Every case of a specification gives what it expects. Raises `AssertionError` with the words of the case."""
    for case in specification(text):
        found = _findings(detector, prepared(detector, events(case.text).collect()))
        _agree(case, found.to_dicts())


def _agree(case: Case, found: list[dict[str, object]]) -> None:
    places = sorted(
        (str(each["session_id"]), str(each["page"]), str(each["target"]), str(each["aside"]))
        for each in found
    )
    wanted = sorted((one.session_id, str(one.page), str(one.target), str(one.aside)) for one in case.expected)
    assert places == wanted, f"{case.comment}\nfound    {places}\nexpected {wanted}"
    for one in case.expected:
        assert any(_fits(one, each) for each in found), (
            f"{case.comment}\nno finding has {one.details}: {found}"
        )


def _fits(one: Expectation, each: Mapping[str, object]) -> bool:
    place = (each["session_id"], each["page"], each["target"], each["aside"])
    if place != (one.session_id, one.page, one.target, one.aside):
        return False
    return all(_written(each[name]) == _number(text) for name, text in one.details.items())


def _written(value: object) -> object:
    """As a specification writes it: times in seconds, numbers to a millionth, all else as text."""
    if isinstance(value, datetime):
        return round((value - EPOCH).total_seconds(), 6)
    return round(float(value), 6) if isinstance(value, int | float) else str(value)


def _number(text: str) -> object:
    with suppress(ValueError):
        return round(float(text), 6)
    return text


def _findings(detector: Detector, rows: pl.DataFrame) -> pl.DataFrame:
    return detector.detect(rows.lazy()).collect()


def common_columns(detector: Detector, rows: pl.DataFrame) -> None:
    """Findings have the common columns first, in their types; what is words in the rows is words in them."""
    schema = _findings(detector, prepared(detector, rows)).schema
    assert list(schema)[: len(IDS) + len(FINDING)] == [*IDS, *FINDING]
    assert {name: schema[name] for name in FINDING} == dict(FINDING)
    assert {name: schema[name] for name in IDS} == dict.fromkeys(IDS, pl.String())


def something_to_find(detector: Detector, rows: pl.DataFrame) -> None:
    """The other laws would hold for a detector that finds nothing."""
    assert _findings(detector, prepared(detector, rows))["aside"].null_count() > 0


def no_events(detector: Detector, rows: pl.DataFrame) -> None:
    """No events give no findings, in the same columns."""
    rows = prepared(detector, rows)
    found = _findings(detector, rows.clear())
    assert found.is_empty()
    assert found.schema == _findings(detector, rows).schema


def named_columns(detector: Detector, rows: pl.DataFrame) -> None:
    """Only columns that the detector names are read; those a file lacks may be null throughout."""
    rows = prepared(detector, rows)
    narrow = rows.select(sorted(CORE | detector.columns | detector.facts))
    assert_frame_equal(_findings(detector, narrow), _findings(detector, rows))
    bare = rows.with_columns(pl.lit(None, INPUT[name]).alias(name) for name in detector.columns - CORE)
    assert _findings(detector, bare).schema == _findings(detector, rows).schema


def on_its_rows(detector: Detector, rows: pl.DataFrame) -> None:
    """A finding stands on rows of its session within its span, and its trigger, one of them, on its page."""
    rows = prepared(detector, rows)
    found = _findings(detector, rows)
    listed = found.select(of="session_id", start="start", end="end", row="rows").explode("row")
    joined = listed.join(rows.select("row", "session_id", "ts"), on="row", how="left", maintain_order="left")
    assert joined["of"].equals(joined["session_id"].rename("of"))
    assert joined.select(pl.col("ts").is_between("start", "end").all()).item()
    assert (found["rows"].list.len() == found["events"]).all()
    assert all(len(each) == len(set(each)) for each in found["rows"].to_list())
    assert found.select(pl.col("rows").list.contains(pl.col("trigger_row")).all()).item()
    assert rows["page"].gather(found["trigger_row"]).to_list() == found["page"].to_list()


def at_a_glance(detector: Detector, rows: pl.DataFrame) -> None:
    """Sessions with a finding are among those that are told at a glance, by the times and kinds of their rows alone."""
    rows = prepared(detector, rows)
    told = detector.at_a_glance(rows.lazy().select("session_id", "ts", "kind"))
    sessions = told.select("session_id").collect().to_series()
    assert _findings(detector, rows)["session_id"].is_in(sessions.implode()).all()


def severity(detector: Detector, rows: pl.DataFrame) -> None:
    """A severity is a share and always there."""
    found = _findings(detector, prepared(detector, rows))["severity"]
    assert found.null_count() == 0
    assert found.is_between(0, 1).all()


def session_by_session(detector: Detector, rows: pl.DataFrame) -> None:
    """Sessions one by one (of many, the first forty; the others twenty at a time) give what they give together, in
    their order.
    """
    rows = prepared(detector, rows)
    together = _findings(detector, rows)
    alone = rows.partition_by("session_id", maintain_order=True)
    few = [pl.concat(alone[at : at + 20]) for at in range(40, len(alone), 20)]
    assert_frame_equal(pl.concat([_findings(detector, each) for each in alone[:40] + few]), together)
    assert together["session_id"].is_sorted()


def shifted_times(detector: Detector, rows: pl.DataFrame) -> None:
    """Shifted times shift the findings and change nothing else."""
    rows, by = prepared(detector, rows), timedelta(days=400, microseconds=123_457)
    later = _findings(detector, rows.with_columns(pl.col("ts") + by))
    assert_frame_equal(later, _findings(detector, rows).with_columns(pl.col("start", "end") + by))


def codes(detector: Detector, rows: pl.DataFrame) -> None:
    """Codes in the place of words give the same findings: words are only ever compared."""
    rows = prepared(detector, rows)
    numbers, books = rows, {}
    for name in sorted(CODES & set(rows.columns)):
        books[name] = rows[name].unique().drop_nulls().sort().to_list()
        known = {word: code for code, word in enumerate(books[name])}
        numbers = numbers.with_columns(pl.col(name).replace_strict(known, return_dtype=pl.UInt32))
    found = _findings(detector, numbers)
    for name in found.columns:
        book = books.get(detector.coded.get(name, name))
        if book is not None and found[name].dtype == pl.UInt32:
            found = found.with_columns(
                pl.col(name).replace_strict(dict(enumerate(book)), return_dtype=pl.String)
            )
    assert_frame_equal(found, _findings(detector, rows))


def in_pieces(detector: Detector, rows: pl.DataFrame) -> None:
    """A frame in pieces, and either engine, give the same."""
    rows = prepared(detector, rows)
    pieces = pl.concat([rows[at : at + 7] for at in range(0, rows.height, 7)], rechunk=False)
    assert_frame_equal(_findings(detector, pieces), _findings(detector, rows))
    plan = detector.detect(rows.lazy())
    assert_frame_equal(plan.collect(engine="streaming"), plan.collect(engine="in-memory"))


def travels(detector: Detector, rows: pl.DataFrame) -> None:
    """A detector can be sent to another process, and finds the same there."""
    again = pickle.loads(pickle.dumps(detector))
    rows = prepared(detector, rows)
    assert again == detector
    assert_frame_equal(_findings(again, rows), _findings(detector, rows))


LAWS: Mapping[str, Callable[[Detector, pl.DataFrame], None]] = {
    law.__name__: law
    for law in (
        *(common_columns, something_to_find, no_events, named_columns, on_its_rows, at_a_glance, severity),
        *(session_by_session, shifted_times, codes, in_pieces, travels),
    )
}
"""Name → law."""
