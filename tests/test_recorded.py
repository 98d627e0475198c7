"""Visits to a shop with planted frictions, recorded in a real browser: each is found where and in whom it was planted.

`fixtures/README.md` says how they were recorded. The truth names sessions and elements; nothing in it comes
from an analysis.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from friction import scan
from friction.config import Settings
from friction.report import Report
from tests.exports import analysed, goal

FOLDER = Path(__file__).parents[1] / "fixtures" / "sites" / "recorded"
FILES = sorted((FOLDER / "recordings").glob("*.json.gz"))
TRUTH: dict[str, Any] = json.loads((FOLDER / "truth.json").read_text(encoding="utf-8"))
SESSIONS: dict[str, Any] = {each["session_id"]: each for each in TRUTH["sessions"]}

Met = tuple[str, str, str, str | None, str | None]
"""Session, detector, page, target, and the field where a form was left."""


@dataclass(frozen=True)
class Found:
    """The report on all recordings, and their findings that count."""

    report: Report
    findings: set[Met]


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Found:
    raw = tmp_path_factory.mktemp("recorded") / "findings.parquet"
    scan.detect(FILES, None, Settings(), [], {}, raw)
    field = pl.col("detail").str.json_path_match("$.field")
    rows = pl.read_parquet(raw).select("session_id", "detector", "page", "target", field)
    report = analysed(*FILES, goals=goal("event=purchase"))
    return Found(report, {(*row,) for row in rows.iter_rows()})


def planted() -> Iterator[tuple[str, Met]]:
    """Every friction that a session met: what it is called, and how a finding of it looks."""
    for session in SESSIONS.values():
        for key in session["met"]:
            one = TRUTH["frictions"][key]
            yield (
                one["name"],
                (session["session_id"], *(one[name] for name in ("detector", "page", "target", "field"))),
            )


def test_every_planted_friction_is_found_in_its_session_and_on_its_element(
    found: Found, capsys: pytest.CaptureFixture[str]
) -> None:
    table = [(name, met, met in found.findings) for name, met in planted()]
    with capsys.disabled():
        print(
            f"\nrecorded shop: {sum(is_found for *_, is_found in table)} of {len(table)} planted ones found"
        )
        for name, (session, detector, page, target, field), is_found in table:
            where = f"{page} {target or ''}{'.' + field if field else ''}"
            print(f"  {session}  {detector:16} {where:44} {'found' if is_found else 'MISSED'}  {name}")

    assert [met for _, met, is_found in table if not is_found] == []


def test_all_kinds_of_planted_friction_are_met_by_several() -> None:
    met = [key for session in SESSIONS.values() for key in session["met"]]

    assert {key for key in TRUTH["frictions"] if met.count(key) < 3} == set()


ALSO = {
    "search": {
        ("slow_click", "/", "button#search-go"),
        ("slow_click", "/search", "button#search-go"),
        ("slow_request", "/search", None),
    }
}
"""Where else a planted friction shows: whoever has to wait for the search pressed its button before."""


def consequences() -> Iterator[Met]:
    """What may be found besides in sessions that met a friction."""
    for session in SESSIONS.values():
        for key in session["met"]:
            yield from ((session["session_id"], *place, None) for place in ALSO.get(key, ()))


def test_nothing_is_found_that_was_not_planted(found: Found) -> None:
    assert found.findings - {met for _, met in planted()} - set(consequences()) == set()


@pytest.mark.parametrize("key", TRUTH["harmless"])
def test_what_is_harmless_is_set_aside_with_its_reason(found: Found, key: str) -> None:
    one = TRUTH["harmless"][key]
    doing = [session for session in SESSIONS.values() if key in session["harmless"]]
    aside = [
        each
        for each in found.report.suppressed
        if (each.detector, each.page, each.reason) == (one["detector"], one["page"], one["reason"])
        and one["target"] in {None, each.target}
    ]

    assert len(doing) >= 3
    assert sum(each.findings for each in aside) >= len(doing)


def test_the_broken_step_is_found_on_its_day_only(found: Found) -> None:
    days = {
        session[:10]
        for session, detector, page, *_ in found.findings
        if (detector, page) == ("error_click", "/checkout/address")
    }

    assert days == {TRUTH["broken_day"]}


def test_whoever_bought_reached_the_goal(found: Found) -> None:
    assert found.report.goal is not None
    assert found.report.goal.conversions == sum(session["bought"] for session in SESSIONS.values())


def test_every_event_is_in_the_books(found: Found) -> None:
    read = found.report.input

    assert len(FILES) == len(read.files) == len(SESSIONS)
    for file, path in zip(read.files, FILES, strict=True):
        session = SESSIONS[path.name.removesuffix(".json.gz")]
        assert (file.rows_total, file.rows_accepted, file.rows_rejected) == (
            session["events"],
            session["events"],
            0,
        )


BEYOND = {"error_page", "low_score", "missing_information", "rage_key", "repeated_search", "support_contact"}
"""What these recordings cannot tell: how the server answered, which key was pressed, what a search is, help pages, what
people say."""


def test_everything_the_recorder_tells_is_understood(found: Found) -> None:
    told = (
        "clicks coords dom_reaction errors form_submit inputs moves page_views perf requests scroll selector"
    )

    assert {f"has_{word}" for word in told.split()} <= set(found.report.input.capabilities)
    assert sum(file.facts["clicks_unresolved"] for file in found.report.input.files) == 0
    assert {run.name for run in found.report.detectors if run.status != "ran"} == BEYOND


def texts(value: Any) -> Iterator[str]:
    """All strings in a recording."""
    if isinstance(value, dict):
        for part in value.values():
            yield from texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from texts(part)
    elif isinstance(value, str):
        yield value


def scripts(value: Any) -> Iterator[dict[str, Any]]:
    """All nodes of scripts in a recording."""
    if isinstance(value, dict):
        if value.get("tagName") in {"script", "noscript"}:
            yield value
        for part in value.values():
            yield from scripts(part)
    elif isinstance(value, list):
        for part in value:
            yield from scripts(part)


CODE = re.compile(r"function\b|=>|\bvar \w|\brequire\(|sourceMappingURL|Copyright|licen[cs]e", re.IGNORECASE)
OWN_PLACE = re.compile(r"http://www\.hearthside\.example(?:/[\w./?=:%+-]*)?")


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.name)[:13])
def test_a_recording_holds_the_shop_s_own_words_and_nobody_s_code(path: Path) -> None:
    recording = json.loads(gzip.decompress(path.read_bytes()))
    all_texts = set(texts(recording))
    places = {place for text in all_texts for place in re.findall(r"\w+://[^\s)\"']+", text)}

    assert [text for text in all_texts if CODE.search(text)] == []
    assert [place for place in places if not OWN_PLACE.fullmatch(place)] == []
    for script in scripts(recording):
        assert {text for child in script["childNodes"] for text in texts(child)} <= {"SCRIPT_PLACEHOLDER"}


def test_what_visitors_typed_was_masked_before_it_left_the_page() -> None:
    for path in FILES:
        for event in json.loads(gzip.decompress(path.read_bytes()))["events"]:
            if event["type"] == 3 and event["data"]["source"] == 5:
                assert set(event["data"]["text"]) <= {"*"} or event["data"]["text"] in {
                    "on",
                    "invoice",
                    "transfer",
                }


def test_the_recordings_are_a_few_megabytes_at_most() -> None:
    assert sum(path.stat().st_size for path in FILES) < 3_000_000
