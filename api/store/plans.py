"""What people say beside a journey: notes under its stages, and what they decided about actions.

Reports come and go, this stays with the project.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from friction.render.journey.grid import Notes
from friction.render.journey.sheet import Kept

from ..clock import now
from . import points
from .scope import Scope
from .tables import plans

NOTE, ACTION = "note:", "action:"


def put(scope: Scope, name: str, words: Mapping[str, Any]) -> None:
    """Keep these words under this name, in place of older ones; none forget the name."""
    scope.run(scope.remove(plans).where(plans.c.name == name))
    kept = {key: value for key, value in words.items() if value not in (None, "")}
    if kept:
        scope.add(plans, {"name": name, "words": kept, "changed": now()})


def notes(scope: Scope) -> Notes:
    """Notes by stage, or step of AIDA, for the lane of notes."""
    rows = scope.rows(scope.all(plans).where(plans.c.name.startswith(NOTE)).order_by(plans.c.name))
    return {(row["name"].removeprefix(NOTE), "notes"): str(row["words"]["text"]) for row in rows}


def decided(scope: Scope, ids: Sequence[str]) -> dict[str, Kept]:
    """What was decided about the actions against these points. What is fixed is checked; a point's owner is theirs."""
    rows = scope.rows(scope.all(plans).where(plans.c.name.startswith(ACTION)))
    said = {row["name"].removeprefix(ACTION): row["words"] for row in rows}
    lives = points.several(scope, list(ids))
    found = {}
    for each in ids:
        own, life = said.get(each, {}), lives.get(each)
        fixed = "checked" if life is not None and life.state == "fixed" else None
        found[each] = Kept(
            effort=own.get("effort"),
            owner=own.get("owner") or (life.owner if life is not None else None),
            state=fixed or own.get("state"),
            note=own.get("note") or (life.note if life is not None else None),
            check=own.get("check"),
        )
    return found
