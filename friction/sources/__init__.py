"""Sources: one file an export format. What is here loads on first use, since readers need the engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from friction.sources.builtin import BUILTIN, catalogue, recognise

__all__ = ["BUILTIN", "catalogue", "recognise"]


def __getattr__(name: str) -> Any:
    if name in __all__:
        from friction.sources import builtin

        return getattr(builtin, name)
    raise AttributeError(name)
