"""Reduce one part of whole sessions to the small tables of `flow.md` §2: the only things that leave a part.

    sessions   one row a session
    views      one row a page view
    hits       detector × page × target × page view: that a friction was met there, and how often
    met, seen  detector × page × target × session that met it; page × session that could have
    exposures  detector × page × target × page view: the views whose exits tell what it costs
    uses       page × target × page view: clicked there without trouble (with `detector`: a form begun, for it)
    evidence   the best moments of each point
    counts     detector × page × target × reason: findings that count and findings set aside
    fields     page × form × field: how people fared with it
    timings    page × device × metric × bin: how many views

Codes are those of `friction.ingest`; whatever is summed is an integer, so the order of parts and rows cannot matter.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from friction import sessions as cutting
from friction.detectors.base import CORE, FINDING, Detector, input_type
from friction.detectors.form_abandonment import FormAbandonment
from friction.part import Part
from friction.schema import TIMINGS

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
    met: pl.DataFrame
    seen: pl.DataFrame
    exposures: pl.DataFrame
    uses: pl.DataFrame
    evidence: pl.DataFrame
    counts: pl.DataFrame
    fields: pl.DataFrame
    timings: pl.DataFrame
    numbered: tuple[int, int]
    """How many sessions and page views the part numbered; those of `sessions`, and at least those of `views`."""
    failed: dict[str, str]


def reduce_part(part: Part, plan: Plan) -> Tables:
    """All tables of one part."""
    rows = part.rows
    machines = cutting.automated(rows, _said_automated(part))
    people = rows.filter(~pl.col("session_id").is_in(machines.implode())) if machines.len() else rows
    small, failed = [], {}
    for detector in plan.detectors:
        try:
            small.append(_findings(detector, people, rows, plan))
        except Exception as error:  # a plug-in may raise anything; the others go on, and the report says so
            log.exception("detector failed", extra={"detector": detector.name})
            failed[detector.name] = type(error).__name__
    views = _views(people)
    return Tables(
        sessions=_sessions(part, machines),
        views=views,
        met=_joined(table["met"] for table in small),
        seen=views.select("page", "session_id").unique(),
        hits=_joined(table["hits"] for table in small),
        exposures=_joined(table["exposures"] for table in small),
        uses=_joined([_uses(people, small), *(table["uses"] for table in small if "uses" in table)]),
        evidence=_joined(table["evidence"] for table in small),
        counts=_joined(table["counts"] for table in small),
        fields=_joined(table["fields"] for table in small if "fields" in table),
        timings=_timings(people, part),
        numbered=(int(rows["session_id"][-1]) + 1, int(rows["view"][-1]) + 1),
        failed=failed,
    )


def _said_automated(part: Part) -> pl.Series:
    if "is_bot" not in part.context.columns:
        return pl.Series(dtype=pl.UInt32)
    bots = part.context.filter("is_bot")["key"]
    return part.rows.filter(pl.col("key").is_in(bots.implode()))["session_id"].unique()


def combined(tables: Iterable[Tables]) -> Tables:
    """The tables of all parts as one, sessions and views numbered through; the best evidence competes again."""
    parts: list[dict[str, pl.DataFrame]] = []
    failed: dict[str, str] = {}
    sessions = views = 0
    for part in tables:
        parts.append({name: _moved(getattr(part, name), sessions, views) for name in FRAMES})
        sessions, views = sessions + part.numbered[0], views + part.numbered[1]
        failed = {**part.failed, **failed}
    frames = {name: _joined(part[name] for part in parts) for name in FRAMES}
    evidence = frames["evidence"]
    frames["evidence"] = evidence[_best(evidence, ("detector", *_POINT))] if evidence.width else evidence
    for name in ("counts", "timings", "fields"):
        frames[name] = _added(frames[name])
    return Tables(**frames, numbered=(sessions, views), failed=failed)


FRAMES = (
    "sessions",
    "views",
    "hits",
    "met",
    "seen",
    "exposures",
    "uses",
    "evidence",
    "counts",
    "fields",
    "timings",
)
_NUMBERS = {"session_id": 0, "view": 1, "goal_view": 1}


def _moved(frame: pl.DataFrame, sessions: int, views: int) -> pl.DataFrame:
    """Numbers of sessions and views as they are among all parts."""
    by = (sessions, views)
    moved = [name for name in _NUMBERS if name in frame.columns]
    return frame.with_columns((pl.col(name) + by[_NUMBERS[name]]).cast(pl.UInt32) for name in moved)


def _joined(frames: Iterable[pl.DataFrame]) -> pl.DataFrame:
    used = [frame for frame in frames if frame.width]
    return pl.concat(used, how="diagonal") if used else pl.DataFrame()


def _added(frame: pl.DataFrame) -> pl.DataFrame:
    """Rows with equal keys as one: integers of `SUMS` are added up."""
    sums = [name for name in frame.columns if name.startswith("n_")]
    keys = [name for name in frame.columns if name not in sums]
    return frame.group_by(keys).agg(pl.col(sums).sum()).sort(keys) if keys else frame


def _findings(
    detector: Detector, people: pl.DataFrame, part: pl.DataFrame, plan: Plan
) -> dict[str, pl.DataFrame]:
    """Hits, exposures, evidence and counts of one detector."""
    events = _with_nulls(people, detector).lazy()
    name = pl.lit(detector.name, plan.names).alias("detector")
    forms: Sequence[pl.DataFrame] = ()
    if isinstance(detector, FormAbandonment):
        found, *forms = detector.tables(events)
    else:
        found = detector.detect(events).collect(engine="in-memory")
    found = found.with_columns(name, view=part["view"].gather(found["trigger_row"]))
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
        "met": hits.select("detector", *_POINT, "session_id").unique(),
        "exposures": _following(counting, part)
        if detector.cost_follows
        else hits.select("detector", *_POINT, "view"),
        "evidence": _evidence(counting, part),
        "counts": found.group_by("detector", *_POINT, "aside").len("n_findings"),
    }
    if forms:
        fields, begun = forms
        begun = begun.with_columns(name)
        tables |= {
            "fields": fields,
            "exposures": begun.filter("troubled").select("detector", *_POINT, "view"),
            "uses": begun.filter(~pl.col("troubled")).select("detector", *_POINT, "view"),
        }
    return tables


def _following(counting: pl.DataFrame, part: pl.DataFrame) -> pl.DataFrame:
    """The views of the findings' last rows: those to watch where the harm shows only afterwards."""
    view = part["view"].gather(counting["rows"].list.last())
    return counting.select("detector", *_POINT, view=view).unique()


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
    places = places.select(
        "at", rows=part["row_no"].gather(places["rows"]), files=files.gather(places["rows"])
    )
    places = places.group_by("at", maintain_order=True).agg("rows", "files")
    kept = best.select("detector", *_POINT, "session_id", "start", "end", "events", "severity")
    encoded = pl.struct(details).struct.json_encode() if details else pl.lit("{}")
    return kept.with_columns(places["rows"], places["files"], best.with_columns(detail=encoded)["detail"])


