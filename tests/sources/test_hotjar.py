"""Lists of recordings of Hotjar: sessions in our units, and no link that opens one."""

from __future__ import annotations

from pathlib import Path

import pytest

from friction.sources.hotjar import bare_link, recording
from friction.testing.exports import VISITS
from friction.testing.exports.listed import pages
from tests.sources.counted import FIXTURES, OWN, counted, read, times, written


def test_a_recording_of_hotjar_becomes_a_session() -> None:
    rows = counted("hotjar/recordings.csv").sessions.sort("start")

    assert rows["session_id"].to_list() == [f"77:{9000 + number}" for number in range(VISITS)]
    assert rows["rage_clicks"].to_list() == [times(own, "rage") for own in OWN]
    assert rows["pages"].to_list() == [len(pages(own)) for own in OWN]
    assert rows["start"].to_list() == [own[0].at.replace(microsecond=0) for own in OWN]
    assert rows["screen_w"].to_list() == [390 if own[0].is_phone else 1440 for own in OWN]
    assert rows["returning"].to_list() == [bool(own[0].visitor % 2) for own in OWN]


def test_durations_of_hotjar_are_seconds_and_nothing_is_written_as_a_word() -> None:
    rows = counted("hotjar/recordings.csv").sessions.sort("start")

    assert rows["duration_s"].to_list() == [round((own[-1].at - own[0].at).total_seconds()) for own in OWN]
    assert rows["nps"].to_list() == [9.0, None, None, None]
    assert rows["referrer"].null_count() == VISITS


def test_the_zone_of_hotjar_is_assumed_unless_it_is_said() -> None:
    path = FIXTURES / "hotjar" / "recordings.csv"
    assumed, said = read(path).counted, read(path, tz="Europe/Paris").counted
    assert assumed is not None
    assert said is not None

    assert assumed.sessions["tz_assumed"].all()
    assert not said.sessions["tz_assumed"].any()
    moved = assumed.sessions["start"] - said.sessions["start"]
    assert set(moved.dt.total_minutes()) == {60}


def test_a_list_of_hotjar_survives_a_spreadsheet(tmp_path: Path) -> None:
    text = (FIXTURES / "hotjar" / "recordings.csv").read_text(encoding="utf-8")
    text = text.replace('"checkout, voucher"', "checkout").replace(",", ";").replace("True", "WAHR")
    text = text.replace("Score®", "ScoreÂ®").replace("\n", ";seen\n")
    rows = counted("hotjar/recordings.csv").sessions

    saved = read(written(tmp_path, text)).counted

    assert saved is not None
    assert saved.sessions.drop("labels").equals(rows.drop("labels"))


def test_a_row_without_time_or_recording_is_set_aside(tmp_path: Path) -> None:
    lines = (FIXTURES / "hotjar" / "recordings.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    lines[1] = lines[1].replace("2026-03-02T08:00:00", "N/A")
    lines[3] = "N/A" + lines[3][lines[3].index(",") :]

    reading = read(written(tmp_path, "".join(lines)))

    assert reading.rejects.sort("row_no")["reason"].to_list() == ["time_unreadable", "no_session"]
    assert reading.facts["records"] == VISITS


@pytest.mark.parametrize(
    ("url", "session", "link"),
    [
        ("https://h.example/r?site=7&recording=9&token=abc", "7:9", "https://h.example/r?site=7&recording=9"),
        ("https://h.example/r?recording=9", "9", "https://h.example/r?recording=9"),
        ("https://h.example/view/12?token=abc", "https://h.example/view/12", "https://h.example/view/12"),
        ("javascript:alert(1)", "javascript:alert(1)", None),
    ],
)
def test_a_recording_is_named_without_what_opens_it(url: str, session: str, link: str | None) -> None:
    assert (recording(url), bare_link(url)) == (session, link)
