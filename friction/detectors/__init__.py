"""The catalogue of detectors: ours, and those that other packages register under `friction.detectors`.

What people read about a detector (command line, service, README) comes from its docstring: a first line
`Name: what it is.` and five labelled paragraphs, always in the order of `LABELS`.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterable, Mapping
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from friction.detectors.base import Detector
from friction.detectors.bounce import Bounce
from friction.detectors.cart_abandonment import CartAbandonment
from friction.detectors.dead_click import DeadClick
from friction.detectors.disabled_click import DisabledClick
from friction.detectors.dropoff_spike import DropoffSpike
from friction.detectors.error_click import ErrorClick
from friction.detectors.error_page import ErrorPage
from friction.detectors.excessive_scroll import ExcessiveScroll
from friction.detectors.failed_request import FailedRequest
from friction.detectors.failed_submit import FailedSubmit
from friction.detectors.field_friction import FieldFriction
from friction.detectors.form_abandonment import FormAbandonment
from friction.detectors.funnel_dropoff import FunnelDropoff
from friction.detectors.layout_shift_click import LayoutShiftClick
from friction.detectors.low_score import LowScore
from friction.detectors.mis_tap import MisTap
from friction.detectors.missing_information import MissingInformation
from friction.detectors.navigation_loop import NavigationLoop
from friction.detectors.options import options_of
from friction.detectors.orientation_flip import OrientationFlip
from friction.detectors.pogo_sticking import PogoSticking
from friction.detectors.quick_back import QuickBack
from friction.detectors.rage_click import RageClick
from friction.detectors.rage_key import RageKey
from friction.detectors.rage_reload import RageReload
from friction.detectors.repeated_search import RepeatedSearch
from friction.detectors.script_error import ScriptError
from friction.detectors.slow_click import SlowClick
from friction.detectors.slow_page import SlowPage
from friction.detectors.slow_request import SlowRequest
from friction.detectors.support_contact import SupportContact
from friction.detectors.thrashed_cursor import ThrashedCursor
from friction.detectors.validation_loop import ValidationLoop
from friction.errors import UsageError, nearest

GROUP = "friction.detectors"
LABELS: tuple[str, ...] = ("Finds", "Matters", "Misleads", "Defaults", "Sources")

BUILTIN: dict[str, type[Detector]] = {
    detector.name: detector
    for detector in (
        *(RageClick, DeadClick, SlowClick, ErrorClick, DisabledClick, FailedSubmit),
        *(FormAbandonment, FieldFriction, ValidationLoop, RageKey),
        *(SlowPage, SlowRequest, ErrorPage, FailedRequest, ScriptError, RageReload),
        *(DropoffSpike, QuickBack, NavigationLoop, RepeatedSearch, MissingInformation),
        *(PogoSticking, ThrashedCursor, ExcessiveScroll, MisTap, LayoutShiftClick, OrientationFlip),
        *(SupportContact, LowScore, FunnelDropoff, CartAbandonment, Bounce),
    )
}


def available(own: Mapping[str, type[Detector]] | None = None) -> dict[str, type[Detector]]:
    """Every detector by name: ours, those of plug-ins, then `own`, the rules of a configuration (`friction.rules`).

    A plug-in that cannot be loaded, or anything that takes the name of another detector, is a `UsageError`.
    """
    found = dict(BUILTIN)
    for entry in sorted(entry_points(group=GROUP), key=lambda entry: entry.name):
        try:
            loaded = entry.load()
        except Exception as error:  # a plug-in may raise anything while it loads
            raise _refused("detector.broken", entry, f"cannot be loaded: {error}") from error
        if not (isinstance(loaded, type) and issubclass(loaded, Detector)):
            raise _refused("detector.broken", entry, "is no Detector class")
        if found.setdefault(loaded.name, loaded) is not loaded:
            raise _refused("detector.taken", entry, f"the name {loaded.name} is taken")
    for name, made in (own or {}).items():
        if found.setdefault(name, made) is not made:
            detail = f"rules.{name}: the name {name} is taken"
            raise UsageError("detector.taken", detail, remedy="give the rule another name")
    return found


def _refused(code: str, entry: EntryPoint, why: str) -> UsageError:
    remedy = f"repair or remove the package behind {entry.value}"
    return UsageError(code, f"detector plug-in {entry.name!r}: {why}", remedy=remedy)


def configure(
    names: Iterable[str] | None,
    options: Mapping[str, Mapping[str, Any]],
    own: Mapping[str, type[Detector]] | None = None,
) -> list[Detector]:
    """The named detectors with their options, in the order of the catalogue; null: those that are on.

    `options` are by detector name; `enabled` among them turns a detector on or off where none is named. Unknown names,
    settings and values are a `UsageError`.
    """
    known = available(own)
    wanted = {name for name, one in known.items() if _is_on(one, options)} if names is None else set(names)
    for name in sorted(wanted | set(options)):
        if name not in known:
            raise UsageError(
                "detector.unknown", f"there is no detector {name!r}", remedy=nearest(name, known)
            )
    return [
        detector.configure({key: value for key, value in options.get(name, {}).items() if key != "enabled"})
        for name, detector in known.items()
        if name in wanted
    ]


def _is_on(detector: type[Detector], options: Mapping[str, Mapping[str, Any]]) -> bool:
    """Whether a detector runs that nobody named: `enabled` as it is set, else unless it is only for who asks."""
    enabled = options.get(detector.name, {}).get("enabled", not detector.opt_in)
    if not isinstance(enabled, bool):
        raise UsageError(
            "config.bad_value",
            f"{detector.name}.enabled: it is true or false, not {enabled!r}",
            remedy=f"write enabled = true or enabled = false under [detectors.{detector.name}]",
        )
    return enabled


def catalogue(own: Mapping[str, type[Detector]] | None = None) -> list[dict[str, Any]]:
    """What there is, for people and forms: name, title, the five paragraphs, needs and parameters."""
    return [_entry(detector) for detector in available(own).values()]


def _entry(detector: type[Detector]) -> dict[str, Any]:
    title, summary, paragraphs = documentation(detector)
    return {
        "name": detector.name,
        "title": title,
        "summary": summary,
        **{label.lower(): text for label, text in paragraphs.items()},
        "needs": sorted(detector.needs),
        "needs_one_of": sorted(detector.needs_one_of),
        "outcome": detector.outcome,
        "opt_in": detector.opt_in,
        "parameters": options_of(detector),
    }


def documentation(detector: type[Detector]) -> tuple[str, str, dict[str, str]]:
    """Title, summary and labelled paragraphs of a detector's module (or, failing that, of its class)."""
    module = inspect.getdoc(sys.modules[detector.__module__]) or ""
    text = (
        module
        if any(line.startswith(LABELS[0]) for line in module.splitlines())
        else inspect.getdoc(detector) or ""
    )
    head, *lines = text.splitlines() or [""]
    title, _, summary = head.partition(": ")
    paragraphs: dict[str, list[str]] = {}
    for line in lines:
        word, _, rest = line.partition(" ")
        if word in LABELS:
            paragraphs[word] = [rest.strip()]
        elif line.strip() and paragraphs:
            paragraphs[next(reversed(paragraphs))].append(line.strip())
    return title, summary, {label: " ".join(parts) for label, parts in paragraphs.items()}