def _best(frame: pl.DataFrame, point: Sequence[str]) -> pl.Series:
    """Positions of the `EVIDENCE_KEPT` most severe rows of each point, one a session; the earlier among equals.

    Only narrow columns are sorted, and for good only one row a session, since one event in five can be a finding.
    """
    severity = ["worst", "start", "end"]
    narrow = frame.select(*point, "session_id", "start", "end", worst=-pl.col("severity")).with_row_index(
        "at"
    )
    by_session = narrow.sort(*point, "session_id", *severity, nulls_last=True, maintain_order=True)
    one_each = by_session.filter(_changes(*point, "session_id"))
    ranked = one_each.sort(*point, *severity, "session_id", nulls_last=True, maintain_order=True)
    place = pl.int_range(pl.len(), dtype=pl.Int64)
    first = pl.when(_changes(*point)).then(place).forward_fill()
    return ranked.filter(place - first < EVIDENCE_KEPT)["at"]


def _changes(*columns: str) -> pl.Expr:
    """True where one of the columns differs from the row before, and in the first row."""
    return (pl.int_range(pl.len()) == 0) | pl.any_horizontal(
        pl.col(name).ne_missing(pl.col(name).shift()) for name in columns
    )


def _sessions(part: Part, machines: pl.Series) -> pl.DataFrame:
    """`session_id`, `key`, `piece`, span, number of events, its context, goals reached (bits), where and for how much
    the first."""
    session, rows = pl.col("session_id"), part.rows
    opens = rows.filter(session.ne_missing(session.shift())).select("session_id", "key", "row", start="ts")
    closes = rows.filter(session.ne_missing(session.shift(-1))).select(end="ts", last="row")
    table = pl.concat([opens, closes], how="horizontal")
    new_key = pl.col("key").ne_missing(pl.col("key").shift())
    first = pl.when(new_key).then("session_id").forward_fill()
    table = table.select(
        *("session_id", "key", "start", "end"),
        events=(pl.col("last") - pl.col("row") + 1).cast(pl.UInt32),
        piece=(session - first + 1).cast(pl.UInt32),
        automated=session.is_in(machines.implode()),
    )
    kept = [name for name in part.context.columns if name not in {"key", "is_bot"}]
    table = table.with_columns(part.of_session(name, table["key"]).alias(name) for name in kept)
    table = table.with_columns(_own(name, rows, table) for name in part.own)
    table = table.join(_reached(rows), on="session_id", how="left", maintain_order="left")
    return table.with_columns(pl.col("goals").fill_null(0))


