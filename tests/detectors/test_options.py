"""Every option says in words what it is, in which unit, and what a higher value changes."""

from __future__ import annotations

from typing import Annotated, ClassVar

import pytest
from pydantic import Field

from friction.detectors import BUILTIN
from friction.detectors.base import Detector
from friction.detectors.options import options_of
from friction.detectors.presets import PRESETS
from friction.i18n import LANGUAGES, language
from friction.values import dataclass

OURS = [*BUILTIN.values(), *(rule for known in PRESETS.values() for rule in known.values())]
UNITS = {"_ms": "(ms", "_px": "(px", "Ms": "(ms", "Seconds": "(s", "_hours": "(hours", "_share": "(0–1"}
LONGEST = 75
"""Characters of a first sentence: what a page writes before a field."""


@dataclass(frozen=True, kw_only=True)
class Mine(Detector):
    """Mine: found by somebody else."""

    name: ClassVar[str] = "mine"

    bare: int = 3
    told: int = 4
    """Minimum of something. Higher: less of it."""
    twice: Annotated[int, Field(description="Said to pydantic.")] = 5
    """Said below."""


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("detector", OURS, ids=lambda one: f"{one.preset}-{one.name}")
def test_every_option_says_what_it_is_and_what_it_changes(detector: type[Detector], code: str) -> None:
    for option, schema in options_of(detector).items():
        assert "description" in schema, f"{detector.__name__}.{option} has no text below it"
        what, _, change = language(code).text(schema["description"]).partition(". ")

        assert 0 < len(what) <= LONGEST, f"{detector.__name__}.{option}"
        assert change.endswith("."), f"{detector.__name__}.{option}"


@pytest.mark.parametrize("detector", OURS, ids=lambda one: f"{one.preset}-{one.name}")
def test_units_in_names_are_said(detector: type[Detector]) -> None:
    for option, schema in options_of(detector).items():
        for ending, unit in UNITS.items():
            assert not option.endswith(ending) or unit in schema["description"], option


def test_the_options_of_a_plug_in_are_named_where_they_say_nothing() -> None:
    said = {option: schema.get("description") for option, schema in options_of(Mine).items()}

    assert said["bare"] is None
    assert said["told"] == "Minimum of something. Higher: less of it."
    assert said["twice"] == "Said to pydantic."
    assert said["counted"] == options_of(BUILTIN["rage_click"])["counted"]["description"]


def test_a_detector_whose_source_is_not_at_hand_has_its_options_all_the_same() -> None:
    made = type("Made", (Mine,), {"__module__": "nowhere_at_all"})

    assert options_of(made)["told"]["default"] == 4
