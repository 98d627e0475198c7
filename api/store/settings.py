"""What a project settles once for all its analyses: sections of the configuration, as they were saved."""

from __future__ import annotations

from typing import Any

from ..clock import now
from .scope import Scope
from .tables import settings as table

Sections = dict[str, Any]


def get(scope: Scope) -> Sections:
    """The sections that were saved; empty where none were."""
    row = scope.first(scope.all(table))
    return dict(row["sections"]) if row else {}


def put(scope: Scope, sections: Sections) -> None:
    """Save these in the place of what there was."""
    moment = now()
    if not scope.run(scope.change(table).values(sections=sections, changed=moment)):
        scope.add(table, {"sections": sections, "changed": moment})