def _own(name: str, rows: pl.DataFrame, table: pl.DataFrame) -> pl.Series:
    """What each session says first itself; null where it says nothing."""
    first = (
        rows.select("session_id", name).drop_nulls().unique("session_id", keep="first", maintain_order=True)
    )
    return table.select("session_id").join(first, on="session_id", how="left", maintain_order="left")[name]


def _reached(rows: pl.DataFrame) -> pl.DataFrame:
    """Sessions that reached a goal: `goals` as bits, the view of the first goal and its revenue."""
    first_goal = (pl.col("goals") & 1) > 0
    reached = rows.lazy().filter(pl.col("goals") > 0)
    aggregates = [pl.col("goals").bitwise_or(), pl.col("view").filter(first_goal).min().alias("goal_view")]
    if "value" in rows.columns:
        millionths = (pl.col("value").filter(first_goal) * 1e6).round().cast(pl.Int64, strict=False).sum()
        aggregates.append(millionths.alias("revenue_millionths"))
    return reached.group_by("session_id").agg(aggregates).collect()


def _uses(people: pl.DataFrame, small: Sequence[Mapping[str, pl.DataFrame]]) -> pl.DataFrame:
    """Page views and the targets clicked in them, each once, where no detector found trouble with the target."""
    if "target" not in people.columns:
        return pl.DataFrame()
    place = [*_POINT, "view"]
    clicks = people.lazy().filter((pl.col("kind") == "click") & pl.col("target").is_not_null())
    clicks = clicks.select(place).unique()
    for table in small:
        if "uses" not in table:
            clicks = clicks.join(table["hits"].lazy().select(place), on=place, how="anti")
    return clicks.collect(engine="in-memory")


def _views(people: pl.DataFrame) -> pl.DataFrame:
    """`view, session_id, page, opened`, where that row stood, whether the first goal was reached in it."""
    places = [name for name in ("row_no", "file_id") if name in people.columns]
    view = pl.col("view")
    opens = people.filter(view.ne_missing(view.shift()))
    reached = people.filter((pl.col("goals") & 1) > 0)["view"].unique()
    opens = opens.select("view", "session_id", "page", *places, opened="ts")
    return opens.with_columns(converts=view.is_in(reached.implode()))


def _timings(people: pl.DataFrame, part: Part) -> pl.DataFrame:
    """How many measurements fell into each bin; bin b holds values from e^(b/50) on."""
    tables = []
    no_device = pl.lit(None, pl.UInt32)
    for metric in TIMINGS:
        if metric not in people.columns or people[metric].null_count() == people.height:
            continue
        measured = people.filter(pl.col(metric).is_not_null())
        carried = measured["device"] if "device" in part.own else None
        if carried is None and "device" in part.context.columns:
            carried = part.of_session("device", measured["key"])
        device = no_device if carried is None else carried
        bins = (pl.col(metric).clip(0.001).log() * BINS_PER_E).floor().cast(pl.Int16).alias("bin")
        table = measured.with_columns(device.alias("device")).group_by("page", "device", bins).len("n_views")
        tables.append(table.with_columns(metric=pl.lit(metric)))
    return _joined(tables)
