"""friction: where visitors struggle, and what each place costs.

    import friction

    report = friction.analyze("events.csv")
    report.points

The names below are loaded when they are first used: importing this package loads neither Polars nor anything
else that is slow, so the command line and the service stay light.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

_HOME = {
    **dict.fromkeys(
        ("FrictionError", "InputError", "LimitError", "MissingExtra", "UsageError"), "friction.errors"
    ),
    **dict.fromkeys(("Changes", "Report", "Top"), "friction.library"),
    **dict.fromkeys(("analyze", "convert", "detect", "inspect", "load", "read"), "friction.library"),
}

__all__ = ["__version__", *_HOME]  # noqa: PLE0604 - the names are the keys


def __getattr__(name: str) -> Any:
    if home := _HOME.get(name):
        return getattr(import_module(home), name)
    raise AttributeError(f"module 'friction' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
