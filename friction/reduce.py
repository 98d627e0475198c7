"""Reduce one part of whole sessions to the small tables of `flow.md` §2: the only things that leave a part.

    sessions   one row a session
    views      one row a page view
    hits       detector × page × target × page view: that a friction was met there, and how often
    exposures  detector × page × target × page view: the views whose exits tell what it costs
    uses       page × target × page view: clicked there, with or without trouble (`detector`: a form begun, for it)
    evidence   the best moments of each point
    counts     detector × page × target × reason: findings that count and findings set aside
    fields     page × form × field: how people fared with it
    timings    page × device × metric × bin: how many views

Codes are those of `friction.ingest`; whatever is summed is an integer, so the order of parts and rows cannot matter.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields

import polars as pl

from friction import sessions as cutting
from friction.detectors.base import CORE, FINDING, Detector, input_type
from friction.detectors.form_abandonment import FormAbandonment
from friction.schema import SEGMENTS, TIMINGS

log = logging.getLogger(__name__)

EVIDENCE_KEPT = 5
BINS_PER_E = 50
"""Histogram bins of a timing: 2 % wide, so a quantile is known to 2 %."""

_POINT = ("page", "target")


@dataclass(frozen=True)
class Plan:
    """What to do with every part. `keep` takes each detector's raw findings, for those who want them all."""

    detectors: Sequence[Detector]
    keep: Callable[[str, pl.DataFrame, pl.DataFrame], None] | None = None

    @property
    def names(self) -> pl.Enum:
        """The type of the `detector` column."""
        return pl.Enum([detector.name for detector in self.detectors])


@dataclass(frozen=True)
class Tables:
    """What leaves a part."""

    sessions: pl.DataFrame
    views: pl.DataFrame
    hits: pl.DataFrame
    exposures: pl.DataFrame
    uses: pl.DataFrame
    evidence: pl.DataFrame
    counts: pl.DataFrame
    fields: pl.DataFrame
    timings: pl.DataFrame
    failed: dict[str, str]


def reduce_part(part: pl.DataFrame, plan: Plan) -> Tables:
    """All tables of one prepared part (`friction.ingest.events.Events.parts`)."""
    machines = cutting.automated(part)
    people = part.filter(~pl.col("session_id").is_in(machines.implode())) if machines.len() else part
    small, failed = [], {}
    for detector in plan.detectors:
        try:
            small.append(_findings(detector, people, part, plan))
        except Exception as error:  # a plug-in may raise anything; the others go on, and the report says so
            log.exception("detector failed", extra={"detector": detector.name})
            failed[detector.name] = type(error).__name__
    return Tables(
        sessions=_sessions(part, machines),
        views=_views(people),
        hits=_joined(table["hits"] for table in small),
        exposures=_joined(table["exposures"] for table in small),
        uses=_joined([_uses(people), *(table["uses"] for table in small if "uses" in table)]),
        evidence=_joined(table["evidence"] for table in small),
        counts=_joined(table["counts"] for table in small),
        fields=_joined(table["fields"] for table in small if "fields" in table),
        timings=_timings(people),
        failed=failed,
    )


def combined(tables: Iterable[Tables]) -> Tables:
    """The tables of all parts as one; the best evidence of each part competes again."""
    parts = list(tables)
    frames = {
        field.name: _joined(getattr(part, field.name) for part in parts)
        for field in fields(Tables)
        if field.name != "failed"
    }
    evidence = frames["evidence"]
    frames["evidence"] = evidence[_best(evidence, ("detector", *_POINT))] if evidence.width else evidence
    for name in ("counts", "timings", "fields"):
        frames[name] = _added(frames[name])
    failed = {name: reason for part in parts for name, reason in sorted(part.failed.items())}
    return Tables(**frames, failed=failed)


def _joined(frames: Iterable[pl.DataFrame]) -> pl.DataFrame:
    used = [frame for frame in frames if frame.width]
    return pl.concat(used, how="diagonal") if used else pl.DataFrame()


