"""A report as the pages read it: parsed once, kept while it is read. Of one that is being completed, its list."""

from __future__ import annotations

from collections import OrderedDict
from contextlib import suppress
from functools import cache
from threading import Lock
from typing import TYPE_CHECKING, Any

from friction.report import Report

from ..errors import Refused
from ..listed import early
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
    row, written = row_of(service, report_id)
    with _LOCK:
        held = _HELD.get(row.sha256)
        if held is not None:
            _HELD.move_to_end(row.sha256)
    if held is None:
        held = parsed(content(service, report_id) if written is None else written)
        with _LOCK:
            _HELD[row.sha256] = held
            while len(_HELD) > KEPT:
                _HELD.popitem(last=False)
    return row, held


def row_of(service: Service, report_id: str) -> tuple[ReportRow, bytes | None]:
    """Its row, and the bytes where it is being completed."""
    with suppress(Refused):
        return found(service, report_id), None
    # Looked for once more in the end: it may have been completed just now.
    return early(service, report_id) or (found(service, report_id), None)


def parsed(document: bytes) -> Report:
    """A report from the JSON that we wrote ourselves."""
    import orjson

    report: Report = adapter().validate_python(orjson.loads(document))
    return report


@cache
def adapter() -> TypeAdapter[Any]:
    """What checks a report; making it takes longer than using it."""
    from pydantic import TypeAdapter

    return TypeAdapter(Report)
