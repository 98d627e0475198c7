"""`friction scan` from end to end: what is read and what is not, what is told, and that it may be killed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from friction.nightly.days import between, moved
from friction.nightly.scan import late_events
from tests.cli.conftest import Outcome, Run, friction
from tests.nightly.killed import FIRST_NIGHT, NIGHT, differing, project
from tests.nightly.shop import Shop
from tests.nightly.sixty import prepared, scanned

__all__ = ["friction"]


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project after its first night, with the export of the next one there."""
    return project(tmp_path_factory.mktemp("project") / "shop")


def asked(run: Run, config: Path, night: str, *words: str) -> Outcome:
    return run("scan", "--config", str(config), "--now", f"{moved(night, 1)}T04:00", *words)


def test_the_life_of_a_project_for_three_nights(friction: Run, config: Path) -> None:
    """One test, since each scan takes seconds: the plan, the night, the same again, a broken file, notes, no source."""
    plan = json.loads(asked(friction, config, NIGHT, "--check", "--format", "json").out)
    assert [(source["objects"], len(source["new"])) for source in plan["sources"]] == [(13, 1)]
    assert plan["nights"] == [NIGHT]
    assert asked(friction, config, NIGHT, "--check").out.startswith(
        "Source shop: 13 objects, 1 of them new\n"
    )

    assert friction("annotate", "v2.3", "--config", str(config), "--at", f"{NIGHT}T00:30").code == 0
    first = scanned(config, NIGHT)
    assert [event["kind"] for event in first["nights"][0]["events"]] == ["new"]
    assert first["objects"] == 1
    digest = (config.parent / "digest.md").read_text(encoding="utf-8")
    assert "release v2.3" in digest

    state = (config.parent / ".friction" / "state.json").read_bytes()
    again = scanned(config, NIGHT)
    assert (again["nights"], again["objects"], again["rows"]) == ([], 0, 0)
    assert without_health(state) == without_health((config.parent / ".friction" / "state.json").read_bytes())

    broken = config.parent / "exports" / "broken.csv"
    broken.write_bytes(b"\x00\xff\x00no table at all\n")
    outcome = asked(friction, config, NIGHT, "--lang", "fr")
    assert outcome.code == 4
    assert "broken.csv n’a pas pu être lu" in outcome.err
    assert "could not" not in outcome.err
    assert " is " not in outcome.err
    assert asked(friction, config, NIGHT).code == 0, (
        "what could not be read is not tried again while it is the same"
    )
    broken.unlink()

    notes = json.loads(friction("annotate", "--config", str(config), "--format", "json").out)
    assert [note["text"] for note in notes["annotations"]] == ["v2.3"]
    assert asked(friction, config, NIGHT, "--apart", "0" * 16).code == 2
    assert asked(friction, config, NIGHT, "--since", "soon").code == 2


def without_health(state: bytes) -> Any:
    found = json.loads(state)["state"]
    return {name: value for name, value in found.items() if name != "health"}


def test_a_configuration_without_a_source_says_what_to_write(friction: Run) -> None:
    Path("friction.toml").write_text("[time]\nzone = 'UTC'\n")

    outcome = friction("scan")

    assert outcome.code == 2
    assert "[sources.NAME]" in outcome.err


def test_two_scans_of_one_folder_do_not_run_at_once(friction: Run, tmp_path: Path) -> None:
    from friction.nightly.desk import Desk

    config = prepared(tmp_path / "shop", Shop((), sessions_a_day=1), "2026-01-01")

    with Desk(config.parent / ".friction").alone():
        outcome = asked(friction, config, FIRST_NIGHT)

    assert outcome.code == 2
    assert "another scan" in outcome.err


def test_a_killed_scan_ends_in_the_same_state_after_the_next_start() -> None:
    assert differing(2, seed=11) == []


def test_days_follow_each_other_whatever_the_clock_does() -> None:
    assert list(between("2026-03-28", "2026-03-30")) == ["2026-03-28", "2026-03-29", "2026-03-30"]


def test_doctor_says_how_the_nightly_scans_go(
    friction: Run, config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(config.parent)

    checks = json.loads(friction("doctor", "--format", "json").out)["checks"]

    scan = next(check for check in checks if check["name"] == "scan")
    assert scan["verdict"] == "remark", "months ago is too long"
    assert "rows" in scan["detail"]

    shown = friction("doctor", "--lang", "fr").out
    assert "dernière nuit" in shown
    assert "rows" not in shown


def test_events_that_come_late_are_counted() -> None:
    before = {"2026-01-01": {"views": [10] * 24}, "2026-01-02": {"views": [10] * 24}}
    now = {
        **before,
        "2026-01-01": {"views": [11] * 24, "clicks": [1] * 24},
        "2026-01-03": {"views": [9] * 24},
    }

    assert late_events(before, now, "2026-01-02") == 48
    assert late_events(before, now, None) == 0