def _added(frame: pl.DataFrame) -> pl.DataFrame:
    """Rows with equal keys as one: integers of `SUMS` are added up."""
    sums = [name for name in frame.columns if name.startswith("n_")]
    keys = [name for name in frame.columns if name not in sums]
    return frame.group_by(keys).agg(pl.col(sums).sum()).sort(keys) if keys else frame


def _findings(detector: Detector, people: pl.DataFrame, part: pl.DataFrame, plan: Plan) -> dict[str, pl.DataFrame]:
    """Hits, exposures, evidence and counts of one detector."""
    events = _with_nulls(people, detector).lazy()
    name = pl.lit(detector.name, plan.names).alias("detector")
    found = detector.detect(events).collect().with_columns(name)
    found = found.with_columns(view=part["view"].gather(found["trigger_row"]))
    if plan.keep:
        plan.keep(detector.name, found, part)
    counting = found.filter(pl.col("aside").is_null())
    hits = counting.group_by("detector", *_POINT, "view").agg(
        pl.col("session_id").first(),
        pl.len().cast(pl.UInt32).alias("findings"),
        pl.col("severity").max(),
        first=pl.col("start").min(),
        last=pl.col("start").max(),
    )
    tables = {
        "hits": hits,
        "exposures": _exposures(detector, counting, part),
        "evidence": _evidence(counting, part),
        "counts": found.group_by("detector", *_POINT, "aside").len("n_findings"),
    }
    if isinstance(detector, FormAbandonment):
        tables["fields"] = detector.field_table(events).collect()
        begun = detector.struggles(events).with_columns(name).collect()
        tables["exposures"] = begun.filter("troubled").select("detector", *_POINT, "view")
        tables["uses"] = begun.select("detector", *_POINT, "view")
    return tables


def _exposures(detector: Detector, counting: pl.DataFrame, part: pl.DataFrame) -> pl.DataFrame:
    """The views to watch: those of the findings, or, where the harm shows only afterwards, of their last rows."""
    rows = counting["rows"].list.last() if detector.cost_follows else counting["trigger_row"]
    return counting.select("detector", *_POINT, view=part["view"].gather(rows)).unique()


def _with_nulls(part: pl.DataFrame, detector: Detector) -> pl.DataFrame:
    """The part with a column of nulls for everything the detector reads and the input lacks."""
    missing = sorted((set(detector.columns) | CORE) - set(part.columns))
    return part.with_columns(pl.lit(None, input_type(name, codes=True)).alias(name) for name in missing)


def _evidence(counting: pl.DataFrame, part: pl.DataFrame) -> pl.DataFrame:
    """The best moments of each point, one a session, with their rows as places in files."""
    best = counting[_best(counting, _POINT)]
    base = {"detector", "session_id", *_POINT, "view", *FINDING}
    details = [name for name in best.columns if name not in base]
    one_file = pl.Series([0], dtype=pl.UInt32).new_from_index(0, part.height)
    files = part["file_id"] if "file_id" in part.columns else one_file
    places = best.select(pl.int_range(pl.len()).alias("at"), "rows").explode("rows")
    places = places.select("at", rows=part["row_no"].gather(places["rows"]), files=files.gather(places["rows"]))
    places = places.group_by("at", maintain_order=True).agg("rows", "files")
    kept = best.select("detector", *_POINT, "session_id", "start", "end", "events", "severity")
    encoded = pl.struct(details).struct.json_encode() if details else pl.lit("{}")
    return kept.with_columns(places["rows"], places["files"], best.with_columns(detail=encoded)["detail"])


