"""What stands in each lane of the map."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from friction.render.journey.grid import Lane, View
from friction.render.journey.lanes.around import foot, headline, lead
from friction.render.journey.lanes.felt import actions, emotion, friction, satisfaction, written
from friction.render.journey.lanes.service import backstage, customer, frontstage, systems
from friction.render.journey.lanes.told import AIDA, Told
from friction.render.journey.lanes.way import channels, goes_on, pages, rules, sessions, touchpoints

__all__ = ["AIDA", "LANES", "OF_VIEW", "Told", "foot", "headline", "lead", "written"]

LANES: Mapping[str, Callable[[Told, Sequence[str]], Lane]] = {
    "sessions": sessions,
    "rules": rules,
    "goes_on": goes_on,
    "touchpoints": touchpoints,
    "pages": pages,
    "channels": channels,
    "emotion": emotion,
    "satisfaction": satisfaction,
    "friction": friction,
    "actions": actions,
    "customer": customer,
    "frontstage": frontstage,
    "backstage": backstage,
    "systems": systems,
}
"""How each lane is filled."""
OF_VIEW: Mapping[View, Sequence[str]] = {
    "customer": (
        *("sessions", "rules", "goes_on", "touchpoints", "channels", "emotion", "satisfaction", "friction"),
        "actions",
    ),
    "user": ("sessions", "goes_on", "pages", "emotion", "friction", "actions"),
    "aida": ("sessions", "rules", "goes_on", "touchpoints", "channels", "friction", "actions"),
    "blueprint": ("sessions", "customer", "frontstage", "backstage", "systems", "actions"),
}
"""Which lanes a view of the journey shows, from the top."""
