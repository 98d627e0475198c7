"""Whether rows are held in memory or go by way of the disk, decided by what is allowed and by what there is."""

from __future__ import annotations

from pathlib import Path

import pytest

from friction import scratch
from friction.ingest import room
from friction.ingest.disk import Disk
from friction.ingest.room import ENGINE_BYTES, EVENT_BYTES, way_for
from friction.ingest.way import MEMORY, Way
from friction.isolate import memory

ROWS = 1_000
NEED = ENGINE_BYTES + EVENT_BYTES * ROWS


@pytest.fixture
def export(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file of so many records; nothing is given back while tests share a process."""
    monkeypatch.setattr(memory, "give_back", lambda: None)
    path = tmp_path / "events.csv"
    path.write_text("session_id,ts,kind\n" + "s1,2026-03-01T10:00:00Z,click\n" * (ROWS - 1), encoding="utf-8")
    return path


def way(export: Path, ceiling: int | None) -> Way:
    return way_for([export], ceiling, None, lambda *_: None)


def test_what_fits_in_what_is_allowed_is_held_in_memory(export: Path) -> None:
    assert way(export, NEED + EVENT_BYTES) is MEMORY
    assert isinstance(way(export, NEED - 10 * EVENT_BYTES), Disk)


def test_nobody_has_to_ask_for_a_large_file_to_spare_memory(
    export: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memory, "ceiling", lambda: 100 * NEED)
    monkeypatch.setattr(room, "MOST", NEED - 10 * EVENT_BYTES)

    assert isinstance(way(export, None), Disk)
    assert isinstance(way(export, 100 * NEED), Disk)


@pytest.mark.parametrize(("there_is", "expected"), [(100 * NEED, True), (NEED // 2, False)])
def test_where_the_disk_is_full_memory_is_taken_if_there_is_enough(
    export: Path, monkeypatch: pytest.MonkeyPatch, there_is: int, expected: bool
) -> None:
    monkeypatch.setattr(memory, "ceiling", lambda: there_is)
    monkeypatch.setattr(room, "MOST", NEED - 10 * EVENT_BYTES)
    monkeypatch.setattr(scratch, "free", lambda: 0)

    assert (way(export, None) is MEMORY) == expected


def test_what_a_machine_lacks_is_not_taken(export: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "ceiling", lambda: NEED // 2)

    assert isinstance(way(export, None), Disk)


def test_reading_and_arranging_tell_how_far_they_are(export: Path) -> None:
    heard: list[tuple[str, float, int]] = []
    disk = way_for([export], NEED // 2, None, lambda *said: heard.append(said))
    assert isinstance(disk, Disk)
    disk.hears(ROWS // 2)
    disk.hears(ROWS // 4)
    disk.arranges(ROWS // 4)

    assert [(stage, rows) for stage, _, rows in heard] == [
        ("reading", ROWS // 2),
        ("reading", 3 * ROWS // 4),
        ("sorting", ROWS // 4),
    ]
    assert [share for _, share, _ in heard] == pytest.approx([0.5, 0.75, 0.25], rel=0.01)
