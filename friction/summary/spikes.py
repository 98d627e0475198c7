"""Drop-off spikes as friction points: the place is a page, the cost the exits beyond what its own past lets expect."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from friction import dropoff, i18n, report
from friction.points import identity
from friction.rank import confidence, score
from friction.report import Evidence, Impact, Point, Range, TrendPoint
from friction.summary.judged import DETECTOR, Judged, segments
from friction.summary.moments import utc
from friction.summary.points import Base, Names

if TYPE_CHECKING:
    from friction.summary.analysis import Analysis

METHOD = "exits beyond the page's own past × value of staying"
HOURS_A_DAY = 24
EVIDENCE_SHOWN = 5


def spikes(analysis: Analysis, base: Base, names: Names, watching: Judged | None) -> list[Point]:
    """One point a page that lost more visitors than usual for a while; falls of the rate are only facts."""
    if watching is None:
        return []
    values = _values(analysis, base)
    otherwise = UNKNOWN_VALUE if base.has_goal else 1.0
    return [
        _point(analysis, page, watching, values.get(page, otherwise), base, names)
        for page in watching.pages()
    ]


def _values(analysis: Analysis, base: Base) -> dict[int, float]:
    """Page → share of the sessions that stayed on it which convert later, for pages where any did."""
    if not base.has_goal:
        return {}
    goals = analysis.tables.sessions["goal_view"]
    stays = [_stays(some, goals) for some in analysis.tables.stretches("page", "view", "session_id")]
    every = pl.concat(stays).group_by("page").agg(pl.col("n", "later").sum())
    return {page: (later + 0.5) / (count + 50) for page, count, later in every.iter_rows()}


def _stays(views: pl.DataFrame, goals: pl.Series) -> pl.DataFrame:
    """`page, n, later`: views after which the session went on, and those of sessions that convert then."""
    reached, goal = goals.gather(views["session_id"]), pl.col("goal_view")
    last = pl.col("session_id").ne_missing(pl.col("session_id").shift(-1))
    told = views.select("page", "view", reached.alias("goal_view"), exit=last & reached.is_null())
    stays = told.filter(~pl.col("exit") & (goal.is_null() | (pl.col("view") <= goal)))
    return stays.group_by("page").agg(n=pl.len(), later=goal.is_not_null().sum())


UNKNOWN_VALUE = 0.5 / 50
"""What staying is worth on a page where nobody stayed before converting, in conversions: nearly nothing."""


def _point(analysis: Analysis, page: int, watching: Judged, value: float, base: Base, names: Names) -> Point:
    rows = watching.of_page(page).sort("start_hour")
    alarms = rows.filter((pl.col("kind") != "fall") & pl.col("reason").is_null())
    tables, here = analysis.tables, pl.col("page") == page
    every = tables.stretches(*tables.columns("views"))
    views = pl.concat(dropoff.with_exits(some).filter(here) for some in every)
    inside = _inside(views, alarms, analysis.zone)
    impact = _impact(alarms, value, base)
    template = names.page(page)
    left = int(alarms["k"].sum())
    people = inside["session_id"].n_unique()
    visitors = analysis.tables.sessions["visitor"].gather(inside.filter("exit")["session_id"]).n_unique()
    return Point(
        rank=None,
        id=identity(DETECTOR, template, None),
        detector=DETECTOR,
        page=template,
        target=None,
        title=i18n.title(DETECTOR, template, None),
        stage=None,
        severity=min(1.0, float(alarms["rate_in"].max() or 0)),  # type: ignore[arg-type]
        score=score(impact.estimate or 0, base.conversions or base.sessions, has_goal=base.has_goal),
        score_parts={"extra_exits": float(alarms["extra"].sum()), "value_of_staying": value},
        findings=alarms.height,
        sessions_affected=left,
        sessions_exposed=max(people, left),
        affected_share=left / max(people, left, 1),
        visitors_affected=visitors,
        impact=impact,
        trend=_trend(watching.exits(page)),
        first_seen=utc(inside["opened"].min()) or "",  # type: ignore[arg-type]
        last_seen=utc(inside["opened"].max()) or "",  # type: ignore[arg-type]
        segments=segments(
            views, watching.window(_costliest(alarms)), analysis.tables.sessions, names, analysis.zone
        ),
        window=_window(alarms, analysis.zone),
        steps=None,
        fields=[],
        facts={"changes": [_change(row, analysis.zone) for row in rows.iter_rows(named=True)]},
        evidence=_evidence(inside, names),
        recommendation=i18n.recommendation(DETECTOR),
        overlaps=[],
    )


def _costliest(alarms: pl.DataFrame) -> dict[str, Any]:
    return alarms.sort("extra", "start_hour", descending=[True, False]).row(0, named=True)


def _inside(views: pl.DataFrame, alarms: pl.DataFrame, zone: str) -> pl.DataFrame:
    """The page's views during the alarms, with whether they were the session's last."""
    local = pl.col("opened").dt.convert_time_zone(zone).dt.replace_time_zone(None)
    hour = local.dt.timestamp("us") // dropoff.HOUR_US
    windows = [
        (hour >= start) & (hour < end if end is not None else pl.lit(value=True))
        for start, end in alarms.select("start_hour", "end_hour").iter_rows()
    ]
    return views.filter(pl.any_horizontal(windows))


def _impact(alarms: pl.DataFrame, value: float, base: Base) -> Impact:
    extra = float(alarms["extra"].sum())
    low, high = (
        float((alarms["expected"] * (alarms[name] - 1)).sum()) for name in ("ratio_low", "ratio_high")
    )
    low, estimate, high = (part * value for part in (min(low, extra), extra, max(high, extra)))
    money = base.order_value if base.has_goal else None
    clearest = alarms.sort("p", "start_hour").row(0, named=True)
    return Impact(
        metric="lost_conversions" if base.has_goal else "extra_exits",
        estimate=estimate,
        low=low,
        high=high,
        per_1000_sessions=estimate * 1000 / base.sessions,
        revenue=Range(estimate * money, low * money, high * money) if money else None,
        p_value=clearest["p"],
        q_value=clearest["q"],
        e_value=None,
        method=METHOD,
        confidence=confidence(clearest["q"], low, int(alarms["k"].sum())),
        reason=None,
    )


def _window(alarms: pl.DataFrame, zone: str) -> report.Window:
    """That of the costliest alarm."""
    row = _costliest(alarms)
    start = dropoff.instant(row["start_hour"], zone) or ""
    return report.Window(start, dropoff.instant(row["end_hour"], zone), row["rate_before"], row["rate_in"])


def _change(row: dict[str, Any], zone: str) -> dict[str, Any]:
    figures = {
        name: row[name] for name in ("kind", "n", "k", "expected", "rate_before", "rate_in", "extra", "z")
    }
    figures |= {"ratio": [row["ratio"], row["ratio_low"], row["ratio_high"]]}
    return {
        **figures,
        "start": dropoff.instant(row["start_hour"], zone),
        "end": dropoff.instant(row["end_hour"], zone),
    }


def _trend(series: pl.DataFrame) -> list[TrendPoint]:
    """Per day: views of the page and exits from it, by `hour, n, k`."""
    days = series.group_by(day=pl.col("hour") // HOURS_A_DAY).agg(pl.col("n", "k").sum()).sort("day")
    days = days.with_columns(pl.col("day").cast(pl.Int32).cast(pl.Date).dt.to_string("%Y-%m-%d"))
    return [TrendPoint(day, n, k) for day, n, k in days.iter_rows()]


def _evidence(inside: pl.DataFrame, names: Names) -> list[Evidence]:
    """The first sessions of the window that ended on the page."""
    chosen = (
        inside.filter("exit")
        .sort("opened", "session_id")
        .unique("session_id", keep="first", maintain_order=True)
    )
    return [
        Evidence(
            session_id=names.session[row["session_id"]],
            start=utc(row["opened"]) or "",
            end=utc(row["opened"]) or "",
            events=1,
            severity=1.0,
            file=names.files[row.get("file_id") or 0],
            rows=[row["row_no"]],
            more=[],
            detail={},
        )
        for row in chosen.head(EVIDENCE_SHOWN).iter_rows(named=True)
    ]
