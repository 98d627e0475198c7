"""How rules differ on one input: counts worked out by hand, and what must hold for any input."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from friction import scan
from friction.agreement import NAMES, compare
from friction.config import Settings
from friction.detectors.presets import PRESETS
from friction.i18n import language
from friction.render.agreement import agreement
from tests.detectors.presets.generated import stream
from tests.detectors.presets.streams import Row, judged, written

BUTTON = {"kind": "click", "target": "b", "el_tag": "button", "el_text": "Buy", "x": 5.0, "y": 5.0}


def clicks(*seconds: float) -> list[Row]:
    """Clicks on one button, and a change of the page long after them."""
    return [*({**BUTTON, "ms": 1000 * at + 0.5} for at in seconds), {"ms": 60_000.5, "kind": "mutation"}]


THREE, FOUR, NONE = clicks(0, 0.2, 0.4), clicks(0, 0.2, 0.4, 0.6), clicks(0, 9)


def compared(folder: Path, streams: list[list[Row]]) -> dict[str, Any]:
    written(streams).write_parquet(folder / "events.parquet")
    return compare([folder / "events.parquet"], None, Settings(), scan.quiet)


@pytest.fixture(scope="module")
def rage(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the rules find of one session with three quick clicks, one with four, and one with two slow ones."""
    found = compared(tmp_path_factory.mktemp("agreement"), [THREE, FOUR, NONE])
    assert (found["sessions"], found["clicks"]) == (3, 9)
    one: dict[str, Any] = found["detectors"]["rage_click"]
    return one


@pytest.mark.parametrize(
    ("preset", "findings", "sessions", "flagged"),
    [
        ("friction", 1, 1, 4),
        ("posthog", 2, 2, 6),
        ("datadog", 2, 2, 7),
        ("openreplay", 2, 2, 7),
        ("splunk", 1, 1, 4),
        ("highlight", 0, 0, 0),
        ("contentsquare (unverified)", 2, 2, 7),
    ],
)
def test_each_rule_is_counted(
    rage: dict[str, Any], preset: str, findings: int, sessions: int, flagged: int
) -> None:
    (rule,) = (rule for rule in rage["rules"] if rule["preset"] == preset)

    assert (rule["findings"], rule["sessions"], rule["clicks"]) == (findings, sessions, flagged)


@pytest.mark.parametrize(
    ("pair", "sessions", "flagged"),
    [
        (["posthog", "splunk"], (1, 2, 0.5), (3, 7, 3 / 7)),
        (["posthog", "datadog"], (2, 2, 1.0), (6, 7, 6 / 7)),
        (["friction", "splunk"], (1, 1, 1.0), (4, 4, 1.0)),
        (["highlight", "splunk"], (0, 1, 0.0), (0, 4, 0.0)),
    ],
)
def test_two_rules_agree_on_the_share_of_what_either_flags(
    rage: dict[str, Any], pair: list[str], sessions: tuple[Any, ...], flagged: tuple[Any, ...]
) -> None:
    (found,) = (one for one in rage["agreement"] if one["presets"] == pair)

    assert tuple(found["sessions"].values()) == sessions
    assert tuple(found["clicks"].values()) == pytest.approx(flagged)


def test_what_neither_flags_has_no_agreement(tmp_path: Path) -> None:
    pairs = compared(tmp_path, [NONE])["detectors"]["rage_click"]["agreement"]

    assert pairs
    assert all(pair["sessions"] == {"both": 0, "either": 0, "agreement": None} for pair in pairs)


def test_every_rule_of_every_preset_is_asked_or_says_why_not(tmp_path: Path) -> None:
    found = compared(tmp_path, [THREE])["detectors"]
    listed = {(name, rule["preset"].split(" ")[0]) for name in NAMES for rule in found[name]["rules"]}

    assert {(name, preset) for preset, known in PRESETS.items() for name in known} <= listed
    for rule in (rule for one in found.values() for rule in one["rules"]):
        assert (rule["findings"] is None) == (rule["not_assessable"] is not None)


def test_counts_are_those_of_detect(tmp_path: Path) -> None:
    streams = [stream(seed, clicks=0.7) for seed in range(30)]
    found = compared(tmp_path, streams)["detectors"]

    for preset in ("posthog", "datadog", "amplitude", "newrelic"):
        raw = [one for own in judged(tmp_path, preset, streams, ["rage_click", "dead_click"]) for one in own]
        for name in ("rage_click", "dead_click"):
            (rule,) = (rule for rule in found[name]["rules"] if rule["preset"] == preset)
            assert rule["findings"] == sum(one.detector == name for one in raw)


def printed(found: dict[str, Any], lang: str) -> str:
    page = io.StringIO()
    Console(file=page, width=100).print(agreement(found, language(lang)))
    return page.getvalue()


def test_the_terminal_shows_counts_reasons_and_agreement(tmp_path: Path) -> None:
    text = printed(compared(tmp_path, [THREE, FOUR, NONE]), "en")

    assert "9 clicks in 3 sessions" in text
    assert "Cannot be said: needs mouse movements (friction, amplitude, splunk)." in text
    assert "hotjar (unverified)" in text
    assert " 50" in text


def test_it_speaks_french(tmp_path: Path) -> None:
    text = printed(compared(tmp_path, [THREE, FOUR, NONE]), "fr")

    assert "9 clics dans 3 sessions" in text
    assert "hotjar (non vérifié)" in text
    assert "la règle n’est pas publiée" in text
