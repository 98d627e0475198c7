"""What a project has settled, under what a request asks for: what it leaves open is as the project says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from friction import config

from .store import Scope, settings

SECTIONS = ("goals", "funnels", "detectors", "pages", "exclude", "privacy", "journey", "stages")
KEPT = {"privacy": ("keep",)}
"""Keys of a section that a project may settle, where not all of them."""


def checked(sections: Mapping[str, Any]) -> dict[str, Any]:
    """The sections as they are kept; raises `UsageError` for an unknown key or a bad value."""
    given: dict[str, Any] = {name: value for name, value in sections.items() if name in SECTIONS}
    whole = config.read(given, "the settings").model_dump(mode="json")
    found = {name: _own(name, whole[name]) for name in SECTIONS if name in whole}
    return {name: value for name, value in found.items() if value != _open(name)}


def under(scope: Scope, asked: Mapping[str, Any]) -> dict[str, Any]:
    """The settings of a job: those asked for, and of sections that are as they are by default those of the project."""
    saved = settings.get(scope)
    filled = dict(asked)
    for name, value in saved.items():
        if _own(name, asked.get(name) or {}) in ({}, _open(name)):
            filled[name] = {**(asked.get(name) or {}), **value}
    return filled


def _own(name: str, section: Mapping[str, Any]) -> dict[str, Any]:
    keys = KEPT.get(name)
    return {key: value for key, value in section.items() if keys is None or key in keys}


def _open(name: str) -> dict[str, Any]:
    """The section where nothing is said."""
    whole = config.read({}, "the settings").model_dump(mode="json")
    return _own(name, whole.get(name, {}))
