"""What every view of a report has: the report, its words, and its place in the frame."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from fastapi import Request, Response

from friction.i18n import Language
from friction.render.html import sections
from friction.render.html.phrases import Phrases, phrases
from friction.report import Point, Report

from ... import beside
from ...service import Service
from ...store.reports import ReportRow
from .. import start
from ..frame import page
from ..reading import report_of
from ..taste import speaking


@dataclass(frozen=True)
class View:
    """A report as a reader sees it."""

    request: Request
    service: Service
    row: ReportRow
    report: Report
    speak: Language

    @classmethod
    def of(cls, request: Request, service: Service, report_id: str) -> View:
        """Raises `Refused` when there is no such report."""
        row, report = report_of(service, report_id)
        return cls(request, service, row, report, speaking(request))

    @cached_property
    def say(self) -> Phrases:
        """Its sentences."""
        return phrases(self.report, self.speak)

    @cached_property
    def beside(self) -> dict[str, Any]:
        """What lies beside it; empty where it was made without."""
        return beside.views(self.service, self.row.id)

    def points(self) -> Sequence[Point]:
        """Its points that have a cost, in their order."""
        return sections.costed(self.report)

    def shown(self, template: str, tab: str, **values: Any) -> Response:
        """The page."""
        from friction.render import counted
        from friction.render.notes import is_counted_only

        return page(
            self.request,
            f"views/{template}",
            **{
                "at": "reports",
                "tab": tab,
                "report_id": self.row.id,
                "report": self.report,
                "row": self.row,
                "completing": None if self.row.is_complete else self.row.job_id,
                "name": start.name_of(self.row.summary["input"], self.speak),
                "say": self.say,
                "sections": sections,
                "counted": counted,
                "counted_only": is_counted_only(self.report),
                "cards": self.points(),
                "more": 0,
                "settings": list(sections.leaves(self.report.settings)),
                **values,
            },
        )
