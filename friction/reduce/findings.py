"""What the detectors find in a part, and the tables that follow from all of it at once.

Each detector's frame is asked for by itself, since any may fail. What they have in common is then put together and
grouped in one go: a table of a few hundred findings costs as much as one of ten thousand.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from functools import cached_property

import numpy as np
import polars as pl

from friction.detectors.base import CORE, REASON, Detector, input_type
from friction.detectors.form_abandonment import FormAbandonment
from friction.journey.signs import Signs
from friction.order import Groups, changed, numbers
from friction.reduce.evidence import evidence
from friction.reduce.placed import OF_POINT, POINT, Placed
from friction.values import dataclass

MOST_FINDINGS = 255
"""Findings of a point in one page view that are told apart."""
COMMON = ("session_id", *POINT, "view", "start", "severity", "aside")
"""Columns of a finding that places and counts are made of."""


@dataclass(frozen=True)
class Plan:
    """What to do with every part. `keep` takes each detector's raw findings, for those who want them all."""

    detectors: Sequence[Detector]
    keep: Callable[[str, pl.DataFrame, pl.DataFrame], None] | None = None
    watch: Callable[[str, pl.DataFrame, pl.DataFrame], None] | None = None
    """Likewise hears each detector's findings with the rows of people that were judged, and changes nothing."""
    signs: Signs | None = None
    """What tells how far visitors are (`friction.journey.signs`); null: nobody asks."""
    origins: bool = False
    """Also where each session came from and how it went, for `friction.journey`."""

    @cached_property
    def names(self) -> pl.Enum:
        """The type of the `detector` column."""
        return pl.Enum([detector.name for detector in self.detectors])

    @cached_property
    def named(self) -> Mapping[str, pl.Series]:
        """By name of a detector, one row of the `detector` column."""
        names = [detector.name for detector in self.detectors]
        return {name: pl.Series("detector", [name], self.names) for name in names}


@dataclass(frozen=True)
class Found:
    """What one detector found in a part."""

    detector: Detector
    frame: pl.DataFrame
    """Its findings with the `view` of each."""
    own: Mapping[str, pl.DataFrame] = field(default_factory=dict)
    """Tables that it fills itself, each in place of what would follow from its findings."""


def findings(
    detector: Detector, people: pl.LazyFrame, judged: pl.LazyFrame, rows: pl.DataFrame, plan: Plan
) -> Found:
    """What this detector finds. `people` are the part's `rows` that no machine made, `judged` all of them, both with
    a column for everything that a detector reads.
    """
    # A tool's rule answers for every row of the input; what is costed afterwards are people alone.
    events = judged if plan.keep and detector.preset else people
    forms: Sequence[pl.DataFrame] = ()
    if isinstance(detector, FormAbandonment):
        found, *forms = detector.tables(events)
    else:
        found = detector.detect(events).collect(engine="in-memory")
    found = _with(detector.recounted(found), plan.named[detector.name], rows["view"][found["trigger_row"]])
    if plan.keep:
        plan.keep(detector.name, found, rows)
    return Found(detector, found, _own(detector, found, rows, forms))


def _with(found: pl.DataFrame, detector: pl.Series, view: pl.Series) -> pl.DataFrame:
    """The findings with their detector (given as one row) and the view of each: columns are only put beside each other,
    since every question to the engine takes as long however few rows there are.
    """
    told = found[[name for name in found.columns if name not in {"detector", "view"}]]
    return told.hstack([detector.new_from_index(0, found.height), view.alias("view")])


def _own(
    detector: Detector, found: pl.DataFrame, rows: pl.DataFrame, forms: Sequence[pl.DataFrame]
) -> dict[str, pl.DataFrame]:
    if says_exposures(detector):
        return _own_exposures(detector, found, rows, forms)
    return {}


def says_exposures(detector: Detector) -> bool:
    """Whether its exposures are other views than its hits: those with the trouble before, or those that follow."""
    return isinstance(detector, FormAbandonment) or detector.cost_follows


def _own_exposures(
    detector: Detector, found: pl.DataFrame, rows: pl.DataFrame, forms: Sequence[pl.DataFrame]
) -> dict[str, pl.DataFrame]:
    if forms:
        fields, begun = forms
        begun = begun.with_columns(pl.lit(detector.name, found.schema["detector"]).alias("detector"))
        of_views = ["detector", *POINT, "view"]
        return {
            "fields": fields,
            "exposures": begun.filter("troubled").select(of_views),
            "uses": begun.filter(~pl.col("troubled")).select(of_views),
        }
    return {"exposures": _following(found.filter(pl.col("aside").is_null()), rows)}


