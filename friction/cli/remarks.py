"""Why a report is partial: in the report all along, and said once more where the command ends."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from friction.i18n import Language

if TYPE_CHECKING:
    from friction.report import PassedOver, Report


def partial(report: Report, limit: float, speak: Language) -> list[str]:
    """A sentence for each of: failed detectors, members of archives not read, more than the share `limit` set aside."""
    read, remarks = report.input, []
    if failed := [run.name for run in report.detectors if run.status == "failed"]:
        remarks.append(
            speak.text("friction: partial report, failed: {detectors}", detectors=", ".join(failed))
        )
    remarks += unread(read.passed_over, speak)
    if read.rows_rejected > limit * read.rows_total:
        remarks.append(
            speak.text(
                "friction: partial report, {share} of the records were set aside (limit {limit})",
                share=speak.percent(read.rows_rejected / read.rows_total),
                limit=speak.percent(limit, 0),
            )
        )
    return remarks


def unread(passed_over: Sequence[PassedOver], speak: Language) -> list[str]:
    """What archives held and could not be read, although it may have been data; nothing when there is no such thing."""
    lost = [each for each in passed_over if each.is_loss]
    if not lost:
        return []
    return [
        speak.plural(
            "friction: partial result, {n} member of the archives not read ({why})",
            "friction: partial result, {n} members of the archives not read ({why})",
            sum(each.members for each in lost),
            why=speak.word("left_out", lost[0].reason),
        )
    ]
