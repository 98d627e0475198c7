"""Which detectors there are, without loading what they work with."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.metadata import entry_points

from friction.errors import UsageError, nearest
from friction.i18n.codes.detectors import DETECTOR

PLUG_INS = "friction.detectors"
"""Their entry points; what they call their detectors is known only to the process that loads them."""


def known(names: Iterable[str]) -> None:
    """Raises `UsageError` for the first name that no detector has, before anything is sent or waits in the line."""
    unknown = sorted(set(names) - set(DETECTOR))
    if unknown and not entry_points(group=PLUG_INS):
        remedy = nearest(unknown[0], DETECTOR)
        raise UsageError("detector.unknown", f"there is no detector {unknown[0]!r}", remedy=remedy)
