"""Channels with what they bring, touchpoints, and the ways of visitors over sessions."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl
from numpy.typing import NDArray

from friction.journey import figures
from friction.journey.attribution import attributed
from friction.journey.channels import ALL
from friction.journey.origins import SAID, told_as
from friction.journey.paths import DAY_US, Touches, paths
from friction.journey.stages import STAGES
from friction.journey_map import Channel, Met, Part, Touchpoint, VisitorPath
from friction.report import Report, leading
from friction.summary.journey.ground import Ground
from friction.summary.journey.lanes import figure, parts
from friction.summary.journey.met import met_where
from friction.summary.journey.trips import CODE, Trips
from friction.values import dataclass

TOUCHPOINTS_SHOWN, FRICTIONS_SHOWN, TOLD_SHOWN, WAYS_SHOWN = 60, 8, 6, 12
STEPS_SHOWN = 5
_BASE = 32


@dataclass(frozen=True)
class Books:
    """What attribution came to: credits by model and channel, and what they rest on."""

    credits: Mapping[str, NDArray[np.float64]]
    facts: dict[str, float]


def attribution(trips: Trips, look_back_days: float, half_life_days: float) -> Books:
    """All models over the ways of all visitors."""
    table = trips.table
    numbers = {
        name: table[name].to_numpy().astype(np.int64)
        for name in ("visitor", "start", "channel_code", "won_at")
    }
    touches = Touches.sorted(
        numbers["visitor"],
        numbers["start"],
        numbers["channel_code"],
        table["won"].to_numpy(),
        numbers["won_at"],
    )
    found = paths(touches, len(ALL), look_back_days)
    facts = {
        "conversions": float(found.conversions),
        "paths": float(len(found.converts)),
        "touches": float(len(found.path)),
        "look_back_days": float(look_back_days),
        "half_life_days": float(half_life_days),
    }
    return Books(attributed(found, CODE["direct"], half_life_days), facts)


def channels(report: Report, ground: Ground, trips: Trips, books: Books) -> list[Channel]:
    """Every channel that brought a session, most first."""
    costs, hits = costs_of(report), hits_of(ground)
    found = []
    for code, _ in (
        trips.table.group_by("channel_code")
        .len()
        .sort("len", "channel_code", descending=[True, False])
        .iter_rows()
    ):
        mine = trips.table.filter(pl.col("channel_code") == code)
        found.append(
            Channel(
                channel=ALL[code],
                sessions=mine.height,
                share=mine.height / trips.sessions,
                visitors=mine["visitor"].n_unique(),
                conversion=figure(figures.share(int(mine["won"].sum()), mine.height)),
                credits={model: float(credit[code]) for model, credit in books.credits.items()},
                stages=parts(mine, "stage", len(STAGES), STAGES),
                frictions=met_by(mine["session_id"], trips.sessions, hits, costs),
                told=_told(mine),
            )
        )
    return found


def _told(mine: pl.DataFrame) -> list[Part]:
    distinct = mine.group_by(SAID).len()
    texts = [told_as(row) for row in distinct.select(SAID).iter_rows()]
    named = distinct.select("len", told=pl.Series(texts, dtype=pl.String)).filter(pl.col("told") != "")
    counts = (
        named.group_by("told")
        .agg(pl.col("len").sum())
        .sort("len", "told", descending=[True, False])
        .head(TOLD_SHOWN)
    )
    return [Part(told, number, number / mine.height) for told, number in counts.iter_rows()]


def costs_of(report: Report) -> dict[str, float | None]:
    """Id → estimate of the points that lead."""
    return {point.id: point.impact.estimate for point in leading(report.points)}


def hits_of(ground: Ground) -> pl.DataFrame:
    """`id, session_id`, once each."""
    return ground.hits.select("id", "session_id").unique()


def met_by(sessions: pl.Series, of: int, hits: pl.DataFrame, costs: Mapping[str, float | None]) -> list[Met]:
    """The points that these sessions met, costliest among them first; `of` is how many sessions there are in all."""
    mine = hits.with_columns(mine=pl.col("session_id").is_in(sessions.implode()))
    counts = mine.group_by("id").agg(pl.col("mine").sum(), pl.len().alias("all")).filter(pl.col("mine") > 0)
    here, elsewhere = max(sessions.len(), 1), max(of - sessions.len(), 1)
    found = [
        Met(
            point=point,
            sessions=number,
            share=number / here,
            elsewhere=(every - number) / elsewhere,
            cost=None if (cost := costs[point]) is None else cost * number / every,
        )
        for point, number, every in counts.iter_rows()
        if point in costs
    ]
    order = sorted(found, key=lambda each: (-(each.cost or 0.0), -each.sessions, each.point))
    return order[:FRICTIONS_SHOWN]


def touchpoints(ground: Ground, trips: Trips) -> list[Touchpoint]:
    """Channel × kind of page or event, most sessions first."""
    table = met_where(ground, trips).join(
        trips.table.select("session_id", "visitor", "channel_code", "won"), on="session_id"
    )
    table = table.with_columns(pl.col("group").cast(pl.Enum(table["group"].unique().sort())))
    keys = ["channel_code", "group"]
    once = table.group_by(*keys, "session_id").agg(
        pl.col("stage").max(), pl.col("visitor", "won", "inside").first()
    )
    sums = once.group_by(keys).agg(pl.len().alias("n"), pl.col("visitor").n_unique(), pl.col("won").sum())
    names = table.drop_nulls("name").group_by(*keys, "name").len()
    names = names.sort(*keys, "len", "name", descending=[False, False, True, False]).unique(
        keys, keep="first"
    )
    stages = (
        once.group_by(*keys, "stage")
        .len()
        .sort(*keys, "len", "stage", descending=[False, False, True, False])
    )
    sums = sums.join(names.drop("len"), on=keys, how="left").join(
        stages.unique(keys, keep="first").drop("len"), on=keys
    )
    inside = once.group_by(keys).agg(pl.col("inside").all())
    most = (
        sums.join(inside, on=keys).sort("n", *keys, descending=[True, False, False]).head(TOUCHPOINTS_SHOWN)
    )
    return [
        Touchpoint(
            channel=ALL[row["channel_code"]],
            group=row["group"],
            name=row["name"],
            in_product=row["inside"],
            stage=STAGES[row["stage"]],
            sessions=row["n"],
            visitors=row["visitor"],
            conversion=figure(figures.share(row["won"], row["n"])),
        )
        for row in most.iter_rows(named=True)
    ]


def ways(trips: Trips) -> list[VisitorPath]:
    """The commonest ways: channels in turn up to the conversion or the end, repeats merged, the first five steps."""
    table = trips.table.select("visitor", "channel_code", "won")
    same = pl.col("visitor").eq_missing(pl.col("visitor").shift())
    before = pl.when(same).then(pl.col("won").shift()).otherwise(pl.lit(value=False)).cast(pl.Int64)
    table = table.with_columns(part=before.cum_sum() + pl.col("visitor"))
    repeats = pl.col("part").eq_missing(pl.col("part").shift()) & (
        pl.col("channel_code") == pl.col("channel_code").shift()
    )
    steps = table.with_columns(repeats=repeats.fill_null(value=False))
    won = steps.group_by("part").agg(pl.col("won").any())
    kept = steps.filter(~pl.col("repeats")).with_columns(at=pl.int_range(pl.len()).over("part"))
    kept = kept.filter(pl.col("at") < STEPS_SHOWN)
    code = ((pl.col("channel_code") + 1) * pl.lit(_BASE).pow(pl.col("at"))).cast(pl.Int64).sum()
    way = kept.group_by("part").agg(code=code).join(won, on="part")
    counts = (
        way.group_by("code").agg(pl.len(), pl.col("won").sum()).sort("len", "code", descending=[True, False])
    )
    return [
        VisitorPath(_steps(code), number, converted)
        for code, number, converted in counts.head(WAYS_SHOWN).iter_rows()
    ]


def _steps(code: int) -> list[str]:
    found = []
    while code:
        code, step = divmod(code, _BASE)
        found.append(ALL[step - 1])
    return found


def days(micros: NDArray[np.int64]) -> NDArray[np.float64]:
    """µs as days."""
    return micros / DAY_US
