"""Everything beside a report, into one folder; the same analysis writes the same bytes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from friction.beside import recordings, sessions
from friction.beside.folder import INDEX, RECORDINGS, VIEWS, canonical, write_sessions
from friction.beside.views import views
from friction.config import Settings
from friction.files import write
from friction.lake.recordings import shared
from friction.report import Report
from friction.summary.analysis import Analysis, names_of


def write_beside(
    analysis: Analysis,
    report: Report,
    paths: Sequence[Path],
    names: Sequence[str],
    folder: Path,
    dataset: Path | None = None,
) -> None:
    """Write the files of `friction.beside.folder`. `paths` and `names` are the inputs as they were given, those that
    are still there; `dataset` has the recordings of earlier reports and keeps those of this one.
    """
    settings: Settings = analysis.settings
    spoken = names_of(analysis)
    kept = sessions.chosen(analysis, report, spoken)
    inputs = recordings.Inputs(paths, names, settings.limits.in_force())
    (folder / RECORDINGS).mkdir(parents=True, exist_ok=True, mode=0o700)
    asked = _asked(kept, analysis, report)
    found = recordings.keep(asked, report, inputs, folder)
    if dataset is not None:
        found = shared(dataset, (one.session for one in asked), found, folder / RECORDINGS)
    write(folder / RECORDINGS / INDEX, canonical(found))
    write_sessions(folder, kept.total, sessions.lines(kept, analysis, report, spoken, found))
    write(folder / VIEWS, canonical(views(analysis, report, spoken)))


def _asked(kept: sessions.Chosen, analysis: Analysis, report: Report) -> list[recordings.Asked]:
    """The sessions whose recordings are wanted, the best moment of the costliest point first."""
    spans = sessions.spans(kept, analysis)
    found: dict[str, Any] = {}
    for session, file, row in recordings.moments([*report.points, *report.aside]):
        if session in spans and session not in found and len(found) < recordings.SESSIONS_KEPT:
            start, end, visitor = spans[session]
            found[session] = recordings.Asked(session, visitor, file, row, start, end)
    return list(found.values())
