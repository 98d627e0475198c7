"""The one way through, in this process: from files to a report, an inspection, an answer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from friction import scan
from friction.config import Settings
from friction.errors import UsageError
from friction.schema import CAPABILITIES
from friction.testing.exports import made
from tests.exports import analysed, goal, point, row, visits, written


def inspected(path: Path, **settings: Any) -> dict[str, Any]:
    return scan.inspect([path], None, Settings.model_validate(settings))


def test_a_planted_friction_is_first_with_all_that_is_known_of_it(tmp_path: Path) -> None:
    rows = visits(600, device="phone")
    report = analysed(written(tmp_path / "a.csv", rows), goals=goal("page=/thanks", value=20, currency="EUR"))
    first = report.points[0]

    assert (first.rank, first.detector, first.page, first.target) == (1, "rage_click", "/cart", "button#buy")
    assert first.impact.low is not None
    assert first.impact.low > 0
    assert (first.impact.metric, first.impact.confidence) == ("lost_conversions", "high")
    assert first.impact.revenue is not None
    assert 0 < (first.score or 0) <= 100
    assert first.recommendation.text
    assert len(first.evidence) == 5
    assert len({moment.session_id for moment in first.evidence}) == 5


def test_a_friction_without_harm_is_found_and_does_not_cost(tmp_path: Path) -> None:
    report = analysed(written(tmp_path / "a.csv", visits(600, harm=0.0)), goals=goal("page=/thanks"))
    found = point(report, "rage_click", "/cart", "button#buy")

    assert found.sessions_affected > 100
    assert found.impact.confidence == "low"
    assert found.impact.low is not None
    assert found.impact.low < 0 < (found.impact.high or 0)


def test_the_true_loss_lies_in_the_interval(tmp_path: Path) -> None:
    rows = visits(1500, seed=3, harm=0.4)
    found = point(
        analysed(written(tmp_path / "a.csv", rows), goals=goal("page=/thanks")),
        *("rage_click", "/cart", "button#buy"),
    )
    # Four in ten are pushed out at the cart; without that, four in five would have come to the thanks.
    lost = 0.4 * found.sessions_affected

    assert (found.impact.low or 0) < lost < (found.impact.high or 0)


def test_progress_names_its_stages_in_order_and_ends(tmp_path: Path) -> None:
    seen: list[tuple[str, float]] = []
    export = written(tmp_path / "a.csv", visits(20))
    scan.analyze([export], None, Settings(), progress=lambda stage, share, _: seen.append((stage, share)))

    assert list(dict.fromkeys(stage for stage, _ in seen)) == ["reading", "sorting", "detecting", "ranking"]
    assert all(0 <= share <= 1 for _, share in seen)
    assert ("detecting", 1.0) in seen


def test_files_bear_the_names_the_user_gave_them(tmp_path: Path) -> None:
    export = written(tmp_path / "a.csv", visits(40))
    report = scan.analyze([export], ["exports/march.csv"], Settings())

    assert [file.name for file in report.input.files] == ["exports/march.csv"]
    assert {moment.file for p in report.points for moment in p.evidence} == {"exports/march.csv"}


def test_only_the_detectors_asked_for_run(tmp_path: Path) -> None:
    export = written(tmp_path / "a.csv", visits(60))
    report = analysed(export, analysis={"detectors": ["rage_click"]})

    assert [run.name for run in report.detectors] == ["rage_click"]
    assert {p.detector for p in report.points} == {"rage_click"}


def test_a_point_does_not_depend_on_which_other_detectors_run(tmp_path: Path) -> None:
    export = written(tmp_path / "a.csv", visits(200))
    one = analysed(export, analysis={"detectors": ["rage_click"]}, goals=goal("page=/thanks")).points[0]
    both = point(analysed(export, goals=goal("page=/thanks")), "rage_click", "/cart", "button#buy")

    assert (one.id, one.findings, one.impact.estimate) == (both.id, both.findings, both.impact.estimate)


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ({"analysis": {"detectors": ["rage_klick"]}}, "detector.unknown"),
        ({"detectors": {"rage_click": {"min_click": 3}}}, "config.unknown_key"),
        ({"detectors": {"rage_click": {"min_clicks": 1}}}, "config.bad_value"),
    ],
)
def test_what_cannot_be_asked_for_is_refused_before_anything_is_read(
    tmp_path: Path, settings: dict[str, Any], code: str
) -> None:
    with pytest.raises(UsageError) as caught:
        analysed(tmp_path / "never-read.csv", **settings)

    assert caught.value.problem.code == code


def test_a_threshold_needs_the_one_detector_it_is_for(tmp_path: Path) -> None:
    export = written(tmp_path / "a.csv", visits(5))
    for chosen in ([], ["rage_click", "dead_click"]):
        with pytest.raises(UsageError, match="exactly one"):
            scan.detect([export], None, Settings(), chosen, {"min_clicks": "3"}, tmp_path / "out.csv")


def test_an_inspection_says_what_a_file_is_and_can_tell(tmp_path: Path) -> None:
    found = inspected(written(tmp_path / "a.csv", visits(30, load_ms=900, odd="x")))

    assert (found["sessions"], found["events"]) == (30, len(visits(30)))
    assert (found["start"][:10], found["main_host"]) == ("2026-03-02", "shop.test")
    assert found["files"][0]["facts"]["columns"]["odd"] is None
    assert found["files"][0]["facts"]["columns"]["timestamp"] == "ts"
    assert "slow_page" in found["assessable"]
    assert "form_abandonment" in found["not_assessable"]
    assert set(found["capabilities"]) <= set(CAPABILITIES)
    assert found["pages"][0] == {"page": "/", "type": "home", "views": 30}


def test_an_inspection_says_by_what_a_file_was_recognised_and_shows_masked_values(tmp_path: Path) -> None:
    path = tmp_path / "visits.csv"
    path.write_text(
        "timestamp,session,event,page,colour\n"
        "2026-03-02T09:00:00Z,a,click,/reset/Ab3dE9fgh12345?mail=anna@example.com,red\n"
        "2026-03-02T09:00:05Z,a,click,/user/anna@example.com,blue\n"
    )
    (told,) = scan.inspect([path], None, Settings())["recognition"]

    assert (told["source"], told["confidence"]) == ("generic", None)
    assert told["told_by"] == ["timestamp", "session", "event", "page"]
    columns = {row["column"]: (row["read_as"], row["values"]) for row in told["columns"]}
    assert columns["timestamp"] == ("ts", ["2026-03-02T09:00:00Z", "2026-03-02T09:00:05Z"])
    assert columns["page"] == ("url", ["/reset/:token?mail", "/user/:email"])
    assert columns["colour"] == (None, [])


def test_of_a_log_an_inspection_shows_no_values_as_names_of_columns(tmp_path: Path) -> None:
    path = tmp_path / "access.log"
    line = (
        '203.0.113.9 - anna [02/Mar/2026:10:05:03 +0000] "GET /a HTTP/1.1" 200 12 "-" "Mozilla/5.0 (X11)"\n'
    )
    path.write_text(line * 3)
    (told,) = inspected(path)["recognition"]

    assert told["source"] == "access_log"
    assert {row["column"]: row["read_as"] for row in told["columns"]}["clf_time"] == "ts"
    assert not [row["column"] for row in told["columns"] if row["column"] in {"203.0.113.9", "anna", "200"}]


def test_a_table_without_a_header_is_shown_by_its_numbered_columns(tmp_path: Path) -> None:
    path = tmp_path / "visits.csv"
    path.write_text("2026-03-02T09:00:00Z,a,click,/user/anna@example.com,anna@example.com\n" * 3)
    columns = {"header": "none", "ts": "column 1", "session_id": "column 2", "kind": "column 3"}
    told = inspected(path, mapping=columns)["recognition"][0]

    assert [row["column"] for row in told["columns"]] == [f"column {n}" for n in range(1, 6)]
    assert "anna" not in str(told)


@pytest.mark.parametrize("name", ["fullstory", "ga4", "amplitude", "segment"])
def test_a_known_export_says_by_which_of_its_names_it_is_known(name: str, tmp_path: Path) -> None:
    for file, content in made(name, 3).items():
        (tmp_path / file).write_bytes(content)
        told = scan.inspect([tmp_path / file], None, Settings())["recognition"][0]

        assert told["source"] == name
        assert told["confidence"] > 0.9
        assert len(told["told_by"]) >= 3
        assert any(row["read_as"] == "ts" and row["values"] for row in told["columns"])


def test_an_inspection_and_a_report_agree_on_what_was_read(tmp_path: Path) -> None:
    export = written(tmp_path / "a.csv", [*visits(30), row(None, 0, "click", "/a")])
    found, books = inspected(export), analysed(export).input

    for name in ("events", "sessions", "visitors", "start", "end", "capabilities"):
        assert found[name] == getattr(books, name)
    assert found["rejected"] == {"no_session": 1}


def test_pages_follow_the_users_own_templates(tmp_path: Path) -> None:
    rows = [
        row(f"s{n}", 4000 * n + click / 8, "click", f"/wiki/word{n}", "b")
        for n in range(9)
        for click in range(5)
    ]
    report = analysed(written(tmp_path / "a.csv", rows), pages={"templates": ["/wiki/:word"]})

    assert [p.page for p in report.points] == ["/wiki/:word"]
    assert report.points[0].sessions_affected == 9


def test_other_hosts_stand_in_front_of_their_pages(tmp_path: Path) -> None:
    rows = visits(40) + [
        row("h1", n / 8, "click", None, "b") | {"url": "https://help.test/faq"} for n in range(5)
    ]
    report = analysed(written(tmp_path / "a.csv", rows))

    assert "help.test/faq" in {p.page for p in report.points}


def test_hash_routes_are_pages(tmp_path: Path) -> None:
    rows = [row("s1", n / 8, "click", "/app#/settings/mail", "b") for n in range(5)]
    (found,) = analysed(written(tmp_path / "a.csv", rows)).points

    assert found.page.endswith("#/settings/mail")
