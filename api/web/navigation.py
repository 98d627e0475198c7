"""Where one can go: the product at the top, the views of a report below it. Never a third level."""

from __future__ import annotations

from dataclasses import dataclass

from friction.i18n import N_


@dataclass(frozen=True)
class Place:
    """A link of the navigation; in `href` of a tab `{report}` stands for the report's id."""

    key: str
    href: str
    word: str


PRODUCT: tuple[Place, ...] = (
    Place("reports", "/", N_("Reports")),
    Place("compare", "/compare", N_("Compare")),
    Place("scans", "/scans", N_("Scans")),
    Place("settings", "/settings", N_("Settings")),
)
TABS: tuple[Place, ...] = (
    Place("points", "/reports/{report}", N_("Friction points")),
    Place("overview", "/reports/{report}/overview", N_("Overview")),
    Place("funnels", "/reports/{report}/funnels", N_("Funnels")),
    Place("forms", "/reports/{report}/forms", N_("Forms")),
    Place("speed", "/reports/{report}/speed", N_("Speed")),
    Place("paths", "/reports/{report}/paths", N_("Paths")),
    Place("journey", "/reports/{report}/journey", N_("Journey")),
    Place("sessions", "/reports/{report}/sessions", N_("Sessions")),
    Place("quality", "/reports/{report}/quality", N_("Quality")),
)
"""Who adds a page adds its line."""
