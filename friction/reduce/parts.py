"""One part to its tables: the function that every engine maps."""

from __future__ import annotations

import logging
from collections.abc import Sequence

import polars as pl

from friction.detectors.base import Detector
from friction.journey.origins import answers_table, origins_table
from friction.journey.signs import signs_table
from friction.machines import automated
from friction.part import Part
from friction.reduce import visits
from friction.reduce.findings import COMMON, Found, Plan, checked, findings, tables_of, with_nulls
from friction.reduce.tables import Tables, joined

log = logging.getLogger(__name__)


def reduce_part(part: Part, plan: Plan) -> Tables:
    """All tables of one part."""
    rows = part.rows
    machines = automated(rows, _said_automated(part))
    people = _without(rows, machines)
    found, failed = _found(people, rows, plan)
    try:
        small = tables_of(found, rows)
    except Exception:  # one of them is not what it should be: each for itself tells which
        found, small, failed = _one_by_one(found, rows, failed)
    seen = visits.views(people)
    own = {name: [one.own[name] for one in found if name in one.own] for name in ("uses", "fields")}
    nothing = pl.DataFrame()
    return Tables(
        sessions=visits.sessions(part, machines),
        views=seen,
        seen=visits.seen(seen),
        hits=small.get("hits", nothing),
        sums=small.get("sums", nothing),
        exposures=small.get("exposures", nothing),
        uses=joined([visits.uses(people, small.get("hits"), _of_elements(found)), *own["uses"]]),
        evidence=small.get("evidence", nothing),
        counts=small.get("counts", nothing),
        fields=joined(own["fields"]),
        timings=visits.timings(people, part),
        numbered=(int(rows["session_id"][-1]) + 1, int(rows["view"][-1]) + 1),
        failed=failed,
        signs=signs_table(people, plan.signs) if plan.signs is not None else nothing,
        origins=origins_table(people) if plan.origins else nothing,
        answers=answers_table(people) if plan.origins else nothing,
    )


def find(part: Part, plan: Plan) -> dict[str, str]:
    """What the detectors find in one part, for `Plan.keep` alone; why those failed that did."""
    rows = part.rows
    if not rows.height:
        return {}
    found, failed = _found(_without(rows, automated(rows, _said_automated(part))), rows, plan)
    for one in found:
        try:
            checked(one.frame.select(COMMON).filter(pl.col("aside").is_null()))
        except Exception as error:  # as above
            failed[one.detector.name] = _named(one.detector, error)
    return failed


def _found(people: pl.DataFrame, rows: pl.DataFrame, plan: Plan) -> tuple[list[Found], dict[str, str]]:
    """What each detector found, and why those failed that did."""
    found, failed = [], {}
    judged = with_nulls(rows, plan.detectors)
    of_people = judged if people is rows else with_nulls(people, plan.detectors)
    for detector in plan.detectors:
        try:
            found.append(findings(detector, of_people, judged, rows, plan))
            if plan.watch:
                plan.watch(detector.name, found[-1].frame, people)
        except Exception as error:  # a plug-in may raise anything; the others go on, and the report says so
            failed[detector.name] = _named(detector, error)
    return found, failed


def _one_by_one(
    found: Sequence[Found], rows: pl.DataFrame, failed: dict[str, str]
) -> tuple[list[Found], dict[str, pl.DataFrame], dict[str, str]]:
    """The detectors whose findings can be put together, their tables, and why the others cannot."""
    sound = []
    for one in found:
        try:
            tables_of([one], rows)
        except Exception as error:  # see above
            failed[one.detector.name] = _named(one.detector, error)
        else:
            sound.append(one)
    return sound, tables_of(sound, rows), failed


def _named(detector: Detector, error: Exception) -> str:
    log.exception("detector failed", extra={"detector": detector.name})
    return type(error).__name__


def _of_elements(found: Sequence[Found]) -> list[str]:
    """Detectors whose targets are elements."""
    return [one.detector.name for one in found if "target" not in one.detector.coded]


def people_of(part: Part) -> pl.DataFrame:
    """The rows of the sessions that no machine made."""
    return _without(part.rows, automated(part.rows, _said_automated(part)))


def _without(rows: pl.DataFrame, machines: pl.Series) -> pl.DataFrame:
    return rows.filter(~pl.col("session_id").is_in(machines.implode())) if machines.len() else rows


def _said_automated(part: Part) -> pl.Series:
    if "is_bot" not in part.context.columns:
        return pl.Series(dtype=pl.UInt32)
    bots = part.context.filter("is_bot")["key"]
    return part.rows.filter(pl.col("key").is_in(bots.implode()))["session_id"].unique()
