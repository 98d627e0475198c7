"""The views of a report besides the ranked list, in the same frame: each a route, its geometry, and a template.

    overview funnels forms speed paths sessions quality     of one report
    compared                                                two reports
    drawn                                                   places of marks in figures, in the units of their box

What a view shows that the report has no place for lies beside it (`api.beside`); a report made without says so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fastapi import APIRouter


def routers() -> list[APIRouter]:
    """The routers of all views."""
    from . import (
        compared,
        doors,
        forms,
        funnels,
        journey,
        overview,
        paths,
        quality,
        scans,
        sessions,
        settings,
        speed,
    )

    modules = (
        overview,
        funnels,
        forms,
        speed,
        paths,
        journey,
        sessions,
        quality,
        compared,
        scans,
        settings,
        doors,
    )
    return [module.router for module in modules]
