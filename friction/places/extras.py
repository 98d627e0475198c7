"""Packages that only some places need."""

from __future__ import annotations

from importlib import util

from friction.errors import MissingExtra


def needed(package: str, extra: str, name: str | None = None) -> None:
    """Raise `MissingExtra` when the package is not installed; `extra` is the one that brings it."""
    if util.find_spec(package) is None:
        raise MissingExtra(
            "extra.missing",
            f"{package} is needed for this place and not installed",
            remedy=f"pip install 'friction-analyser[{extra}]'",
            file=name,
        )