def _best(frame: pl.DataFrame, point: Sequence[str]) -> pl.Series:
    """Positions of the `EVIDENCE_KEPT` most severe rows of each point, one a session; the earlier among equals.

    Only narrow columns are sorted, and only candidates are looked at twice, since one event in five can be a finding.
    """
    keys = [*point, "worst", "session_id", "start", "end"]
    narrow = frame.select(*point, "session_id", "start", "end", worst=-pl.col("severity")).with_row_index("at")
    ranked = narrow.sort(keys, nulls_last=True, maintain_order=True)
    new = ~pl.all_horizontal(pl.col(name).eq_missing(pl.col(name).shift()) for name in point)
    place = pl.int_range(pl.len(), dtype=pl.Int64)
    first = pl.when(new | (place == 0)).then(place).forward_fill()
    candidates = ranked.filter(place - first < 3 * EVIDENCE_KEPT)
    one_each = candidates.unique([*point, "session_id"], keep="first", maintain_order=True)
    return one_each.group_by(point, maintain_order=True).head(EVIDENCE_KEPT)["at"]


def _sessions(part: pl.DataFrame, machines: pl.Series) -> pl.DataFrame:
    """`session_id`, `key`, `piece`, visitor and segments (first value seen), span, counts, goals reached, revenue."""
    goal = (pl.col("goals") & 1) > 0
    aggregates = [pl.col("key").first(), pl.len().alias("events")]
    aggregates += [_first(part, name) for name in ("visitor_id", "currency", *SEGMENTS) if name in part.columns]
    aggregates += [
        pl.col("ts").first().alias("start"),
        pl.col("ts").last().alias("end"),
        (pl.col("kind") == "click").sum().cast(pl.UInt32).alias("clicks"),
        pl.col("goals").bitwise_or().alias("goals"),
        pl.col("view").filter(goal).first().alias("goal_view"),
    ]
    if "value" in part.columns:
        aggregates.append((pl.col("value").filter(goal) * 1e6).round().cast(pl.Int64).sum().alias("revenue_millionths"))
    if "tz_assumed" in part.columns:
        aggregates.append(pl.col("tz_assumed").any())
    table = part.lazy().group_by("session_id").agg(aggregates).collect().sort("session_id")
    piece = (pl.col("session_id") - pl.col("session_id").min().over("key") + 1).cast(pl.UInt32)
    return table.with_columns(piece=piece, automated=pl.col("session_id").is_in(machines.implode()))


def _first(part: pl.DataFrame, name: str) -> pl.Expr:
    values = pl.col(name) if part[name].null_count() in {0, part.height} else pl.col(name).drop_nulls()
    return values.first()


def _uses(people: pl.DataFrame) -> pl.DataFrame:
    """Page views and the targets clicked in them, each once."""
    clicks = people.lazy().filter((pl.col("kind") == "click") & pl.col("target").is_not_null())
    return clicks.select(*_POINT, "view").unique().collect()


def _views(people: pl.DataFrame) -> pl.DataFrame:
    """`view, session_id, page, opened`, where that row stood, whether the first goal was reached in it."""
    places = [name for name in ("row_no", "file_id") if name in people.columns]
    return (
        people.lazy()
        .group_by("view")
        .agg(
            pl.col("session_id", "page", *places).first(),
            pl.col("ts").first().alias("opened"),
            ((pl.col("goals") & 1) > 0).any().alias("converts"),
        )
        .collect()
        .sort("view")
    )


def _timings(people: pl.DataFrame) -> pl.DataFrame:
    """How many measurements fell into each bin; bin b holds values from e^(b/50) on."""
    device = "device" if "device" in people.columns else None
    tables = []
    for metric in TIMINGS:
        if metric not in people.columns or people[metric].null_count() == people.height:
            continue
        measured = people.lazy().filter(pl.col(metric).is_not_null())
        bins = (pl.col(metric).clip(0.001).log() * BINS_PER_E).floor().cast(pl.Int16).alias("bin")
        place = [pl.col("page"), pl.col(device) if device else pl.lit(None, pl.UInt32).alias("device")]
        table = measured.group_by(*place, bins).len("n_views").collect()
        tables.append(table.with_columns(metric=pl.lit(metric)))
    return _joined(tables)
