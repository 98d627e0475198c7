"""What pages say of options is what the detectors say themselves, without loading them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from api.detectors import explained
from friction.detectors import BUILTIN
from friction.detectors.options import options_of
from friction.i18n import language
from friction.report import DetectorRun

RUN = DetectorRun("rage_click", None, {"min_clicks": 4}, "ran", None, 3)


@pytest.mark.parametrize("name", BUILTIN)
def test_options_are_explained_as_their_detector_does(name: str) -> None:
    for option, schema in options_of(BUILTIN[name]).items():
        if option != "counted":
            said = explained(language("en"), replace(RUN, name=name), option)

            assert ". ".join(said) == schema["description"]


def test_they_are_explained_in_the_language_of_the_reader() -> None:
    assert explained(language("fr"), RUN, "min_clicks")[0] == "Nombre minimal de clics d’une rafale"


@pytest.mark.parametrize(
    "run",
    [
        replace(RUN, preset="posthog"),
        replace(RUN, name="of_a_plug_in"),
        replace(RUN, name="../base"),
        RUN,
    ],
    ids=lambda run: f"{run.preset}-{run.name}",
)
def test_an_option_that_nobody_explains_keeps_its_name(run: DetectorRun) -> None:
    assert explained(language("en"), run, "nobody_knows") == ("nobody_knows", "")
