"""The child of an analysis is started while the door reads its arguments, and never outlives the command."""

from __future__ import annotations

import os
import sys

import pytest

from friction.child.ahead import load
from friction.cli.early import ASKED, begun, waiting
from friction.config import Settings


@pytest.fixture(autouse=True)
def _bare_child(monkeypatch: pytest.MonkeyPatch) -> None:
    """No engine is loaded here: what counts is when a child starts and ends."""
    monkeypatch.setattr("friction.cli.early.AHEAD", ("sh", "-c", "exec sleep 60"))


@pytest.mark.parametrize("command", ["analyze", "detect", "convert", "inspect"])
def test_a_child_waits_for_what_asks_one_and_ends_with_the_command(command: str) -> None:
    with begun([command, "events.csv"]):
        spare = waiting(Settings())
        assert spare is not None
        pid = spare.pid
        assert pid is not None
    assert waiting() is None
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


@pytest.mark.parametrize(
    "words",
    [[], ["doctor", "events.csv"], ["analyze", "--help"], ["analyze", "events.csv", "--threads=1"]],
)
def test_no_child_is_started_for_what_needs_none_or_one_of_its_own(words: list[str]) -> None:
    with begun(words):
        assert waiting() is None


def test_settings_with_a_number_of_threads_get_a_child_of_their_own() -> None:
    settings = Settings.model_validate({"limits": {"threads": 1}})
    with begun(["analyze", "events.csv"]):
        spare = waiting()
        assert waiting(settings) is None
        assert spare is not None
        assert spare.pid is None


@pytest.mark.parametrize("room", sorted({*ASKED.values()}))
def test_a_child_can_load_every_room_that_it_may_be_asked_for(room: str) -> None:
    load(room)

    assert f"friction.scan.{room}" in sys.modules
