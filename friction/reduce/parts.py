"""One part to its tables: the function that every engine maps."""

from __future__ import annotations

import logging

import polars as pl

from friction.part import Part
from friction.reduce import visits
from friction.reduce.findings import Plan, findings
from friction.reduce.tables import Tables, joined
from friction.sessions import automated

log = logging.getLogger(__name__)


def reduce_part(part: Part, plan: Plan) -> Tables:
    """All tables of one part."""
    rows = part.rows
    machines = automated(rows, _said_automated(part))
    people = _without(rows, machines)
    small, failed = [], {}
    for detector in plan.detectors:
        try:
            small.append(findings(detector, people, rows, plan))
        except Exception as error:  # a plug-in may raise anything; the others go on, and the report says so
            log.exception("detector failed", extra={"detector": detector.name})
            failed[detector.name] = type(error).__name__
    seen = visits.views(people)
    return Tables(
        sessions=visits.sessions(part, machines),
        views=seen,
        met=joined(table["met"] for table in small),
        seen=seen.select("page", "session_id").unique(),
        hits=joined(table["hits"] for table in small),
        exposures=joined(table["exposures"] for table in small),
        uses=joined([visits.uses(people, small), *(table["uses"] for table in small if "uses" in table)]),
        evidence=joined(table["evidence"] for table in small),
        counts=joined(table["counts"] for table in small),
        fields=joined(table["fields"] for table in small if "fields" in table),
        timings=visits.timings(people, part),
        numbered=(int(rows["session_id"][-1]) + 1, int(rows["view"][-1]) + 1),
        failed=failed,
    )


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
