"""friction: where visitors struggle, and what each place costs.

    import friction

    report = friction.analyze("events.csv")
    report.points

The names below are loaded when they are first used: importing this package loads neither Polars nor anything
else that is slow, so the command line and the service stay light.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from friction.errors import FrictionError, InputError, LimitError, MissingExtra, UsageError
    from friction.library import Changes, Report, Top, analyze, convert, detect, inspect, load, read

__version__ = "0.1.0"

__all__ = [
    "Changes",
    "FrictionError",
    "InputError",
    "LimitError",
    "MissingExtra",
    "Report",
    "Top",
    "UsageError",
    "__version__",
    "analyze",
    "convert",
    "detect",
    "inspect",
    "load",
    "read",
]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module 'friction' has no attribute {name!r}")
    home = "friction.errors" if name.endswith(("Error", "Extra")) else "friction.library"
    return getattr(import_module(home), name)


def __dir__() -> list[str]:
    return sorted(__all__)
