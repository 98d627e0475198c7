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


PRODUCT: tuple[Place, ...] = (Place("reports", "/", N_("Reports")),)
TABS: tuple[Place, ...] = (Place("points", "/reports/{report}", N_("Friction points")),)
"""Who adds a page adds its line."""
