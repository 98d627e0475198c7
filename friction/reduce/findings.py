"""Tables of a part that one detector fills."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import polars as pl

from friction.detectors.base import CORE, Detector, input_type
from friction.detectors.form_abandonment import FormAbandonment
from friction.reduce.evidence import POINT, evidence


@dataclass(frozen=True)
class Plan:
    """What to do with every part. `keep` takes each detector's raw findings, for those who want them all."""

    detectors: Sequence[Detector]
    keep: Callable[[str, pl.DataFrame, pl.DataFrame], None] | None = None

    @property
    def names(self) -> pl.Enum:
        """The type of the `detector` column."""
        return pl.Enum([detector.name for detector in self.detectors])


def findings(
    detector: Detector, people: pl.DataFrame, rows: pl.DataFrame, plan: Plan
) -> dict[str, pl.DataFrame]:
    """Hits, exposures, evidence and counts of one detector; `people` are the part's `rows` that no machine made."""
    # A tool's rule answers for every row of the input; what is costed afterwards are people alone.
    judged = rows if plan.keep and detector.preset else people
    events = with_nulls(judged, detector).lazy()
    name = pl.lit(detector.name, plan.names).alias("detector")
    forms: Sequence[pl.DataFrame] = ()
    if isinstance(detector, FormAbandonment):
        found, *forms = detector.tables(events)
    else:
        found = detector.detect(events).collect(engine="in-memory")
    found = found.with_columns(name, view=rows["view"].gather(found["trigger_row"]))
    if plan.keep:
        plan.keep(detector.name, found, rows)
    counting = found.filter(pl.col("aside").is_null())
    hits = counting.group_by("detector", *POINT, "view").agg(
        pl.col("session_id").first(),
        pl.len().cast(pl.UInt32).alias("findings"),
        pl.col("severity").max(),
        first=pl.col("start").min(),
        last=pl.col("start").max(),
    )
    tables = {
        "hits": hits,
        "met": hits.select("detector", *POINT, "session_id").unique(),
        "exposures": _following(counting, rows)
        if detector.cost_follows
        else hits.select("detector", *POINT, "view"),
        "evidence": evidence(counting, rows),
        "counts": found.group_by("detector", *POINT, "aside").len("n_findings"),
    }
    if forms:
        fields, begun = forms
        begun = begun.with_columns(name)
        tables |= {
            "fields": fields,
            "exposures": begun.filter("troubled").select("detector", *POINT, "view"),
            "uses": begun.filter(~pl.col("troubled")).select("detector", *POINT, "view"),
        }
    return tables


def _following(counting: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """The views of the findings' last rows: those to watch where the harm shows only afterwards."""
    view = rows["view"].gather(counting["rows"].list.last())
    return counting.select("detector", *POINT, view=view).unique()


def with_nulls(part: pl.DataFrame, detector: Detector) -> pl.DataFrame:
    """The part with a column of nulls for everything the detector reads and the input lacks."""
    missing = sorted((CORE | detector.columns | detector.facts) - set(part.columns))
    return part.with_columns(pl.lit(None, input_type(name, codes=True)).alias(name) for name in missing)
