"""Which detectors there are, without loading what they work with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from importlib.metadata import entry_points
from pathlib import Path

import friction
from friction.declared import texts_of
from friction.errors import UsageError, nearest
from friction.i18n import Language
from friction.i18n.codes.detectors import DETECTOR
from friction.report import DetectorRun

PLUG_INS = "friction.detectors"
"""Their entry points; what they call their detectors is known only to the process that loads them."""


def known(names: Iterable[str]) -> None:
    """Raises `UsageError` for the first name that no detector has, before anything is sent or waits in the line."""
    unknown = sorted(set(names) - set(DETECTOR))
    if unknown and not entry_points(group=PLUG_INS):
        remedy = nearest(unknown[0], DETECTOR)
        raise UsageError("detector.unknown", f"there is no detector {unknown[0]!r}", remedy=remedy)


def explained(speak: Language, run: DetectorRun, option: str) -> tuple[str, str]:
    """What an option is, with its unit, and what a higher value changes; of a preset or plug-in its name alone."""
    text = None if run.preset else _options(run.name).get(option)
    what, _, change = speak.text(text).partition(". ") if text else (option, "", "")
    return what, change


def ordered(run: DetectorRun) -> list[tuple[str, object]]:
    """Options with their values as the detector's file has them, what decides first; others follow by name."""
    place = {option: number for number, option in enumerate(_options(run.name))}
    return sorted(run.parameters.items(), key=lambda each: (place.get(each[0], len(place)), each[0]))


@cache
def _options(name: str) -> Mapping[str, str]:
    """What each option of a detector of ours says about itself, as it stands in its file; nothing for others."""
    if name not in DETECTOR:
        return {}
    source = Path(friction.__file__).with_name("detectors") / f"{name}.py"
    classes = texts_of(source.read_text(encoding="utf-8")).values()
    return {option: text for texts in classes for option, text in texts.items()}
