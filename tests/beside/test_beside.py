"""What lies beside a report, on the recorded shop: its ways, speed, forms, sessions and masked recordings."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from friction import scan
from friction.beside import folder
from friction.beside.write import write_beside
from friction.config import read
from friction.report import Report

RECORDINGS = sorted(Path("fixtures/sites/recorded/recordings").glob("*.json.gz"))[:24]


@dataclass(frozen=True)
class Written:
    folder: Path
    report: Report


def written(paths: Sequence[Path], into: Path, goal: str = "page=/checkout/done") -> Written:
    names = [path.name for path in paths]
    settings = read({"goals": {"order": {"when": goal}}}, "the test")
    report = scan.analyze(
        paths,
        names,
        settings,
        also=lambda analysis, report: write_beside(analysis, report, paths, names, into),
    )
    return Written(into, report)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Written:
    return written(RECORDINGS, tmp_path_factory.mktemp("shop"))


def test_every_session_that_shows_a_point_has_its_recording(shop: Written) -> None:
    shown = {moment.session_id for point in shop.report.points for moment in point.evidence}

    assert shown == set(folder.recordings(shop.folder))
    assert all(folder.recording(shop.folder, name) for name in shown)


def test_the_moment_of_the_evidence_lies_within_the_recording(shop: Written) -> None:
    from datetime import datetime

    index = folder.recordings(shop.folder)
    for point in shop.report.points:
        for moment in point.evidence:
            at = datetime.fromisoformat(moment.start).timestamp() * 1000

            assert index[moment.session_id]["start"] <= at <= index[moment.session_id]["end"]


def test_recordings_hold_no_address_and_nothing_typed(shop: Written) -> None:
    for name in folder.recordings(shop.folder):
        found = json.dumps(folder.recording(shop.folder, name), ensure_ascii=False)

        assert "//" not in found
        assert "hearthside.example" not in found


def test_the_same_files_write_the_same_bytes_in_any_order(shop: Written, tmp_path: Path) -> None:
    again = written(RECORDINGS[::-1], tmp_path)

    names = sorted(path.relative_to(tmp_path) for path in tmp_path.rglob("*.*") if path.is_file())

    assert len(names) > 15
    recorded = [name for name in names if name.suffix == ".gz"]
    assert all((shop.folder / name).read_bytes() == (again.folder / name).read_bytes() for name in recorded)
    assert folder.views(again.folder) == folder.views(shop.folder)


def test_sessions_tell_what_they_met_and_did(shop: Written) -> None:
    listed = folder.session_list(shop.folder)
    ids = {point.id for point in shop.report.points}
    one = folder.session(shop.folder, listed["sessions"][0]["id"])

    assert listed["total"] == shop.report.input.sessions
    assert set(listed["sessions"][0]["points"]) <= ids
    assert one is not None
    assert one["around"][0]["kind"] == "page_view"
    assert folder.session(shop.folder, "nobody") is None


def test_as_many_sessions_meet_a_point_as_the_report_says(shop: Written) -> None:
    listed = folder.session_list(shop.folder)["sessions"]
    for point in shop.report.points:
        met = sum(point.id in each["points"] for each in listed)

        assert met == point.sessions_affected


def test_ways_add_up(shop: Written) -> None:
    ways = folder.views(shop.folder)["paths"]
    links = ways["from_start"]["all"]
    into = {step: sum(n for at, _, to, n in links if at == step - 1 and to != "") for step in range(1, 5)}
    out = {step: sum(n for at, _, _, n in links if at == step) for step in range(4)}

    assert out[0] == shop.report.input.sessions
    assert all(into[step] == out[step] for step in range(1, 4))
    for page in ways["around"]:
        assert sum(n for _, n in page["after"]) == page["views"] == sum(n for _, n in page["before"])


def test_clicks_fall_where_the_recordings_say(shop: Written) -> None:
    cart = next(each for each in folder.views(shop.folder)["clicks"] if each["page"] == "/cart")
    wide, narrow = cart["layouts"]
    gift, code = (
        next(each for each in wide["elements"] if each["target"] == target)
        for target in ("button#gift-wrap", "input#code")
    )

    assert (wide["window"], narrow["window"]) == ("wide", "narrow")
    assert wide["below"] == "page", "recordings say how far it was scrolled"
    assert wide["clicks"] == wide["deeper"] + sum(n for _, _, n, _ in wide["cells"])
    assert 0.05 < gift["x"] < code["x"] < 0.25
    assert gift["y"] < code["y"], "the code is asked for below the gift"
    assert 0 < sum(bad for _, _, _, bad in wide["cells"]) < wide["clicks"]


def test_the_report_is_the_same_without_what_lies_beside_it(shop: Written) -> None:
    settings = read({"goals": {"order": {"when": "page=/checkout/done"}}}, "the test")
    alone = scan.analyze(RECORDINGS, [path.name for path in RECORDINGS], settings)

    assert alone.to_json() == shop.report.to_json()


def test_goal_and_others_are_all_of_them(shop: Written) -> None:
    ways = folder.views(shop.folder)["paths"]["from_start"]
    starts = {who: sum(n for at, _, _, n in links if at == 0) for who, links in ways.items()}

    assert shop.report.goal is not None
    assert starts["converted"] == shop.report.goal.conversions
    assert starts["converted"] + starts["others"] == starts["all"]


def test_a_visitor_who_is_forgotten_leaves_nothing_beside_the_report(tmp_path: Path) -> None:
    into = written(RECORDINGS[:12], tmp_path).folder
    name, entry = next(iter(folder.recordings(into).items()))
    before = folder.session_list(into)

    assert folder.forget(into, entry["visitor"]) >= 1

    assert folder.recording(into, name) is None
    assert not (into / folder.RECORDINGS / entry["file"]).exists()
    assert folder.session(into, name) is None
    after = folder.session_list(into)
    assert len(after["sessions"]) == len(before["sessions"]) - 1
    assert all(folder.session(into, each["id"]) for each in after["sessions"])


def test_a_session_in_several_files_is_one_recording(tmp_path: Path) -> None:
    import gzip

    source = json.loads(gzip.decompress(RECORDINGS[0].read_bytes()))
    wrapper = source[0] if isinstance(source, list) else source
    key = next(key for key in ("events", "snapshots", "rrweb_data") if key in wrapper)
    events, files = wrapper[key], []
    for number, part in enumerate((events[:100], events[100:])):
        path = tmp_path / f"part{number}.json"
        path.write_text(json.dumps({**wrapper, key: part}))
        files.append(path)
    (tmp_path / "out").mkdir()

    into = written([*files, *RECORDINGS[1:24]], tmp_path / "out").folder
    whole = folder.recordings(into).get("2025-03-31-01")

    assert whole is not None
    assert whole["end"] - whole["start"] > 0.9 * (events[-1]["timestamp"] - events[0]["timestamp"])


def test_without_recordings_there_is_a_list_of_sessions_and_no_recording(tmp_path: Path) -> None:
    rows = ["timestamp,session_id,event,url,target"]
    rows += [
        f"2026-03-01T10:{minute:02}:{second:02}.{tenth}00Z,s{minute},{event},/a,button#b"
        for minute in range(30)
        for second, tenth, event in ((0, 0, "page_view"), (1, 0, "click"), (1, 2, "click"), (1, 4, "click"))
    ]
    export = tmp_path / "events.csv"
    export.write_text("\n".join(rows))
    into = tmp_path / "out"
    into.mkdir()

    written([export], into, goal="event=purchase")

    assert folder.recordings(into) == {}
    assert folder.session_list(into)["total"] == 30
    assert folder.views(into)["forms"] == []