def tables_of(found: Sequence[Found], rows: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Hits, sums, exposures, evidence and counts of all these detectors."""
    if not found:
        return {}
    everything = _together([one.frame for one in found])
    placed = Placed.of(checked(everything.filter(pl.col("aside").is_null())))
    hits, sums = _hits(placed), _sums(placed)
    exposures = [one.own["exposures"] for one in found if "exposures" in one.own]
    return {
        "hits": hits,
        "sums": sums,
        "exposures": pl.concat([hits.select("detector", *POINT, "view").clear(), *exposures]),
        "evidence": evidence(placed, {one.detector.name: one.frame for one in found}, rows),
        "counts": _counts(sums, everything.filter(pl.col("aside").is_not_null())),
    }


def checked(counting: pl.DataFrame) -> pl.DataFrame:
    """Findings that count, as they are. Raises `ValueError` where one does not say when it was or how bad."""
    if counting["start"].null_count() or counting["severity"].null_count():
        raise ValueError("a finding says neither when it was nor how bad")
    return counting


def _together(frames: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """What places and counts are made of, of all findings; `at` is the place of each in its own frame."""
    together = pl.concat([frame[["detector", *COMMON]] for frame in frames], rechunk=True)
    at = np.concatenate([np.arange(frame.height, dtype=np.uint32) for frame in frames])
    return together.hstack([pl.Series("at", at)])


def _hits(placed: Placed) -> pl.DataFrame:
    """One row a point and page view, sorted so; `findings` at most `MOST_FINDINGS`, `is_first` of its session."""
    hits = placed.frame.select(*OF_POINT, "view", "session_id")[placed.views]
    # Views are sorted, and those of a session neighbours.
    first = placed.of_point[placed.views] | changed(numbers(hits["session_id"]))
    findings = np.minimum(placed.sizes(placed.views), MOST_FINDINGS).astype(np.uint8)
    return hits.with_columns(findings=pl.Series(findings), is_first=pl.Series(first))


def _sums(placed: Placed) -> pl.DataFrame:
    """One row a point: `n_findings`, `n_views` with any, Σ of the worst severity in each as `n_thousandths`, and the
    instants `first, last`.
    """
    start, severity = placed.frame["start"], placed.frame["severity"]
    when = start.to_physical().to_numpy()
    worst = placed.over(np.maximum, severity.to_numpy(), placed.views).astype(np.float64)
    at = np.searchsorted(placed.views, placed.points)
    return placed.frame.select(OF_POINT)[placed.points].with_columns(
        n_findings=pl.Series(placed.sizes(placed.points), dtype=pl.UInt32),
        n_views=pl.Series(np.diff(at, append=len(placed.views)), dtype=pl.UInt32),
        n_thousandths=pl.Series(placed.over(np.add, np.rint(worst * 1000).astype(np.int64), at)),
        first=pl.Series(placed.over(np.minimum, when, placed.points)).cast(start.dtype),
        last=pl.Series(placed.over(np.maximum, when, placed.points)).cast(start.dtype),
    )


def _counts(sums: pl.DataFrame, set_aside: pl.DataFrame) -> pl.DataFrame:
    """One row a point and reason, sorted so: `n_findings`; first those that count."""
    by_reason = Groups.of(set_aside, *OF_POINT, "aside")
    aside = set_aside.select(*OF_POINT, "aside")[by_reason.firsts]
    aside = aside.with_columns(n_findings=pl.Series(by_reason.sizes, dtype=pl.UInt32))
    counts = pl.concat([sums.select(*OF_POINT, pl.lit(None, REASON).alias("aside"), "n_findings"), aside])
    return counts[Groups.of(counts, *OF_POINT, "aside").rows]


def _following(counting: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """The views of the findings' last rows: those to watch where the harm shows only afterwards."""
    view = rows["view"][counting["rows"].list.last()]
    return counting.select("detector", *POINT, view=view).unique()


def with_nulls(part: pl.DataFrame, detectors: Sequence[Detector]) -> pl.LazyFrame:
    """The part with a column of nulls for everything that the detectors read and the input lacks."""
    read = CORE.union(*(detector.columns | detector.facts for detector in detectors))
    missing = sorted(read - set(part.columns))
    return part.lazy().with_columns(
        pl.lit(None, input_type(name, codes=True)).alias(name) for name in missing
    )
