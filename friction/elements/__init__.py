"""Facts of elements: everything a rule asks about a clicked element, decided once per distinct element."""

from __future__ import annotations

from friction.elements.facts import facts
from friction.elements.flags import Flag

__all__ = ["Flag", "facts"]
