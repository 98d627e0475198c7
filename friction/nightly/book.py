"""All that is known of a project, as one value: read whole, changed by `update`, written whole (`state`).

Counts of sessions are all it holds of people.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace
from functools import cache
from typing import Any

from friction.nightly.life import Life
from friction.nightly.pulse import Pulse, Trouble
from friction.values import dataclass

KEPT_DAYS = 400


@dataclass(frozen=True)
class Mark:
    """A release or another moment that people want to see beside the curves; `at` is ISO time in UTC."""

    at: str
    text: str


@dataclass(frozen=True)
class Note:
    """One night that was scanned: its report, how many rates and costs were tested, and what was said, by kind."""

    date: str
    report: str
    sessions: int
    tested: int
    said: dict[str, int] = field(default_factory=dict)
    trouble: Trouble | None = None


@dataclass(frozen=True)
class Book:
    """Lives by their id, nights by date, marks in the order of time."""

    lives: Mapping[str, Life] = field(default_factory=dict)
    nights: tuple[Note, ...] = ()
    marks: tuple[Mark, ...] = ()
    pulse: Pulse = field(default_factory=dict)
    rules: Mapping[str, str] = field(default_factory=dict)
    trouble: Trouble | None = None
    """What is wrong with the data at present; null while nothing is."""
    blind: Mapping[str, str] = field(default_factory=dict)
    """Days whose rates mean nothing: of one kind of events, or of all (`*`)."""

    @property
    def last(self) -> str | None:
        """The latest night."""
        return self.nights[-1].date if self.nights else None

    def owner_of(self, point_id: str) -> Life | None:
        """The life a point belongs to, under whatever id."""
        if point_id in self.lives:
            return self.lives[point_id]
        return next((life for life in self.lives.values() if point_id in life.ids), None)

    def changed(self, life: Life) -> Book:
        """The same with this life in the place of the one that it was."""
        return replace(self, lives={**self.lives, life.id: life})


def life_from_dict(members: Mapping[str, Any]) -> Life:
    """One life of its members."""
    return _life_reader().validate_python(members)  # type: ignore[no-any-return]


def life_as_dict(life: Life) -> dict[str, Any]:
    """Its members as JSON values."""
    import orjson

    found: dict[str, Any] = orjson.loads(orjson.dumps(life))
    return found


@cache
def _life_reader() -> Any:
    from pydantic import TypeAdapter

    return TypeAdapter(Life)
