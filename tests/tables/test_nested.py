"""Lines that hold whole sessions are read event by event."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from friction.tables.nested import inner_list
from tests.exports import analysed

START = 1_772_438_400_000


def sessions(count: int = 3) -> list[str]:
    kinds = ("views", "clicks", "carts")
    return [
        json.dumps(
            {
                "session": one,
                "events": [
                    {"aid": 5, "ts": START + 9_000 * at, "type": kind} for at, kind in enumerate(kinds)
                ],
            }
        )
        for one in range(count)
    ]


def test_every_event_belongs_to_the_session_of_its_line(tmp_path: Path) -> None:
    path = tmp_path / "train.jsonl"
    path.write_text("\n".join(sessions()) + "\n", encoding="utf-8")

    found = analysed(path).input

    assert (found.events, found.sessions, found.rows_rejected) == (9, 3, 0)


def test_a_torn_line_costs_itself(tmp_path: Path) -> None:
    lines = sessions()
    path = tmp_path / "train.jsonl"
    path.write_text("\n".join([lines[0], lines[1][:40], lines[2]]) + "\n", encoding="utf-8")

    found = analysed(path).input

    assert (found.rows_accepted, found.rows_rejected) == (6, 1)


def test_an_empty_list_is_a_session_without_events(tmp_path: Path) -> None:
    path = tmp_path / "train.jsonl"
    path.write_text("\n".join([*sessions(), '{"session": 9, "events": []}']), encoding="utf-8")

    assert analysed(path).input.sessions == 3


@pytest.mark.parametrize(
    "line",
    ['{"events": [{"ts": 1}]}', '{"session": 1, "events": [1]}', '{"session": 1, "events": {"a": 1}}', "[]"],
)
def test_envelopes_and_other_lists_are_no_sessions(line: str) -> None:
    assert inner_list(f"{line}\n{line}\n".encode()) is None
