"""What holds for every rule of every preset, and how presets are asked for."""

from __future__ import annotations

import inspect
import sys
from pathlib import Path

import polars as pl
import pytest

from friction import scan
from friction.config import Settings
from friction.detectors import presets
from friction.detectors.base import CORE, FINDING
from friction.detectors.presets import PRESETS
from friction.detectors.presets.rule import Rule
from friction.elements.css import Selectors
from friction.errors import UsageError
from friction.schema import CAPABILITIES, EVENT, KINDS, conform
from friction.testing import LAWS
from friction.testing.laws import prepared
from tests.detectors.presets.generated import movement, stream
from tests.detectors.presets.streams import written

RULES = [rule() for known in PRESETS.values() for rule in known.values() if rule.is_published]
every_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule.preset} {rule.name}")
ASKED = set(
    "posthog posthog-2025-11-30 posthog-2026-05-30 datadog sentry openreplay highlight mixpanel amplitude newrelic"
    " splunk".split()
)
UNVERIFIED = {"clarity", "hotjar", "contentsquare", "fullstory", "mouseflow"}


@pytest.fixture(scope="module")
def rows() -> pl.DataFrame:
    """Generated sessions in the order of a part, numbered, with all columns of the event table."""
    streams = [*(stream(seed, clicks=0.7) for seed in range(24)), *(movement(seed) for seed in range(12))]
    frame = conform(written(streams).lazy()).collect().sort("session_id", "ts", "seq").drop("page")
    return frame.with_columns(page=pl.lit("/a"), scroll_ends=pl.lit(value=False)).with_row_index("row")


def findings(rule: Rule, rows: pl.DataFrame) -> pl.DataFrame:
    """What the rule finds in the columns that it names; the facts it asks for are made as the analysis makes them."""
    wanted = sorted((CORE - {"view"}) | rule.columns | rule.facts)
    return rule.detect(prepared(rule, rows).lazy().select(wanted)).collect()


@every_rule
def test_findings_have_the_common_columns_and_types(rule: Rule, rows: pl.DataFrame) -> None:
    schema = findings(rule, rows).schema

    assert {name: schema[name] for name in FINDING} == dict(FINDING)
    assert list(schema)[3 + len(FINDING) :] == list(rule.details)


@every_rule
def test_there_is_something_to_find(rule: Rule, rows: pl.DataFrame) -> None:
    assert findings(rule, rows).height > 0 or rule.preset == "hotjar"


@pytest.mark.parametrize(
    "law", ["no_events", "on_its_rows", "session_by_session", "shifted_times", "travels"]
)
@every_rule
def test_the_laws_of_all_detectors_hold(rule: Rule, law: str, rows: pl.DataFrame) -> None:
    LAWS[law](rule, rows)


@every_rule
def test_what_a_rule_names_exists(rule: Rule) -> None:
    assert rule.watches <= set(KINDS)
    assert rule.reactions - {"window"} <= set(KINDS)
    assert rule.columns <= {*EVENT, "scroll_ends"}
    assert rule.needs <= set(CAPABILITIES)


def test_all_presets_are_there() -> None:
    assert set(PRESETS) == ASKED | UNVERIFIED


def test_what_no_tool_has_published_is_marked() -> None:
    rules = {preset: rule for preset, known in PRESETS.items() for rule in known.values()}

    assert {preset for preset, rule in rules.items() if not rule.is_verified} == UNVERIFIED
    assert rules["hotjar"]().label == "hotjar (unverified)"
    assert rules["posthog"]().label == "posthog"


@pytest.mark.parametrize("preset", PRESETS)
def test_a_preset_says_its_rule_in_words(preset: str) -> None:
    module = sys.modules[next(iter(PRESETS[preset].values())).__module__]
    text = inspect.getdoc(module) or ""

    assert "Reading" in text
    assert "Source" in text or preset in UNVERIFIED


@pytest.mark.parametrize(
    ("preset", "names", "code", "remedy"),
    [
        ("postog", None, "preset.unknown", "posthog"),
        ("highlight", ["dead_click"], "preset.no_rule", "rage_click"),
    ],
)
def test_what_a_tool_has_not_is_an_error_that_says_what_it_has(
    preset: str, names: list[str] | None, code: str, remedy: str
) -> None:
    with pytest.raises(UsageError) as error:
        presets.rules(preset, names)

    assert error.value.problem.code == code
    assert remedy in (error.value.problem.remedy or "")


def test_settings_have_the_names_of_the_tool() -> None:
    (rule,) = presets.rules("sentry", ["slow_click"], {"slow_click": {"scrollTimeout": 500}})

    assert rule.parameters["scrollTimeout"] == 500
    with pytest.raises(UsageError, match="scrolltimeout"):
        presets.rules("sentry", ["slow_click"], {"slow_click": {"scrolltimeout": 500}})


