"""A report as the pages read it: parsed once, kept while it is read."""

from __future__ import annotations

from collections import OrderedDict
from functools import cache
from threading import Lock
from typing import TYPE_CHECKING, Any

from friction.report import Report

from ..routes.reports import content, found
from ..service import Service
from ..store.reports import ReportRow

if TYPE_CHECKING:
    from pydantic import TypeAdapter

KEPT = 8
"""Reports that are held parsed; the largest known take about 60 MB."""
_HELD: OrderedDict[str, Report] = OrderedDict()
_LOCK = Lock()


def report_of(service: Service, report_id: str) -> tuple[ReportRow, Report]:
    """The report with its row; raises `Refused` when there is none in this project."""
    row = found(service, report_id)
    with _LOCK:
        held = _HELD.get(row.sha256)
        if held is not None:
            _HELD.move_to_end(row.sha256)
    if held is None:
        held = parsed(content(service, report_id))
        with _LOCK:
            _HELD[row.sha256] = held
            while len(_HELD) > KEPT:
                _HELD.popitem(last=False)
    return row, held


def parsed(document: bytes) -> Report:
    """A report from the JSON that we wrote ourselves."""
    import orjson

    report: Report = _adapter().validate_python(orjson.loads(document))
    return report


@cache
def _adapter() -> TypeAdapter[Any]:
    """What checks a report; making it takes longer than using it."""
    from pydantic import TypeAdapter

    return TypeAdapter(Report)
