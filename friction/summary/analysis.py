"""What an analysis leaves behind for its report."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from friction.config import Settings
from friction.detectors.base import Detector
from friction.ingest import Ingested
from friction.reduce import Tables
from friction.summary import points as cards
from friction.summary.called import SessionNames
from friction.values import dataclass

if TYPE_CHECKING:
    from friction.summary.costs import Away


@dataclass(frozen=True)
class Analysis:
    """All that an analysis left behind."""

    ingested: Ingested
    tables: Tables
    settings: Settings
    detectors: Mapping[str, Detector]
    skipped: Mapping[str, str]
    """Detector → why it could not be asked."""
    away: Away | None = None
    """Who has the page views; null: the tables have them."""

    @property
    def zone(self) -> str:
        return self.settings.time.zone or "UTC"


def names_of(analysis: Analysis) -> cards.Names:
    """How the codes of this analysis are written."""
    words = analysis.ingested.events.words

    def target(detector: str, code: int | None) -> str | None:
        return words.word(analysis.detectors[detector].coded.get("target", "target"), code)

    def detail(name: str, value: Any) -> Any:
        column = "page" if name.endswith("_page") else name
        coded = column in words.by_column and isinstance(value, int)
        return words.word(column, value) if coded else value

    names = SessionNames.of(analysis.tables.sessions, analysis.ingested.events.names)
    files = [file.name for file in analysis.ingested.books.files]
    return cards.Names(
        cache(lambda code: words.word("page", code) or ""),
        target,
        names,
        files,
        detail,
        lambda dimension, code: words.word(dimension, code) or "",
    )