@pytest.mark.parametrize("text", ["a b", "a > b", "#", "a:hover", "[x", ".a b"])
def test_a_selector_that_cannot_be_used_is_an_error(text: str) -> None:
    with pytest.raises(UsageError, match="selector"):
        Selectors(text)


def answer(tmp_path: Path, preset: str, rows: pl.DataFrame) -> dict[str, str]:
    """What the preset cannot say of a file with these rows, and why."""
    rows.write_parquet(tmp_path / "events.parquet")
    settings = Settings.model_validate({"analysis": {"preset": preset}})
    result = scan.detect([tmp_path / "events.parquet"], None, settings, [], {}, tmp_path / "found.parquet")
    found: dict[str, str] = result["not_assessable"]
    return found


CLICK = {
    "ms": 100.5,
    "kind": "click",
    "target": "b",
    "el_tag": "button",
    "el_text": "Buy",
    "x": 5.0,
    "y": 5.0,
}
REACTION = {"ms": 200.5, "kind": "mutation"}


@pytest.mark.parametrize("preset", sorted(ASKED))
def test_with_clicks_places_elements_and_a_reaction_rage_and_dead_clicks_are_assessable(
    preset: str, tmp_path: Path
) -> None:
    lacking = answer(tmp_path, preset, written([[CLICK, REACTION]]))

    assert not set(lacking) & {"rage_click", "dead_click", "slow_click"}


@pytest.mark.parametrize("preset", sorted(ASKED - {"highlight"}))
def test_without_any_reaction_dead_clicks_are_not_assessable(preset: str, tmp_path: Path) -> None:
    lacking = answer(tmp_path, preset, written([[CLICK, {**CLICK, "ms": 900.5}]]))

    assert "mutation" in lacking["dead_click"]


@pytest.mark.parametrize("preset", ["posthog", "datadog", "highlight", "mixpanel", "amplitude"])
def test_without_places_a_rule_of_places_is_not_assessable(preset: str, tmp_path: Path) -> None:
    bare = {name: value for name, value in CLICK.items() if name not in {"x", "y"}}

    assert "x" in answer(tmp_path, preset, written([[bare, REACTION]]))["rage_click"]


@pytest.mark.parametrize("preset", ["posthog", "datadog", "sentry", "openreplay", "newrelic", "splunk"])
def test_without_elements_a_rule_of_elements_is_not_assessable(preset: str, tmp_path: Path) -> None:
    bare = {name: value for name, value in CLICK.items() if not name.startswith("el_")}

    assert "dead_click" in answer(tmp_path, preset, written([[bare, REACTION]]))


def test_a_source_that_sums_reactions_up_says_nothing_about_their_kinds(tmp_path: Path) -> None:
    rows = written([[{**CLICK, "response_delay_ms": 80.0}, {"ms": 900.5, "kind": "scroll"}]])

    assert answer(tmp_path, "posthog", rows) == {"dead_click": "needs mutation"}


@pytest.mark.parametrize(("sessions", "lacking"), [(10, {}), (60, {"needs has_order"})])
def test_whole_seconds_are_a_coarse_clock_where_there_are_many(
    sessions: int, lacking: set[str], tmp_path: Path
) -> None:
    rows = written([[{**CLICK, "ms": 0.0}, {"ms": 3_000.0, "kind": "mutation"}]] * sessions)

    assert set(answer(tmp_path, "posthog", rows).values()) == set(lacking)


def test_rules_that_nobody_knows_are_never_asked(tmp_path: Path) -> None:
    assert set(answer(tmp_path, "clarity", written([[CLICK, REACTION]])).values()) == {"unpublished"}


def test_other_detectors_stay_when_a_report_is_judged_by_a_preset(tmp_path: Path) -> None:
    written([[CLICK, REACTION], [{**CLICK, "ms": 150.5}, REACTION]]).write_parquet(tmp_path / "e.parquet")
    settings = Settings.model_validate({"analysis": {"preset": "sentry"}})

    runs = {run.name: run for run in scan.analyze([tmp_path / "e.parquet"], None, settings).detectors}

    assert {name for name, run in runs.items() if run.preset == "sentry"} == set(PRESETS["sentry"])
    assert runs["rage_click"].parameters["threshold"] == 3000
    assert runs["quick_back"].preset is None


def test_presets_judge_automated_sessions_too(tmp_path: Path) -> None:
    """The tool would: who is a machine is our own judgement."""
    clicks = [{**CLICK, "ms": 100.5 + 50 * at} for at in range(20)]
    written([clicks]).write_parquet(tmp_path / "e.parquet")
    found = {}
    for preset in (None, "splunk"):
        settings = Settings.model_validate({"analysis": {"preset": preset}})
        result = scan.detect(
            [tmp_path / "e.parquet"], None, settings, ["rage_click"], {}, tmp_path / "f.parquet"
        )
        found[preset] = result["findings"]["rage_click"]

    assert found == {None: 0, "splunk": 5}
